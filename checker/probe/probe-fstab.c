/* Which devices fstab names, what each is, and what happens when it is not there. */
#include <errno.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/fstab.h"
#include "parse/lines.h"
#include "probe/devref.h"
#include "probe/fstab-effect.h"
#include "probe/names.h"
#include "probe/probe.h"

#define FSTAB      "/etc/fstab"
#define TOOLS_INIT "/usr/share/initramfs-tools/init"

struct scan {
        struct probe_context *context;
        struct facts *facts;
        const struct fstab *table;
        bool reader_known;
        enum fstab_reader reader;
        char *reader_why; /* why it is not known */
};

/* 1, 0, or an error with a text. */
static int is_there(const struct scan *s, const char *path, struct err *err)
{
        struct stat st;

        return volume_stat(s->context->volume, path, &st, err);
}

/* Who reads fstab at boot; Upstart on Red Hat starts the old scripts. */
static void find_reader(struct scan *s)
{
        const char *init = facts_str(s->facts, "/os/init"), *file, *why;
        struct err err = { 0 };
        int mountall = 0, debian_rc = 0;

        if (!init) {
                why = facts_why_unknown(s->facts, "/os/init", &file);
                s->reader_why = xasprintf("which init starts the machine is not known%s%s",
                                          why ? ": " : "", why ? why : "");
                return;
        }
        if (streq(init, "upstart"))
                mountall = is_there(s, "/sbin/mountall", &err);
        if (mountall == 0 && !streq(init, "systemd"))
                debian_rc = is_there(s, "/etc/init.d/checkroot.sh", &err);
        if (mountall < 0 || debian_rc < 0) {
                s->reader_why = xasprintf("who reads it at boot is not known: %s", err.text);
                return;
        }
        s->reader_known = true;
        s->reader = streq(init, "systemd") ? FSTAB_SYSTEMD
                    : mountall             ? FSTAB_MOUNTALL
                    : debian_rc            ? FSTAB_DEBIAN_RC
                                           : FSTAB_RC_SYSINIT;
}

/* ---- entries ---- */

static void publish_entry(struct scan *s, const struct fstab_entry *e)
{
        char path[64];

        snprintf(path, sizeof(path), "/fstab/entries/%zu", facts_count(s->facts, "/fstab/entries"));
        facts_set_evidence(s->facts, path, FSTAB, e->line, e->text);
        facts_set_str(s->facts, e->source.value, "%s/source", path);
        facts_set_str(s->facts, e->target.value, "%s/target", path);
        facts_set_str(s->facts, e->type.value, "%s/type", path);
        facts_set_str(s->facts, e->options.value, "%s/options", path);
        facts_set_int(s->facts, e->freq, "%s/freq", path);
        facts_set_int(s->facts, e->passno, "%s/passno", path);
}

/* The kernel has xenfs only in a guest of Xen: drivers/xen/xenfs/super.c. */
static void publish_xenfs(struct scan *s, const struct fstab_entry *e)
{
        struct fstab_effect effect;
        char path[64];

        snprintf(path, sizeof(path), "/fstab/xenfs/%zu", facts_count(s->facts, "/fstab/xenfs"));
        facts_set_evidence(s->facts, path, FSTAB, e->line, e->text);
        facts_set_str(s->facts, e->target.value, "%s/target", path);
        if (!s->reader_known) {
                facts_unknown(s->facts, path, NULL, "%s", s->reader_why);
        } else if (fstab_effect_of_failure(s->reader, e, &effect)) {
                facts_set_str(s->facts, effect.name, "%s/effect", path);
                facts_set_str(s->facts, effect.text, "%s/effect_text", path);
        } else {
                facts_unknown(s->facts, path, NULL,
                              "what mountall does when this mount fails is not known");
        }
}

/* The line that says what the volume calls its own device; other lines may name it, too. */
static const struct fstab_entry *root_entry(const struct fstab *table)
{
        for (size_t i = 0; i < table->n; i++)
                if (table->v[i].target.value && fstab_path_eq(table->v[i].target.value, "/"))
                        return &table->v[i];
        return NULL;
}

/* ---- references ---- */

static void publish_effect(struct scan *s, const char *path, enum devname_kind kind,
                           const struct fstab_entry *e, const char *option, bool is_absent)
{
        struct fstab_effect effect;

        if ((kind == DEVNAME_TAG || kind == DEVNAME_LINK) && !is_absent)
                effect = (struct fstab_effect){ "harmless", "The name is stored on the device and "
                                                            "moves with it." };
        else if (kind == DEVNAME_MAPPER)
                effect = (struct fstab_effect){ "harmless", "The name does not depend on what the "
                                                            "disks below are called." };
        else if (s->reader_known)
                effect = fstab_effect_of(s->reader, e, option);
        else {
                facts_unknown(s->facts, path, NULL, "%s", s->reader_why);
                return;
        }
        facts_set_str(s->facts, effect.name, "%s/effect", path);
        facts_set_str(s->facts, effect.text, "%s/effect_text", path);
}

/* Of names that may be those of a device, too: what happens if there is none. */
static void publish_if_absent(struct scan *s, const char *path, const struct fstab_entry *e,
                              const char *option)
{
        struct fstab_effect effect = { 0 };

        if (s->reader_known)
                effect = fstab_effect_of(s->reader, e, option);
        facts_set_str(s->facts, effect.name, "%s/if_absent", path);
        facts_set_str(s->facts, effect.text, "%s/if_absent_text", path);
}

/*
 * Instance store, as far as the line says so: cloud-init marks the lines it writes, and gives the
 * first such disk the label ephemeral0. Other lines do not tell what kind of disk they mean.
 * https://docs.cloud-init.io/en/latest/reference/modules.html#mounts
 */
static const char *ephemeral_by(const struct fstab_entry *e, const char *name)
{
        struct span rest = span_of(e->options.value ? e->options.value : "");
        struct fstab_option o;

        if (str_startswith(name, "LABEL=ephemeral") ||
            str_startswith(name, "/dev/disk/by-label/ephemeral"))
                return "label";
        while (fstab_option_next(&rest, &o))
                if (span_eq(o.name, "comment") && o.value.data && span_eq(o.value, "cloudconfig"))
                        return "cloud-init";
        return NULL;
}

/*
 * Where the root of fstab is not the one that is mounted, Debian's checkroot.sh makes a node for it
 * in /run and checks that. Initramfs-tools mounts /run without devices (0.140 does), and then fsck
 * may not open it. 1, 0, or an error with a text.
 */
static int is_run_without_devices(const struct scan *s, struct err *err)
{
        cleanup_blob struct blob text = { 0 };
        struct lines lines;
        struct line line;
        int r = volume_read(s->context->volume, TOOLS_INIT, VOLUME_CONFIG_MAX, &text, err);

        if (r <= 0)
                return r;
        lines = lines_of(blob_span(&text));
        while (lines_next(&lines, &line))
                if (memmem(line.text.data, line.text.len, "nodev", 5) && line.text.len > 5 &&
                    memcmp(line.text.data + line.text.len - 5, " /run", 5) == 0)
                        return 1;
        return 0;
}

static void publish_root_check(struct scan *s, const char *path, const struct fstab_entry *e,
                               const char *option)
{
        cleanup_free char *at = xasprintf("%s/root_check", path);
        struct err err = { 0 };
        int r = 0;

        if (s->reader_known && s->reader == FSTAB_DEBIAN_RC && !option && e->passno != 0 &&
            fstab_path_eq(e->target.value, "/"))
                r = is_run_without_devices(s, &err);
        if (r < 0)
                facts_unknown(s->facts, at, TOOLS_INIT, "%s", err.text);
        else
                facts_set_bool(s->facts, r > 0, "%s", at);
}

static void publish_reference(struct scan *s, const struct fstab_entry *e, const char *option,
                              const char *name)
{
        struct name_use use = {
                .list = "/fstab/devices",
                .file = FSTAB,
                .line = e->line,
                .text = e->text,
                .value = name,
                .role = option ? "option" : "source",
                .type = e->type.value,
                .form = option ? NAME_AS_PATH : NAME_AS_TAG,
                .is_root = !option && fstab_path_eq(e->target.value, "/"),
        };
        cleanup_free char *path = names_publish(s->context, &use), *below = NULL;
        const char *resolves;

        if (!path)
                return;
        facts_set_str(s->facts, e->target.value, "%s/entry_target", path);
        facts_set_str(s->facts, option, "%s/option", path);
        facts_set_str(s->facts, option ? NULL : ephemeral_by(e, name), "%s/ephemeral", path);
        below = xasprintf("%s/resolves", path);
        resolves = facts_str(s->facts, below);
        publish_effect(s, path, devref_classify(s->context->volume, name), e, option,
                       streq(resolves, "no"));
        publish_if_absent(s, path, e, option);
        publish_root_check(s, path, e, option);
}

static void publish_options(struct scan *s, const struct fstab_entry *e)
{
        struct span rest = span_of(e->options.value ? e->options.value : "");
        struct fstab_option o;

        while (fstab_option_next(&rest, &o)) {
                cleanup_free char *device = fstab_option_device(&o);
                cleanup_free char *option = device ? span_dup(o.name) : NULL;

                if (device)
                        publish_reference(s, e, option, device);
        }
}

/* Field 1 is only a label for file systems without a device, and a directory for a bind mount. */
static bool has_device(const struct fstab_entry *e)
{
        static const char *const nodev[] = { "tmpfs",   "ramfs",     "proc",    "sysfs",
                                             "devpts",  "devtmpfs",  "cgroup",  "cgroup2",
                                             "debugfs", "hugetlbfs", "overlay", "mqueue",
                                             "autofs",  "usbfs",     "xenfs",   "swapfs" };

        for (size_t i = 0; i < ARRAY_SIZE(nodev); i++)
                if (streq(e->type.value, nodev[i]))
                        return false;
        return !fstab_has_option(e, "bind") && !fstab_has_option(e, "rbind");
}

static void scan_entry(struct scan *s, const struct fstab_entry *e)
{
        bool is_read = s->reader_known ? fstab_is_read(s->reader, e) : e->target.value != NULL;

        if (e->fault != FSTAB_GOOD)
                facts_problem(s->facts, FSTAB, "line %zu is malformed: %s; %s", e->line,
                              fstab_fault_text(e->fault),
                              is_read ? "mount(8) ignores it, the boot does not" : "it is ignored");
        if (!is_read)
                return;
        publish_entry(s, e);
        if (streq(e->type.value, "xenfs"))
                publish_xenfs(s, e);
        if (has_device(e))
                publish_reference(s, e, NULL, e->source.value);
        publish_options(s, e);
}

static void scan_table(struct scan *s)
{
        const struct fstab_entry *root = root_entry(s->table);
        bool separate_boot = false;

        find_reader(s);
        facts_set_str(s->facts, root ? root->source.value : NULL, "/fstab/root_source");
        for (size_t i = 0; i < s->table->n; i++) {
                const struct fstab_entry *e = &s->table->v[i];

                scan_entry(s, e);
                separate_boot |= e->target.value && fstab_path_eq(e->target.value, "/boot") &&
                                 has_device(e);
        }
        facts_set_bool(s->facts, separate_boot, "/fstab/separate_boot");
        free(s->reader_why);
}

static void publish_nothing(struct facts *facts)
{
        facts_set_array(facts, "/fstab/entries");
        facts_set_array(facts, "/fstab/devices");
        facts_set_array(facts, "/fstab/xenfs");
}

static void run_fstab(struct probe_context *context)
{
        cleanup_fstab struct fstab table = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct scan s = { .context = context, .facts = context->facts, .table = &table };
        struct err err = { 0 };
        int r = volume_read(context->volume, FSTAB, FSTAB_MAX, &blob, &err);

        if (r > 0)
                r = fstab_parse(blob_span(&blob), &table, &err) < 0 ? -EINVAL : 1;
        if (r < 0) {
                facts_unknown(context->facts, "/fstab", FSTAB, "%s", err.text);
                return;
        }
        for (size_t i = 0; i < table.n; i++)
                if (table.v[i].fault == FSTAB_LONG_LINE) {
                        facts_unknown(context->facts, "/fstab", FSTAB, "line %zu: %s",
                                      table.v[i].line, fstab_fault_text(FSTAB_LONG_LINE));
                        return;
                }
        publish_nothing(context->facts);
        if (r == 0)
                facts_problem(context->facts, FSTAB, "there is no such file");
        scan_table(&s);
}

static const struct fact_decl fstab_facts[] = {
        { "/fstab/entries", FACT_ARRAY, "the lines of /etc/fstab that are read at boot" },
        { "/fstab/entries/*/file", FACT_STRING, "/etc/fstab" },
        { "/fstab/entries/*/line", FACT_INT, "its line" },
        { "/fstab/entries/*/text", FACT_STRING, "that line" },
        { "/fstab/entries/*/source", FACT_STRING, "field 1, escapes undone" },
        { "/fstab/entries/*/target", FACT_STRING, "field 2, escapes undone" },
        { "/fstab/entries/*/type", FACT_STRING, "field 3, null when the line has none" },
        { "/fstab/entries/*/options", FACT_STRING, "field 4, null when the line has none" },
        { "/fstab/entries/*/freq", FACT_INT, "field 5" },
        { "/fstab/entries/*/passno", FACT_INT, "field 6" },
        { "/fstab/devices", FACT_ARRAY, "every device that fstab names, also in options" },
        NAMES_FACTS("/fstab/devices"),
        { "/fstab/devices/*/entry_target", FACT_STRING, "mount point of the line" },
        { "/fstab/devices/*/option", FACT_STRING, "option that names it, null: field 1" },
        { "/fstab/devices/*/ephemeral", FACT_STRING,
          "why it is taken for instance store: cloud-init or label; null: nothing says so" },
        { "/fstab/devices/*/if_absent", FACT_STRING,
          "the effect if no device has it, null: not known" },
        { "/fstab/devices/*/if_absent_text", FACT_STRING, "the same as a sentence" },
        { "/fstab/devices/*/effect", FACT_STRING,
          "without it: no-boot, emergency, hang, degraded or harmless" },
        { "/fstab/devices/*/effect_text", FACT_STRING, "the same as a sentence" },
        { "/fstab/devices/*/root_check", FACT_BOOL,
          "without it checkroot.sh of SysV init stops, unless the initramfs has checked the root" },
        { "/fstab/xenfs", FACT_ARRAY, "the lines that mount xenfs" },
        { "/fstab/xenfs/*/file", FACT_STRING, "/etc/fstab" },
        { "/fstab/xenfs/*/line", FACT_INT, "its line" },
        { "/fstab/xenfs/*/text", FACT_STRING, "that line" },
        { "/fstab/xenfs/*/target", FACT_STRING, "mount point of the line" },
        { "/fstab/xenfs/*/effect", FACT_STRING, "where it fails: emergency or harmless" },
        { "/fstab/xenfs/*/effect_text", FACT_STRING, "the same as a sentence" },
        { "/fstab/root_source", FACT_STRING, "field 1 of the line of /, null: there is none" },
        { "/fstab/separate_boot", FACT_BOOL, "/boot is a file system of its own" },
        {}
};

const struct probe probe_fstab = {
        .name = "fstab",
        .needs = PROBE_NEEDS("os"),
        .provides = fstab_facts,
        .run = run_fstab,
};
