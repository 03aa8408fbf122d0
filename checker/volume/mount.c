#include "volume/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/fdio.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "parse/mountinfo.h"

#define KERNEL_TEXT_MAX 65536 /* one small file of /proc or /sys */

/* The inode of the root of every btrfs subvolume: BTRFS_FIRST_FREE_OBJECTID, <linux/btrfs_tree.h>.
 */
#define BTRFS_SUBVOLUME_INODE 256

static int read_text(const char *path, size_t max, struct blob *ret, struct err *err)
{
        cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
        int r = fd < 0 ? -errno : fd_read_all(fd, max, ret);

        return r < 0 ? err_set(err, r, "%s: %s", path, strerror(-r)) : 0;
}

/* The number after `key` at the start of a line, as "mnt_id:\t27". */
static bool find_number(const char *text, const char *key, uint64_t *ret)
{
        for (const char *line = text; line; line = strchr(line, '\n')) {
                const char *value;

                line += *line == '\n';
                value = str_after(line, key);
                if (!value)
                        continue;
                value += strspn(value, " \t");
                return str_to_u64((struct span){ value, strcspn(value, "\n") }, ret) == 0;
        }
        return false;
}

/* The id of the mount `fd` is on; 0 when the kernel does not say (before 3.15). */
static int mount_id(int fd, uint64_t *ret, struct err *err)
{
        cleanup_free char *path = xasprintf("/proc/self/fdinfo/%d", fd);
        cleanup_blob struct blob text = { 0 };
        int r = read_text(path, KERNEL_TEXT_MAX, &text, err);

        if (r < 0)
                return r;
        if (!find_number(text.data, "mnt_id:", ret))
                *ret = 0;
        return 0;
}

/* Where `fd` is in the tree of mounts that we see. */
static int path_of(int fd, char path[static PATH_MAX], struct err *err)
{
        cleanup_free char *magic = xasprintf("/proc/self/fd/%d", fd);
        ssize_t n = readlink(magic, path, PATH_MAX);

        if (n < 0 || n == PATH_MAX)
                return err_set(err, n < 0 ? -errno : -ENAMETOOLONG, "%s: no path", magic);
        path[n] = '\0';
        return 0;
}

/* The mount whose mount point is the directory itself, or NULL. */
static const struct mountinfo_entry *find_mount(const struct mountinfo *m, uint64_t id,
                                                const char *path, const struct stat *st)
{
        for (size_t i = m->n; i-- > 0;) {
                const struct mountinfo_entry *e = &m->v[i];

                if (!streq(e->target, path))
                        continue;
                if (id ? e->id == id
                       : streq(e->type, "btrfs") || makedev(e->major, e->minor) == st->st_dev)
                        return e;
        }
        return NULL;
}

static bool is_whole(const struct mountinfo_entry *e, const struct stat *st)
{
        return streq(e->root, "/") ||
               (streq(e->type, "btrfs") && st->st_ino == BTRFS_SUBVOLUME_INODE);
}

/* The device called `name` for reading; `want` is its number, 0: whatever block device it is. */
static int open_device(const char *name, dev_t want, dev_t *ret_number, struct err *err)
{
        cleanup_fd int fd = -EBADF;
        struct stat st;

        if (stat(name, &st) < 0)
                return err_set(err, -errno, "%s: %s", name, strerror(errno));
        if (!S_ISBLK(st.st_mode) || (want && st.st_rdev != want))
                return err_set(err, -ENXIO, "%s: not the device that is mounted", name);
        *ret_number = st.st_rdev;
        fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0 && (errno == EACCES || errno == EPERM))
                return err_set(
                        err, -errno,
                        "%s: permission denied; run as root, not in a container, to read its UUID",
                        name);
        if (fd < 0)
                return err_set(err, -errno, "%s: %s", name, strerror(errno));
        if (fstat(fd, &st) < 0 || !S_ISBLK(st.st_mode) || (want && st.st_rdev != want))
                return err_set(err, -ENXIO, "%s: not the device that is mounted", name);
        return TAKE_FD(fd);
}

/* The kernel's own name of a device: /dev/vda1. NULL when sysfs does not tell. */
static char *kernel_name(uint32_t major, uint32_t minor)
{
        cleanup_free char *path = xasprintf("/sys/dev/block/%u:%u/uevent", major, minor);
        cleanup_blob struct blob text = { 0 };

        if (read_text(path, KERNEL_TEXT_MAX, &text, NULL) < 0)
                return NULL;
        for (char *line = text.data, *rest = line; (line = strsep(&rest, "\n"));) {
                const char *name = str_after(line, "DEVNAME=");

                if (name)
                        return xasprintf("/dev/%s", name);
        }
        return NULL;
}

/*
 * btrfs has no device number of its own, so its source must do. Elsewhere the number decides: the
 * source may be an old name ("/dev/root") or one of another namespace.
 */
static void open_source(const struct mountinfo_entry *e, struct mount_device *ret, struct err *err)
{
        dev_t want = e->major ? makedev(e->major, e->minor) : 0;
        cleanup_free char *name = NULL;

        ret->number = want;
        if (!want && !streq(e->type, "btrfs")) {
                ret->fd = err_set(err, -ENODEV,
                                  "%s: a %s file system, which has no device of its own", e->target,
                                  e->type);
                return;
        }
        name = xstrdup(e->source);
        ret->fd = open_device(name, want, &ret->number, err);
        if (ret->fd < 0 && want && ret->fd != -EACCES && ret->fd != -EPERM) {
                char *other = kernel_name(e->major, e->minor);

                if (other) {
                        free(name);
                        name = other;
                        ret->fd = open_device(name, want, &ret->number, err);
                }
        }
        if (ret->fd >= 0)
                ret->name = TAKE_PTR(name);
}

int mount_open_device(int dir_fd, struct mount_device *ret, struct err *err)
{
        cleanup_mountinfo struct mountinfo m = { 0 };
        const struct mountinfo_entry *e;
        cleanup_blob struct blob text = { 0 };
        char path[PATH_MAX];
        struct stat st;
        uint64_t id;
        int r;

        if (fstat(dir_fd, &st) < 0)
                return err_set(err, -errno, "the root directory: %s", strerror(errno));
        r = mount_id(dir_fd, &id, err);
        if (r == 0)
                r = path_of(dir_fd, path, err);
        if (r == 0)
                r = read_text("/proc/self/mountinfo", MOUNTINFO_FILE_MAX, &text, err);
        if (r < 0)
                return r;
        r = mountinfo_parse(blob_span(&text), &m, err);
        if (r < 0)
                return err_wrap(err, r, "/proc/self/mountinfo");
        e = find_mount(&m, id, path, &st);
        if (!e || !is_whole(e, &st))
                return 0;
        *ret = (struct mount_device){ .fd = -EBADF };
        open_source(e, ret, err);
        return 1;
}
