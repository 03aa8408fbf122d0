#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "parse/lvmfilter.h"

static void test_match(void **state _unused_)
{
        static const struct {
                const char *patterns[4], *name, *want;
        } rows[] = {
                { { "a|^/dev/xvd|", "r|.*|" }, "/dev/nvme0n1p1", "rejected by 1" },
                { { "a|^/dev/xvd|", "r|.*|" }, "/dev/xvda2", "accepted by 0" },
                { { "a|.*|", "r|.*|" }, "/dev/nvme0n1", "accepted by 0" },
                { { "a|.*/|" }, "/dev/nvme0n1", "accepted by 0" },
                { { "r|^/dev/cdrom|" }, "/dev/nvme0n1", "by none" },
                { { "a/nvme/", "r/.*/" }, "/dev/nvme0n1", "accepted by 0" },
                { { "r|/dev/nvme[0-9]n1$|", "a|.|" }, "/dev/nvme0n1p1", "accepted by 1" },
                { { "r|/dev/nvme[0-9]n1$|", "a|.|" }, "/dev/nvme0n1", "rejected by 0" },
                { { "a(^/dev/sd[a-c][0-9]+$)", "r{.*}" }, "/dev/sdb12", "accepted by 0" },
                { { "a(^/dev/sd[a-c][0-9]+$)", "r{.*}" }, "/dev/sdd1", "rejected by 1" },
                { { "a|^/dev/(xvd[a-z]|nvme.+)$|", "r|.|" }, "/dev/nvme1n1", "accepted by 0" },
                { { "a|[^x]vd|" }, "/dev/xvda", "by none" },
                { { "a|/dev/xvd{1}|" }, "/dev/xvd", "by none" },
                { { "a|\\.|" }, "/dev/xvd", "by none" },
                { { "a|[\\]^]|" }, "/dev/a]b", "accepted by 0" },
                { { "a|x(ab|c+|d?e)*f$|" }, "xabccdeef", "accepted by 0" },
                { { "a|x(ab|c+|d?e)*f$|" }, "xabccdef.", "by none" },
                { { "a|x**y|" }, "xxy", "accepted by 0" },
                { { "a|(((((.*)*)*)*)*)*z|" }, "/dev/nvme0n1p1", "by none" },
                { { "a||" }, "", "error: the pattern \"a||\" is not understood" },
                { { "a|x||" }, "", "error: the pattern \"a|x||\" is not understood" },
                { { "a|[[^]|" }, "/dev/^", "accepted by 0" },
                { { "a||||" }, "", "error: the pattern \"a||||\" is not understood" },
                { { "x|.*|" }, "", "error: the pattern \"x|.*|\" is not understood" },
                { { "a|.*" }, "", "error: the pattern \"a|.*\" is not understood" },
                { { "a|(|" }, "", "error: the pattern \"a|(|\" is not understood" },
                { { "a|)|" }, "", "error: the pattern \"a|)|\" is not understood" },
                { { "a|[x|" }, "", "error: the pattern \"a|[x|\" is not understood" },
                { { "a|x\\|" }, "", "error: the pattern \"a|x\\|\" is not understood" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_lvmfilter struct lvmfilter *f = NULL;
                cleanup_free char *got = NULL;
                struct err err = { 0 };
                bool accept = false;
                size_t n = 0;
                int r;

                while (n < 4 && rows[i].patterns[n])
                        n++;
                if (lvmfilter_compile(rows[i].patterns, n, &f, &err) < 0) {
                        got = xasprintf("error: %s", err.text);
                } else {
                        r = lvmfilter_match(f, rows[i].name, &accept);
                        got = r < 0 ? xstrdup("by none")
                                    : xasprintf("%s by %d", accept ? "accepted" : "rejected", r);
                }
                if (!streq(got, rows[i].want))
                        print_error("row %zu\n", i);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_limits(void **state _unused_)
{
        const char *patterns[LVMFILTER_PATTERNS_MAX + 1];
        char large[LVMFILTER_PATTERN_MAX + 2], deep[] = "a|((((((((((((((((((x))))))))))))))))))|";
        const char *one = large, *nested = deep;
        struct lvmfilter *f = NULL;
        struct err err = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
                patterns[i] = "a|x|";
        assert_int_equal(lvmfilter_compile(patterns, ARRAY_SIZE(patterns), &f, &err), -E2BIG);
        assert_string_equal(err.text, "a filter has more than 200 patterns");
        memset(large, '|', sizeof(large));
        large[0] = 'a';
        large[sizeof(large) - 1] = '\0';
        assert_int_equal(lvmfilter_compile(&one, 1, &f, &err), -EINVAL);
        assert_int_equal(lvmfilter_compile(&nested, 1, &f, &err), -EINVAL);
        assert_null(f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_match),
                cmocka_unit_test(test_limits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
