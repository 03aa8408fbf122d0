#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/lvmconf.h"

/* "line path = value value" of each, arrays in brackets. */
static char *describe(const struct lvmconf *c)
{
        struct buf b = { 0 };

        for (size_t i = 0; i < c->n; i++) {
                const struct lvmconf_setting *s = &c->v[i];

                buf_printf(&b, "%zu %s =%s", s->line, s->path, s->is_array ? " [" : "");
                for (size_t k = 0; k < s->n; k++)
                        buf_printf(&b, " %s", c->values[s->first + k].text);
                buf_puts(&b, s->is_array ? " ]\n" : "\n");
        }
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *want;
        } rows[] = {
                { "empty", "", "" },
                { "only comments", "# devices { filter = [ \"r|.*|\" ] }\n\n", "" },
                { "a section",
                  "devices {\n\tfilter = [ \"a|^/dev/xvd|\", \"r|.*|\" ]\n  # x\n\tissue = 0\n}\n",
                  "2 devices/filter = [ a|^/dev/xvd| r|.*| ]\n4 devices/issue = 0\n" },
                { "over several lines, a comma at the end",
                  "devices {\nfilter=[\n \"a/x/\", # why\n 'r/.*/',\n]\n}",
                  "2 devices/filter = [ a/x/ r/.*/ ]\n" },
                { "one string", "devices { filter = \"r|.*|\" }", "1 devices/filter = r|.*|\n" },
                { "a path", "devices/filter = [ ]\n", "1 devices/filter = [ ]\n" },
                { "sections in sections", "a { b { c = 1 } d=2 }\ne = \"x\"\n",
                  "1 a/b/c = 1\n1 a/d = 2\n2 e = x\n" },
                { "backslashes", "a = \"\\\\.x \\\" y\"\nb='\\'\n", "1 a = \\.x \" y\n2 b = \\\n" },
                { "crlf", "a {\r\n b = 1\r\n}\r\n", "2 a/b = 1\n" },
                { "a hash in a string", "a = \"#\" # x\n", "1 a = #\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_lvmconf struct lvmconf c = { 0 };
                cleanup_free char *got = NULL;
                struct err err = { 0 };

                if (lvmconf_parse(span_of(rows[i].text), &c, &err) < 0)
                        print_error("%s: %s\n", rows[i].name, err.text);
                got = describe(&c);
                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_mistakes(void **state _unused_)
{
        static const struct {
                const char *text, *want;
        } rows[] = {
                { "a {\n", "line 2: a section has no end" },
                { "}\n", "line 1: a brace closes nothing" },
                { "a\nb\n", "line 2: neither a section nor a setting" },
                { "a = \n", "line 2: a value is missing" },
                { "a = \"x\n", "line 1: a string has no end" },
                { "a = [ \"x\" \"y\" ]\n", "line 1: an array has no end" },
                { "a = [ 1,", "line 1: a value is missing" },
                { "= 1\n", "line 1: a name is missing" },
                { "a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{", "line 1: sections are nested too deep" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct lvmconf c = { 0 };
                struct err err = { 0 };

                assert_int_equal(lvmconf_parse(span_of(rows[i].text), &c, &err), -EINVAL);
                assert_string_equal(err.text, rows[i].want);
                assert_int_equal(c.n, 0);
        }
}

static void test_find(void **state _unused_)
{
        cleanup_lvmconf struct lvmconf c = { 0 };
        const char *text = "devices { a = 1 }\ndevices { a = [ \"2\" ] }\n";
        const struct lvmconf_setting *s;

        assert_int_equal(lvmconf_parse(span_of(text), &c, NULL), 0);
        s = lvmconf_find(&c, "devices/a");
        assert_int_equal(s->line, 2);
        assert_true(span_eq(c.values[s->first].raw, "\"2\""));
        assert_true(span_eq(s->text, "devices { a = [ \"2\" ] }"));
        assert_null(lvmconf_find(&c, "devices/b"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_mistakes),
                cmocka_unit_test(test_find),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
