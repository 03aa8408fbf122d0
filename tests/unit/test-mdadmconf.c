#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/mdadmconf.h"

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *want;
        } rows[] = {
                { "empty", "", "" },
                { "as Debian ships it",
                  "# mdadm.conf\n#DEVICE partitions containers\nHOMEHOST <system>\nMAILADDR root\n",
                  "3 other [<system>]\n4 other [root]\n" },
                { "keywords", "DEV a\ndevices b\nDEVICE c\narr d\nARRAY e\nde f\ndeviceses g\n",
                  "1 device [a]\n2 device [b]\n3 device [c]\n4 array [d]\n5 array [e]\n6 other [f]\n"
                  "7 other [g]\n" },
                { "continued", "ARRAY /dev/md0\n  UUID=1\n\tdevices=/dev/xvdf # x\n\nDEVICE a\n",
                  "1 array [/dev/md0] [UUID=1] [devices=/dev/xvdf]\n5 device [a]\n" },
                { "quotes and comments", "DEVICE \"/dev/a b\" '#c' d#e #f g\n",
                  "1 device [/dev/a b] [#c] [d#e]\n" },
                { "a continuation of nothing", "  DEVICE a\n", "1 device [a]\n" },
                { "crlf, no end", "DEVICE /dev/xvd*\r\nARRAY x",
                  "1 device [/dev/xvd*]\n2 array [x]\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                static const char *const names[] = { "device", "array", "other" };
                cleanup_mdadmconf struct mdadmconf c = { 0 };
                cleanup_buf struct buf b = { 0 };

                buf_puts(&b, "");
                assert_int_equal(mdadmconf_parse(span_of(rows[i].text), &c, NULL), 0);
                for (size_t e = 0; e < c.n; e++) {
                        buf_printf(&b, "%zu %s", c.v[e].line, names[c.v[e].keyword]);
                        for (size_t w = 0; w < c.v[e].n; w++)
                                buf_printf(&b, " [%s]", c.words[c.v[e].first + w].text);
                        buf_putc(&b, '\n');
                }
                if (!streq(b.data ? b.data : "", rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(b.data ? b.data : "", rows[i].want);
        }
}

static void test_value(void **state _unused_)
{
        cleanup_mdadmconf struct mdadmconf c = { 0 };
        const struct mdadmconf_word *word;

        assert_int_equal(
                mdadmconf_parse(SPAN("ARRAY /dev/md0 Devices=\"/dev/xvdf\",/dev/xvdg\n"), &c, NULL),
                0);
        assert_string_equal(mdadmconf_value(&c, &c.v[0], "devices", &word), "/dev/xvdf,/dev/xvdg");
        assert_true(span_eq(word->raw, "Devices=\"/dev/xvdf\",/dev/xvdg"));
        assert_null(mdadmconf_value(&c, &c.v[0], "device", NULL));
        assert_null(mdadmconf_value(&c, &c.v[0], "uuid", NULL));
}

static void test_limits(void **state _unused_)
{
        struct mdadmconf c = { 0 };
        struct err err = { 0 };
        cleanup_buf struct buf b = { 0 };

        assert_int_equal(mdadmconf_parse(SPAN("DEVICE a\0"), &c, &err), -EINVAL);
        assert_string_equal(err.text, "there is a NUL byte in it");
        buf_puts(&b, "DEVICE");
        for (size_t i = 0; i <= MDADMCONF_WORDS_MAX; i++)
                buf_puts(&b, " a");
        assert_int_equal(mdadmconf_parse(buf_span(&b), &c, &err), -E2BIG);
        assert_string_equal(err.text, "it has more than 10000 words");
        assert_int_equal(c.n, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_value),
                cmocka_unit_test(test_limits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
