/* The devices an initramfs of dracut waits for before it mounts the root, fixed when it was made.
 */
#pragma once

#include "probe/image.h"
#include "probe/probe.h"

/* Publishes /initramfs/waits; `file` is the image in the volume. */
void initramfs_waits_look(struct probe_context *context, const struct image *im, const char *file);
