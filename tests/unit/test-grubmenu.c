#include "unit.h"

#include <errno.h>

#include "parse/grubmenu.h"

static const struct grubmenu_label labels[] = {
        { "A", "a" },         { "B", "b" },   { "More", "more" },
        { "X > Y", "X > Y" }, { "1", "one" }, { "3.13 kernel", "2x" },
        { "b", "bb" },        { "Z", "A" },
};

/* "0" ... chosen by the spec, "first" when it names none, "?" when it depends on the GRUB. */
static const char *choose(const char *spec, enum grubmenu_kind kind)
{
        static char text[32];
        struct err err = { 0 };
        size_t index = 99;
        int r = grubmenu_select(labels, ARRAY_SIZE(labels), spec, kind, &index, &err);

        if (r < 0)
                return "?";
        snprintf(text, sizeof(text), r ? "%zu" : "first", index);
        assert_true(r || index == 0);
        return text;
}

/* The first column of results was tried with grub-emu 2.06 of Debian. */
static void test_select(void **state _unused_)
{
        static const struct {
                const char *spec, *upstream, *either, *red_hat;
        } rows[] = {
                { NULL, "first", "first", "first" },
                { "", "first", "first", "first" },
                { "0", "0", "0", "0" },
                { "2", "2", "2", "2" },
                { "8", "first", "first", "first" }, /* out of range */
                { "-1", "first", "first", "first" },
                { "a", "0", "0", "0" },
                { "A", "0", "?", "7" }, /* the first one's title, the last one's id */
                { "b", "1", "1", "1" },
                { "nosuch", "first", "first", "first" },
                { "B C", "first", "first", "first" },
                { "2>1", "2", "?",
                  "first" }, /* Red Hat's takes a number only when it stands alone */
                { "more>x", "2", "2", "2" },
                { "More>1>2", "2", "2", "2" },
                { "X >> Y", "3", "3", "3" },
                { "X > Y", "first", "first", "first" },
                { "X >> Y>z", "3", "3", "3" },
                { "1", "1", "?", "4" },           /* the second entry, or the one titled "1" */
                { "3.13 kernel", "3", "?", "5" }, /* a number first, whatever follows it */
                { "2x", "2", "?", "5" },
                { "one", "4", "4", "4" },
                { "bb", "6", "6", "6" },
                { " 2", "2", "2", "2" },
                { "0x2", "2", "2", "2" },
                { "02", "2", "2", "2" },
                { "08", "first", "first", "first" },
                { "0x", "first", "first", "first" },
                { "4294967296", "?", "?", "first" },
                { ">1", "first", "first", "first" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                print_message("# %s\n", rows[i].spec ? rows[i].spec : "not set");
                assert_string_equal(choose(rows[i].spec, GRUBMENU_UPSTREAM), rows[i].upstream);
                assert_string_equal(choose(rows[i].spec, GRUBMENU_EITHER), rows[i].either);
                assert_string_equal(choose(rows[i].spec, GRUBMENU_RED_HAT), rows[i].red_hat);
        }
}

static void test_rest(void **state _unused_)
{
        assert_string_equal(grubmenu_rest("1>2"), "2");
        assert_string_equal(grubmenu_rest("a>b>c"), "b>c");
        assert_string_equal(grubmenu_rest("a>>b>c"), "c");
        assert_null(grubmenu_rest("a>>b"));
        assert_null(grubmenu_rest("a>"));
        assert_null(grubmenu_rest("a"));
        assert_null(grubmenu_rest(NULL));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_select),
                cmocka_unit_test(test_rest),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
