#include "unit.h"

#include <errno.h>

#include "parse/bls.h"

static char *describe(struct span text)
{
        cleanup_bls struct bls b = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (bls_parse(text, &b, &err) < 0)
                return xstrdup(err.text);
        for (size_t i = 0; i < b.n; i++)
                buf_printf(&out, "%zu:%s=%s|", b.fields[i].line, b.fields[i].key,
                           b.fields[i].value);
        buf_printf(&out, " %zu %zu", b.stops_at, b.split_at);
        return buf_take(&out);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *expected;
        } rows[] = {
                { "empty", "", " 0 0" },
                { "fields", "title A b\nlinux /k\n", "1:title=A b|2:linux=/k| 0 0" },
                { "no final newline", "linux /k", "1:linux=/k| 0 0" },
                { "blanks around", "  linux \t /k \n", "1:linux=/k | 0 0" },
                { "crlf", "linux /k\r\noptions a\r\n", "1:linux=/k|2:options=a| 0 0" },
                { "comments", "# a b\nlinux /k\n  #x y\ninitrd /i\n",
                  "2:linux=/k|4:initrd=/i| 0 0" },
                { "the same key again", "initrd /a\ninitrd /b\n", "1:initrd=/a|2:initrd=/b| 0 0" },
                { "empty line at the end", "linux /k\n\n\n# c\n", "1:linux=/k| 0 0" },
                { "empty line", "linux /k\n\ninitrd /i\n", "1:linux=/k| 2 0" },
                { "no value", "linux /k\nbare\ninitrd /i\n", "1:linux=/k| 2 0" },
                { "only blanks for a value", "linux /k\nbare  \ninitrd /i\n", "1:linux=/k| 2 0" },
                { "a tab", "linux\t/k\n", "1:linux=/k| 0 0" },
                { "a tab before a blank", "linux /k\ntitle\tA b\n", "1:linux=/k|2:title=A b| 0 2" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_refused(void **state _unused_)
{
        cleanup_free char *nul = describe(SPAN("linux /k\0\n")), *many = NULL;
        cleanup_buf struct buf text = { 0 };

        assert_string_equal(nul, "it is no text: it has a NUL byte");
        for (int i = 0; i <= BLS_FIELDS_MAX; i++)
                buf_puts(&text, "a b\n");
        many = describe(buf_span(&text));
        assert_string_equal(many, "more than 1000 fields");
}

static void test_get(void **state _unused_)
{
        cleanup_bls struct bls b = { 0 };
        struct err err = { 0 };
        const struct bls_field *f;

        assert_int_equal(bls_parse(SPAN("initrd a\nlinux k\ninitrd b\n"), &b, &err), 0);
        f = bls_get(&b, "initrd", NULL);
        assert_string_equal(f->value, "a");
        f = bls_get(&b, "initrd", f + 1);
        assert_string_equal(f->value, "b");
        assert_null(bls_get(&b, "initrd", f + 1));
        assert_null(bls_get(&b, "options", NULL));
}

static void test_order(void **state _unused_)
{
        static const struct {
                struct bls_label older, newer;
                bool rhel8_differs;
        } rows[] = {
                { { "m-4.18.0-80.el8.x86_64", "4.18.0-80.el8.x86_64" },
                  { "m-4.18.0-305.el8.x86_64", "4.18.0-305.el8.x86_64" } },
                { { "m-0-rescue", "0-rescue-m" },
                  { "m-4.18.0-80.el8.x86_64", "4.18.0-80.el8.x86_64" } },
                { { "m-5.14.0-70.el9.x86_64", NULL }, { "m-5.14.0-162.el9.x86_64", NULL } },
                { { "a-5.0-1", "5.0-1" }, { "b-4.0-1", "4.0-1" }, true }, /* two machine ids */
                { { "a", NULL }, { "b", NULL } },
                { { "m-9", NULL }, { "m-10", NULL } },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                print_message("# %s\n", rows[i].older.name);
                assert_true(bls_compare(&rows[i].older, &rows[i].newer) < 0);
                assert_true(bls_compare(&rows[i].newer, &rows[i].older) > 0);
                assert_int_equal(bls_compare_rhel8(&rows[i].older, &rows[i].newer) > 0,
                                 rows[i].rhel8_differs);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_get),
                cmocka_unit_test(test_order),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
