#include <errno.h>

#include "unit-elf.h"

#include "parse/modversions.h"

/* "symbol:sum symbol:sum" */
static struct buf make_module(bool wide, const char *text)
{
        struct elf_builder b = { .wide = wide };
        cleanup_free char *copy = xstrdup(text);
        char *at = copy, *word;

        while (*text && (word = strsep(&at, " "))) {
                char *symbol = strsep(&word, ":");

                elf_add_version(&b, symbol, strtoull(word, NULL, 16));
        }
        elf_build(&b, SPAN("license=GPL"));
        return b.b;
}

static void test_compare(void **state _unused_)
{
        static const struct {
                const char *name, *module, *other, *want;
        } rows[] = {
                { "the same", "a:1 b:2", "b:2 a:1", "2 of 2, " },
                { "some are shared", "b:2 c:3 module_layout:1", "a:9 c:3", "1 of 3, " },
                { "none is shared", "a:1", "b:1", "0 of 1, " },
                { "one differs", "a:1 module_layout:1", "a:1 module_layout:2",
                  "2 of 2, module_layout" },
                { "the first of two that differ", "z:1 b:1", "z:2 b:3", "2 of 2, b" },
                { "a prefix is another name", "a:1 aa:1", "aa:1 aaa:1", "1 of 2, " },
                { "the high half counts", "a:100000001", "a:1", "1 of 1, a" },
                { "the module has none", "", "a:1", "none" },
                { "the other has none", "a:1", "", "none" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_buf struct buf a = make_module(true, rows[i].module);
                cleanup_buf struct buf b = make_module(true, rows[i].other);
                struct modversions_diff diff;
                cleanup_free char *text = NULL;
                struct err err = { 0 };
                int r = modversions_compare(buf_span(&a), buf_span(&b), &diff, &err);

                print_message("# %s\n", rows[i].name);
                if (r > 0)
                        text = xasprintf("%zu of %zu, %.*s", diff.shared, diff.n,
                                         (int)diff.differs.len, diff.differs.data);
                assert_string_equal(r > 0 ? text : r == 0 ? "none" : err.text, rows[i].want);
        }
}

static void test_widths(void **state _unused_)
{
        cleanup_buf struct buf wide = make_module(true, "a:1"), narrow = make_module(false, "a:1");
        struct modversions_diff diff;
        struct err err = { 0 };

        assert_int_equal(modversions_compare(buf_span(&narrow), buf_span(&narrow), &diff, &err), 1);
        assert_int_equal(diff.differs.len, 0);
        assert_int_equal(modversions_compare(buf_span(&wide), buf_span(&narrow), &diff, &err), 1);
        assert_int_equal(diff.shared, 1);
        assert_int_equal(diff.differs.len, 1);
}

/* A name may fill its row; it has no NUL then. */
static void test_full_row(void **state _unused_)
{
        cleanup_buf struct buf b =
                make_module(true, "a123456789b123456789c123456789d123456789e123456789f12345:1");
        struct modversions_diff diff;
        struct err err = { 0 };

        assert_int_equal(modversions_compare(buf_span(&b), buf_span(&b), &diff, &err), 1);
        assert_int_equal(diff.shared, 1);
}

static void test_refused(void **state _unused_)
{
        cleanup_buf struct buf good = make_module(true, "a:1");
        struct elf_builder many = { .wide = true };
        struct modversions_diff diff;
        struct err err = { 0 };

        assert_int_equal(modversions_compare(SPAN("x"), buf_span(&good), &diff, &err), -EINVAL);
        assert_int_equal(modversions_compare(buf_span(&good), SPAN("x"), &diff, &err), -EINVAL);
        for (size_t i = 0; i <= MODVERSIONS_MAX; i++)
                elf_add_version(&many, "a", 1);
        elf_build(&many, SPAN("x=y"));
        assert_int_equal(modversions_compare(buf_span(&many.b), buf_span(&good), &diff, &err),
                         -E2BIG);
        assert_string_equal(err.text, "it uses more than 20000 symbols");
        buf_done(&many.b);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_compare),
                cmocka_unit_test(test_widths),
                cmocka_unit_test(test_full_row),
                cmocka_unit_test(test_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
