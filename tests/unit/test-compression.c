#include "unit-cpio.h"

#include <errno.h>

static void test_detect(void **state _unused_)
{
        static const struct {
                struct span head;
                const char *name;
        } rows[] = {
                { SPAN("\x1f\x8b\x08"), "gzip" },
                { SPAN("BZh9"), "bzip2" },
                { SPAN("\x5d\0\0\x80"), "lzma" },
                { SPAN("\xfd"
                       "7zXZ\0"),
                  "xz" },
                { SPAN("\x89LZO"), "lzo" },
                { SPAN("\x02\x21\x4c\x18"), "lz4" },
                { SPAN("\x28\xb5\x2f\xfd"), "zstd" },
                { SPAN("\x04\x22\x4d\x18"), "none" },
                { SPAN("070701"), "none" },
                { SPAN("\x1f"), "none" },
                { SPAN(""), "none" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                assert_string_equal(compression_name(compression_detect(rows[i].head)),
                                    rows[i].name);
}

/* Everything a decoder makes of the bytes, given `step` at a time; what is left behind its end. */
static int decode(enum compression c, struct span in, size_t step, struct buf *out,
                  struct span *ret_rest, struct err *err)
{
        cleanup_decoder struct decoder *d = NULL;
        struct span piece = { in.data, 0 };
        int r = decoder_new(c, &d, err);

        for (int idle = 0; r >= 0 && idle < 4;) {
                size_t before = piece.len;
                struct span made;

                r = decoder_step(d, &piece, &made, err);
                if (r < 0)
                        break;
                buf_append(out, made.data, made.len);
                in.data += before - piece.len;
                in.len -= before - piece.len;
                if (r == 0)
                        break;
                idle = made.len == 0 && piece.len == before ? idle + 1 : 0;
                if (piece.len > 0 || made.len > 0)
                        continue;
                if (in.len == 0) {
                        r = decoder_finish(d, err);
                        break;
                }
                piece = (struct span){ in.data, step < in.len ? step : in.len };
        }
        *ret_rest = in;
        return r;
}

static const enum compression all[] = {
        COMPRESSION_GZIP, COMPRESSION_BZIP2, COMPRESSION_LZMA,
        COMPRESSION_XZ,   COMPRESSION_LZ4,   COMPRESSION_ZSTD,
};

/* To the byte, even where the same format follows. */
static void test_exact_end(void **state _unused_)
{
        static const size_t steps[] = { 1, 13, 65536 };
        cleanup_buf struct buf plain = { 0 };

        for (int i = 0; i < 3000; i++)
                buf_printf(&plain, "%d ", i * 7919);
        for (size_t i = 0; i < ARRAY_SIZE(all) * ARRAY_SIZE(steps); i++) {
                enum compression c = all[i / ARRAY_SIZE(steps)];
                cleanup_buf struct buf b = { 0 }, out = { 0 };
                struct err err = { 0 };
                struct span rest;
                size_t end;

                print_message("# %s\n", compression_name(c));
                unit_compress(c, buf_span(&plain), &b);
                if (c == COMPRESSION_LZ4)
                        buf_append(&b, "\0\0\0\0", 4);
                end = b.len;
                unit_compress(c, buf_span(&plain), &b);
                assert_int_equal(
                        decode(c, buf_span(&b), steps[i % ARRAY_SIZE(steps)], &out, &rest, &err),
                        0);
                assert_int_equal(out.len, plain.len);
                assert_memory_equal(out.data, plain.data, plain.len);
                assert_int_equal(rest.len, b.len - end);
        }
}

static void test_errors(void **state _unused_)
{
        static const struct {
                const char *name;
                enum compression c;
                struct span bytes;
                int code;
                const char *error;
        } rows[] = {
                { "lzo", COMPRESSION_LZO, SPAN("\x89LZO"), -ENOTSUP,
                  "lzo compression is not supported here" },
                { "gzip, cut", COMPRESSION_GZIP, SPAN("\x1f\x8b\x08\0"), -EBADMSG,
                  "the gzip stream is cut off" },
                { "gzip, other method", COMPRESSION_GZIP, SPAN("\x1f\x8b\x07\0"), -EBADMSG,
                  "the gzip stream is damaged: unknown compression method" },
                { "bzip2, no digit", COMPRESSION_BZIP2, SPAN("BZhx"), -EBADMSG,
                  "the bzip2 stream is damaged" },
                { "lzma with a window of 4 GiB", COMPRESSION_LZMA,
                  SPAN("\x5d\0\0\0\xc0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0"), -ENOTSUP,
                  "unpacking the lzma stream needs more than 128 MiB of memory" },
                { "xz, header damaged", COMPRESSION_XZ,
                  SPAN("\xfd"
                       "7zXZ\0\0\1\0\0\0\0"),
                  -EBADMSG, "the xz stream is damaged" },
                { "lz4, modern frame", COMPRESSION_LZ4, SPAN("\x02\x21\x4d\x18"), -EBADMSG,
                  "the lz4 stream has no legacy frame header" },
                { "lz4, block too large", COMPRESSION_LZ4, SPAN("\x02\x21\x4c\x18\xff\xff\xff\xff"),
                  -EBADMSG,
                  "an lz4 block claims 4294967295 bytes, more than any has: the kernel stops "
                  "unpacking here" },
                { "lz4, a block cut off", COMPRESSION_LZ4, SPAN("\x02\x21\x4c\x18\x10\0\0\0abc"),
                  -EBADMSG, "the lz4 stream is cut off" },
                { "lz4, less than a block header at the end", COMPRESSION_LZ4,
                  SPAN("\x02\x21\x4c\x18\0\0"), 0, "" },
                { "zstd with a window of 1 TiB", COMPRESSION_ZSTD,
                  SPAN("\x28\xb5\x2f\xfd\x00\xf0\x01\x00\x00\x00"), -EBADMSG,
                  "the zstd stream is damaged: Frame requires too much memory for decoding" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_buf struct buf out = { 0 };
                struct err err = { 0 };
                struct span rest;

                print_message("# %s\n", rows[i].name);
                assert_int_equal(decode(rows[i].c, rows[i].bytes, 65536, &out, &rest, &err),
                                 rows[i].code);
                assert_string_equal(err.text, rows[i].error);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_detect),
                cmocka_unit_test(test_exact_end),
                cmocka_unit_test(test_errors),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
