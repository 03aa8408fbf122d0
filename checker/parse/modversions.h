/*
 * Checksums of the symbols a kernel module was built against: its section __versions, rows of 64
 * bytes, a long and a name. A kernel with CONFIG_MODVERSIONS refuses a module where one of them is
 * not the kernel's own, and does not look at the release in its vermagic then (kernel/module.c,
 * check_version() and same_magic(); include/linux/module.h, struct modversion_info).
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#define MODVERSIONS_MAX 20000 /* symbols of a module; real ones have some hundreds */

struct modversions_diff {
        size_t n;            /* symbols of the module */
        size_t shared;       /* of these, what the other module uses, too */
        struct span differs; /* first of the shared ones with another checksum; len 0: none */
};

/*
 * A module beside one that is known to belong to the kernel, both whole ELF files; *ret points into
 * them. 1; 0: one of the two has no checksums; -EINVAL, -E2BIG with a text.
 */
int modversions_compare(struct span module, struct span other, struct modversions_diff *ret,
                        struct err *err);
