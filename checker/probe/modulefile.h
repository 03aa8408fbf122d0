/* A kernel module of the volume, compressed or not, and what it says about itself. */
#pragma once

#include "base/err.h"
#include "volume/volume.h"

#define MODULE_FILE_MAX (32u << 20)
#define MODULE_SIZE_MAX (64u << 20) /* when uncompressed */

/*
 * The whole ELF file, unpacked.
 * 1: read, *ret is the caller's; 0: no such file; negative: with a text.
 */
int modulefile_read(const struct volume *v, const char *path, struct buf *ret, struct err *err);
/* Its section .modinfo (parse/modinfo.h), a copy; returns the same. */
int modulefile_info(const struct volume *v, const char *path, struct buf *ret, struct err *err);
