#include "unit.h"

#include "parse/rpmvercmp.h"

static void test_order(void **state _unused_)
{
        static const struct {
                const char *older, *newer;
                bool same;
        } rows[] = {
                { "1.0", "1.0", true },
                { "1.0", "2.0", false },
                { "2.0", "2.0.1", false },
                { "5.5p1", "5.5p2", false },
                { "5.5p1", "5.5p10", false },
                { "10abc", "10.1abc", false },
                { "xyz.4", "8", false },
                { "xyz10", "xyz10.1", false },
                { "1.0001", "1.1", true },
                { "1.9", "1.0010", false },
                { "2_0", "2.0", true },
                { "1.0~rc1", "1.0", false },
                { "1.0~rc1", "1.0~rc2", false },
                { "4.18.0", "4.18.0.1", false },
                { "80.el8", "305.el8", false },
                { "305.el8.x86_64", "305.3.1.el8_4.x86_64", false },
                { "", "1", false },
                { "", "", true },
                { "99999999999999999999", "100000000000000000000", false },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                const char *a = rows[i].older, *b = rows[i].newer;

                print_message("# %s %s\n", a, b);
                if (rows[i].same) {
                        assert_int_equal(rpmvercmp(a, b, false), 0);
                        continue;
                }
                assert_true(rpmvercmp(a, b, false) < 0);
                assert_true(rpmvercmp(b, a, false) > 0);
                assert_true(rpmvercmp(a, b, true) < 0);
        }
}

/* A debug kernel of RHEL: "+debug" is newer than nothing, but older than any other text. */
static void test_plus(void **state _unused_)
{
        assert_true(rpmvercmp("1.x86_64", "1.x86_64+debug", true) < 0);
        assert_true(rpmvercmp("1.x86_64", "1.x86_64+debug", false) < 0);
        assert_true(rpmvercmp("1+debug", "1.a", true) < 0);
        assert_true(rpmvercmp("1+debug", "1.a", false) > 0);
        assert_int_equal(rpmvercmp("1+a", "1+a", true), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_order),
                cmocka_unit_test(test_plus),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
