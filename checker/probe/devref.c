#include "probe/devref.h"

#include <errno.h>
#include <stdio.h>

#include "base/xalloc.h"

/* /dev/VG/LV of a volume group that LVM has metadata backups of. */
static bool is_logical_volume(const struct volume *v, const char *name)
{
        cleanup_strv struct strv archive = { 0 };
        cleanup_free char *group = NULL, *backup = NULL, *prefix = NULL;
        const char *rest = str_after(name, "/dev/"), *slash = rest ? strchr(rest, '/') : NULL;
        struct stat st;

        if (!slash || slash == rest || !slash[1] || strchr(slash + 1, '/'))
                return false;
        group = xmemdup0(rest, (size_t)(slash - rest));
        backup = xasprintf("/etc/lvm/backup/%s", group);
        if (volume_stat(v, backup, &st, NULL) > 0)
                return true;
        prefix = xasprintf("%s_", group);
        volume_list(v, "/etc/lvm/archive", &archive, NULL);
        for (size_t i = 0; i < archive.n; i++)
                if (str_startswith(archive.v[i], prefix) && str_endswith(archive.v[i], ".vg"))
                        return true;
        return false;
}

enum devname_kind devref_classify(const struct volume *v, const char *name)
{
        enum devname_kind kind = devname_classify(span_of(name));

        return kind == DEVNAME_OTHER && is_logical_volume(v, name) ? DEVNAME_MAPPER : kind;
}

/* "ca01" or "202:1", which the kernel also takes: the major number tells the driver. */
static bool parse_number(const char *value, unsigned *ret_major)
{
        unsigned major, minor;
        char tail;

        if (sscanf(value, "%u:%u%c", &major, &minor, &tail) == 2) {
                *ret_major = major;
                return true;
        }
        if (!value[0] || strspn(value, "0123456789abcdefABCDEF") != strlen(value) ||
            strlen(value) > 8)
                return false;
        /* new_decode_dev(): twelve bits of major number above the low eight of the minor. */
        *ret_major = (unsigned)(strtoul(value, NULL, 16) >> 8) & 0xfff;
        return true;
}

/* https://docs.kernel.org/admin-guide/devices.html */
static enum devname_kind classify_major(unsigned major)
{
        if (major == 202)
                return DEVNAME_XEN;
        if (major == 8 || (major >= 65 && major <= 71) || (major >= 128 && major <= 135))
                return DEVNAME_SCSI;
        if (major == 3 || major == 22 || major == 33 || major == 34)
                return DEVNAME_IDE;
        if (major == 9)
                return DEVNAME_MAPPER;
        return major == 259 ? DEVNAME_NVME : DEVNAME_OTHER;
}

enum devname_kind devref_classify_root(const struct volume *v, const char *value)
{
        unsigned major;

        if (parse_number(value, &major))
                return classify_major(major);
        return devref_classify(v, value);
}

bool devref_is_stable(enum devname_kind kind)
{
        return kind == DEVNAME_TAG || kind == DEVNAME_LINK || kind == DEVNAME_MAPPER;
}

const struct blkid_device *devref_find(const struct blkids *b, const char *name, bool is_root)
{
        const struct blkid_device *found = blkids_find(b, name);
        cleanup_free char *xen = found ? NULL : devname_of_xen_path(span_of(name));
        const struct blkid_device *root = is_root && blkids_root_is_mount(b) ? blkids_root(b)
                                                                             : NULL;

        if (xen)
                found = blkids_find(b, xen);
        if (!root)
                return found;
        return found && !streq(found->uuid, root->uuid) ? NULL : root;
}

/* What is on it is no file system of its own, but a part of something else. */
static bool is_member(const struct blkid_device *d)
{
        static const char *const members[] = { "LVM2_member", "linux_raid_member", "crypto_LUKS",
                                               "zfs_member" };

        for (size_t i = 0; i < ARRAY_SIZE(members); i++)
                if (streq(d->type, members[i]))
                        return true;
        return false;
}

static bool names_one(const struct blkids *b, const char *tag, const char *value)
{
        return value && blkids_is_unique(b, tag, value);
}

char *devref_fix(const struct blkids *b, const struct blkid_device *d)
{
        return d && !is_member(d) && names_one(b, "UUID", d->uuid) ? xasprintf("UUID=%s", d->uuid)
                                                                   : NULL;
}

/* Neither fstab nor a path needs an escape for it. */
static bool is_plain(const char *value)
{
        for (; *value; value++)
                if (!ascii_isalnum(*value) && !strchr("_-.", *value))
                        return false;
        return true;
}

/* Of two types that a disk can have, both named exactly, that they are not the same. */
static bool types_differ(const char *on_disk, const char *written)
{
        static const struct {
                const char *type, *family;
        } types[] = {
                { "ext2", "ext" },  { "ext3", "ext" },       { "ext4", "ext" },
                { "xfs", "xfs" },   { "btrfs", "btrfs" },    { "vfat", "vfat" },
                { "swap", "swap" }, { "swsuspend", "swap" }, { "reiserfs", "reiserfs" },
                { "jfs", "jfs" },   { "ntfs", "ntfs" },
        };
        const char *a = NULL, *b = NULL;

        for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
                if (streq(types[i].type, on_disk))
                        a = types[i].family;
                if (streq(types[i].type, written))
                        b = types[i].family;
        }
        return a && b && !streq(a, b);
}

char *devref_fix_fstab(const struct blkids *b, const struct blkid_device *d, const char *type,
                       char **ret_why)
{
        if (!d)
                *ret_why = xstrdup("which disk that is cannot be told for certain from here");
        else if (is_member(d))
                *ret_why = xasprintf("on that disk is no file system but a member of something "
                                     "else (%s)",
                                     d->type);
        else if (types_differ(d->type, type))
                *ret_why = xasprintf("the line says %s, and on that disk is %s", type, d->type);
        else if (names_one(b, "UUID", d->uuid))
                return xasprintf("%s%s", type ? "UUID=" : "/dev/disk/by-uuid/", d->uuid);
        else if (d->type && names_one(b, "PARTUUID", d->partuuid))
                return xasprintf("%s%s", type ? "PARTUUID=" : "/dev/disk/by-partuuid/",
                                 d->partuuid);
        else if (d->type && names_one(b, "LABEL", d->label) && is_plain(d->label))
                return xasprintf("%s%s", type ? "LABEL=" : "/dev/disk/by-label/", d->label);
        else if (d->uuid)
                *ret_why = xasprintf("more than one disk has its UUID, %s", d->uuid);
        else
                *ret_why = xstrdup("that disk has no UUID");
        return NULL;
}

char *devref_fix_luks(const struct blkids *b, const struct blkid_device *d, char **ret_why)
{
        if (!d)
                *ret_why = xstrdup("which disk that is cannot be told for certain from here");
        else if (!streq(d->type, "crypto_LUKS"))
                *ret_why = d->type ? xasprintf("on that disk is no LUKS header but %s", d->type)
                                   : xstrdup("no LUKS header is known to be on that disk");
        else if (names_one(b, "UUID", d->uuid))
                return xasprintf("UUID=%s", d->uuid);
        else
                *ret_why = xasprintf("more than one disk has its UUID, %s", d->uuid);
        return NULL;
}

/* The value of a tag, quotes undone; NULL: `name` is none that could be looked up. */
static char *split_tag(const char *name, const char **ret_tag)
{
        static const struct {
                const char *prefix, *tag;
        } tags[] = {
                { "UUID=", "UUID" },
                { "LABEL=", "LABEL" },
                { "PARTUUID=", "PARTUUID" },
                { "PARTLABEL=", "PARTLABEL" },
                { "/dev/disk/by-uuid/", "UUID" },
                { "/dev/disk/by-label/", "LABEL" },
                { "/dev/disk/by-partuuid/", "PARTUUID" },
                { "/dev/disk/by-partlabel/", "PARTLABEL" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
                const char *value = str_after(name, tags[i].prefix);
                size_t n = value ? strlen(value) : 0;

                if (!value)
                        continue;
                *ret_tag = tags[i].tag;
                if (n >= 2 && value[0] == '"' && value[n - 1] == '"')
                        return xmemdup0(value + 1, n - 2);
                /* udev writes some bytes as \\xNN, and a kernel parameter may add to PARTUUID. */
                return strchr(value, '\\') || strchr(value, '/') ? NULL : xstrdup(value);
        }
        return NULL;
}

int devref_is_shared(const struct blkids *b, const char *name)
{
        const char *tag = NULL;
        cleanup_free char *value = split_tag(name, &tag);

        if (value && blkids_is_shared(b, tag, value))
                return 1;
        /* Whether all are known is told by a tag that none has. */
        return blkids_has_tag(b, "UUID", "") < 0 ? -ENODATA : 0;
}

const char *devref_resolves(const struct blkids *b, const char *name, bool is_root)
{
        const struct blkid_device *root = is_root && blkids_root_is_mount(b) ? blkids_root(b)
                                                                             : NULL;
        const char *tag = NULL;
        cleanup_free char *value = split_tag(name, &tag);
        int r;

        if (!value)
                return "unchecked";
        r = root ? blkid_device_has_tag(root, tag, value) : blkids_has_tag(b, tag, value);
        /* A root whose device is not at hand may be on a volume that a saved output leaves out. */
        if (r == 0 && is_root && !root)
                return "unchecked";
        return r > 0 ? "yes" : r == 0 ? "no" : "unchecked";
}
