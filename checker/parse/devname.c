#include "parse/devname.h"

#include <inttypes.h>

#include "base/str.h"
#include "base/xalloc.h"

static const char *const kind_names[_DEVNAME_MAX] = {
        [DEVNAME_TAG] = "tag",
        [DEVNAME_LINK] = "link",
        [DEVNAME_XEN] = "xen",
        [DEVNAME_SCSI] = "scsi",
        [DEVNAME_IDE] = "ide",
        [DEVNAME_NVME] = "nvme",
        [DEVNAME_XEN_BY_PATH] = "xen-by-path",
        [DEVNAME_BY_PATH] = "by-path",
        [DEVNAME_MAPPER] = "mapper",
        [DEVNAME_OTHER] = "other",
        [DEVNAME_NETWORK] = "network",
        [DEVNAME_NONE] = "none",
};

const char *devname_kind_name(enum devname_kind kind)
{
        return kind_names[kind];
}

static bool take(struct span *s, const char *prefix)
{
        size_t n = strlen(prefix);

        if (s->len < n || memcmp(s->data, prefix, n) != 0)
                return false;
        s->data += n;
        s->len -= n;
        return true;
}

/* A number as the kernel prints it: no leading zero unless it is 0. */
static bool take_number(struct span *s)
{
        size_t n = 0;

        while (n < s->len && ascii_isdigit(s->data[n]))
                n++;
        if (n == 0 || (n > 1 && s->data[0] == '0'))
                return false;
        s->data += n;
        s->len -= n;
        return true;
}

/* What follows a disk prefix: one to `letters` letters and a partition number from 1, or none. */
static bool is_lettered_disk(struct span s, size_t letters)
{
        size_t n = 0;

        while (n < s.len && s.data[n] >= 'a' && s.data[n] <= 'z')
                n++;
        if (n == 0 || n > letters)
                return false;
        s.data += n;
        s.len -= n;
        return s.len == 0 || (s.data[0] != '0' && take_number(&s) && s.len == 0);
}

/* What follows /dev/nvme: 0n1, 0n1p2. */
static bool is_nvme_disk(struct span s)
{
        if (!take_number(&s) || !take(&s, "n") || !take_number(&s))
                return false;
        return s.len == 0 || (take(&s, "p") && take_number(&s) && s.len == 0);
}

static bool is_numbered(struct span s, const char *prefix)
{
        return take(&s, prefix) && take_number(&s) && s.len == 0;
}

/* What follows /dev/disk/. */
static enum devname_kind classify_disk_link(struct span s)
{
        static const char *const stable[] = {
                "by-uuid/", "by-label/", "by-partuuid/", "by-partlabel/", "by-id/",
        };

        if (take(&s, "by-path/"))
                return take(&s, "xen-") ? DEVNAME_XEN_BY_PATH : DEVNAME_BY_PATH;
        for (size_t i = 0; i < ARRAY_SIZE(stable); i++)
                if (take(&s, stable[i]))
                        return s.len > 0 ? DEVNAME_LINK : DEVNAME_OTHER;
        return DEVNAME_OTHER;
}

/* Devices that software of this machine makes; their names do not come from the disks below. */
static bool is_made_by_software(struct span s)
{
        static const char *const numbered[] = { "dm-",    "md",  "md_d", "drbd",
                                                "bcache", "nbd", "rbd",  "zd" };
        static const char *const below[] = {
                "mapper/", "md/", "drbd/", "bcache/", "rbd/", "zvol/"
        };

        for (size_t i = 0; i < ARRAY_SIZE(numbered); i++) {
                struct span rest = s;

                if (!take(&rest, numbered[i]) || !take_number(&rest))
                        continue;
                if (rest.len == 0 || (take(&rest, "p") && take_number(&rest) && rest.len == 0))
                        return true;
        }
        for (size_t i = 0; i < ARRAY_SIZE(below); i++) {
                struct span rest = s;

                if (take(&rest, below[i]))
                        return rest.len > 0;
        }
        return false;
}

/*
 * Below /dev but no disk that moves: removable media, memory, character devices, and the names that
 * stand for "whatever the root is".
 */
static bool is_no_disk(struct span s)
{
        static const char *const names[] = { "root",  "cdrom",  "dvd",    "cdrw",      "floppy",
                                             "shm",   "pts",    "ptmx",   "hugepages", "mqueue",
                                             "null",  "zero",   "full",   "random",    "urandom",
                                             "stdin", "stdout", "stderr", "fd",        "console",
                                             "tty",   "fuse" };
        static const char *const numbered[] = { "sr",   "scd", "cdrom", "dvd", "fd",
                                                "loop", "ram", "zram",  "tty", "ttyS" };
        static const char *const below[] = { "shm/", "fd/", "pts/", "hugepages/", "mqueue/" };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (span_eq(s, names[i]))
                        return true;
        for (size_t i = 0; i < ARRAY_SIZE(numbered); i++)
                if (is_numbered(s, numbered[i]))
                        return true;
        for (size_t i = 0; i < ARRAY_SIZE(below); i++) {
                struct span rest = s;

                if (take(&rest, below[i]))
                        return true;
        }
        return false;
}

static enum devname_kind classify_dev(struct span s)
{
        struct span rest = s;

        if (take(&rest, "xvd"))
                return is_lettered_disk(rest, 3) ? DEVNAME_XEN : DEVNAME_OTHER;
        if (take(&rest, "sd"))
                return is_lettered_disk(rest, 3) ? DEVNAME_SCSI : DEVNAME_OTHER;
        if (take(&rest, "hd"))
                return is_lettered_disk(rest, 1) ? DEVNAME_IDE : DEVNAME_OTHER;
        if (take(&rest, "nvme"))
                return is_nvme_disk(rest) ? DEVNAME_NVME : DEVNAME_OTHER;
        if (take(&rest, "disk/"))
                return classify_disk_link(rest);
        if (span_eq(s, "nfs") || span_eq(s, "cifs"))
                return DEVNAME_NETWORK; /* root=/dev/nfs: the kernel's word for a root over NFS */
        if (is_made_by_software(s))
                return DEVNAME_MAPPER;
        if (s.len == 0 || is_no_disk(s))
                return DEVNAME_NONE;
        return DEVNAME_OTHER;
}

enum devname_kind devname_classify(struct span spec)
{
        static const char *const tags[] = { "UUID=", "LABEL=", "PARTUUID=", "PARTLABEL=", "ID=" };
        struct span rest = spec;

        for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
                if (take(&rest, tags[i]))
                        return DEVNAME_TAG;
        if (take(&rest, "/dev/"))
                return classify_dev(rest);
        if (take(&rest, "//"))
                return DEVNAME_NETWORK;
        if (spec.len > 0 && spec.data[0] != '/' && memmem(spec.data, spec.len, ":/", 2))
                return DEVNAME_NETWORK;
        return DEVNAME_NONE;
}

/* The number, and the span is behind it. */
static bool take_value(struct span *s, uint64_t *ret)
{
        struct span digits = *s;

        if (!take_number(s))
                return false;
        digits.len -= s->len;
        return str_to_u64(digits, ret) == 0;
}

char *devname_of_xen_path(struct span link)
{
        enum {
                MAJOR = 202,
                EXTENDED = 1 << 28,
                LETTERS = 26
        };
        uint64_t number, disk, part, named = 0;
        char first[2] = "";

        if (!take(&link, "/dev/disk/by-path/xen-vbd-") || !take_value(&link, &number))
                return NULL;
        if (link.len > 0 &&
            (!take(&link, "-part") || !take_value(&link, &named) || named == 0 || link.len > 0))
                return NULL;
        if (number >> 28 == 1) {
                disk = (number & (EXTENDED - 1)) >> 8;
                part = number & 255;
        } else if (number >> 8 == MAJOR) {
                disk = (number & 255) >> 4;
                part = number & 15;
        } else {
                return NULL;
        }
        if ((part != 0 && named != 0) || disk >= LETTERS + LETTERS * LETTERS)
                return NULL;
        if (disk >= LETTERS)
                first[0] = (char)('a' + disk / LETTERS - 1);
        part += named;
        if (part == 0)
                return xasprintf("/dev/xvd%s%c", first, (char)('a' + disk % LETTERS));
        return xasprintf("/dev/xvd%s%c%" PRIu64, first, (char)('a' + disk % LETTERS), part);
}
