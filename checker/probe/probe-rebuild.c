/*
 * Whether the next initramfs will have the NVMe driver: what the tool that makes it is configured
 * to put in, when it runs on Xen, where no NVMe disk is in use.
 *
 * dracut: dracut.sh, dracut-functions.sh and modules.d/90kernel-modules of
 * https://github.com/dracut-ng/dracut-ng; with hostonly, in either mode, dracut-install leaves out
 * whatever is not loaded, and the driver with it. initramfs-tools: mkinitramfs and hook-functions
 * of https://salsa.debian.org/kernel-team/initramfs-tools.
 */
#include <string.h>

#include "base/xalloc.h"
#include "parse/shellconf.h"
#include "probe/probe.h"

#define ROOT "/rebuild"

/* ---- variables ------------------------------------------------------------------------------- */

enum variable {
        VAR_HOSTONLY,
        VAR_OMIT_DRIVERS,
        VAR_DRIVERS,
        VAR_ADD_DRIVERS,
        VAR_FORCE_DRIVERS,
        VAR_DRACUTMODULES,
        VAR_OMIT_DRACUTMODULES,
        VAR_NO_KERNEL,
        VAR_MODULES,
        VAR_INITRD_MODULES,
        _VAR_MAX,
};

static const char *const names[_VAR_MAX] = {
        [VAR_HOSTONLY] = "hostonly",
        [VAR_OMIT_DRIVERS] = "omit_drivers",
        [VAR_DRIVERS] = "drivers",
        [VAR_ADD_DRIVERS] = "add_drivers",
        [VAR_FORCE_DRIVERS] = "force_drivers",
        [VAR_DRACUTMODULES] = "dracutmodules",
        [VAR_OMIT_DRACUTMODULES] = "omit_dracutmodules",
        [VAR_NO_KERNEL] = "no_kernel",
        [VAR_MODULES] = "MODULES",
        [VAR_INITRD_MODULES] = "INITRD_MODULES",
};

struct setting {
        char *value; /* NULL: not set */
        char *file, *text;
        size_t line; /* where it was changed last */
};

struct rebuild {
        struct probe_context *context;
        struct facts *facts;
        struct setting v[_VAR_MAX];
        bool failed; /* something was not understood, and that is said */
};

static void setting_done(struct setting *s)
{
        free(s->value);
        free(s->file);
        free(s->text);
        *s = (struct setting){ 0 };
}

static void rebuild_done(struct rebuild *r)
{
        for (size_t i = 0; i < _VAR_MAX; i++)
                setting_done(&r->v[i]);
}

static void fail(struct rebuild *r, const char *file, size_t line, const char *what)
{
        if (!r->failed && line > 0)
                facts_unknown(r->facts, ROOT, file, "line %zu: %s", line, what);
        else if (!r->failed)
                facts_unknown(r->facts, ROOT, file, "%s", what);
        r->failed = true;
}

static void assign(struct rebuild *r, const char *file, const struct shellconf *conf)
{
        struct setting *s = NULL;
        char *value;

        for (size_t i = 0; i < _VAR_MAX; i++)
                if (span_eq(conf->name, names[i]))
                        s = &r->v[i];
        if (!s)
                return;
        if (!conf->value) {
                fail(r, file, conf->line, "not understood");
                return;
        }
        value = xasprintf("%s%s", conf->append && s->value ? s->value : "", conf->value);
        setting_done(s);
        *s = (struct setting){ value, xstrdup(file), span_dup(conf->text), conf->line };
}

/* A file that is not there says nothing. */
static void read_conf(struct rebuild *r, const char *file)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct shellconf conf;
        struct lines lines;
        int n = volume_read(r->context->volume, file, VOLUME_CONFIG_MAX, &blob, &err);

        if (n < 0)
                fail(r, file, 0, err.text);
        if (n <= 0)
                return;
        lines = lines_of(blob_span(&blob));
        while (shellconf_next(&lines, &conf)) {
                if (conf.name.len == 0)
                        fail(r, file, conf.line, "no assignment; it needs a shell to tell");
                else
                        assign(r, file, &conf);
                free(conf.value);
        }
}

/* ---- *.conf, those of /etc in place of the vendor's of the same name ------------------------- */

static int compare_versions(const void *a, const void *b)
{
        return strverscmp(strrchr(*(char *const *)a, '/'), strrchr(*(char *const *)b, '/'));
}

static void add_names(struct rebuild *r, const char *dir, const char *suffix, struct strv *ret)
{
        cleanup_strv struct strv list = { 0 };
        struct err err = { 0 };
        size_t before = ret->n;

        if (volume_list(r->context->volume, dir, &list, &err) < 0)
                fail(r, dir, 0, err.text);
        for (size_t i = 0; i < list.n; i++) {
                bool masked = list.v[i][0] == '.' || !str_endswith(list.v[i], suffix);

                for (size_t k = 0; k < before && !masked; k++)
                        masked = streq(strrchr(ret->v[k], '/') + 1, list.v[i]);
                if (!masked)
                        strv_push_take(ret, xasprintf("%s/%s", dir, list.v[i]));
        }
}

/* ---- dracut ---------------------------------------------------------------------------------- */

static bool same_module(const char *a, const char *b)
{
        for (; *a && *b; a++, b++)
                if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
                        return false;
        return *a == *b;
}

static bool lists(const struct rebuild *r, enum variable var, const char *word)
{
        cleanup_free char *copy = xstrdup(r->v[var].value ? r->v[var].value : "");
        char *at = copy, *item;

        while ((item = strsep(&at, " \t\n")))
                if (*item && same_module(item, word))
                        return true;
        return false;
}

static bool is_set(const struct rebuild *r, enum variable var)
{
        const char *value = r->v[var].value;

        return value && strspn(value, " \t") < strlen(value);
}

static void publish(struct rebuild *r, const char *nvme, const char *why, enum variable var)
{
        const struct setting *s = &r->v[var];

        if (r->failed)
                return;
        facts_set_str(r->facts, nvme, ROOT "/nvme");
        facts_set_str(r->facts, why, ROOT "/why");
        if (s->file)
                facts_set_evidence(r->facts, ROOT, s->file, s->line, span_of(s->text));
}

/* Words of omit_drivers are patterns; one that is more than a name may mean the driver. */
static bool omits_by_pattern(const struct rebuild *r)
{
        cleanup_free char *copy =
                xstrdup(r->v[VAR_OMIT_DRIVERS].value ? r->v[VAR_OMIT_DRIVERS].value : "");
        char *at = copy, *item;

        while ((item = strsep(&at, " \t\n")))
                for (const char *c = item; *c; c++)
                        if (!ascii_isalnum(*c) && *c != '_' && *c != '-')
                                return true;
        return false;
}

static bool omitted(struct rebuild *r)
{
        if (omits_by_pattern(r))
                fail(r, r->v[VAR_OMIT_DRIVERS].file, r->v[VAR_OMIT_DRIVERS].line,
                     "a pattern, which may mean the NVMe driver");
        return lists(r, VAR_OMIT_DRIVERS, "nvme") ||
               (lists(r, VAR_OMIT_DRIVERS, "nvme_core") && !lists(r, VAR_ADD_DRIVERS, "nvme_core"));
}

static void judge_dracut(struct rebuild *r)
{
        if (lists(r, VAR_ADD_DRIVERS, "nvme"))
                publish(r, "kept", NULL, VAR_ADD_DRIVERS);
        else if (lists(r, VAR_FORCE_DRIVERS, "nvme"))
                publish(r, "kept", NULL, VAR_FORCE_DRIVERS);
        else if (omitted(r) && !lists(r, VAR_DRIVERS, "nvme"))
                publish(r, "dropped", "omitted", VAR_OMIT_DRIVERS);
        else if (lists(r, VAR_NO_KERNEL, "yes"))
                publish(r, "dropped", "no-modules", VAR_NO_KERNEL);
        else if (lists(r, VAR_OMIT_DRACUTMODULES, "kernel-modules"))
                publish(r, "dropped", "no-modules", VAR_OMIT_DRACUTMODULES);
        else if (is_set(r, VAR_DRACUTMODULES) && !lists(r, VAR_DRACUTMODULES, "kernel-modules") &&
                 !lists(r, VAR_DRACUTMODULES, "auto"))
                publish(r, "dropped", "no-modules", VAR_DRACUTMODULES);
        else if (is_set(r, VAR_DRIVERS))
                publish(r, lists(r, VAR_DRIVERS, "nvme") ? "kept" : "dropped",
                        lists(r, VAR_DRIVERS, "nvme") ? NULL : "exclusive", VAR_DRIVERS);
        else if (streq(r->v[VAR_HOSTONLY].value, "yes"))
                publish(r, "dropped", "hostonly", VAR_HOSTONLY);
        else
                publish(r, "kept", NULL, VAR_HOSTONLY);
}

static void look_at_dracut(struct rebuild *r)
{
        static const char *const dirs[] = { "/etc/dracut.conf.d", "/usr/lib/dracut/dracut.conf.d" };
        cleanup_strv struct strv files = { 0 };

        read_conf(r, "/etc/dracut.conf");
        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
                add_names(r, dirs[i], ".conf", &files);
        if (files.n > 1)
                qsort(files.v, files.n, sizeof(*files.v), compare_versions);
        for (size_t i = 0; i < files.n; i++)
                read_conf(r, files.v[i]);
        judge_dracut(r);
}

/* ---- initramfs-tools ------------------------------------------------------------------------- */

/* The names mkinitramfs takes. */
static bool is_conf_name(const char *name)
{
        if (!ascii_isalnum(*name) || strstr(name, ".dpkg-"))
                return false;
        for (; *name; name++)
                if (!ascii_isalnum(*name) && !strchr("._-", *name))
                        return false;
        return true;
}

static void read_modules_file(struct rebuild *r, const char *file)
{
        struct setting *s = &r->v[VAR_ADD_DRIVERS];
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct lines lines;
        struct line line;

        if (volume_read(r->context->volume, file, VOLUME_CONFIG_MAX, &blob, &err) < 0)
                fail(r, file, 0, err.text);
        lines = lines_of(blob_span(&blob));
        while (!s->value && lines_next(&lines, &line)) {
                cleanup_free char *word = span_dup(line_strip(line.text));

                word[strcspn(word, " \t")] = '\0';
                if (same_module(word, "nvme"))
                        *s = (struct setting){ xstrdup("nvme"), xstrdup(file), span_dup(line.text),
                                               line.number };
        }
}

/* A hook may add what it likes; one that speaks of the driver may add that. */
static void check_hooks(struct rebuild *r)
{
        static const char hooks[] = "/etc/initramfs-tools/hooks";
        cleanup_strv struct strv files = { 0 };

        add_names(r, hooks, "", &files);
        for (size_t i = 0; i < files.n; i++) {
                cleanup_blob struct blob blob = { 0 };
                struct err err = { 0 };
                int n = volume_read(r->context->volume, files.v[i], VOLUME_CONFIG_MAX, &blob, &err);

                if (n < 0)
                        fail(r, files.v[i], 0, err.text);
                else if (n > 0 && memmem(blob.data, blob.len, "nvme", strlen("nvme")))
                        fail(r, files.v[i], 0, "a hook that may add the NVMe driver");
        }
}

static void look_at_initramfs_tools(struct rebuild *r)
{
        static const char *const confs[] = { "/etc/initramfs-tools/conf.d",
                                             "/usr/share/initramfs-tools/conf.d" };
        cleanup_strv struct strv etc = { 0 }, all = { 0 }, modules = { 0 };
        const char *value;

        add_names(r, confs[0], "", &etc);
        for (size_t i = 0; i < etc.n; i++)
                strv_push(&all, etc.v[i]);
        add_names(r, confs[1], "", &all);
        read_conf(r, "/etc/initramfs-tools/initramfs.conf");
        /* First the package's, then the administrator's. */
        for (size_t i = etc.n; i < all.n; i++)
                if (is_conf_name(strrchr(all.v[i], '/') + 1))
                        read_conf(r, all.v[i]);
        for (size_t i = 0; i < etc.n; i++)
                if (is_conf_name(strrchr(etc.v[i], '/') + 1))
                        read_conf(r, etc.v[i]);
        read_modules_file(r, "/etc/initramfs-tools/modules");
        add_names(r, "/usr/share/initramfs-tools/modules.d", "", &modules);
        for (size_t i = 0; i < modules.n; i++)
                read_modules_file(r, modules.v[i]);

        value = r->v[VAR_MODULES].value;
        if (r->v[VAR_ADD_DRIVERS].value) {
                publish(r, "kept", NULL, VAR_ADD_DRIVERS);
        } else if (streq(value, "dep") || streq(value, "list") || streq(value, "netboot")) {
                check_hooks(r);
                publish(r, "dropped", value, VAR_MODULES);
        } else {
                publish(r, "kept", NULL, VAR_MODULES);
        }
}

/* ---- which tool ------------------------------------------------------------------------------ */

static bool has_program(const struct rebuild *r, const char *name)
{
        static const char *const dirs[] = { "/usr/bin", "/usr/sbin", "/bin", "/sbin" };

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_free char *path = xasprintf("%s/%s", dirs[i], name);
                struct stat st;

                if (volume_stat(r->context->volume, path, &st, NULL) > 0)
                        return true;
        }
        return false;
}

/* Where there are two, the one that made the image. */
static const char *find_tool(const struct rebuild *r)
{
        bool dracut = has_program(r, "dracut"), tools = has_program(r, "mkinitramfs");

        if (dracut && tools)
                return facts_str(r->facts, "/initramfs/generator");
        if (dracut || tools)
                return dracut ? "dracut" : "initramfs-tools";
        return NULL;
}

/* mkinitrd of SUSE 11 puts in what the root needs at that moment, and this list. */
static bool has_initrd_modules(struct rebuild *r)
{
        if (!has_program(r, "mkinitrd"))
                return false;
        read_conf(r, "/etc/sysconfig/kernel");
        return r->v[VAR_INITRD_MODULES].value;
}

static void look_at_mkinitrd(struct rebuild *r)
{
        if (lists(r, VAR_INITRD_MODULES, "nvme"))
                publish(r, "kept", NULL, VAR_INITRD_MODULES);
        else
                publish(r, "dropped", "initrd-modules", VAR_INITRD_MODULES);
}

/* ---- the command ----------------------------------------------------------------------------- */

/* Where the image of the release belongs when the boot entry names none. */
static char *usual_image(const struct rebuild *r, const char *release)
{
        static const char *const suse[] = { "sles", "suse", "opensuse" };
        const char *id = facts_str(r->facts, "/os/id");

        for (size_t i = 0; id && i < ARRAY_SIZE(suse); i++)
                if (str_startswith(id, suse[i]))
                        return xasprintf("/boot/initrd-%s", release);
        if (streq(id, "debian") || streq(id, "ubuntu"))
                return xasprintf("/boot/initrd.img-%s", release);
        return xasprintf("/boot/initramfs-%s.img", release);
}

static bool has_directory(const struct rebuild *r, const char *path)
{
        struct stat st;

        return volume_stat(r->context->volume, path, &st, NULL) > 0 && S_ISDIR(st.st_mode);
}

static bool is_image_there(const struct rebuild *r)
{
        const char *state = facts_str(r->facts, "/initramfs/state");

        return !streq(state, "missing") && !streq(state, "none") &&
               !streq(facts_str(r->facts, "/initramfs/modules"), "other");
}

/* For the image `initrd`, or NULL where none is there; NULL: a part of a larger file, or not known.
 */
static char *make_command(const char *tool, const char *release, const char *initrd, bool is_part,
                          bool is_there)
{
        if (!release || is_part)
                return NULL;
        if (streq(tool, "initramfs-tools"))
                return xasprintf("update-initramfs %s -k %s", is_there ? "-u" : "-c", release);
        return streq(tool, "dracut") && initrd ? xasprintf("dracut -f %s %s", initrd, release)
                                               : NULL;
}

/* What makes the image of the entry `node` anew. `is_there`: an image of that kernel. */
static char *find_command(const struct rebuild *r, const char *tool, const char *node,
                          const char *release, bool is_there)
{
        cleanup_free char *list = xasprintf("%s/initrd", node);
        cleanup_free char *path = xasprintf("%s/0/path", list);
        cleanup_free char *bytes = xasprintf("%s/0/bytes", list);
        cleanup_free char *usual = release ? usual_image(r, release) : NULL;
        const char *named = facts_str(r->facts, path);

        if (facts_count(r->facts, list) > 1 && streq(tool, "dracut"))
                return NULL;
        return make_command(tool, release, named ? named : usual, facts_int(r->facts, bytes, 0) > 0,
                            is_there);
}

static void publish_others(struct rebuild *r, const char *tool)
{
        size_t n = facts_count(r->facts, "/boot/others");

        for (size_t i = 0; i < n; i++) {
                cleanup_free char *node = xasprintf("/boot/others/%zu", i);
                cleanup_free char *release = xasprintf("%s/kernel/release", node);
                cleanup_free char *list = xasprintf("%s/initrd", node);
                cleanup_free char *command = find_command(r, tool, node,
                                                          facts_str(r->facts, release),
                                                          facts_count(r->facts, list) > 0);

                if (facts_str(r->facts, release))
                        facts_set_str(r->facts, command, "%s/rebuild", node);
        }
}

/* Where the tool itself is not there, words fit for what made the image. */
static void publish_commands(struct rebuild *r, const char *tool)
{
        const char *maker = tool ? tool : facts_str(r->facts, "/initramfs/generator");
        cleanup_free char *command = find_command(r, maker, "/boot/entry",
                                                  facts_str(r->facts, "/boot/kernel/release"),
                                                  is_image_there(r));
        const char *keep = NULL;

        if (streq(maker, "initramfs-tools"))
                keep = "echo nvme >> /etc/initramfs-tools/modules";
        else if (streq(maker, "dracut"))
                keep = has_directory(r, "/etc/dracut.conf.d")
                               ? "echo 'add_drivers+=\" nvme \"' > /etc/dracut.conf.d/90-nitro.conf"
                               : "echo 'add_drivers+=\" nvme \"' >> /etc/dracut.conf";
        facts_set_str(r->facts, command, ROOT "/command");
        facts_set_str(r->facts, keep, ROOT "/keep");
        publish_others(r, maker);
}

/* A list of all drivers there are, that has the disk of Xen and, by that, not the one of Nitro. */
static void publish_xen_list(struct rebuild *r)
{
        static const char *const disks[] = { "xen_blkfront", "xenblk" };
        const char *why = facts_str(r->facts, ROOT "/why");
        enum variable var = streq(why, "exclusive") ? VAR_DRIVERS : VAR_INITRD_MODULES;
        bool listed = false;

        if (r->failed)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(disks); i++)
                listed |= lists(r, var, disks[i]);
        if (!listed || (!streq(why, "exclusive") && !streq(why, "initrd-modules"))) {
                facts_set_null(r->facts, ROOT "/xen_list");
                return;
        }
        facts_set_evidence(r->facts, ROOT "/xen_list", r->v[var].file, r->v[var].line,
                           span_of(r->v[var].text));
        facts_set_str(r->facts, names[var], ROOT "/xen_list/name");
}

static void run_rebuild(struct probe_context *context)
{
        _cleanup_(rebuild_done) struct rebuild r = { .context = context, .facts = context->facts };
        const char *tool = find_tool(&r);

        if (!tool && has_initrd_modules(&r))
                tool = "mkinitrd";
        facts_set_str(r.facts, tool, ROOT "/tool");
        publish_commands(&r, tool);
        if (streq(tool, "dracut"))
                look_at_dracut(&r);
        else if (streq(tool, "initramfs-tools"))
                look_at_initramfs_tools(&r);
        else if (tool)
                look_at_mkinitrd(&r);
        else if (!r.failed)
                facts_set_null(r.facts, ROOT "/nvme");
        publish_xen_list(&r);
}

static const struct fact_decl rebuild_facts[] = {
        { ROOT "/xen_list", FACT_OBJECT,
          "a list of all drivers of the image, with Xen's and without NVMe; null: none" },
        { ROOT "/xen_list/name", FACT_STRING, "drivers or INITRD_MODULES" },
        { ROOT "/xen_list/file", FACT_STRING, "where it is written" },
        { ROOT "/xen_list/line", FACT_INT, "its line" },
        { ROOT "/xen_list/text", FACT_STRING, "that line" },
        { ROOT "/tool", FACT_STRING,
          "what makes an initramfs: dracut, initramfs-tools or mkinitrd (SUSE 11); null: not known" },
        { ROOT "/command", FACT_STRING, "what makes that of the kernel anew, null: not known" },
        { ROOT "/keep", FACT_STRING,
          "what lets every image have the NVMe driver, null: not known" },
        { "/boot/others/*/rebuild", FACT_STRING,
          "what makes the initramfs of that entry anew, null: not known" },
        { ROOT "/nvme", FACT_STRING, "made on Xen it has the NVMe driver: kept or dropped" },
        { ROOT "/why", FACT_STRING,
          "omitted, exclusive, no-modules, hostonly, dep, list, netboot or initrd-modules" },
        { ROOT "/file", FACT_STRING, "where the setting that decides is written" },
        { ROOT "/line", FACT_INT, "its line" },
        { ROOT "/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_rebuild = {
        .name = "rebuild",
        .needs = PROBE_NEEDS("os", "boot", "initramfs"),
        .provides = rebuild_facts,
        .run = run_rebuild,
};
