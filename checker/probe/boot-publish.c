/* Publishes the entry a boot loader starts next: its files are looked for in the volume. */
#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "base/fdio.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "parse/bzimage.h"
#include "parse/kcmdline.h"
#include "probe/boot.h"

/* ---- what the loader sees, in the volume ----------------------------------------------------- */

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

void boot_publish_entry(const struct boot_probe *b, const struct bootentry *boot)
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
                              "the boot loader has no time-out: it waits for a key before it "
                              "starts \"%s\"",
                              boot->title);
}
