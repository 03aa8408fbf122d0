#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/pe.h"

#define FILE_LEN 0x800
#define TABLE    (0x40 + 24 + 0xf0)

static char image[FILE_LEN];

static void put16(size_t at, unsigned value)
{
        image[at] = (char)value;
        image[at + 1] = (char)(value >> 8);
}

static void put32(size_t at, unsigned value)
{
        put16(at, value & 0xffff);
        put16(at + 2, value >> 16);
}

static void put_section(size_t i, const char *name, unsigned memory, unsigned file, unsigned offset)
{
        size_t at = TABLE + i * 40;

        memcpy(image + at, name, strlen(name));
        put32(at + 8, memory);
        put32(at + 16, file);
        put32(at + 20, offset);
}

/* Two sections, the second padded in the file. */
static void make_image(void)
{
        memset(image, 0, sizeof(image));
        memcpy(image, "MZ", 2);
        put32(0x3c, 0x40);
        memcpy(image + 0x40, "PE\0\0", 4);
        put16(0x44, PE_X86_64);
        put16(0x46, 2);
        put16(0x54, 0xf0);
        put_section(0, ".cmdline", 5, 0x200, 0x400);
        put_section(1, ".linux", 0x300, 0x200, 0x600);
}

/* "MACHINE NAME OFFSET+SIZE ..." or what is wrong. */
static char *describe(size_t head, uint64_t file_size)
{
        struct err err = { 0 };
        struct buf out = { 0 };
        struct pe pe = { 0 };

        if (pe_parse((struct span){ image, head }, file_size, &pe, &err) < 0)
                return xstrdup(err.text);
        buf_printf(&out, "%x", pe.machine);
        for (size_t i = 0; i < pe.n; i++)
                buf_printf(&out, " %s %llx+%llx", pe.sections[i].name,
                           (unsigned long long)pe.sections[i].offset,
                           (unsigned long long)pe.sections[i].size);
        return buf_take(&out);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name;
                size_t at; /* four bytes there become `value`; 0: none */
                unsigned value;
                size_t head;
                uint64_t size;
                const char *expected;
        } rows[] = {
                { "whole", 0, 0, FILE_LEN, FILE_LEN, "8664 .cmdline 400+5 .linux 600+200" },
                { "only the head is at hand", 0, 0, 0x200, FILE_LEN,
                  "8664 .cmdline 400+5 .linux 600+200" },
                { "empty", 0, 0, 0, 0, "no EFI program (PE)" },
                { "another mark", 0x40, 0, FILE_LEN, FILE_LEN, "no EFI program (PE)" },
                { "its header is far away", 0x3c, 0xfffffff0, FILE_LEN, FILE_LEN,
                  "no EFI program (PE)" },
                { "its header ends with the file", 0x3c, FILE_LEN - 4, FILE_LEN, FILE_LEN,
                  "no EFI program (PE)" },
                { "too many sections", 0x44, 97u << 16 | PE_X86_64, FILE_LEN, FILE_LEN,
                  "an EFI program of more than 96 sections" },
                { "the table is cut", 0, 0, TABLE + 79, FILE_LEN,
                  "a damaged EFI program: its table has no end" },
                { "the table is beyond the end", 0x54, 0xffff, FILE_LEN, FILE_LEN,
                  "a damaged EFI program: its table has no end" },
                { "the file is cut", 0, 0, 0x200, FILE_LEN - 1,
                  "a damaged EFI program: it ends before its sections" },
                { "a section beyond all", TABLE + 20, 0xffffffff, FILE_LEN, FILE_LEN,
                  "a damaged EFI program: it ends before its sections" },
                { "32 bits", 0x44, 2u << 16 | 0x14c, FILE_LEN, FILE_LEN,
                  "14c .cmdline 400+5 .linux 600+200" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = NULL;

                print_message("# %s\n", rows[i].name);
                make_image();
                if (rows[i].at)
                        put32(rows[i].at, rows[i].value);
                got = describe(rows[i].head, rows[i].size);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_find(void **state _unused_)
{
        struct err err = { 0 };
        struct pe pe = { 0 };

        make_image();
        put_section(1, ".cmdline", 1, 1, 0x600);
        assert_int_equal(pe_parse((struct span){ image, FILE_LEN }, FILE_LEN, &pe, &err), 0);
        assert_ptr_equal(pe_find(&pe, ".cmdline"), &pe.sections[0]);
        assert_null(pe_find(&pe, ".linux"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_find),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
