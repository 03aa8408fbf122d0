/*
 * An initramfs image in one pass and bounded memory, as the kernel unpacks it: any sequence of
 * uncompressed cpio archives and compressed streams of them, with zeros between. Give several
 * image files as one source: the boot loader hands them to the kernel as one.
 *
 * https://docs.kernel.org/driver-api/early-userspace/buffer-format.html, init/initramfs.c
 */
#pragma once

#include <sys/types.h>

#include "parse/compression.h"
#include "parse/cpio.h"

/* More is not unpacked: it would not fit the memory of the machines this is about. */
#define INITRAMFS_UNPACKED_MAX (UINT64_C(1) << 30)
#define INITRAMFS_MEMBERS_MAX  500000
#define INITRAMFS_SEGMENTS_MAX 1000

struct initramfs_source {
        void *context;
        /* The next bytes in order: how many, 0 at the end, or a negative errno. */
        ssize_t (*read)(void *context, void *data, size_t len);
};

enum initramfs_state {
        INITRAMFS_OK,
        INITRAMFS_EMPTY,   /* no bytes, or only zeros */
        INITRAMFS_DAMAGED, /* certain: the kernel cannot unpack all of it */
        INITRAMFS_UNKNOWN, /* not read to its end, for a reason that need not stop the kernel */
};

struct initramfs_segment {
        uint64_t offset;
        enum compression compression; /* COMPRESSION_NONE: a cpio archive as it is */
        uint64_t members;
};

struct initramfs {
        enum initramfs_state state;
        uint64_t offset;   /* of the segment, or the byte, `why` speaks of */
        struct err why;    /* unless OK or EMPTY: what is wrong there, one clause */
        uint64_t unpacked; /* bytes out of compressed segments */
        struct initramfs_segment *segments;
        size_t n, cap;
};

/* Calls `events` for every member up to where it had to stop. Only a failed read is an error. */
int initramfs_read(const struct initramfs_source *source, const struct cpio_events *events,
                   struct initramfs *ret, struct err *err);
void initramfs_done(struct initramfs *i);
#define cleanup_initramfs _cleanup_(initramfs_done)
