/*
 * Parameters given to the NVMe driver, by the kernel command line and by `options` lines, and what
 * the driver of the kernel that starts next makes of them. A module that is given a number its type
 * cannot hold is refused by the kernel; a built-in driver keeps its default.
 *
 * nvme_core.io_timeout was a byte (https://github.com/metal-stack/metal-images/pull/60, Linux 4.14)
 * and is an unsigned int since; distributions took that over into older kernels, so the type is
 * read from the driver itself.
 */
#include <errno.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/modinfo.h"
#include "probe/bootparam.h"
#include "probe/directives.h"
#include "probe/modulefile.h"
#include "probe/modules.h"
#include "probe/probe.h"

#define BUILTIN_INFO_MAX (16u << 20)

enum {
        NVME_CORE,
        NVME,
        MODULES_N
};

struct module {
        const char *name;
        bool known; /* what follows was looked at */
        bool builtin;
        bool absent; /* the kernel has no such module */
        struct buf info;
        const char *prefix; /* in info: NULL for a module's own */
        char *file, *why;   /* info is not known, and why */
};

struct nvme {
        const struct volume *volume;
        struct facts *facts;
        struct module modules[MODULES_N];
        bool in_initramfs, image_unknown;
};

/* ---- what the driver says of itself ---------------------------------------------------------- */

static const char *module_path(const struct facts *f, const char *module)
{
        static const char list[] = "/drivers/nvme/modules";
        size_t n = facts_count(f, list);

        for (size_t i = 0; i < n; i++) {
                char name[64], path[64];

                snprintf(name, sizeof(name), "%s/%zu/name", list, i);
                snprintf(path, sizeof(path), "%s/%zu/path", list, i);
                if (streq(facts_str(f, name), module))
                        return facts_str(f, path);
        }
        return NULL;
}

static void read_module(struct nvme *n, struct module *m, const char *path)
{
        struct err err = { 0 };
        int r = modulefile_info(n->volume, path, &m->info, &err);

        if (r > 0)
                return;
        m->file = xstrdup(path);
        m->why = r < 0 ? xstrdup(err.text) : xstrdup("there is no such file");
}

/* Kernels before 5.2 have no modules.builtin.modinfo. */
static void read_builtin(struct nvme *n, struct module *m)
{
        const char *dir = facts_str(n->facts, "/drivers/dir");
        cleanup_free char *path = xasprintf("%s/modules.builtin.modinfo", dir ? dir : "");
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        int r = volume_read(n->volume, path, BUILTIN_INFO_MAX, &blob, &err);

        m->builtin = true;
        m->prefix = m->name;
        if (r > 0) {
                buf_append(&m->info, blob.data, blob.len);
                return;
        }
        m->file = TAKE_PTR(path);
        m->why = r < 0 ? xstrdup(err.text)
                       : xstrdup("there is no such file, which would tell what parameters the "
                                 "built-in driver takes");
}

/* 1, 0, or an error with a text: a list that cannot be read may name it. */
static int listed_builtin(struct nvme *n, const char *path, const char *module, struct err *err)
{
        cleanup_blob struct blob blob = { 0 };
        int r = volume_read(n->volume, path, VOLUME_CONFIG_MAX, &blob, err);

        return r <= 0 ? r : modules_builtin_text_has(blob_span(&blob), module);
}

/* A module that is no file is built in, or the kernel has none of that name. */
static void look_for_builtin(struct nvme *n, struct module *m)
{
        const char *dir = facts_str(n->facts, "/drivers/dir");
        cleanup_free char *list = xasprintf("%s/modules.builtin", dir ? dir : "");
        struct err err = { 0 };
        int r = 1;

        if (!streq(facts_str(n->facts, "/drivers/nvme/state"), "builtin"))
                r = listed_builtin(n, list, m->name, &err);
        if (r > 0) {
                read_builtin(n, m);
        } else if (r == 0) {
                m->absent = true;
        } else {
                m->file = TAKE_PTR(list);
                m->why = xstrdup(err.text);
        }
}

/* Only for a module that is given something: on disk it may be compressed. */
static void know_module(struct nvme *n, struct module *m)
{
        const char *path = module_path(n->facts, m->name);

        if (m->known)
                return;
        m->known = true;
        if (path)
                read_module(n, m, path);
        else
                look_for_builtin(n, m);
}

/* ---- one parameter --------------------------------------------------------------------------- */

struct given {
        enum directive_where where;
        const char *file, *text;
        size_t line;
        const char *name, *value; /* value NULL: there is none */
        bool for_kernel;          /* the kernel itself reads it, too */
};

/* Those that have always been numbers, of one type or another. */
static bool is_number(const char *name)
{
        static const char *const numbers[] = { "io_timeout", "admin_timeout", "max_retries",
                                               "shutdown_timeout", "sgl_threshold" };

        for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
                if (streq(name, numbers[i]))
                        return true;
        return false;
}

/*
 * Before 3.11 a module that is given a parameter it does not have is not loaded; since then the
 * parameter is ignored. Red Hat 7 (3.10) is of the former kind.
 *   https://github.com/torvalds/linux/blob/master/kernel/module/main.c (unknown_module_param_cb)
 *   https://github.com/openzfs/zfs/issues/7590
 */
static bool refuses_unknown(const struct facts *f)
{
        const char *release = facts_str(f, "/boot/kernel/release");
        unsigned major, minor;

        return release && sscanf(release, "%u.%u", &major, &minor) == 2 &&
               (major < 3 || (major == 3 && minor < 11));
}

static void publish_refused(struct nvme *n, const struct module *m, const char *type,
                            const char *path)
{
        bool strict = refuses_unknown(n->facts) && !m->builtin && !m->absent;

        if (!strict || !m->why)
                facts_set_bool(n->facts, strict && !type, "%s/refused", path);
}

static void publish_fit(struct nvme *n, const struct module *m, const struct given *g,
                        const char *path)
{
        cleanup_free char *type = NULL;
        const char *max = NULL;
        struct span found;

        if (m->why) {
                /* What fits the smallest type fits all. */
                if (!is_number(g->name) ||
                    modinfo_value_fit("byte", g->value, &max) == MODINFO_FITS)
                        facts_set_bool(n->facts, true, "%s/fits", path);
                facts_unknown(n->facts, path, m->file, "of which type %s.%s is, is not known: %s",
                              m->name, g->name, m->why);
                publish_refused(n, m, NULL, path);
                return;
        }
        if (!m->absent && modinfo_param_type(buf_span(&m->info), m->prefix, g->name, &found))
                type = span_dup(found);
        facts_set_str(n->facts, type, "%s/type", path);
        facts_set_bool(n->facts,
                       !type || modinfo_value_fit(type, g->value, &max) == MODINFO_FITS || !max,
                       "%s/fits", path);
        facts_set_str(n->facts, max, "%s/max", path);
        publish_refused(n, m, type, path);
}

/* Whether it is there when the driver is loaded at the next start. */
static void publish_counts(struct nvme *n, const struct module *m, const struct given *g,
                           const char *path)
{
        if (m->builtin || m->absent || g->where == WHERE_CMDLINE)
                facts_set_bool(n->facts,
                               !m->absent && g->where == WHERE_CMDLINE &&
                                       (g->for_kernel || !m->builtin),
                               "%s/counts", path);
        else if (!n->image_unknown)
                facts_set_bool(n->facts, n->in_initramfs == (g->where == WHERE_INITRAMFS),
                               "%s/counts", path);
        else
                facts_unknown(n->facts, path, g->file,
                              "whether the initramfs loads the NVMe driver is not known");
}

static void publish_given(struct nvme *n, struct module *m, const struct given *g)
{
        static const char *const places[] = {
                [WHERE_ROOT] = "root", [WHERE_INITRAMFS] = "initramfs", [WHERE_CMDLINE] = "cmdline"
        };
        size_t i = facts_count(n->facts, "/nvme/params");
        cleanup_free char *path = xasprintf("/nvme/params/%zu", i);

        know_module(n, m);
        facts_set_evidence(n->facts, path, g->file, g->line, span_of(g->text));
        facts_set_str(n->facts, places[g->where], "%s/where", path);
        facts_set_str(n->facts, m->name, "%s/module", path);
        facts_set_str(n->facts, g->name, "%s/name", path);
        facts_set_str(n->facts, g->value, "%s/value", path);
        facts_set_bool(n->facts, m->builtin, "%s/builtin", path);
        publish_fit(n, m, g, path);
        publish_counts(n, m, g, path);
}

static struct module *module_named(struct nvme *n, const char *name)
{
        for (size_t i = 0; i < MODULES_N; i++)
                if (streq(name, n->modules[i].name))
                        return &n->modules[i];
        return NULL;
}

/* ---- where they are given -------------------------------------------------------------------- */

/* "a=1 b=2 c" of an options line. */
static void look_at_options(struct nvme *n, const struct directive *d)
{
        struct module *m = module_named(n, d->name);
        cleanup_free char *copy = xstrdup(d->value);
        char *at = copy, *word;

        while (m && (word = strsep(&at, " \t"))) {
                char *name = strsep(&word, "=");
                struct given g = { d->where, d->file, d->text, d->line, name, word, false };

                modprobe_normalise(name);
                if (*name)
                        publish_given(n, m, &g);
        }
}

/* modprobe reads the whole line, the kernel stops at "--". */
static void look_at_cmdline(struct nvme *n)
{
        static const char list[] = "/boot/entry/params";
        size_t count = facts_count(n->facts, list);
        bool ended = false;

        for (size_t i = 0; i < count; i++) {
                cleanup_free char *name_path = xasprintf("%s/%zu/name", list, i);
                cleanup_free char *value_path = xasprintf("%s/%zu/value", list, i);
                const char *value = facts_str(n->facts, value_path);
                const char *given = facts_str(n->facts, name_path);
                cleanup_free char *copy = xstrdup(given ? given : ""), *text = NULL;
                struct bootparam_place place = bootparam_place(n->facts);
                char *name = copy, *module;
                struct module *m;

                ended |= streq(given, "--");
                modprobe_normalise(copy);
                module = strsep(&name, ".");
                m = module_named(n, module);
                if (!m || !name)
                        continue;
                text = xasprintf("%s%s%s", given, value ? "=" : "", value ? value : "");
                publish_given(n, m,
                              &(struct given){ WHERE_CMDLINE, place.file, text, place.line, name,
                                               value, !ended });
        }
}

/* ---------------------------------------------------------------------------------------------- */

static void nvme_done(struct nvme *n)
{
        for (size_t i = 0; i < MODULES_N; i++) {
                buf_done(&n->modules[i].info);
                free(n->modules[i].file);
                free(n->modules[i].why);
        }
}

/* An image that is not there, or damaged, loads nothing; that is said elsewhere. */
static void look_at_image(struct nvme *n)
{
        const char *state = facts_str(n->facts, "/initramfs/state");
        struct json_object *node;

        n->in_initramfs = streq(facts_str(n->facts, "/initramfs/nvme/state"), "module");
        n->image_unknown = !streq(state, "missing") && !streq(state, "empty") &&
                           !streq(state, "damaged") && !streq(state, "none") &&
                           facts_get(n->facts, "/initramfs/nvme/state", &node) < 0;
}

static void run_nvme(struct probe_context *context)
{
        static const char *const paths[] = { "/nvme/params", NULL };
        _cleanup_(nvme_done) struct nvme n = {
                .volume = context->volume,
                .facts = context->facts,
                .modules = { [NVME_CORE] = { .name = "nvme_core" }, [NVME] = { .name = "nvme" } },
        };
        cleanup_directives struct directives list = { 0 };
        cleanup_free char *why = NULL;
        const char *file = NULL, *state = facts_str(n.facts, "/drivers/nvme/state");

        if (!state) {
                const char *reason = facts_why_unknown(n.facts, "/drivers/nvme/state", &file);

                facts_unknown(n.facts, "/nvme", file,
                              "which NVMe driver starts next is not known%s%s", reason ? ": " : "",
                              reason ? reason : "");
                return;
        }
        if (!bootparam_known(n.facts, &why, &file))
                facts_unknown(n.facts, "/nvme/params", file, "%s", why);
        facts_set_array(n.facts, "/nvme/params");
        look_at_image(&n);
        directives_read(context, paths, &list);
        for (size_t i = 0; i < list.n; i++)
                if (list.v[i].kind == KIND_OPTIONS)
                        look_at_options(&n, &list.v[i]);
        look_at_cmdline(&n);
}

static const struct fact_decl nvme_facts[] = {
        { "/nvme/params", FACT_ARRAY, "parameters given to the NVMe driver's modules" },
        { "/nvme/params/*/file", FACT_STRING, "where it is written" },
        { "/nvme/params/*/line", FACT_INT, "its line" },
        { "/nvme/params/*/text", FACT_STRING, "that line" },
        { "/nvme/params/*/where", FACT_STRING, "root, initramfs or cmdline" },
        { "/nvme/params/*/module", FACT_STRING, "nvme_core or nvme" },
        { "/nvme/params/*/name", FACT_STRING, "parameter, with underscores" },
        { "/nvme/params/*/value", FACT_STRING, "as given; null: without a value" },
        { "/nvme/params/*/builtin", FACT_BOOL, "the module is part of the kernel" },
        { "/nvme/params/*/type", FACT_STRING, "of that kernel; null: it has no such parameter" },
        { "/nvme/params/*/max", FACT_STRING, "largest number it takes; null: not a number" },
        { "/nvme/params/*/fits", FACT_BOOL, "the kernel takes the value" },
        { "/nvme/params/*/refused", FACT_BOOL,
          "the module has no such parameter, and the kernel does not load it for that" },
        { "/nvme/params/*/counts", FACT_BOOL, "it is there when the driver starts next" },
        {}
};

const struct probe probe_nvme = {
        .name = "nvme",
        .needs = PROBE_NEEDS("boot", "drivers", "initramfs"),
        .provides = nvme_facts,
        .run = run_nvme,
};
