/*
 * Which kernel the boot loader starts next, with which command line and initrds: finds the boot
 * loader, has its configuration read (boot-*.c) and publishes the outcome. Everything that cannot
 * be told for certain is said to be unknown.
 */
#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "base/fdio.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "parse/bzimage.h"
#include "parse/kcmdline.h"
#include "probe/boot.h"

/* ---- what the loader sees, in the
 * volume---------------------------------------------------------- */

/*
 * On btrfs GRUB sees the subvolumes as directories: "/@/boot/x" is /boot/x where the subvolume is
 * mounted as root. They begin with @ on Debian and Ubuntu; a directory of that name comes first.
 */
static const char *skip_subvolume(const struct boot_probe *b, const char *path)
{
        const char *rest = strchr(path + 1, '/');
        cleanup_free char *first = NULL;
        struct stat st;

        if (path[1] != '@' || !rest)
                return path;
        first = xmemdup0(path, (size_t)(rest - path));
        return volume_stat(b->context->volume, first, &st, NULL) == 1 ? path : rest;
}

static bool is_root_device(const struct boot_probe *b, const char *device)
{
        const char *uuid = str_after(device, "fs-uuid:");
        const char *own = facts_str(b->context->facts, "/volume/uuid");

        return uuid && own && strcasecmp(uuid, own) == 0;
}

char *boot_volume_path(const struct boot_probe *b, const char *device, const char *path)
{
        bool below_boot = b->separate && !is_root_device(b, device);

        return xasprintf("%s%s", below_boot ? "/boot" : "", skip_subvolume(b, path));
}

/* ---- publishing ------------------------------------------------------------------------------ */

static void publish_place(struct facts *f, const char *path, const struct bootentry_place *place)
{
        facts_set_evidence(f, path, place->file, place->line, span_of(place->text));
}

/* False: the file is looked for on a file system that is not the one at hand. */
static bool check_device(const struct boot_probe *b, const struct bootentry_file *file,
                         const char *path)
{
        struct facts *f = b->context->facts;
        const char *uuid = str_after(file->device, "fs-uuid:");
        const char *label = str_after(file->device, "label:");
        const char *own_uuid = facts_str(f, "/volume/uuid");
        const char *own_label = facts_str(f, "/volume/label");

        if (str_startswith(file->device, "file:"))
                facts_unknown(f, path, file->place.file,
                              "line %zu: it is read from whatever device \"search --file\" finds",
                              file->place.line);
        else if (!b->separate && uuid && own_uuid && strcasecmp(uuid, own_uuid) != 0)
                facts_unknown(f, path, file->place.file,
                              "line %zu: it is read from the file system %.64s, and this one is "
                              "%.64s",
                              file->place.line, uuid, own_uuid);
        else if (!b->separate && label && own_label && !streq(label, own_label))
                facts_unknown(f, path, file->place.file,
                              "line %zu: it is read from the file system labelled %.64s, and this "
                              "one is %.64s",
                              file->place.line, label, own_label);
        else
                return true;
        return false;
}

static void publish_initrds(const struct boot_probe *b, const struct bootentry *boot)
{
        struct facts *f = b->context->facts;

        for (size_t i = 0; i < boot->n_initrds; i++)
                if (!check_device(b, &boot->initrds[i], "/boot/entry/initrd"))
                        return;
        facts_set_array(f, "/boot/entry/initrd");
        for (size_t i = 0; i < boot->n_initrds; i++) {
                const struct bootentry_file *file = &boot->initrds[i];
                cleanup_free char *path = boot_volume_path(b, file->device, file->path);
                char node[64];

                snprintf(node, sizeof(node), "/boot/entry/initrd/%zu", i);
                publish_place(f, node, &file->place);
                facts_set_str(f, path, "%s/path", node);
        }
}

static void publish_params(const struct boot_probe *b, const struct bootentry *boot)
{
        struct facts *f = b->context->facts;
        cleanup_kcmdline struct kcmdline line = { 0 };
        struct err err = { 0 };

        facts_set_str(f, boot->cmdline, "/boot/entry/cmdline");
        if (kcmdline_parse(span_of(boot->cmdline), &line, &err) < 0) {
                facts_unknown(f, "/boot/entry/params", boot->kernel.place.file, "line %zu: %s",
                              boot->kernel.place.line, err.text);
                return;
        }
        facts_set_array(f, "/boot/entry/params");
        for (size_t i = 0; i < line.n; i++) {
                facts_set_str(f, line.params[i].name, "/boot/entry/params/%zu/name", i);
                facts_set_str(f, line.params[i].value, "/boot/entry/params/%zu/value", i);
        }
}

static void publish_release(const struct boot_probe *b, const char *path)
{
        struct facts *f = b->context->facts;
        cleanup_free char *head = xmalloc(BZIMAGE_HEAD_MAX);
        struct err err = { 0 };
        struct span release;
        struct stat st;
        cleanup_fd int fd = volume_open_file(b->context->volume, path, &st, &err);
        ssize_t n;

        if (fd == -ENOENT) {
                facts_unknown(f, "/boot/kernel/release", path,
                              "this kernel is not there, so the boot loader cannot start it");
                return;
        }
        if (fd < 0) {
                facts_unknown(f, "/boot/kernel/release", NULL, "%s", err.text);
                return;
        }
        n = fd_read_full(fd, head, BZIMAGE_HEAD_MAX);
        if (n < 0)
                facts_unknown(f, "/boot/kernel/release", path, "cannot be read: %s",
                              strerror((int)-n));
        else if (bzimage_release((struct span){ head, (size_t)n }, &release, &err) < 0)
                facts_unknown(f, "/boot/kernel/release", path, "%s", err.text);
        else
                facts_set_span(f, release, "/boot/kernel/release");
}

static void publish_kernel(const struct boot_probe *b, const struct bootentry *boot)
{
        struct facts *f = b->context->facts;
        cleanup_free char *path = boot_volume_path(b, boot->kernel.device, boot->kernel.path);

        publish_place(f, "/boot/entry/kernel", &boot->kernel.place);
        if (!check_device(b, &boot->kernel, "/boot/entry/kernel/path")) {
                check_device(b, &boot->kernel, "/boot/kernel/release");
                return;
        }
        facts_set_str(f, path, "/boot/entry/kernel/path");
        publish_release(b, path);
}

static void publish_entry(const struct boot_probe *b, const struct bootentry *boot)
{
        struct facts *f = b->context->facts;

        publish_place(f, "/boot/entry", &boot->place);
        facts_set_str(f, boot->title, "/boot/entry/title");
        facts_set_str(f, boot->id, "/boot/entry/id");
        facts_set_str(f, boot->index, "/boot/entry/index");
        facts_set_bool(f, boot->bls, "/boot/entry/bls");
        facts_set_str(f, boot->chosen_by, "/boot/entry/chosen_by");
        publish_kernel(b, boot);
        publish_initrds(b, boot);
        publish_params(b, boot);
        if (boot->waits)
                facts_problem(f, boot->place.file,
                              "GRUB has no time-out: it waits for a key before it starts \"%s\"",
                              boot->title);
}

/* ---- finding the loader ---------------------------------------------------------------------- */

static const char *const grub_configs[] = { "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg" };

static const char *const other_loaders[] = {
        "/boot/extlinux/extlinux.conf", "/boot/extlinux.conf",          "/extlinux.conf",
        "/boot/syslinux/syslinux.cfg",  "/boot/syslinux/extlinux.conf", "/syslinux.cfg",
};

/* Directories of Boot Loader Specification entries; an empty one starts nothing. */
#define GRUB_ENTRIES "/boot/loader/entries" /* may also be GRUB's */
static const char *const entry_dirs[] = { GRUB_ENTRIES, "/boot/efi/loader/entries",
                                          "/efi/loader/entries" };

static bool exists(const struct boot_probe *b, const char *path)
{
        struct stat st;

        return volume_stat(b->context->volume, path, &st, NULL) == 1;
}

static bool are_same(const struct boot_probe *b, const char *path, const char *other)
{
        struct stat x, y;

        return volume_stat(b->context->volume, path, &x, NULL) == 1 &&
               volume_stat(b->context->volume, other, &y, NULL) == 1 && x.st_dev == y.st_dev &&
               x.st_ino == y.st_ino;
}

static int has_names(const struct boot_probe *b, const char *directory, struct err *err)
{
        cleanup_strv struct strv names = { 0 };
        int r = volume_list(b->context->volume, directory, &names, err);

        return r < 0 ? r : names.n > 0;
}

/* 1 and the path, 0, or an error: what cannot be looked at may be one. */
static int find_other_loader(const struct boot_probe *b, bool grub2, const char **ret,
                             struct err *err)
{
        for (size_t i = 0; i < ARRAY_SIZE(other_loaders); i++) {
                struct stat st;
                int r = volume_stat(b->context->volume, other_loaders[i], &st, err);

                *ret = other_loaders[i];
                if (r != 0)
                        return r;
        }
        for (size_t i = grub2; i < ARRAY_SIZE(entry_dirs); i++) {
                int r = has_names(b, entry_dirs[i], err);

                *ret = entry_dirs[i];
                if (r != 0)
                        return r;
        }
        return 0;
}

static const char *mount_directory(const struct boot_probe *b)
{
        const char *dir = volume_path(b->context->volume);

        return streq(dir, "/") ? "" : dir;
}

static void explain_absence(const struct boot_probe *b, const char *other)
{
        struct facts *f = b->context->facts;

        if (other)
                facts_unknown(f, "/boot", other, "this boot loader is not understood yet");
        else if (b->separate)
                facts_unknown(f, "/boot", "/etc/fstab",
                              "/boot is a volume of its own and not mounted; mount it at %s/boot",
                              mount_directory(b));
        else if (exists(b, "/boot/grub/menu.lst") || exists(b, "/boot/grub/grub.conf"))
                facts_unknown(f, "/boot", "/boot/grub", "GRUB 1 (menu.lst) is not understood yet");
        else
                facts_unknown(f, "/boot", NULL,
                              "no boot loader configuration found in /boot; if /boot is a volume "
                              "of its own mount it at %s/boot",
                              mount_directory(b));
}

static void refuse_second_loader(const struct boot_probe *b, const char *path, const char *config)
{
        facts_unknown(b->context->facts, "/boot", path,
                      "there is also %s: which of the two is used cannot be told", config);
}

/* 1 and the only one of these files there is, links taken into account; 0: none. */
static int find_only(const struct boot_probe *b, const char *const *paths, size_t n,
                     const char **ret, struct err *err)
{
        const char *found = NULL;

        for (size_t i = 0; i < n; i++) {
                struct stat st;
                int r = volume_stat(b->context->volume, paths[i], &st, err);

                if (r < 0)
                        return r;
                if (r == 0 || (found && are_same(b, found, paths[i])))
                        continue;
                if (found)
                        return err_set(err, -EEXIST,
                                       "there are %s and %s: which of the two is used cannot be "
                                       "told",
                                       found, paths[i]);
                found = paths[i];
        }
        *ret = found;
        return found != NULL;
}

/* The configuration GRUB 2 reads, or NULL and the reason is said. */
static const char *find_config(const struct boot_probe *b)
{
        const char *config = NULL, *other = NULL;
        struct err err = { 0 };
        int r = find_only(b, grub_configs, ARRAY_SIZE(grub_configs), &config, &err);

        if (r >= 0)
                r = find_other_loader(b, config != NULL, &other, &err);
        if (r < 0)
                facts_unknown(b->context->facts, "/boot", NULL, "%s", err.text);
        else if (!config)
                explain_absence(b, r > 0 ? other : NULL);
        else if (r > 0)
                refuse_second_loader(b, other, config);
        else
                return config;
        return NULL;
}

/* Entry files beside a grub.cfg that does not read them are somebody else's. */
static bool are_entries_foreign(const struct boot_probe *b, const char *config, struct span text)
{
        struct err err = { 0 };
        int r;

        if (memmem(text.data, text.len, "blscfg", strlen("blscfg")))
                return false;
        r = has_names(b, GRUB_ENTRIES, &err);
        if (r < 0)
                facts_unknown(b->context->facts, "/boot", NULL, "%s", err.text);
        else if (r > 0)
                refuse_second_loader(b, GRUB_ENTRIES, config);
        return r != 0;
}

static bool is_on_root_device(const struct boot_probe *b, const char *path)
{
        struct stat root, st;

        return volume_stat(b->context->volume, "/", &root, NULL) == 1 &&
               volume_stat(b->context->volume, path, &st, NULL) == 1 && st.st_dev == root.st_dev;
}

/*
 * Files that lie in /boot of the root volume while a volume of its own belongs there are not the
 * ones GRUB sees. A tree that is no mount may have been unpacked with everything in it.
 */
static bool is_boot_hidden(const struct boot_probe *b)
{
        if (!b->separate || !facts_bool(b->context->facts, "/volume/mount_point", false) ||
            !is_on_root_device(b, "/boot"))
                return false;
        facts_unknown(b->context->facts, "/boot", "/etc/fstab",
                      "/boot is a volume of its own and not mounted; mount it at %s/boot",
                      mount_directory(b));
        return true;
}

static bool has_separate_boot(const struct boot_probe *b)
{
        struct json_object *known;

        if (facts_get(b->context->facts, "/fstab/separate_boot", &known) == 1)
                return facts_bool(b->context->facts, "/fstab/separate_boot", false);
        return exists(b, "/boot") && !is_on_root_device(b, "/boot");
}

static void run_boot(struct probe_context *context)
{
        struct boot_probe b = { .context = context };
        cleanup_bootentry struct bootentry entry = { 0 };
        cleanup_blob struct blob text = { 0 };
        struct err err = { 0 };
        const char *config;

        b.separate = has_separate_boot(&b);
        if (is_boot_hidden(&b))
                return;
        config = find_config(&b);
        if (!config)
                return;
        if (volume_read(context->volume, config, VOLUME_CONFIG_MAX, &text, &err) < 0) {
                facts_unknown(context->facts, "/boot", NULL, "%s", err.text);
                return;
        }
        if (are_entries_foreign(&b, config, blob_span(&text)))
                return;
        facts_set_str(context->facts, "grub2", "/boot/loader");
        facts_set_str(context->facts, config, "/boot/config");
        if (boot_read_grub2(&b, config, blob_span(&text), &entry, &err) < 0)
                facts_unknown(context->facts, "/boot", config, "%s", err.text);
        else
                publish_entry(&b, &entry);
}

static const struct fact_decl boot_facts[] = {
        { "/boot/loader", FACT_STRING, "boot loader: grub2" },
        { "/boot/config", FACT_STRING, "its configuration" },
        { "/boot/entry", FACT_OBJECT, "the menu entry that is started next" },
        { "/boot/entry/title", FACT_STRING, "its title" },
        { "/boot/entry/id", FACT_STRING, "its id, or null" },
        { "/boot/entry/index", FACT_STRING, "its place in the menu, as 0 or 1>2" },
        { "/boot/entry/bls", FACT_BOOL, "it is a Boot Loader Specification file" },
        { "/boot/entry/chosen_by", FACT_STRING, "what says that it is this one" },
        { "/boot/entry/file", FACT_STRING, "where it is written" },
        { "/boot/entry/line", FACT_INT, "its line" },
        { "/boot/entry/text", FACT_STRING, "that line" },
        { "/boot/entry/kernel", FACT_OBJECT, "the kernel it loads" },
        { "/boot/entry/kernel/path", FACT_STRING, "the kernel, in the volume" },
        { "/boot/entry/kernel/file", FACT_STRING, "where it is written" },
        { "/boot/entry/kernel/line", FACT_INT, "its line" },
        { "/boot/entry/kernel/text", FACT_STRING, "that line" },
        { "/boot/entry/initrd", FACT_ARRAY, "the initrds it loads, in order" },
        { "/boot/entry/initrd/*/path", FACT_STRING, "an initrd, in the volume" },
        { "/boot/entry/initrd/*/file", FACT_STRING, "where it is written" },
        { "/boot/entry/initrd/*/line", FACT_INT, "its line" },
        { "/boot/entry/initrd/*/text", FACT_STRING, "that line" },
        { "/boot/entry/cmdline", FACT_STRING, "the kernel command line" },
        { "/boot/entry/params", FACT_ARRAY, "its parameters, in order" },
        { "/boot/entry/params/*/name", FACT_STRING, "name of a parameter" },
        { "/boot/entry/params/*/value", FACT_STRING, "its value, or null" },
        { "/boot/kernel/release", FACT_STRING, "release of that kernel, from its own header" },
        {}
};

const struct probe probe_boot = {
        .name = "boot",
        .needs = PROBE_NEEDS("volume", "fstab"),
        .provides = boot_facts,
        .run = run_boot,
};
