/*
 * Push parser for newc cpio archives ("070701", and "070702" with checksums) as the kernel reads
 * them: any number of archives one after the other, zeros between them, the trailer optional.
 *
 * https://docs.kernel.org/driver-api/early-userspace/buffer-format.html, init/initramfs.c
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* With the NUL. The kernel (PATH_MAX) passes over members with longer names or link targets. */
#define CPIO_NAME_MAX 4096

struct cpio_member {
        const char *name; /* as stored; valid during the call */
        uint32_t mode, nlink;
        uint64_t size;
        /* The same file under several names: all four equal, and nlink over 1. */
        uint32_t ino, major, minor, archive;
};

struct cpio_events {
        void *context;
        /* A member begins; true when its content (of a link: its target) is wanted. */
        bool (*member)(void *context, const struct cpio_member *m);
        /* Wanted content, piece by piece; an empty piece means that it is complete. */
        void (*content)(void *context, struct span piece);
};

enum cpio_state {
        CPIO_BETWEEN, /* no member has begun */
        CPIO_HEADER,
        CPIO_NAME,
        CPIO_CONTENT,
        CPIO_PADDING,
};

struct cpio {
        const struct cpio_events *events;
        enum cpio_state state;
        uint64_t offset;  /* of the next byte; headers are aligned to 4 by it */
        uint64_t members; /* seen so far, trailers not counted */
        uint32_t archive; /* trailers seen so far */
        uint32_t field[13];
        uint64_t left; /* bytes until this state ends */
        bool wanted;
        bool trailer; /* the last member was one */
        size_t collected;
        char text[CPIO_NAME_MAX + 4]; /* the header or the name as far as it was seen */
};

void cpio_init(struct cpio *c, const struct cpio_events *events);
/* A segment begins: `offset` is where in its image when uncompressed, 0 in a compressed stream. */
void cpio_begin(struct cpio *c, uint64_t offset);
/*
 * Takes bytes off the front of `in`.
 *   1  all taken
 *   0  stopped between members: before a byte that begins none, or ('0') before another archive
 *   -EBADMSG  damaged
 */
int cpio_feed(struct cpio *c, struct span *in, struct err *err);
/* The segment ends here: 0, or -EBADMSG when that is within a member. */
int cpio_finish(const struct cpio *c, struct err *err);
