#include "unit-probe.h"

/* The probe has facts and a name; there may be no volume at all. */
static struct facts *run_target(const char *target, const char *const *flags)
{
        struct facts *f = facts_new();

        if (flags)
                facts_set_array(f, "/cpu/flags");
        else
                facts_unknown(f, "/cpu", NULL, "only a running machine shows its CPU");
        for (size_t i = 0; flags && flags[i]; i++)
                facts_set_str(f, flags[i], "/cpu/flags/%zu", i);
        probe_run("target", &(struct probe_context){ .facts = f, .target = target });
        return f;
}
#define FLAGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_no_target(void **state _unused_)
{
        cleanup_facts struct facts *f = run_target(NULL, FLAGS("fpu"));

        assert_fact(f, "/target", "{\"type\":null}");
        assert_why(f, "/target/lost_flags", "no target type was named (--target)");
}

static void test_known(void **state _unused_)
{
        cleanup_facts struct facts *f = run_target(
                "m5ad.large", FLAGS("fpu", "hypervisor", "rtm", "avx2", "avx512f", "constant_tsc"));

        assert_fact(
                f, "/target",
                "{\"type\":\"m5ad.large\",\"known\":true,\"hypervisor\":\"nitro\","
                "\"vendor\":\"AMD\",\"current_generation\":true,\"nitro\":2,\"arch\":[\"x86_64\"],"
                "\"boot\":[\"legacy-bios\",\"uefi\"],\"ena\":\"required\",\"vcpus\":2,"
                "\"mem_mib\":8192,\"max_enis\":3,\"ebs_max\":26,\"ebs_limit\":\"shared\","
                "\"ebs_optimized\":\"default\",\"credits\":null,"
                "\"instance_store\":{\"count\":1,\"size_gb\":75,\"media\":\"ssd\",\"nvme\":true},"
                "\"flags_of\":\"this machine\","
                "\"lost_flags\":[\"avx512f\",\"rtm\"],\"uncertain_flags\":[]}");
}

/* Where the CPU is not seen, the type it moves from says what it may have. */
static void test_flags_of_source(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();

        facts_unknown(f, "/cpu", NULL, "only a running machine shows its CPU");
        facts_set_str(f, "t2.micro", "/move/source");
        probe_run("target", &(struct probe_context){ .facts = f, .target = "m5a.large" });
        assert_fact(f, "/target/flags_of", "\"t2.micro\"");
        assert_fact(f, "/target/lost_flags", "[]");
        assert_fact(f, "/target/uncertain_flags", "[]");
}

static void test_flags_of_source_lost(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();

        facts_set_str(f, "m5.large", "/move/source");
        probe_run("target", &(struct probe_context){ .facts = f, .target = "m5a.large" });
        assert_fact(f, "/target/flags_of", "\"m5.large\"");
        assert_fact(
                f, "/target/lost_flags",
                "[\"avx512bw\",\"avx512cd\",\"avx512dq\",\"avx512f\",\"avx512vl\",\"clwb\",\"ospke\",\"pku\"]");
}

static void test_uncertain(void **state _unused_)
{
        cleanup_facts struct facts *f = run_target("m5.large", FLAGS("rtm", "avx512f"));

        assert_fact(f, "/target/lost_flags", "[]");
        assert_fact(f, "/target/uncertain_flags", "[\"rtm\"]");
}

static void test_nothing_shown(void **state _unused_)
{
        cleanup_facts struct facts *f = run_target("m5.large", NULL);

        assert_fact(f, "/target/known", "true");
        assert_fact(f, "/target/lost_flags", "missing");
        assert_why(f, "/target/lost_flags", "only a running machine shows its CPU");
        assert_why(f, "/target/uncertain_flags", "only a running machine shows its CPU");
}

/* A recorded file may hold anything. */
static void test_not_flags(void **state _unused_)
{
        static const char *const recorded[] = { "\"fpu\"", "{\"fpu\": 1}", "[\"fpu\", null]",
                                                "[1]" };

        for (size_t i = 0; i < ARRAY_SIZE(recorded); i++) {
                cleanup_free char *text =
                        xasprintf("{\"schema\": \"" FACTS_SCHEMA "\", \"unknown\": [], "
                                  "\"problems\": [], \"facts\": {\"cpu\": {\"flags\": %s}}}",
                                  recorded[i]);
                cleanup_facts struct facts *f = NULL;
                struct err err = { 0 };

                print_message("# %s\n", recorded[i]);
                assert_int_equal(facts_load(span_of(text), &f, &err), 0);
                probe_run("target", &(struct probe_context){ .facts = f, .target = "m5.large" });
                assert_fact(f, "/target/lost_flags", "missing");
        }
}

static void test_cpu_not_described(void **state _unused_)
{
        cleanup_facts struct facts *f = run_target("mac2.metal", FLAGS("aes"));

        assert_fact(f, "/target/lost_flags", "missing");
        assert_why(f, "/target/lost_flags",
                   "it is not known which flags the CPU of mac2.metal has");
}

static void test_misspelt(void **state _unused_)
{
        cleanup_facts struct facts *f = run_target("m5large", FLAGS("fpu"));

        assert_fact(f, "/target", "{\"type\":\"m5large\",\"known\":false}");
        assert_why(f, "/target/lost_flags",
                   "no instance type m5large is known; like it are m5.large, m5.xlarge, m5a.large");
}

static void test_unheard_of(void **state _unused_)
{
        cleanup_facts struct facts *f = run_target("nothing", FLAGS("fpu"));

        assert_why(f, "/target/vendor", "no instance type nothing is known");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_no_target),       cmocka_unit_test(test_not_flags),
                cmocka_unit_test(test_known),           cmocka_unit_test(test_uncertain),
                cmocka_unit_test(test_nothing_shown),   cmocka_unit_test(test_cpu_not_described),
                cmocka_unit_test(test_misspelt),        cmocka_unit_test(test_unheard_of),
                cmocka_unit_test(test_flags_of_source), cmocka_unit_test(test_flags_of_source_lost),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
