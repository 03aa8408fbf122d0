#include "unit-probe.h"

/* Facts of an earlier probe, then what the probe makes of them. */
static struct facts *run_move(const char *volume_mode, const char *own, const char *mode,
                              const char *source)
{
        struct facts *f = facts_new();

        facts_set_str(f, volume_mode, "/volume/mode");
        if (!own)
                facts_unknown(f, "/platform", "/sys", "/sys is not mounted");
        else
                facts_set_str(f, *own ? own : NULL, "/platform/instance_type");
        probe_run("move", &(struct probe_context){ .facts = f, .mode = mode, .source = source });
        return f;
}

#define NOBODY "the type to move from is not known (--source)"

static void test_moves(void **state _unused_)
{
        static const struct {
                const char *name, *volume_mode, *own, *mode, *source;
                const char *move, *hypervisor, *why; /* why /source/hypervisor is missing */
        } rows[] = {
                { "nothing said", "offline", NULL, NULL, NULL,
                  "{\"mode\":\"resize\",\"source\":null}", "missing", NOBODY },
                { "said", "offline", NULL, "clone", "m4.large",
                  "{\"mode\":\"clone\",\"source\":\"m4.large\"}", "\"xen\"", NULL },
                { "an instance's own", "live", "t2.micro", NULL, NULL,
                  "{\"mode\":\"resize\",\"source\":\"t2.micro\"}", "\"xen\"", NULL },
                { "said of an instance", "live", "t2.micro", "resize", "i3.metal",
                  "{\"mode\":\"resize\",\"source\":\"i3.metal\"}", "\"bare-metal\"", NULL },
                { "no instance", "live", "", NULL, NULL, "{\"mode\":\"resize\",\"source\":null}",
                  "missing", NOBODY },
                { "an instance that does not know", "live", NULL, NULL, NULL,
                  "{\"mode\":\"resize\"}", "missing", NOBODY },
                { "of this machine, not of a volume", "offline", "t2.micro", NULL, NULL,
                  "{\"mode\":\"resize\",\"source\":null}", "missing", NOBODY },
                { "a type of tomorrow", "live", "m99.large", NULL, NULL,
                  "{\"mode\":\"resize\",\"source\":\"m99.large\"}", "missing",
                  "no instance type m99.large is known; like it are m9g.large, m9g.xlarge, m9gd.large" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f =
                        run_move(rows[i].volume_mode, rows[i].own, rows[i].mode, rows[i].source);

                print_message("# %s\n", rows[i].name);
                assert_fact(f, "/move", rows[i].move);
                assert_fact(f, "/source/hypervisor", rows[i].hypervisor);
                if (rows[i].why)
                        assert_why(f, "/source/hypervisor", rows[i].why);
        }
}

static void test_why_own_is_not_known(void **state _unused_)
{
        cleanup_facts struct facts *f = run_move("live", NULL, NULL, NULL);

        assert_why(f, "/move/source", "/sys: /sys is not mounted");
}

static void test_source(void **state _unused_)
{
        static const struct {
                const char *type, *credits, *store, *ebs_max;
        } rows[] = {
                { "t2.micro", "\"standard\"", "null", "40" },
                { "t3a.micro", "\"unlimited\"", "null", "27" },
                { "m3.large", "null",
                  "{\"count\":1,\"size_gb\":32,\"media\":\"ssd\",\"nvme\":false}", "39" },
                { "hs1.8xlarge", "null",
                  "{\"count\":24,\"size_gb\":2048,\"media\":\"hdd\",\"nvme\":false}", "missing" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = run_move("offline", NULL, NULL, rows[i].type);

                print_message("# %s\n", rows[i].type);
                assert_fact(f, "/source/credits", rows[i].credits);
                assert_fact(f, "/source/instance_store", rows[i].store);
                assert_fact(f, "/source/ebs_max", rows[i].ebs_max);
        }
}

static void test_boot_modes_not_known(void **state _unused_)
{
        cleanup_facts struct facts *f = run_move("offline", NULL, NULL, "u-6tb1.metal");

        assert_fact(f, "/source/known", "true");
        assert_fact(f, "/source/boot", "missing");
        assert_why(f, "/source/boot", "the boot modes of u-6tb1.metal are not known");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_moves),
                cmocka_unit_test(test_why_own_is_not_known),
                cmocka_unit_test(test_source),
                cmocka_unit_test(test_boot_modes_not_known),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
