/* Makes initramfs images in memory: cpio members, the trailer, and every compression. */
#pragma once

#include "unit.h"

#include <bzlib.h>
#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "parse/compression.h"

struct unit_member {
        const char *name;
        uint32_t mode;
        const char *content; /* NULL: none */
        size_t len;          /* 0: strlen(content) */
        uint32_t ino, nlink;
};

static inline void unit_cpio_pad(struct buf *b)
{
        while (b->len & 3)
                buf_putc(b, '\0');
}

static inline void unit_cpio_add(struct buf *b, const struct unit_member *m)
{
        size_t len = m->len ? m->len : m->content ? strlen(m->content) : 0;

        buf_printf(b, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", m->ino,
                   m->mode, 0, 0, m->nlink ? m->nlink : 1, 0, len, 0, 0, 0, 0, strlen(m->name) + 1,
                   0);
        buf_append(b, m->name, strlen(m->name) + 1);
        unit_cpio_pad(b);
        buf_append(b, m->content ? m->content : "", len);
        unit_cpio_pad(b);
}

static inline void unit_cpio_end(struct buf *b)
{
        unit_cpio_add(b, &(struct unit_member){ .name = "TRAILER!!!" });
}

static inline size_t unit_compress_gzip(struct span in, char *out, size_t size)
{
        z_stream z = { .next_in = (unsigned char *)in.data,
                       .avail_in = (unsigned int)in.len,
                       .next_out = (unsigned char *)out,
                       .avail_out = (unsigned int)size };

        assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
                         Z_OK);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        deflateEnd(&z);
        return z.total_out;
}

static inline size_t unit_compress_lzma(struct span in, char *out, size_t size)
{
        lzma_stream z = LZMA_STREAM_INIT;
        lzma_options_lzma options;

        lzma_lzma_preset(&options, 0);
        assert_int_equal(lzma_alone_encoder(&z, &options), LZMA_OK);
        z.next_in = (const uint8_t *)in.data;
        z.avail_in = in.len;
        z.next_out = (uint8_t *)out;
        z.avail_out = size;
        assert_int_equal(lzma_code(&z, LZMA_FINISH), LZMA_STREAM_END);
        size -= z.avail_out;
        lzma_end(&z);
        return size;
}

static inline size_t unit_compress_xz(struct span in, lzma_check check, char *out, size_t size)
{
        size_t len = 0;

        assert_int_equal(lzma_easy_buffer_encode(0, check, NULL, (const uint8_t *)in.data, in.len,
                                                 (uint8_t *)out, &len, size),
                         LZMA_OK);
        return len;
}

static inline size_t unit_compress_lz4(struct span in, char *out, size_t size)
{
        int len = LZ4_compress_default(in.data, out + 8, (int)in.len, (int)size - 8);

        memcpy(out, "\x02\x21\x4c\x18", 4);
        for (int i = 0; i < 4; i++)
                out[4 + i] = (char)(len >> (8 * i));
        return (size_t)len + 8;
}

/* Appends `in`, compressed, to `b`. */
static inline void unit_compress(enum compression c, struct span in, struct buf *b)
{
        char out[65536];
        unsigned int n = sizeof(out);
        size_t len = 0;

        switch (c) {
        case COMPRESSION_NONE:
                buf_append(b, in.data, in.len);
                return;
        case COMPRESSION_GZIP:
                len = unit_compress_gzip(in, out, sizeof(out));
                break;
        case COMPRESSION_BZIP2:
                assert_int_equal(BZ2_bzBuffToBuffCompress(out, &n, (char *)in.data,
                                                          (unsigned int)in.len, 1, 0, 0),
                                 BZ_OK);
                len = n;
                break;
        case COMPRESSION_LZMA:
                len = unit_compress_lzma(in, out, sizeof(out));
                break;
        case COMPRESSION_XZ:
                len = unit_compress_xz(in, LZMA_CHECK_CRC32, out, sizeof(out));
                break;
        case COMPRESSION_LZ4:
                len = unit_compress_lz4(in, out, sizeof(out));
                break;
        case COMPRESSION_ZSTD:
                len = ZSTD_compress(out, sizeof(out), in.data, in.len, 1);
                break;
        default:
                fail();
        }
        buf_append(b, out, len);
}
