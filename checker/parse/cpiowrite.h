/*
 * Writes a newc cpio archive that the kernel unpacks over what came before it in an initramfs.
 * Nothing of the time or the machine gets in: the same members give the same bytes.
 *
 * https://docs.kernel.org/driver-api/early-userspace/buffer-format.html
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"

/*
 * A member of root's. `mode` has the type, too; the content of a directory is empty. The archive
 * begins where `out` does. `name` has no slash in front.
 */
void cpio_write(struct buf *out, const char *name, uint32_t mode, struct span content);
/* The trailer; nothing follows. */
void cpio_write_end(struct buf *out);
