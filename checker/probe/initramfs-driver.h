/* Whether a driver can be loaded from an initramfs. */
#pragma once

#include "probe/image.h"
#include "probe/modules.h"

/*
 * Publishes /initramfs/DEVICE/{state, missing, file, line, text}, or why it is not known. `file` is
 * the image in the volume. `loaded`: modules the image loads by name.
 */
void initramfs_driver_look(struct facts *f, const struct image *im, const char *file,
                           const struct device *device, const struct strv *loaded);
