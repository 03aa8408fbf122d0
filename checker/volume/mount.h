/*
 * Which mounted file system a directory is the root of, and the block device under it. What the
 * kernel says counts (mountinfo), never a name that happens to fit.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/*
 * 1 when the directory is the root of a mounted file system: its own mount point, and what is
 * mounted there is that file system's root directory, or for btrfs a subvolume. 0 when it is a
 * plain directory, which a bind mount of a lower directory counts as too. Else an error.
 *
 * With 1, *ret_fd is the device, open for reading and the caller's, and *ret_name its name on this
 * machine, also the caller's; or *ret_fd is negative and `err` says why there is none to read
 * (tmpfs, overlay, no permission ...).
 */
int mount_open_device(int dir_fd, int *ret_fd, char **ret_name, struct err *err);
