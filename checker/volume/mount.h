/*
 * Which mounted file system a directory is the root of, and the block device under it. What the
 * kernel says counts (mountinfo), never a name that happens to fit.
 */
#pragma once

#include <sys/types.h>

#include "base/err.h"

struct mount_device {
        int fd;       /* open for reading, the caller's; or negative */
        char *name;   /* on this machine, the caller's; NULL with a negative fd */
        dev_t number; /* 0: not known */
};

/*
 * 1 when the directory is the root of a mounted file system: its own mount point, and what is
 * mounted there is that file system's root directory, or for btrfs a subvolume. 0 when it is a
 * plain directory, which a bind mount of a lower directory counts as too. Else an error.
 *
 * With 1 the device may still be closed to us (tmpfs, overlay, no permission ...): then ret->fd is
 * a negative errno and `err` says why.
 */
int mount_open_device(int dir_fd, struct mount_device *ret, struct err *err);
