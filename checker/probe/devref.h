/* From a device name of the volume to the device, and to what may be written in its place. */
#pragma once

#include <stdbool.h>

#include "parse/devname.h"
#include "volume/blkids.h"

/*
 * What a name is: devname_classify(), and /dev/GROUP/VOLUME is a logical volume (DEVNAME_MAPPER)
 * when LVM's metadata backups in /etc/lvm tell of the group.
 */
enum devname_kind devref_classify(const struct volume *v, const char *name);

/* The same of the value of root=, which may also be a device number. */
enum devname_kind devref_classify_root(const struct volume *v, const char *value);

/* The name means the same device after the move: there is nothing to fix. */
bool devref_is_stable(enum devname_kind kind);

/*
 * The device a name means, or NULL when that is not certain. `is_root`: it is what the volume calls
 * the device of its own root. That device has another name here, but it is at hand; a saved
 * blkid output that gives the name to a device with another UUID makes it uncertain.
 */
const struct blkid_device *devref_find(const struct blkids *b, const char *name, bool is_root);

/*
 * "UUID=..." for the caller to free, or NULL when the device is not known, has none, shares it with
 * another or only holds a member of something else (LVM, RAID, LUKS).
 */
char *devref_fix(const struct blkids *b, const struct blkid_device *d);

/*
 * What may stand in fstab in place of a name of the device, the first that is certain of UUID=,
 * PARTUUID= and LABEL=; or NULL, and why not, as a clause. `type` is that of the line, field 3;
 * NULL for a device that an option names, which gets a path. The caller frees both.
 */
char *devref_fix_fstab(const struct blkids *b, const struct blkid_device *d, const char *type,
                       char **ret_why);

/*
 * A tag, or a link that is one, as above, that two disks have, so that it may mean either: 1, 0, or
 * -ENODATA when the machine's other disks are not known.
 */
int devref_is_shared(const struct blkids *b, const char *name);

/* "UUID=..." of the LUKS header that is on the device, or NULL and why not, as above. */
char *devref_fix_luks(const struct blkids *b, const struct blkid_device *d, char **ret_why);

/*
 * Whether a tag or a link below /dev/disk that is one ("UUID=...", "/dev/disk/by-label/...") is
 * that of a device: "yes", "no", or "unchecked" when another volume of the machine may have it.
 * With `is_root` the device is the volume's own root, if that is a mount point.
 */
const char *devref_resolves(const struct blkids *b, const char *name, bool is_root);
