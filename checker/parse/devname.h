/*
 * The one classifier of device references: what fstab field 1, root=, resume= and their like name,
 * and whether that name still means the same device after the move.
 */
#pragma once

#include "base/buf.h"

enum devname_kind {
        DEVNAME_TAG,  /* UUID= LABEL= PARTUUID= PARTLABEL= ID= */
        DEVNAME_LINK, /* /dev/disk/by-uuid, -label, -partuuid, -partlabel, -id: stable links */
        DEVNAME_XEN,  /* /dev/xvd...: Xen block device, gone on Nitro */
        DEVNAME_SCSI, /* /dev/sd...: on EC2 the old name of a Xen block device */
        DEVNAME_IDE,  /* /dev/hd... */
        DEVNAME_NVME, /* /dev/nvme...: there, but numbered anew at every start */
        DEVNAME_XEN_BY_PATH, /* /dev/disk/by-path/xen-... */
        DEVNAME_BY_PATH,     /* /dev/disk/by-path/ of another bus */
        DEVNAME_MAPPER,      /* /dev/mapper/..., /dev/dm-N, /dev/md...: follows its members */
        DEVNAME_OTHER,       /* any other /dev/...: made by a udev rule, or /dev/VG/LV */
        DEVNAME_NETWORK,     /* host:/path, //host/share */
        DEVNAME_NONE, /* no device: proc, tmpfs, none, a path (bind, loop), removable media */
        _DEVNAME_MAX,
};

/* The words are those of the facts: "tag", "link", "xen", "scsi", "ide", "nvme", "xen-by-path" ...
 */
const char *devname_kind_name(enum devname_kind kind);
enum devname_kind devname_classify(struct span spec);

/*
 * /dev/disk/by-path/xen-vbd-51792, with or without -partN, as the kernel's own name, /dev/xvdf; for
 * the caller to free. NULL: not such a link, or a number of the time when the Xen bus took the
 * numbers of IDE and SCSI disks, for which kernels have had different names.
 * https://github.com/torvalds/linux/blob/master/drivers/block/xen-blkfront.c (xlvbd_alloc_gendisk)
 */
char *devname_of_xen_path(struct span link);
