#include "unit.h"

#include "parse/kcmdline.h"

static char *describe(struct span line)
{
        cleanup_kcmdline struct kcmdline c = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (kcmdline_parse(line, &c, &err) < 0)
                return xstrdup(err.text);
        for (size_t i = 0; i < c.n; i++) {
                buf_printf(&out, "{%s", c.params[i].name);
                if (c.params[i].value)
                        buf_printf(&out, "|%s", c.params[i].value);
                buf_puts(&out, "}");
        }
        return buf_take(&out);
}

static void test_line(void **state _unused_)
{
        static const struct {
                const char *name, *line, *expected;
        } rows[] = {
                { "empty", "", "" },
                { "blanks", " \t\n ", "" },
                { "usual", "root=UUID=1-2 ro  console=tty0 console=ttyS0,115200",
                  "{root|UUID=1-2}{ro}{console|tty0}{console|ttyS0,115200}" },
                { "empty value", "a= b", "{a|}{b}" },
                { "quoted value", "a=\"b c\" d", "{a|b c}{d}" },
                { "quoted argument", "\"a=b c\" d", "{a|b c}{d}" },
                { "quoted name", "\"a b\" d", "{a b}{d}" },
                { "quote in the middle", "a=b\" c\"d", "{a|b\" c\"d}" },
                { "quote at the end stays", "a=b\" c\"", "{a|b\" c\"}" },
                { "never closed", "a=\"b c", "{a|b c}" },
                { "both quoted", "\"a=\"b\"", "{a|b}" },
                { "lone quote", "\"", "{}" },
                { "empty quotes", "a=\"\"", "{a|}" },
                { "equals first", "=a b", "{=a}{b}" },
                { "two equals first", "==a", "{=|a}" },
                { "for init", "a -- b=c", "{a}" },
                { "quoted dashes are the same", "a \"--\" b", "{a}" },
                { "dashes with a value", "--=x b", "{--|x}{b}" },
                { "no-break space",
                  "a\xa0"
                  "b",
                  "{a}{b}" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(span_of(rows[i].line));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_caps(void **state _unused_)
{
        cleanup_free char *text = xcalloc(1, KCMDLINE_MAX + 2);
        cleanup_free char *longest = NULL, *most = NULL, *nul = describe(SPAN("a\0b"));

        memset(text, 'x', KCMDLINE_MAX + 1);
        longest = describe(span_of(text));
        assert_string_equal(longest, "a command line of more than 65536 bytes");
        for (size_t i = 0; i < KCMDLINE_MAX; i += 2)
                text[i] = ' ';
        text[KCMDLINE_MAX] = '\0';
        most = describe(span_of(text));
        assert_string_equal(most, "more than 4096 parameters");
        assert_string_equal(nul, "a command line with a NUL byte");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_line),
                cmocka_unit_test(test_caps),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
