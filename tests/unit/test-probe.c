#include "unit.h"

#include "base/str.h"
#include "probe/probe.h"

/* By the clock probe, which is there and small. */
static void test_find_decl(void **state _unused_)
{
        static const struct {
                const char *path, *declared;
        } rows[] = {
                { "/clock/settings", "/clock/settings" },
                { "/clock/settings/0/value", "/clock/settings/*/value" },
                { "/clock/settings/17/value", "/clock/settings/*/value" },
                { "/clock/settings/*/value", "/clock/settings/*/value" },
                { "/clock/settings/0", NULL },
                { "/clock/settings/0/value/x", NULL },
                { "/clock/settings/0/valu", NULL },
                { "/clock/settings/", NULL },
                { "/clock", NULL },
                { "", NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                const struct fact_decl *decl = probe_find_decl(rows[i].path);

                print_message("# \"%s\"\n", rows[i].path);
                assert_true(streq(decl ? decl->path : NULL, rows[i].declared));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_find_decl),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
