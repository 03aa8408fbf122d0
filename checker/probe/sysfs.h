/* Files of /sys and /proc: one short value each, on a live machine. */
#pragma once

#include "volume/volume.h"

#define SYSFS_VALUE_MAX 4096

/* The value without blanks at its end, the caller's; NULL: there is none, or it is not for us to
 * read. */
char *sysfs_word(const struct volume *v, const char *path);
/* The last name of what a link says, the caller's, or NULL. */
char *sysfs_link_name(const struct volume *v, const char *path);
