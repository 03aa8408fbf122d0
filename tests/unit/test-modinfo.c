#include <errno.h>

#include "unit-elf.h"

#include "base/str.h"
#include "parse/modinfo.h"

#define INFO "parmtype=io_timeout:uint\0vermagic=6.1.0 SMP \0\0\0alias=pci:x=y\0plain\0last=1"

static void test_kinds(void **state _unused_)
{
        for (int kind = 0; kind < 4; kind++) {
                struct elf_builder b = { .wide = kind & 1, .big = kind & 2 };
                struct span section, value;
                struct err err = { 0 };

                elf_build(&b, SPAN(INFO));
                assert_int_equal(modinfo_section(buf_span(&b.b), ".modinfo", &section, &err), 1);
                assert_int_equal(section.len, sizeof(INFO) - 1);
                assert_memory_equal(section.data, INFO, section.len);
                assert_true(modinfo_find(section, "vermagic", &value));
                assert_true(span_eq(value, "6.1.0 SMP "));
                buf_done(&b.b);
        }
}

/* A file cut off anywhere is refused, never read beyond. */
static void test_cut(void **state _unused_)
{
        for (int kind = 0; kind < 4; kind++) {
                struct elf_builder b = { .wide = kind & 1, .big = kind & 2 };

                elf_build(&b, SPAN(INFO));
                for (size_t len = 0; len < b.b.len; len++) {
                        cleanup_free char *exact = malloc(len ? len : 1);
                        struct span section;
                        struct err err = { 0 };

                        memcpy(exact, b.b.data, len);
                        assert_int_equal(modinfo_section((struct span){ exact, len }, ".modinfo",
                                                         &section, &err),
                                         -EINVAL);
                        assert_int_not_equal(*err.text, 0);
                }
                buf_done(&b.b);
        }
}

static void test_damaged(void **state _unused_)
{
        static const struct {
                const char *name;
                size_t at; /* of a file of 64 bits */
                const char *bytes;
                size_t len;
                int want;
        } cases[] = {
                { "another class", 4, "\3", 1, -EINVAL },
                { "another byte order", 5, "\0", 1, -EINVAL },
                { "headers far away", 0x28, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, -EINVAL },
                { "short headers", 0x3a, "\x10\0", 2, -EINVAL },
                { "no sections", 0x3c, "\0\0", 2, -EINVAL },
                { "names outside", 0x3e, "\3\0", 2, -EINVAL },
                { "names elsewhere", 0x3e, "\xff\xff", 2, -EINVAL },
                { "the section under another name", 64 + sizeof(INFO) - 1 + 3, "x", 1, 0 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                struct elf_builder b = { .wide = true };
                struct span section;
                struct err err = { 0 };

                print_message("# %s\n", cases[i].name);
                elf_build(&b, SPAN(INFO));
                memcpy(b.b.data + cases[i].at, cases[i].bytes, cases[i].len);
                assert_int_equal(modinfo_section(buf_span(&b.b), ".modinfo", &section, &err),
                                 cases[i].want);
                buf_done(&b.b);
        }
}

static void test_next(void **state _unused_)
{
        struct span rest = SPAN(INFO), key, value;
        struct buf b = { 0 };

        while (modinfo_next(&rest, &key, &value))
                buf_printf(&b, "[%.*s|%.*s]", (int)key.len, key.data, (int)value.len, value.data);
        assert_string_equal(b.data, "[parmtype|io_timeout:uint][vermagic|6.1.0 SMP ]"
                                    "[alias|pci:x=y][last|1]");
        buf_done(&b);
}

static void test_param_type(void **state _unused_)
{
        static const struct span own = SPAN("parm=io_timeout:timeout\0parmtype=io_timeout:uint\0"
                                            "parmtype=io_timeout_max:byte");
        static const struct span builtin = SPAN("nvme_core.parmtype=io_timeout:byte\0"
                                                "nvme.parmtype=io_timeout:uint");
        static const struct {
                const struct span *section;
                const char *module, *param, *want;
        } cases[] = {
                { &own, NULL, "io_timeout", "uint" },
                { &own, NULL, "io_timeout_max", "byte" },
                { &own, NULL, "timeout", NULL },
                { &own, "nvme_core", "io_timeout", NULL },
                { &builtin, "nvme_core", "io_timeout", "byte" },
                { &builtin, "nvme", "io_timeout", "uint" },
                { &builtin, "core", "io_timeout", NULL },
                { &builtin, NULL, "io_timeout", NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                struct span type = SPAN("");
                bool found = modinfo_param_type(*cases[i].section, cases[i].module, cases[i].param,
                                                &type);

                assert_int_equal(found, cases[i].want != NULL);
                assert_true(span_eq(type, cases[i].want ? cases[i].want : ""));
        }
}

static void test_fit(void **state _unused_)
{
        static const struct {
                const char *type, *value;
                enum modinfo_fit want;
                const char *max;
        } cases[] = {
                { "byte", "255", MODINFO_FITS, "255" },
                { "byte", "256", MODINFO_TOO_LARGE, "255" },
                { "byte", "4294967295", MODINFO_TOO_LARGE, "255" },
                { "byte", "0xff", MODINFO_FITS, "255" },
                { "byte", "0377", MODINFO_FITS, "255" },
                { "byte", "09", MODINFO_NO_NUMBER, "255" },
                { "byte", "0x", MODINFO_NO_NUMBER, "255" },
                { "byte", "-1", MODINFO_NO_NUMBER, "255" },
                { "byte", "+1", MODINFO_FITS, "255" },
                { "byte", "++1", MODINFO_NO_NUMBER, "255" },
                { "byte", "", MODINFO_NO_NUMBER, "255" },
                { "byte", NULL, MODINFO_NO_NUMBER, "255" },
                { "byte", "30s", MODINFO_NO_NUMBER, "255" },
                { "byte", " 30", MODINFO_NO_NUMBER, "255" },
                { "byte", "30\n", MODINFO_FITS, "255" },
                { "short", "-32768", MODINFO_FITS, "32767" },
                { "short", "-32769", MODINFO_TOO_LARGE, "32767" },
                { "ushort", "65536", MODINFO_TOO_LARGE, "65535" },
                { "int", "2147483648", MODINFO_TOO_LARGE, "2147483647" },
                { "uint", "4294967295", MODINFO_FITS, "4294967295" },
                { "uint", "4294967296", MODINFO_TOO_LARGE, "4294967295" },
                { "ulong", "18446744073709551615", MODINFO_FITS, "18446744073709551615" },
                { "ulong", "18446744073709551616", MODINFO_TOO_LARGE, "18446744073709551615" },
                { "ulong", "99999999999999999999999s", MODINFO_TOO_LARGE, "18446744073709551615" },
                { "long", "-9223372036854775808", MODINFO_FITS, "9223372036854775807" },
                { "bool", "maybe", MODINFO_NO_OPINION, NULL },
                { "charp", "x", MODINFO_NO_OPINION, NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                const char *max;

                print_message("# %s %s\n", cases[i].type, cases[i].value ? cases[i].value : "NULL");
                assert_int_equal(modinfo_value_fit(cases[i].type, cases[i].value, &max),
                                 cases[i].want);
                assert_true(streq(max, cases[i].max));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_kinds),      cmocka_unit_test(test_cut),
                cmocka_unit_test(test_damaged),    cmocka_unit_test(test_next),
                cmocka_unit_test(test_param_type), cmocka_unit_test(test_fit),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
