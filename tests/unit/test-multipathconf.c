#include "unit.h"

#include "base/xalloc.h"
#include "parse/multipathconf.h"

/* "parent/section key=value:line; ..." or "! error" */
static char *describe(const char *text)
{
        cleanup_multipath struct multipath_conf c = { 0 };
        struct err err = { 0 };
        struct buf b = { 0 };

        if (multipath_parse(span_of(text), &c, &err) < 0)
                return xasprintf("! %s", err.text);
        buf_puts(&b, "");
        for (size_t i = 0; i < c.n; i++)
                buf_printf(&b, "%s%s/%s %s=%s:%zu", i ? "; " : "", c.v[i].parent, c.v[i].section,
                           c.v[i].key, c.v[i].value, c.v[i].line);
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *want;
        } rows[] = {
                { "nothing", "", "" },
                { "comments", "# a\n! b\n\n  # c\n", "" },
                { "a section", "defaults {\n\tfind_multipaths yes # why\n}\n",
                  "/defaults find_multipaths=yes:2" },
                { "quotes", "defaults {\nfind_multipaths \"no\"\ngetuid \"/lib/x -g\"\n}",
                  "/defaults find_multipaths=no:2; /defaults getuid=/lib/x -g:3" },
                { "on one line", "blacklist { device { vendor \"NVME\" product \".*\" } }",
                  "blacklist/device vendor=NVME:1; blacklist/device product=.*:1" },
                { "a brace behind a word", "blacklist{\ndevnode \"^sd\"}\n",
                  "/blacklist devnode=^sd:2" },
                { "a quote that does not end", "blacklist {\ndevnode \"^sd\n}\n",
                  "/blacklist devnode=^sd:2" },
                { "outside of sections", "verbosity 2\n", "/ verbosity=2:1" },
                { "a keyword alone", "defaults {\nx\n}\n", "/defaults x=:2" },
                { "not closed", "defaults {\n", "! the section defaults does not end" },
                { "not opened", "}\n", "! line 1: a brace that closes nothing" },
                { "too deep", "a { a { a { a { a { a { a { a { a {",
                  "! line 1: more than 8 sections within each other" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(rows[i].text);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_find(void **state _unused_)
{
        cleanup_multipath struct multipath_conf c = { 0 };
        struct err err = { 0 };

        assert_int_equal(
                multipath_parse(SPAN("defaults {\na 1\n}\nx {\na 2\n}\ndefaults {\na 3\n}"), &c,
                                &err),
                0);
        assert_string_equal(multipath_find(&c, "defaults", "a")->value, "3");
        assert_null(multipath_find(&c, "defaults", "b"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_find),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
