#include "volume/blkids.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <linux/loop.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "parse/blkidout.h"
#include "volume/mount.h"

#define BACKING_PATH_MAX 4096 /* what sysfs can show of it */
#define SECTOR           512  /* the unit of libblkid's partition tables */

struct blkids {
        struct blkid_device **v;
        size_t n, cap;
        bool live;
        bool root_is_mount;
        bool host_known; /* every device of the live machine could be read */
        bool has_file;
        struct blkid_device *root; /* one of v, or NULL */
        dev_t root_number;         /* 0: not known */
        char *root_problem;
};

static struct blkid_device *device_new(enum blkid_origin origin, const char *name)
{
        struct blkid_device *d = xcalloc(1, sizeof(*d));

        d->origin = origin;
        d->name = xstrdup(name);
        return d;
}

static void device_free(struct blkid_device *d)
{
        if (!d)
                return;
        free(d->name);
        strv_done(&d->links);
        free(d->uuid);
        free(d->label);
        free(d->type);
        free(d->partuuid);
        free(d->partlabel);
        free(d);
}

static void device_freep(struct blkid_device **d)
{
        device_free(*d);
}

static void add_take(struct blkids *b, struct blkid_device *d)
{
        *ARRAY_PUSH(&b->v, &b->n, &b->cap) = d;
}

void blkids_free(struct blkids *b)
{
        if (!b)
                return;
        for (size_t i = 0; i < b->n; i++)
                device_free(b->v[i]);
        free(b->v);
        free(b->root_problem);
        free(b);
}

static void free_probe(blkid_probe *pr)
{
        blkid_free_probe(*pr);
}

static char *probe_value(blkid_probe pr, const char *key)
{
        const char *value;

        if (blkid_probe_lookup_value(pr, key, &value, NULL) < 0 || !*value)
                return NULL;
        return xstrdup(value);
}

static bool is_partition(dev_t number)
{
        cleanup_free char *path =
                xasprintf("/sys/dev/block/%u:%u/partition", major(number), minor(number));

        return access(path, F_OK) == 0;
}

/* What the superblock and the partition table say; only libblkid's low level, which has no cache.
 */
static int read_tags(int fd, struct blkid_device *d, struct err *err)
{
        _cleanup_(free_probe) blkid_probe pr = blkid_new_probe();
        struct stat st;
        int r;

        if (!pr || fstat(fd, &st) < 0 || blkid_probe_set_device(pr, fd, 0, 0) < 0)
                return err_set(err, -EIO, "%s: cannot be probed", d->name);
        blkid_probe_enable_superblocks(pr, 1);
        blkid_probe_set_superblocks_flags(pr, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID |
                                                      BLKID_SUBLKS_TYPE);
        blkid_probe_enable_partitions(pr, 1);
        blkid_probe_set_partitions_flags(pr, BLKID_PARTS_ENTRY_DETAILS);
        r = blkid_do_safeprobe(pr);
        if (r == -2)
                return err_set(err, -ENOTUNIQ,
                               "%s: signatures of more than one file system; wipefs(8) lists them",
                               d->name);
        if (r < 0)
                return err_set(err, -EIO, "%s: its superblock cannot be read", d->name);
        d->uuid = probe_value(pr, "UUID");
        d->label = probe_value(pr, "LABEL");
        d->type = probe_value(pr, "TYPE");
        d->partuuid = probe_value(pr, "PART_ENTRY_UUID");
        d->partlabel = probe_value(pr, "PART_ENTRY_NAME");
        d->partition_unknown = is_partition(st.st_rdev) &&
                               !blkid_probe_has_value(pr, "PART_ENTRY_SCHEME");
        return 0;
}

/* ---- the device under the root ---- */

/* The file behind a loop device, open for reading. Its name may have changed hands since. */
static int open_backing(dev_t number, const struct loop_info64 *info)
{
        cleanup_free char *path =
                xasprintf("/sys/dev/block/%u:%u/loop/backing_file", major(number), minor(number));
        cleanup_fd int sysfs = open(path, O_RDONLY | O_CLOEXEC), fd = -EBADF;
        cleanup_blob struct blob name = { 0 };
        struct stat st;

        if (sysfs < 0 || fd_read_all(sysfs, BACKING_PATH_MAX, &name) < 0 || name.len == 0)
                return -ENOENT;
        name.data[name.len - 1] = '\0'; /* its newline */
        fd = open(name.data, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (st.st_ino != info->lo_inode || st.st_dev != info->lo_device)
                return -ESTALE;
        return TAKE_FD(fd);
}

/*
 * A loop device over one partition of a disk image: nothing tells the kernel so, but the image has
 * the partition table. Over a whole image it may be the copy of a partition, and nobody knows.
 */
static void read_loop_partition(int fd, dev_t number, struct blkid_device *d)
{
        _cleanup_(free_probe) blkid_probe pr = NULL;
        cleanup_fd int backing = -EBADF;
        struct loop_info64 info;
        blkid_partlist list;

        d->partition_unknown = true;
        if (ioctl(fd, LOOP_GET_STATUS64, &info) < 0 || info.lo_offset == 0)
                return;
        backing = open_backing(number, &info);
        pr = backing < 0 ? NULL : blkid_new_probe();
        if (!pr || blkid_probe_set_device(pr, backing, 0, 0) < 0)
                return;
        list = blkid_probe_get_partitions(pr);
        for (int i = 0; list && i < blkid_partlist_numof_partitions(list); i++) {
                blkid_partition p = blkid_partlist_get_partition(list, i);
                const char *uuid = blkid_partition_get_uuid(p);
                const char *name = blkid_partition_get_name(p);

                if ((uint64_t)blkid_partition_get_start(p) != info.lo_offset / SECTOR ||
                    info.lo_offset % SECTOR)
                        continue;
                d->partuuid = uuid && *uuid ? xstrdup(uuid) : NULL;
                d->partlabel = name && *name ? xstrdup(name) : NULL;
                d->partition_unknown = false;
                return;
        }
}

static int collect_root(struct blkids *b, const struct volume *v, struct err *err)
{
        _cleanup_(device_freep) struct blkid_device *d = NULL;
        struct mount_device device = { .fd = -EBADF };
        cleanup_free char *name = NULL;
        cleanup_fd int fd = -EBADF;
        struct statfs fs;
        int r;

        r = mount_open_device(volume_root_fd(v), &device, err);
        name = device.name;
        fd = device.fd;
        b->root_is_mount = r > 0;
        b->root_number = device.number;
        if (r <= 0)
                return r;
        if (fd < 0)
                return fd;
        if (fstatfs(volume_root_fd(v), &fs) < 0)
                return err_set(err, -errno, "%s: %s", name, strerror(errno));
        d = device_new(BLKID_VOLUME, name);
        r = read_tags(fd, d, err);
        if (r < 0)
                return r;
        /* btrfs is found by name alone, see mount.c. */
        if ((uint32_t)fs.f_type == BTRFS_SUPER_MAGIC && !streq(d->type, "btrfs"))
                return err_set(err, -ENXIO, "%s: not the device that is mounted", name);
        if (major(device.number) == LOOP_MAJOR && !is_partition(device.number))
                read_loop_partition(fd, device.number, d);
        b->root = d;
        add_take(b, TAKE_PTR(d));
        return 0;
}

/* ---- the devices of the live machine ---- */

static void free_udev(struct udev **u)
{
        udev_unref(*u);
}

static void free_enumerate(struct udev_enumerate **e)
{
        udev_enumerate_unref(*e);
}

static void free_device(struct udev_device **d)
{
        udev_device_unref(*d);
}

static void add_links(struct blkid_device *d, struct udev_device *device)
{
        struct udev_list_entry *link;

        udev_list_entry_foreach(link, udev_device_get_devlinks_list_entry(device))
                strv_push(&d->links, udev_list_entry_get_name(link));
        strv_sort(&d->links);
}

/* Reading an empty drive takes seconds, and none of these holds a volume. */
static bool is_of_interest(struct udev_device *device)
{
        unsigned number = major(udev_device_get_devnum(device));
        const char *size = udev_device_get_sysattr_value(device, "size");

        return udev_device_get_devnode(device) && !streq(size, "0") && number != RAMDISK_MAJOR &&
               number != FLOPPY_MAJOR && number != SCSI_CDROM_MAJOR;
}

static int collect_device(struct blkids *b, struct udev_device *device, struct err *err)
{
        const char *name = udev_device_get_devnode(device);
        _cleanup_(device_freep) struct blkid_device *d = device_new(BLKID_HOST, name);
        cleanup_fd int fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        struct stat st;
        int r;

        if (fd < 0)
                return err_set(err, -errno, "%s: %s", name, strerror(errno));
        if (fstat(fd, &st) < 0 || !S_ISBLK(st.st_mode) ||
            st.st_rdev != udev_device_get_devnum(device))
                return err_set(err, -ENXIO, "%s: not the device that udev calls so", name);
        r = read_tags(fd, d, err);
        if (r < 0)
                return r;
        add_links(d, device);
        add_take(b, TAKE_PTR(d));
        return 0;
}

static void collect_host(struct blkids *b, struct strv *problems)
{
        _cleanup_(free_udev) struct udev *udev = udev_new();
        _cleanup_(free_enumerate) struct udev_enumerate *all = udev ? udev_enumerate_new(udev)
                                                                    : NULL;
        cleanup_buf struct buf forbidden = { 0 };
        struct udev_list_entry *entry;

        if (!all || udev_enumerate_add_match_subsystem(all, "block") < 0 ||
            udev_enumerate_scan_devices(all) < 0) {
                strv_push(problems, "the block devices of this machine cannot be listed");
                return;
        }
        udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(all))
        {
                _cleanup_(free_device) struct udev_device *device =
                        udev_device_new_from_syspath(udev, udev_list_entry_get_name(entry));
                struct err err = { 0 };
                int r;

                if (!device || !is_of_interest(device))
                        continue;
                if (b->root_number && udev_device_get_devnum(device) == b->root_number) {
                        if (b->root)
                                add_links(b->root, device);
                        continue;
                }
                r = collect_device(b, device, &err);
                if (r == -EACCES || r == -EPERM)
                        buf_printf(&forbidden, "%s%s", forbidden.len ? ", " : "",
                                   udev_device_get_devnode(device));
                else if (r < 0 && r != -ENOMEDIUM)
                        strv_push(problems, err.text);
        }
        if (forbidden.len)
                strv_push_take(
                        problems,
                        xasprintf("%s: permission denied; run as root, not in a container, to "
                                  "read the UUIDs",
                                  forbidden.data));
}

/* ---- */

struct blkids *blkids_collect(const struct volume *v, struct strv *ret_problems)
{
        struct blkids *b = xcalloc(1, sizeof(*b));
        struct err err = { 0 };

        b->live = volume_mode(v) == VOLUME_LIVE;
        if (collect_root(b, v, &err) < 0) {
                b->root_problem = xstrdup(err.text);
                strv_push(ret_problems, err.text);
        }
        if (b->live) {
                size_t before = ret_problems->n;

                collect_host(b, ret_problems);
                b->host_known = ret_problems->n == before && !b->root_problem;
        }
        return b;
}

int blkids_add_file(struct blkids *b, struct span text, struct err *err)
{
        cleanup_blkidout struct blkidout o = { 0 };
        int r = blkidout_parse(text, &o, err);

        if (r < 0)
                return r;
        for (size_t i = 0; i < o.n; i++) {
                struct blkid_device *d = device_new(BLKID_FILE, o.v[i].name);

                d->uuid = TAKE_PTR(o.v[i].uuid);
                d->label = TAKE_PTR(o.v[i].label);
                d->type = TAKE_PTR(o.v[i].type);
                d->partuuid = TAKE_PTR(o.v[i].partuuid);
                d->partlabel = TAKE_PTR(o.v[i].partlabel);
                add_take(b, d);
        }
        b->has_file = true;
        return 0;
}

const struct blkid_device *blkids_root(const struct blkids *b)
{
        return b->root;
}

bool blkids_root_is_mount(const struct blkids *b)
{
        return b->root_is_mount;
}

const char *blkids_root_problem(const struct blkids *b)
{
        return b->root_problem;
}

/* Old or unprivileged sources know fewer tags, but never another UUID. */
static bool same_device(const struct blkid_device *a, const struct blkid_device *b)
{
        return streq(a->uuid, b->uuid) &&
               (!a->partuuid || !b->partuuid || streq(a->partuuid, b->partuuid)) &&
               (!a->type || !b->type || streq(a->type, b->type));
}

const struct blkid_device *blkids_find(const struct blkids *b, const char *name)
{
        const struct blkid_device *found = NULL;

        for (size_t i = 0; i < b->n; i++) {
                const struct blkid_device *d = b->v[i];

                if (d->origin == BLKID_VOLUME && !b->live)
                        continue;
                if (!streq(d->name, name) && !strv_contains(&d->links, name))
                        continue;
                if (found && !same_device(found, d))
                        return NULL;
                if (!found)
                        found = d;
        }
        return found;
}

static const char *tag_of(const struct blkid_device *d, const char *tag)
{
        return streq(tag, "UUID")       ? d->uuid
               : streq(tag, "LABEL")    ? d->label
               : streq(tag, "PARTUUID") ? d->partuuid
                                        : d->partlabel;
}

bool blkids_is_unique(const struct blkids *b, const char *tag, const char *value)
{
        const struct blkid_device *seen[] = {
                [BLKID_VOLUME] = NULL, [BLKID_HOST] = NULL, [BLKID_FILE] = NULL
        };

        for (size_t i = 0; i < b->n; i++) {
                const struct blkid_device *d = b->v[i];

                if (!streq(tag_of(d, tag), value))
                        continue;
                if (seen[d->origin] && !streq(seen[d->origin]->name, d->name))
                        return false;
                seen[d->origin] = d;
        }
        return true;
}

/* What stands on several disks that belong together has one UUID on all of them. */
static bool is_one_of_several(const struct blkid_device *d)
{
        return streq(d->type, "btrfs") || (d->type && str_endswith(d->type, "_member"));
}

bool blkids_is_shared(const struct blkids *b, const char *tag, const char *value)
{
        const struct blkid_device *seen[] = {
                [BLKID_VOLUME] = NULL, [BLKID_HOST] = NULL, [BLKID_FILE] = NULL
        };

        for (size_t i = 0; i < b->n; i++) {
                const struct blkid_device *d = b->v[i];

                if (!streq(tag_of(d, tag), value) ||
                    (!str_startswith(tag, "PART") && is_one_of_several(d)))
                        continue;
                if (seen[d->origin] && !streq(seen[d->origin]->name, d->name))
                        return true;
                seen[d->origin] = d;
        }
        return false;
}

int blkid_device_has_tag(const struct blkid_device *d, const char *tag, const char *value)
{
        bool of_partition = str_startswith(tag, "PART");
        const char *have = tag_of(d, tag);

        if (!have)
                return of_partition && d->partition_unknown ? -ENODATA : 0;
        /* Who reads it may heed the case or not, by its version. */
        return str_endswith(tag, "UUID") ? strcasecmp(have, value) == 0 : streq(have, value);
}

/* A saved output that lacks the volume's own root is not all of its machine. */
static bool is_file_complete(const struct blkids *b)
{
        if (!b->has_file || !b->root || !b->root->uuid)
                return b->has_file;
        for (size_t i = 0; i < b->n; i++)
                if (b->v[i]->origin == BLKID_FILE && streq(b->v[i]->uuid, b->root->uuid))
                        return true;
        return false;
}

int blkids_has_tag(const struct blkids *b, const char *tag, const char *value)
{
        bool of_partition = str_startswith(tag, "PART"), some = !of_partition;
        bool all = b->host_known || is_file_complete(b);

        for (size_t i = 0; i < b->n; i++) {
                int r = blkid_device_has_tag(b->v[i], tag, value);

                if (r > 0)
                        return 1;
                all &= r == 0;
                some |= b->v[i]->partuuid != NULL;
        }
        /* blkid(8) of old does not print the tags of partitions. */
        return all && some ? 0 : -ENODATA;
}
