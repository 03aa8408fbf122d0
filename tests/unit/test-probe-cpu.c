#include "unit-probe.h"

static char *root;

static int setup(void **state _unused_)
{
        root = unit_temp_dir();
        return 0;
}

static int teardown(void **state _unused_)
{
        unit_remove_tree(root);
        return 0;
}

static void test_live(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;

        unit_write_text(root, "proc/cpuinfo", "flags\t: fpu sse2\n");
        f = unit_probe("cpu", root, VOLUME_LIVE, NULL);
        assert_fact(f, "/cpu", "{\"flags\":[\"fpu\",\"sse2\"]}");
}

/* Whatever lies in the volume's /proc. */
static void test_offline(void **state _unused_)
{
        cleanup_facts struct facts *f = unit_probe("cpu", root, VOLUME_OFFLINE, NULL);

        assert_fact(f, "/cpu", "missing");
        assert_why(f, "/cpu/flags", "only a running machine shows its CPU");
}

static void test_not_readable(void **state _unused_)
{
        cleanup_free char *path = xasprintf("%s/proc/cpuinfo", root);
        cleanup_facts struct facts *none = NULL, *empty = NULL, *dir = NULL;

        unit_write_text(root, "proc/cpuinfo", "processor : 0\n");
        none = unit_probe("cpu", root, VOLUME_LIVE, NULL);
        assert_why(none, "/cpu/flags", "/proc/cpuinfo: it lists no flags of the CPU");
        assert_int_equal(unlink(path), 0);
        empty = unit_probe("cpu", root, VOLUME_LIVE, NULL);
        assert_why(empty, "/cpu/flags", "/proc/cpuinfo: /proc is not mounted");
        assert_int_equal(mkdir(path, 0755), 0);
        dir = unit_probe("cpu", root, VOLUME_LIVE, NULL);
        assert_why(dir, "/cpu/flags", "/proc/cpuinfo: a directory, not a file; not read");
        assert_fact(dir, "/cpu", "missing");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_live),
                cmocka_unit_test(test_offline),
                cmocka_unit_test(test_not_readable),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
