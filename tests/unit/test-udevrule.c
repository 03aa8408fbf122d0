#include "unit.h"

#include "parse/udevrule.h"

/* "line:KEY op value|...", malformed lines with a "!", rules split by " / ". */
static char *describe(struct span text)
{
        cleanup_udevrules struct udevrules rules = { 0 };
        struct buf b = { 0 };
        struct err err = { 0 };

        if (udevrules_parse(text, &rules, &err) < 0) {
                buf_puts(&b, err.text);
                return buf_take(&b);
        }
        for (size_t i = 0; i < rules.n; i++) {
                const struct udevrule *r = &rules.v[i];

                buf_printf(&b, "%s%zu%s:", i ? " / " : "", r->line, r->malformed ? "!" : "");
                for (size_t p = 0; p < r->n; p++)
                        buf_printf(&b, "%s%s %s %s", p ? "|" : "", r->v[p].key, r->v[p].op,
                                   r->v[p].value);
        }
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *rules;
        } rows[] = {
                { "empty", "", "" },
                { "comments", "# NAME=\"x\"\n\n  # y \\\n\t\n", "" },
                { "persistent net",
                  "SUBSYSTEM==\"net\", ACTION==\"add\", ATTR{address}==\"02:00\", NAME=\"eth0\"\n",
                  "1:SUBSYSTEM == net|ACTION == add|ATTR{address} == 02:00|NAME = eth0" },
                { "operators", "A!=\"1\", B+=\"2\", C-=\"3\", D:=\"4\"\n",
                  "1:A != 1|B += 2|C -= 3|D := 4" },
                { "blanks and no commas", "  A == \"1\"  B=\"2\",\n", "1:A == 1|B = 2" },
                { "operators within braces", "ENV{a=b-c}==\"1\"\n", "1:ENV{a=b-c} == 1" },
                { "continuation", "A==\"1\", \\\n  B=\"2\"\nC=\"3\"\n",
                  "1:A == 1|B = 2 / 3:C = 3" },
                { "escaped quote", "A=\"x\\\"y\\z\"\n", "1:A = x\"y\\z" },
                { "crlf, no final newline", "A=\"1\"\r\nB=\"2\"", "1:A = 1 / 2:B = 2" },
                { "no quotes", "A=1\nB=\"2\"\n", "1!: / 2:B = 2" },
                { "open quote", "A=\"1\", B=\"2\n", "1!:A = 1" },
                { "no operator", "A \"1\"\n", "1!:" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *rules = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(rules, rows[i].rules);
        }
}

static void test_nul(void **state _unused_)
{
        cleanup_free char *rules = describe(SPAN("A=\"\0\"\nB=\"1\"\n"));

        assert_string_equal(rules, "1!: / 2:B = 1");
}

static void test_find(void **state _unused_)
{
        static const char text[] = "A==\"1\", A==\"2\", NAME=\"x\"\n";
        cleanup_udevrules struct udevrules rules = { 0 };
        struct err err = { 0 };

        assert_int_equal(udevrules_parse(span_of(text), &rules, &err), 0);
        assert_string_equal(udevrule_find(&rules.v[0], "A")->value, "1");
        assert_null(udevrule_find(&rules.v[0], "B"));
        assert_true(span_eq(rules.v[0].text, "A==\"1\", A==\"2\", NAME=\"x\""));
}

static void test_glob(void **state _unused_)
{
        assert_true(udevrule_glob("eth*|en*", "ens5"));
        assert_true(udevrule_glob("eth*|en*", "eth0"));
        assert_false(udevrule_glob("eth*|en*", "wlan0"));
        assert_true(udevrule_glob("?*", "eth0"));
        assert_true(udevrule_glob("a|", ""));
        assert_false(udevrule_glob("", "a"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_nul),
                cmocka_unit_test(test_find),
                cmocka_unit_test(test_glob),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
