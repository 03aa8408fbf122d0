/*
 * The compressions an initramfs may have, told apart by the two bytes the kernel looks at, and one
 * streaming decoder for all of them. A decoder stops exactly behind its stream: what follows is a
 * segment of its own.
 *
 * https://docs.kernel.org/driver-api/early-userspace/buffer-format.html, lib/decompress.c
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/* What a decoder may need for its window; the kernel's own limit for zstd (ZSTD_WINDOWSIZE_MAX). */
#define COMPRESSION_WINDOW_MAX (128u << 20)

enum compression {
        COMPRESSION_NONE,
        COMPRESSION_GZIP,
        COMPRESSION_BZIP2,
        COMPRESSION_LZMA,
        COMPRESSION_XZ,
        COMPRESSION_LZO,
        COMPRESSION_LZ4,
        COMPRESSION_ZSTD,
        _COMPRESSION_MAX,
};

const char *compression_name(enum compression c);
/* COMPRESSION_NONE: the kernel knows no decompressor for bytes that begin like this. */
enum compression compression_detect(struct span head);

struct decoder;

/* -ENOTSUP, with a text, for a compression that is recognised but cannot be read here. */
int decoder_new(enum compression c, struct decoder **ret, struct err *err);
void decoder_free(struct decoder *d);
static inline void decoder_freep(struct decoder **d)
{
        decoder_free(*d);
}
#define cleanup_decoder _cleanup_(decoder_freep)

/*
 * Takes bytes off the front of `in`; `ret_out` is what came out, valid until the next call.
 *   1  goes on; when `in` is empty the next bytes are needed
 *   0  the stream has ended; `in` begins with the first byte behind it
 *   -EBADMSG  damaged, or made in a way the kernel refuses
 *   -ENOTSUP  may be sound, cannot be read here
 */
int decoder_step(struct decoder *d, struct span *in, struct span *ret_out, struct err *err);
/* No more input will come: 0 when the stream may end here, else -EBADMSG. */
int decoder_finish(struct decoder *d, struct err *err);
