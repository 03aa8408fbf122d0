/*
 * The kernel's own version string, from the setup header of an x86 kernel image
 * (https://docs.kernel.org/arch/x86/boot.html, field kernel_version at offset 0x20e).
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/* So much of the file is enough: the string lies in the setup sectors, at most 64 of 512 bytes. */
#define BZIMAGE_HEAD_MAX   65536
#define BZIMAGE_STRING_MAX 512

/*
 * `head` is the beginning of the file. `ret_release` points into it: the first word of the string,
 * which is what uname -r says and what names /lib/modules/RELEASE. -EINVAL with a text: no kernel
 * image, or one without the string.
 */
int bzimage_release(struct span head, struct span *ret_release, struct err *err);
/* Whether the kernel is one of 64 bits: 1 or 0; -ENODATA: no kernel image, or one from before 3.8.
 */
int bzimage_is_64(struct span head);
