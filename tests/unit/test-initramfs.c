#include "unit-cpio.h"

#include <errno.h>

#include "parse/initramfs.h"

struct memory {
        struct span left;
        size_t step; /* at most so many bytes per read */
};

static ssize_t read_memory(void *context, void *data, size_t len)
{
        struct memory *m = context;
        size_t n = m->left.len < m->step ? m->left.len : m->step;

        if (n > len)
                n = len;
        memcpy(data, m->left.data, n);
        m->left.data += n;
        m->left.len -= n;
        return (ssize_t)n;
}

static bool on_member(void *context, const struct cpio_member *m)
{
        buf_printf(context, "%s ", m->name);
        return false;
}

static void on_content(void *context _unused_, struct span piece _unused_)
{
        fail();
}

/* The whole result as one text. */
static char *describe(struct span bytes, size_t step)
{
        static const char *const states[] = { "ok", "empty", "damaged", "unknown" };
        cleanup_initramfs struct initramfs i = { 0 };
        struct memory memory = { bytes, step };
        struct buf said = { 0 };
        struct initramfs_source source = { &memory, read_memory };
        struct cpio_events events = { &said, on_member, on_content };
        struct err err = { 0 };

        assert_int_equal(initramfs_read(&source, &events, &i, &err), 0);
        for (size_t n = 0; n < i.n; n++)
                buf_printf(&said, "[%llu %s %llu] ", (unsigned long long)i.segments[n].offset,
                           compression_name(i.segments[n].compression),
                           (unsigned long long)i.segments[n].members);
        buf_puts(&said, states[i.state]);
        if (i.why.text[0])
                buf_printf(&said, " %llu: %s", (unsigned long long)i.offset, i.why.text);
        return buf_take(&said);
}

static void make_archive(struct buf *b, const char *name)
{
        unit_cpio_add(b, &(struct unit_member){ name, 0100644, "some content" });
        unit_cpio_end(b);
}

/* An archive of 256 bytes, its compressed form, and what a step in a table appends. */
static void append(struct buf *b, enum compression c, const char *name)
{
        cleanup_buf struct buf archive = { 0 };

        make_archive(&archive, name);
        unit_compress(c, buf_span(&archive), b);
}

static void expect(struct span bytes, const char *want)
{
        static const size_t steps[] = { 1, 7, 65536 };

        for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
                cleanup_free char *text = describe(bytes, steps[i]);

                assert_string_equal(text, want);
        }
}

static const enum compression all[] = {
        COMPRESSION_GZIP, COMPRESSION_BZIP2, COMPRESSION_LZMA,
        COMPRESSION_XZ,   COMPRESSION_LZ4,   COMPRESSION_ZSTD,
};

/* Early microcode, the main segment in each compression, and an archive appended to it. */
static void test_every_compression(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
                cleanup_buf struct buf b = { 0 };
                cleanup_free char *want = NULL;
                size_t second, third;

                print_message("# %s\n", compression_name(all[i]));
                append(&b, COMPRESSION_NONE, "early");
                second = b.len;
                append(&b, all[i], "main");
                /* This format ends only at zeros (or at the end of all). */
                if (all[i] == COMPRESSION_LZ4)
                        buf_append(&b, "\0\0\0\0", 4);
                unit_cpio_pad(&b);
                third = b.len;
                append(&b, COMPRESSION_NONE, "appended");
                want = xasprintf("early main appended [0 none 1] [%zu %s 1] [%zu none 1] ok",
                                 second, compression_name(all[i]), third);
                expect(buf_span(&b), want);
        }
}

/* Compressed segments may follow each other at any byte, and zeros may follow them. */
static void test_every_pair(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(all); i++)
                for (size_t j = 0; j < ARRAY_SIZE(all); j++) {
                        cleanup_buf struct buf b = { 0 };
                        cleanup_free char *want = NULL;
                        size_t second;

                        append(&b, all[i], "one");
                        if (all[i] == COMPRESSION_LZ4)
                                buf_append(&b, "\0\0\0\0", 4);
                        second = b.len;
                        append(&b, all[j], "two");
                        buf_append(&b, "\0\0\0", 3);
                        want = xasprintf("one two [0 %s 1] [%zu %s 1] ok", compression_name(all[i]),
                                         second, compression_name(all[j]));
                        expect(buf_span(&b), want);
                }
}

static void test_two_archives_in_one_stream(void **state _unused_)
{
        cleanup_buf struct buf archives = { 0 }, b = { 0 };

        make_archive(&archives, "one");
        buf_append(&archives, "\0\0\0\0\0\0\0\0", 8);
        make_archive(&archives, "two");
        unit_compress(COMPRESSION_ZSTD, buf_span(&archives), &b);
        expect(buf_span(&b), "one two [0 zstd 2] ok");
}

static void test_cut_off(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
                cleanup_buf struct buf b = { 0 };

                append(&b, all[i], "main");
                for (size_t n = 2; n < b.len; n++) {
                        cleanup_free char *text = describe((struct span){ b.data, n }, 65536);

                        if (!strstr(text, "damaged 0: "))
                                fail_msg("%s cut at %zu: %s", compression_name(all[i]), n, text);
                }
        }
}

/* One bit turned anywhere in a stream with a checksum is seen. */
static void test_checksums(void **state _unused_)
{
        static const enum compression checked[] = { COMPRESSION_GZIP, COMPRESSION_BZIP2,
                                                    COMPRESSION_XZ };

        for (size_t i = 0; i < ARRAY_SIZE(checked); i++) {
                cleanup_buf struct buf b = { 0 };

                append(&b, checked[i], "main");
                /* Before the checksums that end each of them, in the midst of the data. */
                for (size_t n = 40; n < b.len - 40; n++) {
                        cleanup_free char *text = NULL;

                        b.data[n] ^= 4;
                        text = describe(buf_span(&b), 65536);
                        b.data[n] ^= 4;
                        if (!strstr(text, "damaged 0: "))
                                fail_msg("%s, byte %zu: %s", compression_name(checked[i]), n, text);
                }
        }
}

#define NO_ARCHIVE "no cpio archive and no compression the kernel knows begins there"

static void test_not_an_archive(void **state _unused_)
{
        static char zeros[5000], ext2[2048];
        static const struct {
                const char *name;
                struct span bytes;
                const char *want;
        } rows[] = {
                { "no bytes", { "", 0 }, "empty" },
                { "only zeros", { zeros, sizeof(zeros) }, "empty" },
                { "text", { "This is not an image\n", 21 }, "damaged 0: " NO_ARCHIVE },
                { "random", { "\x9c\x17\xe3\x44\x01", 5 }, "damaged 0: " NO_ARCHIVE },
                { "one byte", { "\x1f", 1 }, "damaged 0: " NO_ARCHIVE },
                { "text that begins with 0",
                  { "0 is not a header either", 24 },
                  "[0 none 0] damaged 0: the archive is cut off within a header" },
                { "lzo",
                  { "\x89LZO", 4 },
                  "[0 lzo 0] unknown 0: lzo compression is not supported here" },
                { "squashfs",
                  { "hsqs....", 8 },
                  "unknown 0: this is a squashfs file system (an old-style initrd), not an archive" },
                { "ext2",
                  { ext2, sizeof(ext2) },
                  "unknown 0: this is a ext2/3/4 file system (an old-style initrd), not an archive" },
                { "gzip of nothing a kernel reads",
                  { "\x1f\x8b\x08", 3 },
                  "[0 gzip 0] damaged 0: the gzip stream is cut off" },
        };

        memcpy(ext2 + 1080, "\x53\xef", 2);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *text = describe(rows[i].bytes, 65536);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(text, rows[i].want);
        }
}

static void test_junk_behind(void **state _unused_)
{
        cleanup_buf struct buf b = { 0 };
        cleanup_free char *want = NULL;

        append(&b, COMPRESSION_GZIP, "main");
        want = xasprintf("main [0 gzip 1] unknown %zu: something that is no archive follows the "
                         "last one, and what the kernel does then depends on its version",
                         b.len);
        buf_puts(&b, "junk");
        expect(buf_span(&b), want);
}

/* Only at a multiple of 4 does the kernel look for an uncompressed archive. */
static void test_misaligned(void **state _unused_)
{
        cleanup_buf struct buf b = { 0 };
        cleanup_free char *want = NULL;

        append(&b, COMPRESSION_GZIP, "main");
        buf_append(&b, "\0\0\0\0", 4 - (b.len & 3));
        buf_putc(&b, '\0');
        want = xasprintf("main [0 gzip 1] unknown %zu: something that is no archive follows the "
                         "last one, and what the kernel does then depends on its version",
                         b.len);
        append(&b, COMPRESSION_NONE, "appended");
        expect(buf_span(&b), want);
}

/* The kernel would take the next segment for a block, too. */
static void test_lz4_without_zeros_behind(void **state _unused_)
{
        cleanup_buf struct buf b = { 0 };

        append(&b, COMPRESSION_LZ4, "main");
        append(&b, COMPRESSION_NONE, "appended");
        expect(buf_span(&b), "main [0 lz4 1] damaged 0: an lz4 block claims 925906736 bytes, more "
                             "than any has: the kernel stops unpacking here");
}

static void test_streams_the_kernel_refuses(void **state _unused_)
{
        cleanup_buf struct buf archive = { 0 }, cut = { 0 }, text = { 0 }, nothing = { 0 };
        char xz[4096];
        size_t len;

        make_archive(&archive, "main");
        len = unit_compress_xz(buf_span(&archive), LZMA_CHECK_CRC64, xz, sizeof(xz));
        expect((struct span){ xz, len },
               "[0 xz 0] damaged 0: the xz stream has a CRC64 check, and the kernel reads only "
               "CRC32");
        unit_compress(COMPRESSION_ZSTD, (struct span){ archive.data, 120 }, &cut);
        expect(buf_span(&cut), "main [0 zstd 1] damaged 0: the archive is cut off within main");
        unit_compress(COMPRESSION_ZSTD, SPAN("text"), &text);
        expect(buf_span(&text),
               "[0 zstd 0] damaged 0: the stream holds something else than cpio archives");
        unit_compress(COMPRESSION_GZIP, SPAN(""), &nothing);
        expect(buf_span(&nothing), "[0 gzip 0] damaged 0: the stream holds no archive");
}

static ssize_t read_fails(void *context _unused_, void *data _unused_, size_t len _unused_)
{
        return -EIO;
}

static void test_read_error(void **state _unused_)
{
        struct initramfs_source source = { NULL, read_fails };
        struct cpio_events events = { NULL, on_member, on_content };
        struct initramfs i = { 0 };
        struct err err = { 0 };

        assert_int_equal(initramfs_read(&source, &events, &i, &err), -EIO);
        assert_string_equal(err.text, "reading at byte 0: Input/output error");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_every_compression),
                cmocka_unit_test(test_every_pair),
                cmocka_unit_test(test_two_archives_in_one_stream),
                cmocka_unit_test(test_cut_off),
                cmocka_unit_test(test_checksums),
                cmocka_unit_test(test_not_an_archive),
                cmocka_unit_test(test_junk_behind),
                cmocka_unit_test(test_misaligned),
                cmocka_unit_test(test_lz4_without_zeros_behind),
                cmocka_unit_test(test_streams_the_kernel_refuses),
                cmocka_unit_test(test_read_error),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
