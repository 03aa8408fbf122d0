#include "unit.h"

#include <errno.h>

#include "base/buf.h"
#include "parse/blkidout.h"

/* One device as one line, for comparing. */
static void print_device(struct buf *out, const struct blkidout_device *d)
{
        buf_printf(out, "%s uuid=%s label=%s type=%s partuuid=%s partlabel=%s\n", d->name,
                   d->uuid ? d->uuid : "-", d->label ? d->label : "-", d->type ? d->type : "-",
                   d->partuuid ? d->partuuid : "-", d->partlabel ? d->partlabel : "-");
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *devices;
        } rows[] = {
                { "nothing", "", "" },
                { "plain", "/dev/xvda1: UUID=\"u\" TYPE=\"ext4\"\n",
                  "/dev/xvda1 uuid=u label=- type=ext4 partuuid=- partlabel=-\n" },
                { "no newline at the end", "/dev/xvda1: UUID=\"u\"",
                  "/dev/xvda1 uuid=u label=- type=- partuuid=- partlabel=-\n" },
                { "label first, PARTUUID is no UUID",
                  "/dev/xvda1: LABEL=\"root\" PARTUUID=\"p\" UUID_SUB=\"s\" UUID=\"u\" "
                  "BLOCK_SIZE=\"4096\" TYPE=\"ext4\" PARTLABEL=\"Linux x\"\n",
                  "/dev/xvda1 uuid=u label=root type=ext4 partuuid=p partlabel=Linux x\n" },
                { "a partition without a file system",
                  "/dev/xvda14: PARTUUID=\"p\" PARTLABEL=\"BIOS\"\n",
                  "/dev/xvda14 uuid=- label=- type=- partuuid=p partlabel=BIOS\n" },
                { "a disk", "/dev/xvda: PTUUID=\"x\" PTTYPE=\"gpt\"\n",
                  "/dev/xvda uuid=- label=- type=- partuuid=- partlabel=-\n" },
                { "blkid -p",
                  "/dev/xvda1: UUID=\"u\" PART_ENTRY_UUID=\"p\" PART_ENTRY_NAME=\"n\"\n",
                  "/dev/xvda1 uuid=u label=- type=- partuuid=p partlabel=n\n" },
                { "CRLF, blank lines, blanks at both ends",
                  "\r\n\n  /dev/xvda1: UUID=\"u\" \r\n\n/dev/xvdf:\tUUID=\"v\"\r\n",
                  "/dev/xvda1 uuid=u label=- type=- partuuid=- partlabel=-\n"
                  "/dev/xvdf uuid=v label=- type=- partuuid=- partlabel=-\n" },
                { "escapes", "/dev/xvdf: LABEL=\"a\\\"b\\\\c\" UUID=\"u\"\n",
                  "/dev/xvdf uuid=u label=a\"b\\c type=- partuuid=- partlabel=-\n" },
                { "M- and ^ stay", "/dev/xvdf: LABEL=\"M-CM-)^A\" UUID=\"u\"\n",
                  "/dev/xvdf uuid=u label=M-CM-)^A type=- partuuid=- partlabel=-\n" },
                { "an unescaped quote of old versions", "/dev/xvdf: LABEL=\"a\"b\" UUID=\"u\"\n",
                  "/dev/xvdf uuid=u label=a\"b type=- partuuid=- partlabel=-\n" },
                { "a label that looks like a tag", "/dev/xvdf: LABEL=\"UUID=x\" UUID=\"u\"\n",
                  "/dev/xvdf uuid=u label=UUID=x type=- partuuid=- partlabel=-\n" },
                { "a colon in the name", "/dev/disk/by-path/pci-0000:00:04.0: UUID=\"u\"\n",
                  "/dev/disk/by-path/pci-0000:00:04.0 uuid=u label=- type=- partuuid=- "
                  "partlabel=-\n" },
                { "an empty value", "/dev/xvdf: LABEL=\"\" UUID=\"u\"\n",
                  "/dev/xvdf uuid=u label=- type=- partuuid=- partlabel=-\n" },
                { "raw UTF-8", "/dev/xvdf: LABEL=\"\xc3\xa9\" UUID=\"u\"\n",
                  "/dev/xvdf uuid=u label=\xc3\xa9 type=- partuuid=- partlabel=-\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_blkidout struct blkidout o = { 0 };
                cleanup_buf struct buf out = { 0 };
                struct err err = { 0 };

                print_message("# %s\n", rows[i].name);
                assert_int_equal(blkidout_parse(span_of(rows[i].text), &o, &err), 0);
                buf_puts(&out, "");
                for (size_t j = 0; j < o.n; j++)
                        print_device(&out, &o.v[j]);
                assert_string_equal(out.data, rows[i].devices);
        }
}

static void test_refuses(void **state _unused_)
{
#define NOT_A_LINE "not a line of blkid(8), as /dev/xvda1: UUID=\"...\""
        static const struct {
                const char *name;
                struct span text;
                const char *error;
        } rows[] = {
                { "something else", SPAN("\nUUID=x / ext4\n"), "line 2: " NOT_A_LINE },
                { "the export format", SPAN("DEVNAME=/dev/xvda1\n"), "line 1: " NOT_A_LINE },
                { "no tags", SPAN("/dev/xvda1: \n"), "line 1: " NOT_A_LINE },
                { "no name", SPAN(": UUID=\"u\"\n"), "line 1: " NOT_A_LINE },
                { "no quotes", SPAN("/dev/a: UUID=\"u\"\n/dev/b: UUID=u\n"),
                  "line 2: no TAG=\"value\" where one belongs" },
                { "text after the tags", SPAN("/dev/a: UUID=\"u\" and more\n"),
                  "line 1: no TAG=\"value\" where one belongs" },
                { "cut off", SPAN("/dev/a: TYPE=\"ext4\" UUID=\"5f2c-"),
                  "line 1: the value of UUID has no end" },
                { "cut off after a backslash", SPAN("/dev/a: LABEL=\"x\\"),
                  "line 1: the value of LABEL has no end" },
                { "smuggled in by a label", SPAN("/dev/a: LABEL=\"x\" UUID=\"evil\" UUID=\"u\"\n"),
                  "line 1: UUID stands there twice" },
                { "NUL", SPAN("/dev/a: UUID=\"u\0\"\n"), "line 1: a NUL byte" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct blkidout o = { 0 };
                struct err err = { 0 };

                print_message("# %s\n", rows[i].name);
                assert_int_equal(blkidout_parse(rows[i].text, &o, &err), -EINVAL);
                assert_string_equal(err.text, rows[i].error);
                assert_null(o.v);
        }
}

static void test_cap(void **state _unused_)
{
        cleanup_buf struct buf text = { 0 };
        struct blkidout o = { 0 };
        struct err err = { 0 };

        for (int i = 0; i <= BLKIDOUT_DEVICES_MAX; i++)
                buf_puts(&text, "/dev/a: UUID=\"u\"\n");
        assert_int_equal(blkidout_parse(buf_span(&text), &o, &err), -EFBIG);
        assert_string_equal(err.text, "line 4097: more than 4096 devices");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_refuses),
                cmocka_unit_test(test_cap),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
