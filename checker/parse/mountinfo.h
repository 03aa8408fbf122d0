/*
 * /proc/self/mountinfo: what is mounted where, as the kernel says it.
 * https://www.kernel.org/doc/Documentation/filesystems/proc.txt, section 3.5
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define MOUNTINFO_FILE_MAX    (16u << 20)
#define MOUNTINFO_ENTRIES_MAX 100000

struct mountinfo_entry {
        uint64_t id;
        uint32_t major, minor; /* 0:N when the file system has no one device (btrfs, overlay) */
        char *root;            /* the directory of that file system which is mounted */
        char *target;
        char *type;
        char *source; /* what mount(8) was given, mostly a device; may be empty */
};

/* In the order of the kernel: of two at one target, the later one is seen. */
struct mountinfo {
        struct mountinfo_entry *v;
        size_t n, cap;
};

int mountinfo_parse(struct span text, struct mountinfo *ret, struct err *err);
void mountinfo_done(struct mountinfo *m);
#define cleanup_mountinfo _cleanup_(mountinfo_done)
