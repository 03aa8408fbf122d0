#include "unit.h"

#include "base/wrap.h"

static void test_printable(void **state _unused_)
{
        static const struct {
                const char *name, *text, *expected;
        } rows[] = {
                { "plain", "plain text", "plain text" },
                { "tab", "a\tb", "a b" },
                { "escape sequence", "\033[2Jgone", "\\x1b[2Jgone" },
                { "delete", "a\x7f", "a\\x7f" },
                { "UTF-8 stays", "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9" },
                { "C1 control",
                  "a\xc2\x9b"
                  "1m",
                  "a\\xc2\\x9b1m" },
                { "no-break space stays", "\xc2\xa0", "\xc2\xa0" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *text = wrap_printable(rows[i].text);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(text, rows[i].expected);
        }
}

static void test_text(void **state _unused_)
{
        static const struct {
                const char *name, *label, *text, *expected;
        } rows[] = {
                { "empty", "Fix  ", "", "  Fix  \n" },
                { "short", "Fix  ", "two  words", "  Fix  two words\n" },
                { "wraps under its own beginning", "Fix  ",
                  "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 123456 x y",
                  "  Fix  1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 123456\n"
                  "       x y\n" },
                { "a long word stands whole", "",
                  "see https://docs.example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                  "  see\n"
                  "  https://docs.example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_buf struct buf out = { 0 };

                print_message("# %s\n", rows[i].name);
                wrap_text(&out, 2, rows[i].label, rows[i].text);
                assert_string_equal(out.data, rows[i].expected);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_printable),
                cmocka_unit_test(test_text),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
