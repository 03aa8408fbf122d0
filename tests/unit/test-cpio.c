#include "unit-cpio.h"

#include <errno.h>

#include "parse/cpio.h"

/* Everything the parser says, as text. */
static bool on_member(void *context, const struct cpio_member *m)
{
        buf_printf(context, "%s %o %llu ino%u nlink%u archive%u\n", m->name, m->mode,
                   (unsigned long long)m->size, m->ino, m->nlink, m->archive);
        return m->name[0] != 's';
}

static void on_content(void *context, struct span piece)
{
        if (piece.len > 0)
                buf_append(context, piece.data, piece.len);
        else
                buf_puts(context, "|\n");
}

/* `step` bytes at a time; the return code of the last call, and where it stopped. */
static int run(struct span bytes, uint64_t offset, size_t step, struct buf *said, size_t *ret_rest,
               struct err *err)
{
        struct cpio_events events = { said, on_member, on_content };
        struct cpio c;
        int r = 1;

        cpio_init(&c, &events);
        cpio_begin(&c, offset);
        while (bytes.len > 0 && r > 0) {
                struct span piece = { bytes.data, step < bytes.len ? step : bytes.len };
                size_t len = piece.len;

                r = cpio_feed(&c, &piece, err);
                bytes.data += len - piece.len;
                bytes.len -= len - piece.len;
        }
        *ret_rest = bytes.len;
        return r < 0 ? r : cpio_finish(&c, err) < 0 ? -EBADMSG : r;
}

static const struct unit_member members[] = {
        { "dir", 040755 },
        { "file", 0100644, "hello" },
        { "skipped", 0100600, "not wanted" },
        { "empty", 0100644 },
        { "link", 0120777, "usr/lib" },
        { "one", 0100644, NULL, 0, 7, 2 },
        { "two", 0100644, "shared", 0, 7, 2 },
};

static const char members_said[] = "dir 40755 0 ino0 nlink1 archive0\n|\n"
                                   "file 100644 5 ino0 nlink1 archive0\nhello|\n"
                                   "skipped 100600 10 ino0 nlink1 archive0\n"
                                   "empty 100644 0 ino0 nlink1 archive0\n|\n"
                                   "link 120777 7 ino0 nlink1 archive0\nusr/lib|\n"
                                   "one 100644 0 ino7 nlink2 archive0\n|\n"
                                   "two 100644 6 ino7 nlink2 archive0\nshared|\n";

static void make(struct buf *b)
{
        for (size_t i = 0; i < ARRAY_SIZE(members); i++)
                unit_cpio_add(b, &members[i]);
}

/* However the bytes are cut, the parser says the same. */
static void test_pieces(void **state _unused_)
{
        static const size_t steps[] = { 1, 2, 3, 5, 64, 109, 110, 111, 4096 };
        cleanup_buf struct buf b = { 0 };

        make(&b);
        unit_cpio_end(&b);
        for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
                cleanup_buf struct buf said = { 0 };
                struct err err = { 0 };
                size_t rest;

                assert_int_equal(run(buf_span(&b), 0, steps[i], &said, &rest, &err), 1);
                assert_int_equal(rest, 0);
                if (steps[i] > 10)
                        assert_string_equal(said.data, members_said);
        }
}

static void test_between(void **state _unused_)
{
        static const struct {
                const char *name;
                struct span after;
                uint64_t offset;
                int code;
                size_t rest;
                const char *error;
        } rows[] = {
                { "no trailer, nothing", SPAN(""), 0, 1, 0, "" },
                { "zeros", SPAN("\0\0\0\0\0"), 0, 1, 0, "" },
                { "a segment behind zeros", SPAN("\0\0\0\0\x1f\x8b"), 0, 0, 2, "" },
                { "a segment at once", SPAN("\x1f\x8b"), 4096, 0, 2, "" },
                { "an odd number of zeros", SPAN("\0\0\x1f\x8b"), 0, -EBADMSG, 2,
                  "the padding between cpio members is broken" },
                { "text", SPAN("07070"), 0, -EBADMSG, 0, "the archive is cut off within a header" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_buf struct buf b = { 0 }, said = { 0 };
                struct err err = { 0 };
                size_t rest;

                print_message("# %s\n", rows[i].name);
                make(&b);
                buf_append(&b, rows[i].after.data, rows[i].after.len);
                assert_int_equal(run(buf_span(&b), rows[i].offset, 4096, &said, &rest, &err),
                                 rows[i].code);
                assert_int_equal(rest, rows[i].rest);
                assert_string_equal(err.text, rows[i].error);
                assert_string_equal(said.data, members_said);
        }
}

/* A new archive behind a trailer stops the parser once, so that it can be told apart. */
static void test_two_archives(void **state _unused_)
{
        cleanup_buf struct buf b = { 0 }, said = { 0 };
        struct cpio_events events = { &said, on_member, on_content };
        struct span in;
        struct err err = { 0 };
        struct cpio c;

        unit_cpio_add(&b, &(struct unit_member){ "a", 0100644 });
        unit_cpio_end(&b);
        unit_cpio_add(&b, &(struct unit_member){ "b", 0100644 });
        in = buf_span(&b);
        cpio_init(&c, &events);
        cpio_begin(&c, 0);
        assert_int_equal(cpio_feed(&c, &in, &err), 0);
        assert_int_equal(*in.data, '0');
        assert_int_equal(cpio_feed(&c, &in, &err), 1);
        assert_string_equal(said.data, "a 100644 0 ino0 nlink1 archive0\n|\n"
                                       "b 100644 0 ino0 nlink1 archive1\n|\n");
        assert_int_equal(c.members, 2);
}

static void test_damage(void **state _unused_)
{
        static const struct {
                const char *name;
                size_t at; /* overwritten there */
                const char *with;
                int code;
                const char *error;
        } rows[] = {
                { "old binary format", 0, "070707", -EBADMSG,
                  "no cpio header where one should be" },
                { "crc format", 0, "070702", 1, "" },
                { "not hexadecimal", 54, "0000000g", -EBADMSG, "a cpio header is not hexadecimal" },
                { "a sign is no number", 54, "-0000001", -EBADMSG,
                  "a cpio header is not hexadecimal" },
                { "name without an end", 94, "00000004", -EBADMSG,
                  "a cpio member's name has no end" },
                { "name too long is passed over", 94, "00001001", -EBADMSG,
                  "the archive is cut off within a member" },
                { "no name is passed over", 94, "00000000", 0, "" },
                { "huge file", 54, "ffffffff", -EBADMSG, "the archive is cut off within file" },
                { "device with content is passed over", 14, "000021a4", 1, "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_buf struct buf b = { 0 }, said = { 0 };
                struct err err = { 0 };
                size_t rest;
                int r;

                print_message("# %s\n", rows[i].name);
                unit_cpio_add(&b, &members[1]);
                unit_cpio_end(&b);
                memcpy(b.data + rows[i].at, rows[i].with, strlen(rows[i].with));
                r = run(buf_span(&b), 0, 4096, &said, &rest, &err);
                assert_string_equal(err.text, rows[i].error);
                assert_int_equal(r, rows[i].code);
        }
}

static void test_cut_anywhere(void **state _unused_)
{
        cleanup_buf struct buf b = { 0 };
        size_t good = 0;

        make(&b);
        for (size_t n = 0; n < b.len; n++) {
                cleanup_buf struct buf said = { 0 };
                struct err err = { 0 };
                size_t rest;
                int r = run((struct span){ b.data, n }, 0, 4096, &said, &rest, &err);

                assert_true(r == 1 || r == -EBADMSG);
                good += r == 1;
        }
        /* Before each member, and within the padding behind a content. */
        assert_int_equal(good, ARRAY_SIZE(members) + 3 + 2 + 1 + 2);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_pieces),       cmocka_unit_test(test_between),
                cmocka_unit_test(test_two_archives), cmocka_unit_test(test_damage),
                cmocka_unit_test(test_cut_anywhere),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
