#include "unit.h"

#include "base/buf.h"
#include "parse/lines.h"

/* Each line as "number:text|ending", in one string. */
static char *describe(struct span text)
{
        struct buf b = { 0 };
        struct lines l = lines_of(text);
        struct line line;

        while (lines_next(&l, &line)) {
                buf_printf(&b, "%zu:", line.number);
                buf_append(&b, line.text.data, line.text.len);
                buf_puts(&b, line.ending.len == 2 ? "|rn " : line.ending.len == 1 ? "|n " : "| ");
        }
        return buf_take(&b);
}

static void test_next(void **state _unused_)
{
        static const struct {
                const char *name, *text, *lines;
        } rows[] = {
                { "empty", "", "" },
                { "one newline", "\n", "1:|n " },
                { "final newline", "a\nb\n", "1:a|n 2:b|n " },
                { "no final newline", "a\nb", "1:a|n 2:b| " },
                { "crlf", "a\r\n\r\nb\r\n", "1:a|rn 2:|rn 3:b|rn " },
                { "stray cr", "a\rb\n\r", "1:a\rb|n 2:\r| " },
                { "two cr", "a\r\r\n", "1:a\r|rn " },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *lines = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(lines, rows[i].lines);
        }
}

static void test_nul(void **state _unused_)
{
        struct lines l = lines_of(SPAN("a\0b\nc"));
        struct line line;

        assert_true(lines_next(&l, &line));
        assert_int_equal(line.text.len, 3);
        assert_true(lines_next(&l, &line));
        assert_true(span_eq(line.text, "c"));
        assert_false(lines_next(&l, &line));
        assert_false(lines_next(&l, &line));
}

static void test_strip(void **state _unused_)
{
        assert_true(span_eq(line_strip(SPAN(" \ta b\t ")), "a b"));
        assert_true(span_eq(line_strip(SPAN(" \t ")), ""));
        assert_true(span_eq(line_strip(SPAN("a\r")), "a\r"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_next),
                cmocka_unit_test(test_nul),
                cmocka_unit_test(test_strip),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
