/*
 * Whether the kernel that starts next would bind a Nitro machine's disks and network card: asked of
 * the module directory's own indexes, through libkmod, as udev will at boot.
 *
 * libkmod takes a path and follows links below it with the host's root. It gets the directory's
 * descriptor, and only after every file it opens there was found to be a regular one, not a link,
 * and every index to be sound. Its configuration list is empty; what it adds by itself, the host's
 * /proc/cmdline, changes blacklists and options only, and neither is asked for. Module states come
 * from the host's /sys, so those are not asked for either.
 */
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "parse/lines.h"
#include "probe/modules.h"
#include "probe/probe.h"

struct drivers {
        const struct volume *volume;
        struct facts *facts;
        const char *release;
        char *dir; /* in the volume, /lib/modules/RELEASE */
        int fd;
        struct blob bytes[_MODULES_INDEX_MAX]; /* none: there is no such index */
        struct modindex index[_MODULES_INDEX_MAX];
        struct blob builtin_text; /* where there is no index of it */
        struct kmod_ctx *kmod;
};

static const char *const bases[] = { "/lib/modules", "/usr/lib/modules" };

/* ---- publishing ------------------------------------------------------------------------------ */

static void publish_state(struct drivers *d, const struct device *device, const char *state,
                          const char *file, const char *text)
{
        cleanup_free char *path = xasprintf("/drivers/%s", device->name);

        facts_set_str(d->facts, state, "%s/state", path);
        facts_set_evidence(d->facts, path, file, 0, span_of(text));
        facts_set_array(d->facts, "%s/modules", path);
}

static void publish_module(struct drivers *d, const struct device *device, const char *path,
                           bool builtin, bool present)
{
        cleanup_free char *list = xasprintf("/drivers/%s/modules", device->name);
        cleanup_free char *name = modules_name_of(path ? path : device->driver);
        size_t n = facts_count(d->facts, list);

        facts_set_str(d->facts, name, "%s/%zu/name", list, n);
        facts_set_str(d->facts, path, "%s/%zu/path", list, n);
        facts_set_bool(d->facts, builtin, "%s/%zu/builtin", list, n);
        facts_set_bool(d->facts, present, "%s/%zu/present", list, n);
}

static void publish_builtin(struct drivers *d, const struct device *device, const char *file,
                            const char *text)
{
        publish_state(d, device, "builtin", file, text);
        facts_set_null(d->facts, "/drivers/%s/missing", device->name);
        facts_set_null(d->facts, "/drivers/%s/damaged", device->name);
        publish_module(d, device, NULL, true, true);
}

static void publish_absent(struct drivers *d, const struct device *device, const char *file,
                           const char *text)
{
        publish_state(d, device, "missing", file, text);
        facts_set_null(d->facts, "/drivers/%s/missing", device->name);
        facts_set_null(d->facts, "/drivers/%s/damaged", device->name);
}

/* ---- without a module directory -------------------------------------------------------------- */

/* CONFIG_X=y in the kernel's configuration: 1 and the line, 0 not built in, -ENOENT no such file.
 */
static int builtin_by_config(struct drivers *d, const char *path, const char *option)
{
        cleanup_blob struct blob blob = { 0 };
        struct lines lines;
        struct line line;
        cleanup_free char *want = xasprintf("%s=y", option);

        if (volume_read(d->volume, path, VOLUME_CONFIG_MAX, &blob, NULL) <= 0)
                return -ENOENT;
        lines = lines_of(blob_span(&blob));
        while (lines_next(&lines, &line))
                if (span_eq(line.text, want))
                        return 1;
        return 0;
}

static char *other_releases(struct drivers *d)
{
        struct buf b = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(bases) && b.len == 0; i++) {
                cleanup_strv struct strv names = { 0 };

                volume_list(d->volume, bases[i], &names, NULL);
                for (size_t n = 0; n < names.n; n++)
                        buf_printf(&b, "%s%s", b.len ? ", " : "only ", names.v[n]);
        }
        return buf_take(&b);
}

static void look_without_dir(struct drivers *d)
{
        cleanup_free char *config = xasprintf("/boot/config-%s", d->release);
        cleanup_free char *others = other_releases(d);
        cleanup_free char *dir = xasprintf("%s/%s", bases[0], d->release);

        facts_set_str(d->facts, dir, "/drivers/dir");
        for (const struct device *device = device_list; device->name; device++) {
                cleanup_free char *path = xasprintf("/drivers/%s", device->name);
                cleanup_free char *set = xasprintf("%s=y", device->config);

                if (builtin_by_config(d, config, device->config) > 0)
                        publish_builtin(d, device, config, set);
                else if (*others)
                        publish_absent(d, device, bases[0], others);
                else
                        facts_unknown(d->facts, path, bases[0],
                                      "there is no %s/%s, nor the modules of any other kernel: "
                                      "only a kernel with everything built in needs none",
                                      bases[0], d->release);
        }
}

/* ---- the gate before libkmod ----------------------------------------------------------------- */

/* 1: a regular file that is no link, 0: not there, negative: something else, with a text. */
static int check_plain_file(struct drivers *d, const char *path, off_t max, struct err *err)
{
        cleanup_free char *link = NULL;
        struct stat st;
        int r = volume_readlink(d->volume, path, &link, err);

        if (r < 0)
                return r;
        if (r > 0)
                return err_set(err, -ELOOP, "it is a link, and is not followed");
        r = volume_stat(d->volume, path, &st, err);
        if (r <= 0)
                return r;
        if (!S_ISREG(st.st_mode))
                return err_set(err, -EINVAL, "it is not a regular file");
        if (st.st_size > max)
                return err_set(err, -EFBIG, "it is larger than %lld bytes", (long long)max);
        return 1;
}

static int load_index(struct drivers *d, enum modules_index i, const char *path, struct err *err)
{
        int r = check_plain_file(d, path, MODINDEX_FILE_MAX, err);

        if (r > 0)
                r = volume_read(d->volume, path, MODINDEX_FILE_MAX, &d->bytes[i], err);
        /* depmod leaves an empty file where it has nothing to index, version 28 always so for the
         * aliases of built-ins. */
        if (r <= 0 || d->bytes[i].len == 0)
                return r < 0 ? r : 0;
        r = modindex_open(blob_span(&d->bytes[i]), &d->index[i], err);
        return r < 0 ? r : 1;
}

static bool has_text_dep(struct drivers *d)
{
        cleanup_free char *path = xasprintf("%s/modules.dep", d->dir);
        struct stat st;

        return volume_stat(d->volume, path, &st, NULL) > 0 && S_ISREG(st.st_mode);
}

static int load_indexes(struct drivers *d)
{
        struct err err = { 0 };

        for (enum modules_index i = 0; i < _MODULES_INDEX_MAX; i++) {
                cleanup_free char *path = xasprintf("%s/%s", d->dir, modules_index_file(i));
                int r = load_index(d, i, path, &err);

                if (r < 0) {
                        facts_unknown(d->facts, "/drivers", path, "%s", err.text);
                        return r;
                }
                if (r > 0 || i == MODULES_BUILTIN || i == MODULES_BUILTIN_ALIAS)
                        continue;
                facts_unknown(d->facts, "/drivers", path,
                              "%s is not there, or empty%s; run `depmod %s` on that system and "
                              "check again",
                              modules_index_file(i),
                              has_text_dep(d) ? ", though the text file modules.dep is there" : "",
                              d->release);
                return -ENOENT;
        }
        return 0;
}

/* Text files that libkmod reads as configuration. */
static int check_text_files(struct drivers *d)
{
        static const char *const names[] = { "modules.softdep", "modules.weakdep" };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                cleanup_free char *path = xasprintf("%s/%s", d->dir, names[i]);
                struct err err = { 0 };
                int r = check_plain_file(d, path, VOLUME_CONFIG_MAX, &err);

                if (r < 0) {
                        facts_unknown(d->facts, "/drivers", path, "%s", err.text);
                        return r;
                }
        }
        return 0;
}

static void load_builtin_text(struct drivers *d)
{
        cleanup_free char *path = xasprintf("%s/modules.builtin", d->dir);
        struct err err = { 0 };

        if (d->bytes[MODULES_BUILTIN].len == 0 &&
            volume_read(d->volume, path, MODINDEX_FILE_MAX, &d->builtin_text, &err) < 0)
                facts_problem(d->facts, path, "%s", err.text);
}

/* ---- asking libkmod -------------------------------------------------------------------------- */

static void drop_log(void *data _unused_, int priority _unused_, const char *file _unused_,
                     int line _unused_, const char *fn _unused_, const char *format _unused_,
                     va_list args _unused_)
{
}

static int start_kmod(struct drivers *d)
{
        static const char *const no_config[] = { NULL };
        char path[64];
        struct stat by_path, by_fd;

        snprintf(path, sizeof(path), "/proc/self/fd/%d", d->fd);
        if (stat(path, &by_path) == 0 && fstat(d->fd, &by_fd) == 0 &&
            by_path.st_dev == by_fd.st_dev && by_path.st_ino == by_fd.st_ino)
                d->kmod = kmod_new(path, no_config);
        if (!d->kmod) {
                facts_unknown(d->facts, "/drivers", d->dir,
                              "libkmod does not start; it needs /proc to be mounted");
                return -ENOSYS;
        }
        kmod_set_log_fn(d->kmod, drop_log, NULL);
        return 0;
}

static void unref_list(struct kmod_list **l)
{
        kmod_module_unref_list(*l);
}

/* The modules an alias, or a name, leads to. */
static int lookup(struct drivers *d, const char *alias, const char *driver, bool *ret_found,
                  bool *ret_builtin)
{
        _cleanup_(unref_list) struct kmod_list *list = NULL, *modular = NULL;
        struct kmod_list *l;
        int r = kmod_module_new_from_lookup(d->kmod, alias, &list);

        *ret_found = *ret_builtin = false;
        if (r < 0)
                return r;
        r = kmod_module_apply_filter(d->kmod, KMOD_FILTER_BUILTIN, list, &modular);
        if (r < 0)
                return r;
        kmod_list_foreach(l, list)
        {
                struct kmod_module *module = kmod_module_get_module(l);

                if (streq(kmod_module_get_name(module), driver))
                        *ret_found = *ret_builtin = true;
                kmod_module_unref(module);
        }
        kmod_list_foreach(l, modular)
        {
                struct kmod_module *module = kmod_module_get_module(l);

                if (streq(kmod_module_get_name(module), driver))
                        *ret_builtin = false;
                kmod_module_unref(module);
        }
        return 0;
}

/* ---- one device ------------------------------------------------------------------------------ */

enum presence {
        FILE_ABSENT, /* or without a byte, as a crash leaves it */
        FILE_DAMAGED,
        FILE_PRESENT,
};

/* As kmod tells what a file is, whatever it is called: an ELF file, or one compressed. */
static bool begins_like_module(const char *head, size_t len)
{
        static const struct span magics[] = { SPAN("\x7f"
                                                   "ELF"),
                                              SPAN("\x1f\x8b"),
                                              SPAN("\xfd"
                                                   "7zXZ\0"),
                                              SPAN("\x28\xb5\x2f\xfd") };

        for (size_t i = 0; i < ARRAY_SIZE(magics); i++)
                if (len >= magics[i].len && memcmp(head, magics[i].data, magics[i].len) == 0)
                        return true;
        return false;
}

/* An enum presence, or an error: what cannot be looked at may be there. */
static int look_at_file(struct drivers *d, const char *path, struct err *err)
{
        char head[6];
        struct stat st;
        cleanup_fd int fd = -EBADF;
        ssize_t n;
        int r = volume_stat(d->volume, path, &st, err);

        if (r < 0)
                return r;
        if (r == 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
                return FILE_ABSENT;
        fd = volume_open_file(d->volume, path, &st, err);
        if (fd < 0)
                return fd;
        n = fd_read_full(fd, head, sizeof(head));
        if (n < 0)
                return err_set(err, (int)n, "%s: %s", path, strerror((int)-n));
        return begins_like_module(head, (size_t)n) ? FILE_PRESENT : FILE_DAMAGED;
}

/*
 * From the line of modules.dep, not from libkmod: as soon as one file is missing it says that the
 * module needs nothing at all.
 */
static void look_at_closure(struct drivers *d, const struct device *device)
{
        cleanup_free char *index = xasprintf("%s/%s", d->dir, modules_index_file(MODULES_DEP));
        cleanup_strv struct strv files = { 0 };
        const char *missing = NULL, *damaged = NULL, *closed = NULL;
        int present[MODULES_CLOSURE_MAX];
        struct span line = SPAN("");
        cleanup_free char *text = NULL;
        struct err err = { 0 };

        if (modindex_find(&d->index[MODULES_DEP], device->driver, &line))
                modules_of_dep_line(line, d->dir, &files);
        text = files.n ? span_dup(line) : xasprintf("no line for %s", device->driver);
        for (size_t i = 0; i < files.n; i++) {
                present[i] = look_at_file(d, files.v[i], &err);
                if (present[i] == FILE_ABSENT && !missing)
                        missing = files.v[i];
                if (present[i] == FILE_DAMAGED && !damaged)
                        damaged = files.v[i];
                if (present[i] < 0 && !closed)
                        closed = files.v[i];
        }
        if (!missing && !damaged && closed) {
                cleanup_free char *path = xasprintf("/drivers/%s", device->name);

                facts_unknown(d->facts, path, closed, "%s", err.text);
                return;
        }
        publish_state(d, device, missing || damaged || files.n == 0 ? "broken" : "module", index,
                      text);
        facts_set_str(d->facts, missing, "/drivers/%s/missing", device->name);
        facts_set_str(d->facts, damaged, "/drivers/%s/damaged", device->name);
        for (size_t i = 0; i < files.n; i++)
                publish_module(d, device, files.v[i], false, present[i] == FILE_PRESENT);
}

static void look_at_device(struct drivers *d, const struct device *device)
{
        cleanup_free char *path = xasprintf("/drivers/%s", device->name);
        cleanup_free char *text = NULL, *builtins = NULL, *aliases = NULL;
        bool found, builtin, named, named_builtin;
        int r = lookup(d, device->modalias, device->driver, &found, &builtin);

        /* Kernels before 5.3, or an old depmod, know the aliases of modules only. */
        if (r >= 0)
                r = lookup(d, device->driver, device->driver, &named, &named_builtin);
        if (r < 0) {
                facts_unknown(d->facts, path, d->dir, "libkmod: %s", strerror(-r));
                return;
        }
        builtins = xasprintf("%s/modules.builtin", d->dir);
        aliases = xasprintf("%s/modules.alias", d->dir);
        if (builtin || named_builtin ||
            modules_builtin_text_has(blob_span(&d->builtin_text), device->driver)) {
                publish_builtin(d, device, builtins, device->driver);
        } else if (found) {
                look_at_closure(d, device);
        } else {
                text = xasprintf("no driver %s for %s", device->driver, device->text);
                publish_absent(d, device, aliases, text);
        }
}

/* ---------------------------------------------------------------------------------------------- */

/* 1 and d->dir, d->fd; 0: neither place has the release; negative: said. */
static int open_dir(struct drivers *d)
{
        for (size_t i = 0; i < ARRAY_SIZE(bases); i++) {
                cleanup_free char *dir = xasprintf("%s/%s", bases[i], d->release);
                struct err err = { 0 };
                int fd = volume_open_dir(d->volume, dir, &err);

                if (fd >= 0) {
                        d->fd = fd;
                        d->dir = TAKE_PTR(dir);
                        return 1;
                }
                if (fd != -ENOENT) {
                        facts_unknown(d->facts, "/drivers", dir, "%s", err.text);
                        return fd;
                }
        }
        return 0;
}

static void drivers_done(struct drivers *d)
{
        if (d->kmod)
                kmod_unref(d->kmod);
        for (size_t i = 0; i < _MODULES_INDEX_MAX; i++)
                blob_done(&d->bytes[i]);
        blob_done(&d->builtin_text);
        close_fd(&d->fd);
        free(d->dir);
}

static void run_drivers(struct probe_context *context)
{
        _cleanup_(drivers_done) struct drivers d = {
                .volume = context->volume,
                .facts = context->facts,
                .release = facts_str(context->facts, "/boot/kernel/release"),
                .fd = -EBADF,
        };
        const char *why, *file = NULL;
        int r;

        if (!d.release) {
                why = facts_why_unknown(context->facts, "/boot/kernel/release", &file);
                facts_unknown(context->facts, "/drivers", file,
                              "which kernel starts next is not known%s%s", why ? ": " : "",
                              why ? why : "");
                return;
        }
        if (!*d.release || strchr(d.release, '/') || *d.release == '.') {
                facts_unknown(context->facts, "/drivers", NULL, "\"%s\" is no kernel release",
                              d.release);
                return;
        }
        r = open_dir(&d);
        if (r < 0)
                return;
        if (r == 0) {
                look_without_dir(&d);
                return;
        }
        facts_set_str(d.facts, d.dir, "/drivers/dir");
        if (load_indexes(&d) < 0 || check_text_files(&d) < 0 || start_kmod(&d) < 0)
                return;
        load_builtin_text(&d);
        for (const struct device *device = device_list; device->name; device++)
                look_at_device(&d, device);
}

static const struct fact_decl drivers_facts[] = {
        { "/drivers/dir", FACT_STRING, "module directory of the kernel that starts next" },
#define DEVICE(name)                                                                             \
        { "/drivers/" name "/state", FACT_STRING, "builtin, module, missing or broken" },        \
                { "/drivers/" name "/missing", FACT_STRING,                                      \
                  "file the driver needs that is not there" },                                   \
                { "/drivers/" name "/damaged", FACT_STRING,                                      \
                  "file it needs that is there and is no module" },                              \
                { "/drivers/" name "/file", FACT_STRING, "the index that tells" },               \
                { "/drivers/" name "/line", FACT_INT, "0" },                                     \
                { "/drivers/" name "/text", FACT_STRING, "what it says" },                       \
                { "/drivers/" name "/modules", FACT_ARRAY, "the driver and all it needs" },      \
                { "/drivers/" name "/modules/*/name", FACT_STRING, "module, with underscores" }, \
                { "/drivers/" name "/modules/*/path", FACT_STRING,                               \
                  "its file; null when built in" },                                              \
                { "/drivers/" name "/modules/*/builtin", FACT_BOOL,                              \
                  "it is part of the kernel itself" },                                           \
        {                                                                                        \
                "/drivers/" name "/modules/*/present", FACT_BOOL,                                \
                        "it is there, and begins as a module does"                               \
        }
        DEVICE("nvme"),
        DEVICE("ena"),
#undef DEVICE
        {}
};

const struct probe probe_drivers = {
        .name = "drivers",
        .needs = PROBE_NEEDS("boot"),
        .provides = drivers_facts,
        .run = run_drivers,
};
