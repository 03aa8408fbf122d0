#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/crypttab.h"

/* "line name source key options" of each entry. */
static char *describe(const struct crypttab *t)
{
        struct buf b = { 0 };

        for (size_t i = 0; i < t->n; i++) {
                const struct crypttab_entry *e = &t->v[i];

                buf_printf(&b, "%zu [%.*s] [%.*s] [%.*s] [%.*s]\n", e->line, (int)e->name.len,
                           e->name.data, (int)e->source.len, e->source.data, (int)e->key.len,
                           e->key.data, (int)e->options.len, e->options.data);
        }
        if (t->odd_line)
                buf_printf(&b, "odd %zu\n", t->odd_line);
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *want;
        } rows[] = {
                { "empty", "", "" },
                { "four fields", "data /dev/xvdf /root/key luks,nofail\n",
                  "1 [data] [/dev/xvdf] [/root/key] [luks,nofail]\n" },
                { "two fields, no newline", "data\tUUID=1", "1 [data] [UUID=1] [] []\n" },
                { "comments and blank lines", "# data /dev/xvdf\n\n \t\n  # x\na b none\n",
                  "5 [a] [b] [none] []\n" },
                { "indented, trailing blanks", "  a  b\tc \n", "1 [a] [b] [c] []\n" },
                { "crlf", "a /dev/xvdf\r\n\r\nb c\r\n",
                  "1 [a] [/dev/xvdf] [] []\n3 [b] [c] [] []\n" },
                { "more fields are ignored", "a b c d e\n", "1 [a] [b] [c] [d]\n" },
                { "one field", "a\nb c\nd\n", "2 [b] [c] [] []\nodd 1\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_crypttab struct crypttab t = { 0 };
                cleanup_free char *got = NULL;

                assert_int_equal(crypttab_parse(span_of(rows[i].text), &t, NULL), 0);
                got = describe(&t);
                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_cryptroot(void **state _unused_)
{
        static const struct {
                const char *name, *text, *want;
        } rows[] = {
                { "as the hook writes it",
                  "target=root,source=/dev/xvda2,key=none,rootdev,lvm=vg-root\n",
                  "1 [root] [/dev/xvda2] [none] "
                  "[target=root,source=/dev/xvda2,key=none,rootdev,lvm=vg-root]\n" },
                { "a tag", "target=a,source=UUID=1,key=none\n",
                  "1 [a] [UUID=1] [none] [target=a,source=UUID=1,key=none]\n" },
                { "no source", "target=a,key=none\n", "odd 1\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_crypttab struct crypttab t = { 0 };
                cleanup_free char *got = NULL;

                assert_int_equal(crypttab_parse_cryptroot(span_of(rows[i].text), &t, NULL), 0);
                got = describe(&t);
                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_limits(void **state _unused_)
{
        struct crypttab t = { 0 };
        struct err err = { 0 };
        cleanup_buf struct buf b = { 0 };

        assert_int_equal(crypttab_parse(SPAN("a b\0"), &t, &err), -EINVAL);
        assert_string_equal(err.text, "there is a NUL byte in it");
        for (size_t i = 0; i <= CRYPTTAB_ENTRIES_MAX; i++)
                buf_puts(&b, "a b\n");
        assert_int_equal(crypttab_parse(buf_span(&b), &t, &err), -E2BIG);
        assert_string_equal(err.text, "it has more than 500 entries");
        assert_int_equal(t.n, 0);
}

static void test_options(void **state _unused_)
{
        struct crypttab_entry e = { .options = SPAN("luks,,header=/dev/xvdg,nofail,x=a=b") };
        struct span value = { 0 };

        assert_true(crypttab_has_option(&e, "luks", NULL));
        assert_true(crypttab_has_option(&e, "nofail", &value));
        assert_null(value.data);
        assert_true(crypttab_has_option(&e, "header", &value));
        assert_true(span_eq(value, "/dev/xvdg"));
        assert_true(crypttab_has_option(&e, "x", &value));
        assert_true(span_eq(value, "a=b"));
        assert_false(crypttab_has_option(&e, "head", NULL));
        e.options = (struct span){ 0 };
        assert_false(crypttab_has_option(&e, "luks", NULL));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_cryptroot),
                cmocka_unit_test(test_limits),
                cmocka_unit_test(test_options),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
