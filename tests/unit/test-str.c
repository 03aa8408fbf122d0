#include "unit.h"

#include <errno.h>

#include "base/str.h"

static void test_to_u64(void **state _unused_)
{
        static const struct {
                const char *text;
                int result;
                uint64_t value;
        } rows[] = {
                { "", -EINVAL, 0 },
                { "0", 0, 0 },
                { "18446744073709551615", 0, UINT64_MAX },
                { "18446744073709551616", -ERANGE, 0 },
                { "99999999999999999999", -ERANGE, 0 },
                { "-1", -EINVAL, 0 },
                { " 1", -EINVAL, 0 },
                { "1x", -EINVAL, 0 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                uint64_t value = 0;

                print_message("# \"%s\"\n", rows[i].text);
                assert_int_equal(str_to_u64(span_of(rows[i].text), &value), rows[i].result);
                assert_true(value == rows[i].value);
        }
}

static void test_to_utf8(void **state _unused_)
{
        static const struct {
                const char *name;
                struct span in;
                const char *out;
        } rows[] = {
                { "ascii", SPAN("abc"), "abc" },
                { "nul", SPAN("a\0b"), "a\\x00b" },
                { "two bytes", SPAN("\xc3\xa9"), "\xc3\xa9" },
                { "overlong", SPAN("\xc0\xaf"), "\\xc0\\xaf" },
                { "surrogate", SPAN("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
                { "cut off", SPAN("\xe2\x82"), "\\xe2\\x82" },
                { "four bytes", SPAN("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80" },
                { "beyond Unicode", SPAN("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
                { "latin-1", SPAN("caf\xe9 x"), "caf\\xe9 x" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *out = str_to_utf8(rows[i].in);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(out, rows[i].out);
        }
}

static void test_distance(void **state _unused_)
{
        assert_int_equal(str_distance("check", "check"), 0);
        assert_int_equal(str_distance("chekc", "check"), 2);
        assert_int_equal(str_distance("", "abc"), 3);
        assert_int_equal(str_distance("kitten", "sitting"), 3);
}

static void test_strv(void **state _unused_)
{
        cleanup_strv struct strv l = { 0 };

        for (int i = 20; i > 0; i--)
                strv_push_take(&l, xasprintf("%02d", i));
        strv_sort(&l);
        assert_int_equal(l.n, 20);
        assert_string_equal(l.v[0], "01");
        assert_string_equal(l.v[19], "20");
        assert_true(strv_contains(&l, "07"));
        assert_false(strv_contains(&l, "7"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_to_u64),
                cmocka_unit_test(test_to_utf8),
                cmocka_unit_test(test_distance),
                cmocka_unit_test(test_strv),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
