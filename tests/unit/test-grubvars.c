#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/grubvars.h"

static char *describe(const struct grubvars *vars)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < vars->n; i++)
                buf_printf(&out, "%s%s=%s ", vars->v[i].exported ? "+" : "", vars->v[i].name,
                           *vars->v[i].value == GRUBSCRIPT_MARK_ANY ? "?" : vars->v[i].value);
        return buf_take(&out);
}

static void assert_vars(const struct grubvars *vars, const char *expected)
{
        cleanup_free char *got = describe(vars);

        assert_string_equal(got, expected);
}

static void test_set(void **state _unused_)
{
        struct grubvars vars = { 0 };

        assert_int_equal(grubvars_set(&vars, "b", "2", NULL, "grubenv b"), 0);
        assert_int_equal(grubvars_set(&vars, "c", "3", NULL, NULL), 0);
        assert_int_equal(grubvars_set(&vars, "a", "1", NULL, NULL), 0);
        assert_vars(&vars, "a=1 b=2 c=3 ");
        assert_string_equal(grubvars_get(&vars, "b")->from, "grubenv b");
        assert_int_equal(grubvars_set(&vars, "b", "22", NULL, NULL), 0);
        assert_null(grubvars_get(&vars, "b")->from);
        assert_int_equal(vars.bytes, 4);
        grubvars_unset(&vars, "a");
        grubvars_unset(&vars, "nothing");
        assert_int_equal(grubvars_export(&vars, "b"), 0);
        assert_int_equal(grubvars_export(&vars, "d"), 0);
        assert_vars(&vars, "+b=22 c=3 +d= ");
        assert_null(grubvars_get(&vars, "a"));
        grubvars_done(&vars);
}

static void test_copy(void **state _unused_)
{
        struct grubvars vars = { 0 }, all, exported;

        grubvars_set(&vars, "a", "1", NULL, NULL);
        grubvars_set(&vars, "b", "2", NULL, NULL);
        grubvars_export(&vars, "b");
        all = grubvars_copy(&vars, false);
        exported = grubvars_copy(&vars, true);
        assert_vars(&all, "a=1 +b=2 ");
        assert_vars(&exported, "+b=2 ");
        grubvars_done(&vars);
        grubvars_done(&all);
        grubvars_done(&exported);
}

static void test_join(void **state _unused_)
{
        struct grubvars a = { 0 }, b = { 0 };

        grubvars_set(&a, "same", "1", NULL, "x");
        grubvars_set(&b, "same", "1", NULL, NULL);
        grubvars_set(&a, "other", "1", NULL, "x");
        grubvars_set(&b, "other", "2", NULL, NULL);
        grubvars_set(&a, "only_a", "1", NULL, NULL);
        grubvars_set(&b, "only_b", "1", NULL, NULL);
        grubvars_set(&a, "vt_handoff", "vt.handoff=7", NULL, NULL);
        grubvars_join(&a, &b, "why");
        assert_vars(&a, "only_a=? only_b=? other=? same=1 vt_handoff= ");
        assert_string_equal(grubvars_get(&a, "other")->why, "why");
        assert_null(grubvars_get(&a, "other")->from);
        grubvars_set(&b, "vt_handoff", "root=/dev/sda", NULL, NULL);
        grubvars_join(&a, &b, "why");
        assert_string_equal(grubvars_get(&a, "vt_handoff")->why, "why");
        grubvars_done(&a);
        grubvars_done(&b);
}

static void test_caps(void **state _unused_)
{
        cleanup_free char *text = xcalloc(1, GRUBVARS_VALUE_MAX + 2);
        struct grubvars vars = { 0 };
        char name[16];

        memset(text, 'x', GRUBVARS_VALUE_MAX + 1);
        assert_int_equal(grubvars_set(&vars, "a", text, NULL, NULL), -E2BIG);
        text[GRUBVARS_VALUE_MAX] = '\0';
        for (unsigned i = 0; i < GRUBVARS_BYTES_MAX / GRUBVARS_VALUE_MAX; i++) {
                snprintf(name, sizeof(name), "a%u", i);
                assert_int_equal(grubvars_set(&vars, name, text, NULL, NULL), 0);
        }
        assert_int_equal(grubvars_set(&vars, "b", "x", NULL, NULL), -E2BIG);
        grubvars_done(&vars);
        for (unsigned i = 0; i < GRUBVARS_MAX; i++) {
                snprintf(name, sizeof(name), "a%u", i);
                assert_int_equal(grubvars_set(&vars, name, "", NULL, NULL), 0);
        }
        assert_int_equal(grubvars_set(&vars, "b", "", NULL, NULL), -E2BIG);
        assert_int_equal(grubvars_set(&vars, "a0", "1", NULL, NULL), 0);
        grubvars_done(&vars);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_set),
                cmocka_unit_test(test_copy),
                cmocka_unit_test(test_join),
                cmocka_unit_test(test_caps),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
