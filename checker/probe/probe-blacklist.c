/*
 * Lines that keep a driver from loading although it is there. Three places have them: modprobe.d of
 * the root, the copy of it inside the initramfs, and the kernel command line. `blocks` says what a
 * line does in its own place; the command line counts where the driver is loaded at boot, which is
 * the initramfs when it has the driver.
 *
 * What each kind does (libkmod-module.c, kernel/module/main.c, init/main.c):
 *   blacklist         the device is not followed to this module; loading by name still works, and
 * so does loading it because another module needs it install           the command runs in place of
 * loading the module, also when another needs it; the first that matches counts, and a softdep of
 * the module switches it off alias             a pattern that matches the device takes precedence
 * over the modules' own module_blacklist  the kernel refuses the module, however it is loaded
 *   initcall_blacklist the kernel does not start the driver, built in or not
 */
#include <fnmatch.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "probe/bootparam.h"
#include "probe/directives.h"
#include "probe/modules.h"
#include "probe/probe.h"

struct blacklist {
        struct facts *facts;
        struct directives list;
        struct strv closure; /* of the device looked at */
        const struct device *device;
        bool builtin;
        bool in_initramfs;  /* it is loaded there */
        bool image_unknown; /* whether it is, or what forbids it there, is not known */
};

static const char *fact(struct blacklist *l, const char *list, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf("%s/%zu/%s", list, i, key);

        return facts_str(l->facts, path);
}

/* ---- judging --------------------------------------------------------------------------------- */

/* Modules the image gives to modprobe by name, which asks no alias. */
static bool loaded_by_name(struct blacklist *l, enum directive_where place)
{
        static const char list[] = "/initramfs/loads", params_list[] = "/boot/entry/params";
        bool dracut = streq(facts_str(l->facts, "/initramfs/generator"), "dracut");
        size_t n = facts_count(l->facts, list), n_params = facts_count(l->facts, params_list);

        if (place != WHERE_INITRAMFS)
                return false;
        for (size_t i = 0; i < n; i++)
                if (streq(fact(l, list, i, "module"), l->device->driver))
                        return true;
        for (size_t i = 0; dracut && i < n_params; i++) {
                const char *name = fact(l, params_list, i, "name");
                cleanup_free char *value = xstrdup(fact(l, params_list, i, "value") ?: "");
                char *at = value, *word;

                if (!streq(name, "rd.driver.pre") && !streq(name, "rdloaddriver"))
                        continue;
                while ((word = strsep(&at, ","))) {
                        modprobe_normalise(word);
                        if (streq(word, l->device->driver))
                                return true;
                }
        }
        return false;
}

/*
 * The init of initramfs-tools sets MODPROBE_OPTIONS="-qb", with which modprobe heeds `blacklist`
 * for names too (seen by a boot: the machine stays down).
 * https://salsa.debian.org/kernel-team/initramfs-tools/-/blob/master/init
 */
static bool names_heed_blacklist(struct blacklist *l)
{
        return !streq(facts_str(l->facts, "/initramfs/generator"), "dracut");
}

static bool has_softdep(struct blacklist *l, enum directive_where place, const char *module)
{
        for (size_t i = 0; i < l->list.n; i++)
                if (l->list.v[i].kind == KIND_SOFTDEP && l->list.v[i].where == place &&
                    streq(l->list.v[i].name, module))
                        return true;
        return false;
}

static bool first_install(struct blacklist *l, const struct directive *d, const char *module)
{
        for (const struct directive *o = l->list.v; o < d; o++)
                if (o->kind == KIND_INSTALL && o->where == d->where &&
                    fnmatch(o->name, module, 0) == 0)
                        return false;
        return true;
}

/* The worst it does to any of the modules. */
static enum modprobe_effect install_effect(struct blacklist *l, const struct directive *d)
{
        enum modprobe_effect worst = MODPROBE_LOADS;

        for (size_t i = 0; i < l->closure.n; i++) {
                const char *module = l->closure.v[i];
                enum modprobe_effect one;

                if (fnmatch(d->name, module, 0) != 0 || !first_install(l, d, module) ||
                    has_softdep(l, d->where, module))
                        continue;
                one = modprobe_install_effect(d->value, module);
                if (one == MODPROBE_REFUSES || worst == MODPROBE_LOADS)
                        worst = one;
        }
        return worst;
}

/* Aliases of a configuration hide those of the modules: one of them must lead to the driver. */
static bool alias_blocks(struct blacklist *l, const struct directive *d)
{
        if (fnmatch(d->name, l->device->modalias, 0) != 0)
                return false;
        for (size_t i = 0; i < l->list.n; i++)
                if (l->list.v[i].kind == KIND_ALIAS && l->list.v[i].where == d->where &&
                    fnmatch(l->list.v[i].name, l->device->modalias, 0) == 0 &&
                    streq(l->list.v[i].value, l->device->driver))
                        return false;
        return true;
}

/* The function a module starts with, by the names in use. */
static bool is_initcall(const char *function, const char *module)
{
        static const char *const suffixes[] = { "_init", "_init_module", "_mod_init",
                                                "_module_init" };
        const char *rest = str_after(function, module);

        for (size_t i = 0; rest && i < ARRAY_SIZE(suffixes); i++)
                if (streq(rest, suffixes[i]))
                        return true;
        return false;
}

static enum modprobe_effect effect_at(struct blacklist *l, const struct directive *d,
                                      enum directive_where place)
{
        bool refuses = false;

        if (l->builtin && d->kind != KIND_INITCALL_BLACKLIST)
                return MODPROBE_LOADS;
        switch (d->kind) {
        case KIND_BLACKLIST:
                refuses = streq(d->name, l->device->driver) &&
                          (names_heed_blacklist(l) || !loaded_by_name(l, place));
                break;
        case KIND_INSTALL:
                return install_effect(l, d);
        case KIND_ALIAS:
                refuses = alias_blocks(l, d) && !loaded_by_name(l, place);
                break;
        case KIND_SOFTDEP:
        case KIND_OPTIONS:
        case KIND_ALLOW_UNSUPPORTED:
                break;
        case KIND_MODULE_BLACKLIST:
        case KIND_INITCALL_BLACKLIST:
                refuses = true;
                break;
        }
        return refuses ? MODPROBE_REFUSES : MODPROBE_LOADS;
}

static enum modprobe_effect effect(struct blacklist *l, const struct directive *d)
{
        return effect_at(l, d,
                         d->where != WHERE_CMDLINE ? d->where
                         : l->in_initramfs         ? WHERE_INITRAMFS
                                                   : WHERE_ROOT);
}

/* ---- publishing ------------------------------------------------------------------------------ */

/* The module of the closure a line is about, or NULL: it is about others. */
static const char *module_of(struct blacklist *l, const struct directive *d)
{
        struct modprobe_line line = { .name = d->name, .value = d->value };

        if (d->kind == KIND_SOFTDEP || d->kind == KIND_OPTIONS || d->kind == KIND_ALLOW_UNSUPPORTED)
                return NULL;
        if (d->kind == KIND_ALIAS) {
                line.verb = MODPROBE_ALIAS;
                return modules_concerned(&line, l->device, &l->closure) ? l->device->driver : NULL;
        }
        for (size_t i = 0; i < l->closure.n; i++) {
                const char *module = l->closure.v[i];
                cleanup_free char *plain = xstrdup(d->name);

                modprobe_normalise(plain);
                if ((d->kind == KIND_INSTALL && fnmatch(d->name, module, 0) == 0) ||
                    (d->kind == KIND_INITCALL_BLACKLIST && is_initcall(d->name, module)) ||
                    (d->kind == KIND_BLACKLIST && streq(plain, module)) ||
                    /* The kernel compares the letters as they are. */
                    (d->kind == KIND_MODULE_BLACKLIST && streq(d->name, module)))
                        return module;
        }
        return NULL;
}

/* The root file system, or a part of it, comes over the network: dracut.cmdline(7), and
 * initramfs-tools(7). */
static bool needs_network_early(struct blacklist *l)
{
        const char *root = bootparam_last(l->facts, "root");
        const char *need = bootparam_last(l->facts, "rd.neednet");
        static const char *const kinds[] = { "nfs", "/dev/nfs", "iscsi:", "nbd:" };

        for (size_t i = 0; root && i < ARRAY_SIZE(kinds); i++)
                if (str_after(root, kinds[i]))
                        return true;
        return bootparam_last(l->facts, "netroot") || bootparam_last(l->facts, "nfsroot") ||
               streq(bootparam_last(l->facts, "boot"), "nfs") || (need && !streq(need, "0"));
}

/*
 * A driver that is not needed to reach the root file system has two chances: udev inside the
 * initramfs, and udev again on the root. A line decides when neither is left.
 */
static enum modprobe_effect stage_effect(struct blacklist *l, enum directive_where place)
{
        enum modprobe_effect worst = MODPROBE_LOADS;

        for (size_t i = 0; i < l->list.n; i++) {
                const struct directive *d = &l->list.v[i];
                enum modprobe_effect one;

                if ((d->where != place && d->where != WHERE_CMDLINE) ||
                    (d->early && place == WHERE_ROOT) || !module_of(l, d))
                        continue;
                one = effect_at(l, d, place);
                if (one == MODPROBE_REFUSES || worst == MODPROBE_LOADS)
                        worst = one;
        }
        return worst;
}

static enum modprobe_effect combined_effect(struct blacklist *l)
{
        enum modprobe_effect root = stage_effect(l, WHERE_ROOT), image = MODPROBE_REFUSES;

        if (l->in_initramfs || l->image_unknown)
                image = stage_effect(l, WHERE_INITRAMFS);
        /* What the command line forbids is forbidden there, too, whatever the image holds. */
        if (l->image_unknown && image != MODPROBE_REFUSES)
                image = MODPROBE_UNCLEAR;
        if (l->in_initramfs && needs_network_early(l))
                return image;
        if (root == MODPROBE_LOADS || image == MODPROBE_LOADS)
                return MODPROBE_LOADS;
        return root == image ? root : MODPROBE_UNCLEAR;
}

static void publish_decides(struct blacklist *l, const struct directive *d,
                            enum modprobe_effect what, const char *path)
{
        enum modprobe_effect all = combined_effect(l);

        if (d->early && !l->in_initramfs && !l->image_unknown)
                what = MODPROBE_LOADS;
        if (what == MODPROBE_LOADS || all != MODPROBE_UNCLEAR)
                facts_set_bool(l->facts, what == MODPROBE_REFUSES && all == MODPROBE_REFUSES,
                               "%s/decides", path);
        else if (what == MODPROBE_REFUSES)
                facts_unknown(l->facts, path, d->file,
                              "line %zu keeps %s from loading in one place, and whether it is "
                              "loaded %s is not known",
                              d->line, l->device->driver,
                              d->where == WHERE_ROOT ? "inside the initramfs before" : "elsewhere");
}

static const char *kind_of(const struct directive *d)
{
        if (d->kind == KIND_ALIAS && streq(d->value, "off"))
                return "alias-off";
        return d->word;
}

static void publish(struct blacklist *l, const struct directive *d, const char *module)
{
        static const char *const places[] = {
                [WHERE_ROOT] = "root", [WHERE_INITRAMFS] = "initramfs", [WHERE_CMDLINE] = "cmdline"
        };
        cleanup_free char *list = xasprintf("/blacklist/%s", l->device->name);
        size_t n = facts_count(l->facts, list);
        cleanup_free char *path = xasprintf("%s/%zu", list, n);
        enum modprobe_effect what = effect(l, d);

        facts_set_evidence(l->facts, path, d->file, d->line, span_of(d->text));
        facts_set_str(l->facts, places[d->where], "%s/where", path);
        facts_set_str(l->facts, kind_of(d), "%s/kind", path);
        facts_set_str(l->facts, module, "%s/module", path);
        if (what == MODPROBE_UNCLEAR)
                facts_unknown(l->facts, path, d->file,
                              "line %zu runs a command in place of loading %s, and whether that "
                              "loads it is not clear",
                              d->line, module);
        else
                facts_set_bool(l->facts, what == MODPROBE_REFUSES, "%s/blocks", path);
        if (l->device->late)
                publish_decides(l, d, what, path);
}

/* An image that cannot be unpacked loads and forbids nothing; that it is damaged is said elsewhere.
 */
static bool image_unusable(const struct facts *f)
{
        const char *state = facts_str(f, "/initramfs/state");

        return streq(state, "missing") || streq(state, "empty") || streq(state, "damaged") ||
               streq(state, "none");
}

static bool image_directives_known(const struct facts *f)
{
        struct json_object *node;
        const char *file;

        return facts_get(f, "/initramfs/directives", &node) >= 0 &&
               !facts_why_incomplete(f, "/initramfs/directives", &file);
}

static void look_at_device(struct blacklist *l, const struct device *device)
{
        cleanup_free char *drivers = xasprintf("/drivers/%s/state", device->name);
        cleanup_free char *initramfs = xasprintf("/initramfs/%s/state", device->name);
        const char *state = facts_str(l->facts, drivers);
        struct json_object *node;

        l->device = device;
        l->builtin = streq(state, "builtin");
        l->in_initramfs = streq(facts_str(l->facts, initramfs), "module");
        l->image_unknown = !l->builtin && !image_unusable(l->facts) &&
                           (facts_get(l->facts, initramfs, &node) < 0 ||
                            (l->in_initramfs && !image_directives_known(l->facts)));
        strv_done(&l->closure);
        modules_closure(l->facts, device, &l->closure);
        facts_set_array(l->facts, "/blacklist/%s", device->name);
        for (size_t i = 0; i < l->list.n; i++) {
                const char *module = module_of(l, &l->list.v[i]);

                if (module)
                        publish(l, &l->list.v[i], module);
        }
}

/* What could not be looked at is noted at the arrays: they are then incomplete. */
static void note_unknown(struct blacklist *l)
{
        struct json_object *node;
        const char *why, *file = NULL;

        for (const struct device *d = device_list; d->name; d++) {
                cleanup_free char *path = xasprintf("/blacklist/%s", d->name);
                cleanup_free char *drivers = xasprintf("/drivers/%s/state", d->name);
                cleanup_free char *no_cmdline = NULL;

                if (!bootparam_known(l->facts, &no_cmdline, &file))
                        facts_unknown(l->facts, path, file, "%s", no_cmdline);
                why = facts_why_unknown(l->facts, drivers, &file);
                if (facts_get(l->facts, drivers, &node) < 0)
                        facts_unknown(l->facts, path, file,
                                      "whether the driver is built in is not known%s%s",
                                      why ? ": " : "", why ? why : "");
                why = facts_why_unknown(l->facts, "/initramfs/directives", &file);
                /* A driver in the kernel has no use for the image; one that may come later
                 * does not depend on it. */
                if (!d->late && !image_unusable(l->facts) &&
                    !streq(facts_str(l->facts, drivers), "builtin") &&
                    !image_directives_known(l->facts))
                        facts_unknown(l->facts, path, file,
                                      "modprobe.d inside the initramfs is not known%s%s",
                                      why ? ": " : "", why ? why : "");
        }
}

static void blacklist_done(struct blacklist *l)
{
        directives_done(&l->list);
        strv_done(&l->closure);
}

static void run_blacklist(struct probe_context *context)
{
        static const char *const paths[] = { "/blacklist/nvme", "/blacklist/ena", NULL };
        _cleanup_(blacklist_done) struct blacklist l = { .facts = context->facts };

        note_unknown(&l);
        directives_read(context, paths, &l.list);
        for (const struct device *d = device_list; d->name; d++)
                look_at_device(&l, d);
}

static const struct fact_decl blacklist_facts[] = {
#define DEVICE(name)                                                                               \
        { "/blacklist/" name, FACT_ARRAY, "lines about the driver's modules" },                    \
                { "/blacklist/" name "/*/file", FACT_STRING, "where it is written" },              \
                { "/blacklist/" name "/*/line", FACT_INT, "its line" },                            \
                { "/blacklist/" name "/*/text", FACT_STRING, "that line" },                        \
                { "/blacklist/" name "/*/where", FACT_STRING, "root, initramfs or cmdline" },      \
                { "/blacklist/" name "/*/kind", FACT_STRING,                                       \
                  "blacklist, install, module_blacklist ..." },                                    \
                { "/blacklist/" name "/*/module", FACT_STRING, "the module it is about" },         \
        {                                                                                          \
                "/blacklist/" name "/*/blocks", FACT_BOOL, "in its place, it keeps the driver out" \
        }
        DEVICE("nvme"),
        DEVICE("ena"),
#undef DEVICE
        { "/blacklist/ena/*/decides", FACT_BOOL,
          "it keeps the driver out in the initramfs and on the root, or something else does there" },
        {}
};

const struct probe probe_blacklist = {
        .name = "blacklist",
        .needs = PROBE_NEEDS("boot", "drivers", "initramfs"),
        .provides = blacklist_facts,
        .run = run_blacklist,
};
