/*
 * Whether a link below /dev will be there on Nitro: the udev rules of the volume, read with an EBS
 * volume in mind that is an NVMe device. What a link leads to today tells nothing of that.
 *   https://manpages.debian.org/bookworm/udev/udev.7.en.html
 *   https://github.com/amazonlinux/amazon-ec2-utils: 70-ec2-nvme-devices.rules and ebsnvme-id make
 *   links named as the block device mapping names the disk, and add the number of a partition
 *   without a separator, so that /dev/sda1 is a whole disk (issue 37 there)
 */
#pragma once

#include "base/buf.h"
#include "parse/devname.h"
#include "volume/volume.h"

#define UDEVLINKS_FILES_MAX 1000

enum udevlink_fate {
        UDEVLINK_UNEXPLAINED, /* no rule is known to make it */
        UDEVLINK_GONE,        /* only rules that ask for a device of Xen make it */
        UDEVLINK_UNCLEAR,     /* it depends on what the files do not tell */
        UDEVLINK_MAPPING,     /* it is there if the block device mapping says so */
        UDEVLINK_WHOLE_DISK,  /* it is there, but as the disk and not as its partition */
        UDEVLINK_STAYS,       /* a rule makes it that knows the disk by what does not change */
        UDEVLINK_NOW,         /* this machine runs on Nitro and has it */
        _UDEVLINK_MAX,
};

struct udevlink {
        enum udevlink_fate fate;
        const char *file; /* of the rule that decides, NULL: none; borrowed from the udevlinks */
        size_t line;
        struct span text;
};

struct udevlinks;

struct udevlinks *udevlinks_load(const struct volume *v);
void udevlinks_free(struct udevlinks *l);
static inline void udevlinks_freep(struct udevlinks **l)
{
        udevlinks_free(*l);
}
#define cleanup_udevlinks _cleanup_(udevlinks_freep)

/* `name` begins with "/dev/". */
struct udevlink udevlinks_find(const struct udevlinks *l, const char *name, enum devname_kind kind);

/*
 * What is written to an attribute of an EBS volume, as "ATTR{queue/io_timeout}": stays and *ret, a
 * value borrowed from the udevlinks; unclear: it depends, or rules could not be read; unexplained:
 * no rule writes it.
 */
struct udevlink udevlinks_find_attribute(const struct udevlinks *l, const char *key,
                                         const char **ret);

/* "gone", "whole-disk" ... as in the facts. */
const char *udevlink_fate_name(enum udevlink_fate fate);
/* A clause for a person. */
const char *udevlink_fate_text(enum udevlink_fate fate);
