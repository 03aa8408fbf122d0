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

/* A probe that needs another comes after it, and no two declare the same path. */
static void test_list(void **state _unused_)
{
        for (size_t i = 0; probe_list[i]; i++) {
                for (const char *const *need = probe_list[i]->needs; need && *need; need++) {
                        bool found = false;

                        for (size_t k = 0; k < i; k++)
                                found = found || streq(probe_list[k]->name, *need);
                        print_message("# %s needs %s\n", probe_list[i]->name, *need);
                        assert_true(found);
                }
                for (const struct fact_decl *d = probe_list[i]->provides; d->path; d++) {
                        print_message("# %s\n", d->path);
                        assert_ptr_equal(probe_find_decl(d->path), d);
                        assert_true(d->text && *d->text);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_find_decl),
                cmocka_unit_test(test_list),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
