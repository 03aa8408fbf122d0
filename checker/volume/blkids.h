/*
 * Tags of block devices: UUID, LABEL, PARTUUID ... Never from a cache, always from the superblock
 * or from a saved blkid(8) output the user gave.
 *
 * Three sources, in one table: the device under the volume's root (only when that root is the root
 * of a file system of its own), all block devices when live, and --blkid FILE when given.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "volume/volume.h"

#define BLKID_FILE_MAX (1u << 20)

enum blkid_origin {
        BLKID_VOLUME, /* the device the volume's root is on */
        BLKID_HOST,   /* a device of the live machine */
        BLKID_FILE,   /* --blkid FILE */
};

struct blkid_device {
        enum blkid_origin origin;
        char *name;        /* /dev/xvda1 as the source knows it */
        struct strv links; /* further names (live: DEVLINKS of udev) */
        char *uuid, *label, *type, *partuuid, *partlabel; /* NULL: has none */
        /* The partition table around it could not be seen: partuuid and partlabel are not known. */
        bool partition_unknown;
};

struct blkids;

/* Collects; whatever could not be probed is a sentence in `ret_problems`, not a failure. */
struct blkids *blkids_collect(const struct volume *v, struct strv *ret_problems);
/* The bytes of a saved blkid(8) output ("full" format); an error names the line. */
int blkids_add_file(struct blkids *b, struct span text, struct err *err);
void blkids_free(struct blkids *b);
static inline void blkids_freep(struct blkids **b)
{
        blkids_free(*b);
}
#define cleanup_blkids _cleanup_(blkids_freep)

/* The volume's own root device; NULL when its root is a plain directory or could not be probed. */
const struct blkid_device *blkids_root(const struct blkids *b);
/* True: the root is the root of a mounted file system of its own. */
bool blkids_root_is_mount(const struct blkids *b);
/* Why the root's device is not known although it may have one; NULL for a plain directory. */
const char *blkids_root_problem(const struct blkids *b);
/*
 * By name or link ("/dev/xvdf1"). The one match, or NULL when there is none or they disagree. The
 * name that an offline volume's device has on the machine we run on means nothing to that volume,
 * so it is never a match.
 */
const struct blkid_device *blkids_find(const struct blkids *b, const char *name);
/*
 * No source tells of two devices with this tag ("UUID", "LABEL", "PARTUUID", "PARTLABEL": a
 * snapshot beside its original, the members of one btrfs), so that it means one. The same device in
 * two sources is one.
 */
bool blkids_is_unique(const struct blkids *b, const char *tag, const char *value);
/*
 * Two devices that have nothing else in common have this tag, and a mount by it may get either. The
 * members of one btrfs or of one array are no such two.
 */
bool blkids_is_shared(const struct blkids *b, const char *tag, const char *value);
/*
 * Whether some device has the tag ("UUID", "LABEL", "PARTUUID", "PARTLABEL"): 1 or, when all the
 * machine's devices are known (live and each could be read, or from a saved output
 * that has the volume's own root, too), 0. Else
 * -ENODATA: another volume may have it.
 */
int blkids_has_tag(const struct blkids *b, const char *tag, const char *value);
/* The same of one device; -ENODATA: its partition table could not be seen. */
int blkid_device_has_tag(const struct blkid_device *d, const char *tag, const char *value);
