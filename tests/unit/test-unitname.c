#include "unit.h"

#include "base/str.h"
#include "parse/unitname.h"

/* As systemd-escape --path --suffix=... says. */
static void test_both_ways(void **state _unused_)
{
        static const struct {
                const char *path, *suffix, *unit;
        } rows[] = {
                { "/dev/xvdf", ".device", "dev-xvdf.device" },
                { "/dev/disk/by-path/xen-vbd-51792", ".swap",
                  "dev-disk-by\\x2dpath-xen\\x2dvbd\\x2d51792.swap" },
                { "/my data", ".mount", "my\\x20data.mount" },
                { "/", ".mount", "-.mount" },
                { "/.hidden/a.b", ".mount", "\\x2ehidden-a.b.mount" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *unit = unitname_of_path(rows[i].path, rows[i].suffix);
                cleanup_free char *path = unitname_to_path(span_of(rows[i].unit), rows[i].suffix);

                assert_string_equal(unit, rows[i].unit);
                assert_string_equal(path, rows[i].path);
        }
}

static void test_one_way(void **state _unused_)
{
        cleanup_free char *slashes = unitname_of_path("//dev//xvdf/", ".device");
        cleanup_free char *broken = unitname_to_path(SPAN("dev-a\\x2\\xzz.device"), ".device");

        assert_string_equal(slashes, "dev-xvdf.device");
        assert_string_equal(broken, "/dev/a\\x2\\xzz");
        assert_null(unitname_to_path(SPAN("dev-xvdf.device"), ".swap"));
        assert_null(unitname_to_path(SPAN(".swap"), ".swap"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_both_ways),
                cmocka_unit_test(test_one_way),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
