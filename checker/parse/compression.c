/*
 * The compression libraries are used directly. libarchive reads on behind the end of a stream to
 * look for another one of its kind, and with zstd and xz takes other bytes there for damage and
 * loses what it had unpacked; an initramfs may go on with anything the kernel accepts.
 */
#include "parse/compression.h"

#include <bzlib.h>
#include <errno.h>
#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "base/xalloc.h"

#define OUT_SIZE   (128u << 10)
#define LZ4_MAGIC  0x184c2102u
#define LZ4_BLOCK  (8u << 20) /* what the legacy format packs at a time */
#define WINDOW_LOG 27         /* of COMPRESSION_WINDOW_MAX */

struct decoder {
        const struct method *method;
        char *out;
        union {
                z_stream gzip;
                bz_stream bzip2;
                lzma_stream lzma;
                ZSTD_DStream *zstd;
                struct {
                        struct buf block;
                        size_t wanted; /* of the block; 0: its header is next */
                        bool started;  /* the magic was seen */
                } lz4;
        } u;
};

struct method {
        const char *name;
        unsigned char magic[2];
        size_t out_size;
        int (*start)(struct decoder *d);
        int (*step)(struct decoder *d, struct span *in, size_t *ret_len, struct err *err);
        void (*stop)(struct decoder *d);
        int (*finish)(struct decoder *d, struct err *err); /* NULL: must end by itself */
};

static void span_skip(struct span *s, size_t n)
{
        s->data += n;
        s->len -= n;
}

/* z_stream and bz_stream count in unsigned int. */
static unsigned int span_uint(struct span s)
{
        return s.len > (1u << 30) ? 1u << 30 : (unsigned int)s.len;
}

/* ---- gzip ------------------------------------------------------------------------------------ */

static int gzip_start(struct decoder *d)
{
        return inflateInit2(&d->u.gzip, 16 + MAX_WBITS) == Z_OK ? 0 : -ENOMEM;
}

static int gzip_step(struct decoder *d, struct span *in, size_t *ret_len, struct err *err)
{
        z_stream *z = &d->u.gzip;
        unsigned int before = span_uint(*in);
        int r;

        z->next_in = (unsigned char *)in->data;
        z->avail_in = before;
        z->next_out = (unsigned char *)d->out;
        z->avail_out = OUT_SIZE;
        r = inflate(z, Z_NO_FLUSH);
        span_skip(in, before - z->avail_in);
        *ret_len = OUT_SIZE - z->avail_out;
        if (r == Z_STREAM_END)
                return 0;
        if (r == Z_OK || r == Z_BUF_ERROR)
                return 1;
        return err_set(err, -EBADMSG, "the gzip stream is damaged: %s", z->msg ? z->msg : "?");
}

static void gzip_stop(struct decoder *d)
{
        inflateEnd(&d->u.gzip);
}

/* ---- bzip2 ----------------------------------------------------------------------------------- */

static int bzip2_start(struct decoder *d)
{
        return BZ2_bzDecompressInit(&d->u.bzip2, 0, 0) == BZ_OK ? 0 : -ENOMEM;
}

static int bzip2_step(struct decoder *d, struct span *in, size_t *ret_len, struct err *err)
{
        bz_stream *z = &d->u.bzip2;
        unsigned int before = span_uint(*in);
        int r;

        z->next_in = (char *)in->data;
        z->avail_in = before;
        z->next_out = d->out;
        z->avail_out = OUT_SIZE;
        r = BZ2_bzDecompress(z);
        span_skip(in, before - z->avail_in);
        *ret_len = OUT_SIZE - z->avail_out;
        if (r == BZ_STREAM_END)
                return 0;
        if (r == BZ_OK)
                return 1;
        return err_set(err, -EBADMSG, "the bzip2 stream is damaged");
}

static void bzip2_stop(struct decoder *d)
{
        BZ2_bzDecompressEnd(&d->u.bzip2);
}

/* ---- lzma and xz ----------------------------------------------------------------------------- */

/* The coder's own tables come on top of the window. */
#define LZMA_MEMORY_MAX (COMPRESSION_WINDOW_MAX + (4u << 20))

static int lzma_start(struct decoder *d)
{
        d->u.lzma = (lzma_stream)LZMA_STREAM_INIT;
        return lzma_alone_decoder(&d->u.lzma, LZMA_MEMORY_MAX) == LZMA_OK ? 0 : -ENOMEM;
}

static int xz_start(struct decoder *d)
{
        d->u.lzma = (lzma_stream)LZMA_STREAM_INIT;
        return lzma_stream_decoder(&d->u.lzma, LZMA_MEMORY_MAX, LZMA_TELL_ANY_CHECK) == LZMA_OK
                       ? 0
                       : -ENOMEM;
}

/* https://docs.kernel.org/staging/xz.html: no integrity check, or CRC32. */
static int xz_check(lzma_stream *z, struct err *err)
{
        lzma_check check = lzma_get_check(z);

        if (check == LZMA_CHECK_NONE || check == LZMA_CHECK_CRC32)
                return 1;
        return err_set(err, -EBADMSG,
                       "the xz stream has a %s check, and the kernel reads only CRC32",
                       check == LZMA_CHECK_CRC64    ? "CRC64"
                       : check == LZMA_CHECK_SHA256 ? "SHA-256"
                                                    : "strange");
}

static int lzma_step(struct decoder *d, struct span *in, size_t *ret_len, struct err *err)
{
        lzma_stream *z = &d->u.lzma;
        lzma_ret r;

        z->next_in = (const uint8_t *)in->data;
        z->avail_in = in->len;
        z->next_out = (uint8_t *)d->out;
        z->avail_out = OUT_SIZE;
        r = lzma_code(z, LZMA_RUN);
        span_skip(in, in->len - z->avail_in);
        *ret_len = OUT_SIZE - z->avail_out;
        switch (r) {
        case LZMA_OK:
        case LZMA_BUF_ERROR:
                return 1;
        case LZMA_STREAM_END:
                return 0;
        case LZMA_GET_CHECK:
                return xz_check(z, err);
        case LZMA_MEMLIMIT_ERROR:
                return err_set(err, -ENOTSUP,
                               "unpacking the %s stream needs more than %u MiB of memory",
                               d->method->name, COMPRESSION_WINDOW_MAX >> 20);
        case LZMA_OPTIONS_ERROR:
                return err_set(err, -ENOTSUP, "the %s stream uses options not known here",
                               d->method->name);
        default:
                return err_set(err, -EBADMSG, "the %s stream is damaged", d->method->name);
        }
}

static void lzma_stop(struct decoder *d)
{
        lzma_end(&d->u.lzma);
}

/* ---- zstd ------------------------------------------------------------------------------------ */

static int zstd_start(struct decoder *d)
{
        d->u.zstd = ZSTD_createDStream();
        if (!d->u.zstd)
                return -ENOMEM;
        ZSTD_DCtx_setParameter(d->u.zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
        return 0;
}

static int zstd_step(struct decoder *d, struct span *in, size_t *ret_len, struct err *err)
{
        ZSTD_inBuffer from = { in->data, in->len, 0 };
        ZSTD_outBuffer to = { d->out, OUT_SIZE, 0 };
        size_t r = ZSTD_decompressStream(d->u.zstd, &to, &from);

        span_skip(in, from.pos);
        *ret_len = to.pos;
        if (ZSTD_isError(r))
                return err_set(err, -EBADMSG, "the zstd stream is damaged: %s",
                               ZSTD_getErrorName(r));
        return r != 0;
}

static void zstd_stop(struct decoder *d)
{
        ZSTD_freeDStream(d->u.zstd);
}

/* ---- lz4, legacy frames ---------------------------------------------------------------------- */

static int lz4_start(struct decoder *d)
{
        d->u.lz4.block = (struct buf){ 0 };
        return 0;
}

static uint32_t le32(const char *p)
{
        const unsigned char *u = (const unsigned char *)p;

        return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

/* Have `n` bytes in the block buffer; 0 when the input ran dry before that. */
static int lz4_collect(struct decoder *d, struct span *in, size_t n)
{
        struct buf *b = &d->u.lz4.block;
        size_t more = n - b->len < in->len ? n - b->len : in->len;

        buf_append(b, in->data, more);
        span_skip(in, more);
        return b->len == n;
}

/* The format has no end mark: a size of 0, so the padding behind the stream, ends it. */
static int lz4_header(struct decoder *d, struct span *in, struct err *err)
{
        uint32_t size;

        if (!lz4_collect(d, in, 4))
                return 1;
        size = le32(d->u.lz4.block.data);
        d->u.lz4.block.len = 0;
        if (!d->u.lz4.started && size != LZ4_MAGIC)
                return err_set(err, -EBADMSG, "the lz4 stream has no legacy frame header");
        d->u.lz4.started = true;
        if (size == LZ4_MAGIC)
                return 1;
        if (size > (uint32_t)LZ4_compressBound(LZ4_BLOCK))
                return err_set(err, -EBADMSG,
                               "an lz4 block claims %u bytes, more than any has: the kernel stops "
                               "unpacking here",
                               size);
        d->u.lz4.wanted = size;
        return size != 0;
}

static int lz4_step(struct decoder *d, struct span *in, size_t *ret_len, struct err *err)
{
        int n;

        if (!d->u.lz4.wanted)
                return lz4_header(d, in, err);
        if (!lz4_collect(d, in, d->u.lz4.wanted))
                return 1;
        n = LZ4_decompress_safe(d->u.lz4.block.data, d->out, (int)d->u.lz4.block.len, LZ4_BLOCK);
        d->u.lz4.block.len = 0;
        d->u.lz4.wanted = 0;
        if (n < 0)
                return err_set(err, -EBADMSG, "the lz4 stream is damaged");
        *ret_len = (size_t)n;
        return 1;
}

/* Like the kernel, which takes less than a block header at the end for padding. */
static int lz4_finish(struct decoder *d, struct err *err)
{
        if (d->u.lz4.started && !d->u.lz4.wanted)
                return 0;
        return err_set(err, -EBADMSG, "the lz4 stream is cut off");
}

static void lz4_stop(struct decoder *d)
{
        buf_done(&d->u.lz4.block);
}

/* ---------------------------------------------------------------------------------------------- */

static const struct method methods[_COMPRESSION_MAX] = {
        [COMPRESSION_NONE] = { "none" },
        [COMPRESSION_GZIP] = { "gzip", { 0x1f, 0x8b }, OUT_SIZE, gzip_start, gzip_step, gzip_stop },
        [COMPRESSION_BZIP2] = { "bzip2",
                                { 'B', 'Z' },
                                OUT_SIZE,
                                bzip2_start,
                                bzip2_step,
                                bzip2_stop },
        [COMPRESSION_LZMA] = { "lzma", { 0x5d, 0x00 }, OUT_SIZE, lzma_start, lzma_step, lzma_stop },
        [COMPRESSION_XZ] = { "xz", { 0xfd, '7' }, OUT_SIZE, xz_start, lzma_step, lzma_stop },
        [COMPRESSION_LZO] = { "lzo", { 0x89, 'L' } },
        [COMPRESSION_LZ4] = { "lz4",
                              { 0x02, 0x21 },
                              LZ4_BLOCK,
                              lz4_start,
                              lz4_step,
                              lz4_stop,
                              lz4_finish },
        [COMPRESSION_ZSTD] = { "zstd", { 0x28, 0xb5 }, OUT_SIZE, zstd_start, zstd_step, zstd_stop },
};

const char *compression_name(enum compression c)
{
        return methods[c].name;
}

enum compression compression_detect(struct span head)
{
        for (int c = COMPRESSION_GZIP; c < _COMPRESSION_MAX; c++)
                if (head.len >= 2 && memcmp(head.data, methods[c].magic, 2) == 0)
                        return c;
        return COMPRESSION_NONE;
}

int decoder_new(enum compression c, struct decoder **ret, struct err *err)
{
        const struct method *m = &methods[c];
        struct decoder *d;

        if (!m->start)
                return err_set(err, -ENOTSUP, "%s compression is not supported here", m->name);
        d = xcalloc(1, sizeof(*d));
        d->method = m;
        if (m->start(d) < 0) {
                free(d);
                return err_set(err, -ENOTSUP, "the %s decompressor does not start", m->name);
        }
        d->out = xmalloc(m->out_size);
        *ret = d;
        return 0;
}

void decoder_free(struct decoder *d)
{
        if (!d)
                return;
        d->method->stop(d);
        free(d->out);
        free(d);
}

int decoder_step(struct decoder *d, struct span *in, struct span *ret_out, struct err *err)
{
        size_t len = 0;
        int r = d->method->step(d, in, &len, err);

        *ret_out = (struct span){ d->out, len };
        return r;
}

int decoder_finish(struct decoder *d, struct err *err)
{
        if (d->method->finish)
                return d->method->finish(d, err);
        return err_set(err, -EBADMSG, "the %s stream is cut off", d->method->name);
}
