/* Publishes the boot menu: the entry started next and the others, whose files are looked for in the
 * volume. */
#include <errno.h>
#include <strings.h>

#include "base/fdio.h"
#include "base/str.h"
#include "parse/bzimage.h"
#include "parse/kcmdline.h"
#include "probe/boot.h"
#include "probe/devref.h"

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

/* fstab mounts the file system with that UUID there. */
static bool is_mounted_at(const struct facts *f, const char *uuid, const char *directory)
{
        size_t n = facts_count(f, "/fstab/entries");

        for (size_t i = 0; i < n; i++) {
                cleanup_free char *source = xasprintf("/fstab/entries/%zu/source", i);
                cleanup_free char *target = xasprintf("/fstab/entries/%zu/target", i);
                const char *value = facts_str(f, source);
                const char *tag = value ? str_after(value, "UUID=") : NULL;

                if (tag && strcasecmp(tag, uuid) == 0 && streq(facts_str(f, target), directory))
                        return true;
        }
        return false;
}

/* 1: it is the root file system, 0: it is another, -ENODATA: that is not known. */
static int compare_root(const struct boot_probe *b, const char *device)
{
        const struct facts *f = b->context->facts;
        const char *uuid = str_after(device, "fs-uuid:"), *label = str_after(device, "label:");
        const char *own_uuid = facts_str(f, "/volume/uuid");
        const char *own_label = facts_str(f, "/volume/label");

        if (uuid && own_uuid)
                return strcasecmp(uuid, own_uuid) == 0;
        if (uuid && is_mounted_at(f, uuid, "/"))
                return 1;
        return label && own_label ? streq(label, own_label) : -ENODATA;
}

char *boot_volume_path(const struct boot_probe *b, const char *device, const char *path)
{
        bool below_boot = b->separate && compare_root(b, device) <= 0;
        const char *mount = str_after(device, "at:");

        if (mount)
                return xasprintf("%s%s", mount, path);
        if (b->esp && !*device)
                return xasprintf("%s%s", b->esp, path);
        return xasprintf("%s%s", below_boot ? "/boot" : "", skip_subvolume(b, path));
}

bool boot_is_at_hand(const struct boot_probe *b, const char *device)
{
        const char *uuid = str_after(device, "fs-uuid:");
        int root = *device ? compare_root(b, device) : 1;

        if (!b->esp)
                return root != 0 || b->separate;
        return root > 0 || (uuid && b->separate && is_mounted_at(b->context->facts, uuid, "/boot"));
}

/* ---- one entry, below the path `node` -------------------------------------------------------- */

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

static void publish_part(struct facts *f, const struct bootentry_file *file, const char *node)
{
        if (!file->size)
                return;
        facts_set_int(f, (int64_t)file->offset, "%s/offset", node);
        facts_set_int(f, (int64_t)file->size, "%s/bytes", node);
}

static void publish_initrds(const struct boot_probe *b, const struct bootentry *boot,
                            const char *node)
{
        cleanup_free char *list = xasprintf("%s/initrd", node);
        struct facts *f = b->context->facts;

        for (size_t i = 0; i < boot->n_initrds; i++)
                if (!check_device(b, &boot->initrds[i], list))
                        return;
        facts_set_array(f, "%s", list);
        for (size_t i = 0; i < boot->n_initrds; i++) {
                const struct bootentry_file *file = &boot->initrds[i];
                cleanup_free char *path = boot_volume_path(b, file->device, file->path);
                cleanup_free char *element = xasprintf("%s/%zu", list, i);

                publish_place(f, element, &file->place);
                facts_set_str(f, path, "%s/path", element);
                publish_part(f, file, element);
        }
}

void boot_publish_params(struct facts *f, const char *cmdline, const char *file, size_t line)
{
        cleanup_kcmdline struct kcmdline words = { 0 };
        struct err err = { 0 };

        if (kcmdline_parse(span_of(cmdline), &words, &err) < 0) {
                facts_unknown(f, "/boot/entry/params", file, "line %zu: %s", line, err.text);
                return;
        }
        facts_set_array(f, "/boot/entry/params");
        for (size_t i = 0; i < words.n; i++) {
                facts_set_str(f, words.params[i].name, "/boot/entry/params/%zu/name", i);
                facts_set_str(f, words.params[i].value, "/boot/entry/params/%zu/value", i);
        }
}

/* `fact` is where it goes. 1: the file is there, 0: it is not, or an error. */
static int publish_release(const struct boot_probe *b, const struct bootentry_file *kernel,
                           const char *path, const char *fact)
{
        size_t max = kernel->size && kernel->size < BZIMAGE_HEAD_MAX ? (size_t)kernel->size
                                                                     : BZIMAGE_HEAD_MAX;
        struct facts *f = b->context->facts;
        cleanup_free char *head = xmalloc(BZIMAGE_HEAD_MAX);
        struct err err = { 0 };
        struct span release;
        struct stat st;
        cleanup_fd int fd = volume_open_file(b->context->volume, path, &st, &err);
        ssize_t n;

        if (fd == -ENOENT) {
                facts_unknown(f, fact, path,
                              "this kernel is not there, so the boot loader cannot start it");
                return 0;
        }
        if (fd < 0) {
                facts_unknown(f, fact, NULL, "%s", err.text);
                return fd;
        }
        n = lseek(fd, (off_t)kernel->offset, SEEK_SET) < 0 ? -errno : fd_read_full(fd, head, max);
        if (n < 0)
                facts_unknown(f, fact, path, "cannot be read: %s", strerror((int)-n));
        else if (bzimage_release((struct span){ head, (size_t)n }, &release, &err) < 0)
                facts_unknown(f, fact, path, "%s", err.text);
        else
                facts_set_span(f, release, "%s", fact);
        return 1;
}

/* As publish_release(); -ENODEV: which file it is, is not known. */
static int publish_kernel(const struct boot_probe *b, const struct bootentry *boot,
                          const char *node, const char *release)
{
        struct facts *f = b->context->facts;
        cleanup_free char *path = boot_volume_path(b, boot->kernel.device, boot->kernel.path);
        cleanup_free char *kernel = xasprintf("%s/kernel", node);
        cleanup_free char *fact = xasprintf("%s/path", kernel);

        publish_place(f, kernel, &boot->kernel.place);
        if (!check_device(b, &boot->kernel, fact)) {
                check_device(b, &boot->kernel, release);
                return -ENODEV;
        }
        facts_set_str(f, path, "%s", fact);
        publish_part(f, &boot->kernel, kernel);
        return publish_release(b, &boot->kernel, path, release);
}

static void publish_name(struct facts *f, const struct bootentry *boot, const char *node)
{
        publish_place(f, node, &boot->place);
        facts_set_str(f, boot->title, "%s/title", node);
        facts_set_str(f, boot->id, "%s/id", node);
        facts_set_str(f, boot->index, "%s/index", node);
        facts_set_bool(f, boot->bls, "%s/bls", node);
        facts_set_str(f, boot->chosen_by, "%s/chosen_by", node);
}

/* Where the command line is written, which is not where the kernel is. */
static void publish_args(struct facts *f, const struct bootentry *boot, const char *node)
{
        cleanup_free char *args = xasprintf("%s/args", node);

        if (boot->args.file)
                publish_place(f, args, &boot->args);
        else
                facts_set_null(f, "%s", args);
}

static void publish_next(const struct boot_probe *b, const struct bootentry *boot)
{
        struct facts *f = b->context->facts;

        publish_name(f, boot, "/boot/entry");
        publish_kernel(b, boot, "/boot/entry", "/boot/kernel/release");
        publish_initrds(b, boot, "/boot/entry");
        facts_set_str(f, boot->cmdline, "/boot/entry/cmdline");
        publish_args(f, boot, "/boot/entry");
        boot_publish_params(f, boot->cmdline, boot->kernel.place.file, boot->kernel.place.line);
        if (boot->waits)
                facts_problem(f, boot->place.file,
                              "the boot loader has no time-out: it waits for a key before it "
                              "starts \"%s\"",
                              boot->title);
}

/* ---- the others ------------------------------------------------------------------------------ */

static const struct {
        const char *name, *text, *effect;
} roles[] = {
        [BOOTENTRY_AFTER_ONCE] = { "after-once",
                                   "started the time after, for the next one is for once",
                                   "The next start is well, and at the one after it the machine "
                                   "does not come up." },
        [BOOTENTRY_FALLBACK] = { "fallback",
                                 "started by itself when the entry before it cannot be loaded",
                                 "Should the entry before it not load, the machine does not come "
                                 "up: this one is there to save it and does not." },
        [BOOTENTRY_MENU] = { "menu", "started when somebody picks it in the boot menu",
                             "None while nobody picks it. Whoever needs it on Nitro, at the EC2 "
                             "serial console, finds that it does not start." },
};

static const char *const starts[] = {
        [BOOTENTRY_LINUX] = "linux",
        [BOOTENTRY_HYPERVISOR] = "hypervisor",
        [BOOTENTRY_OTHER] = "other",
};

/* A memory test is loaded like a kernel, by its name is it known. */
static enum bootentry_starts what_starts(const struct bootentry *boot)
{
        const char *slash = boot->kernel.path ? strrchr(boot->kernel.path, '/') : NULL;

        return slash && str_startswith(slash + 1, "memtest") ? BOOTENTRY_OTHER : boot->starts;
}

/* The last root= of the command line; NULL: none. The caller frees it. */
static char *root_of(const struct bootentry *boot)
{
        cleanup_kcmdline struct kcmdline line = { 0 };
        struct err err = { 0 };
        const char *root = NULL;

        if (kcmdline_parse(span_of(boot->cmdline), &line, &err) < 0)
                return NULL;
        for (size_t i = 0; i < line.n; i++)
                if (streq(line.params[i].name, "root") && line.params[i].value)
                        root = line.params[i].value;
        return root ? xstrdup(root) : NULL;
}

/* Kernel, initrds and root in one text: entries with the same differ in nothing that matters. */
static char *sum_up(const struct bootentry *boot)
{
        cleanup_free char *root = root_of(boot);
        struct buf b = { 0 };

        buf_printf(&b, "%s:%s", boot->kernel.device, boot->kernel.path);
        for (size_t i = 0; i < boot->n_initrds; i++)
                buf_printf(&b, " %s:%s", boot->initrds[i].device, boot->initrds[i].path);
        buf_printf(&b, " %s", root ? root : "");
        return buf_take(&b);
}

static void publish_root(const struct boot_probe *b, const struct bootentry *boot, const char *node)
{
        cleanup_free char *root = root_of(boot);
        struct facts *f = b->context->facts;

        if (!root) {
                facts_set_null(f, "%s/root", node);
                return;
        }
        facts_set_str(f, root, "%s/root/value", node);
        facts_set_str(f, devname_kind_name(devref_classify_root(b->context->volume, root)),
                      "%s/root/kind", node);
}

static void publish_linux(const struct boot_probe *b, const struct bootentry *boot,
                          const char *node)
{
        cleanup_free char *release = xasprintf("%s/kernel/release", node);
        struct facts *f = b->context->facts;
        int r = publish_kernel(b, boot, node, release);

        if (r >= 0)
                facts_set_bool(f, r > 0, "%s/kernel/present", node);
        publish_initrds(b, boot, node);
        facts_set_str(f, boot->cmdline, "%s/cmdline", node);
        publish_args(f, boot, node);
        publish_root(b, boot, node);
}

static void publish_other(const struct boot_probe *b, const struct bootentry *boot)
{
        struct facts *f = b->context->facts;
        cleanup_free char *node = xasprintf("/boot/others/%zu", facts_count(f, "/boot/others"));

        publish_name(f, boot, node);
        facts_set_str(f, roles[boot->role].name, "%s/role", node);
        facts_set_str(f, roles[boot->role].text, "%s/role_text", node);
        facts_set_str(f, roles[boot->role].effect, "%s/effect", node);
        if (boot->unknown) {
                facts_unknown(f, node, boot->place.file, "%s", boot->unknown);
                return;
        }
        facts_set_str(f, starts[what_starts(boot)], "%s/starts", node);
        if (what_starts(boot) == BOOTENTRY_LINUX)
                publish_linux(b, boot, node);
        else
                facts_set_null(f, "%s/kernel", node);
}

/* Those that start by themselves first; of those that start the same only the first. */
static void publish_others(const struct boot_probe *b, const struct bootmenu *menu)
{
        struct facts *f = b->context->facts;
        cleanup_strv struct strv seen = { 0 };

        strv_push_take(&seen, sum_up(&menu->next));
        facts_set_array(f, "/boot/others");
        for (enum bootentry_role role = BOOTENTRY_AFTER_ONCE; role <= BOOTENTRY_MENU; role++) {
                for (size_t i = 0; i < menu->n; i++) {
                        const struct bootentry *boot = &menu->others[i];
                        cleanup_free char *sum = boot->kernel.path ? sum_up(boot) : NULL;

                        if (boot->role != role || (sum && strv_contains(&seen, sum)))
                                continue;
                        if (sum)
                                strv_push(&seen, sum);
                        publish_other(b, boot);
                }
        }
        if (menu->incomplete)
                facts_unknown(f, "/boot/others", NULL, "%s", menu->incomplete);
}

void boot_publish_menu(const struct boot_probe *b, const struct bootmenu *menu)
{
        publish_next(b, &menu->next);
        publish_others(b, menu);
}
