#include "unit-probe.h"

/* "word kind amount cuts; ..." and, where there may be more, "? reason". */
static char *describe(const struct facts *f)
{
        const char *file, *why = facts_why_incomplete(f, "/limits/list", &file);
        struct buf b = { 0 };

        buf_puts(&b, "");
        for (size_t i = 0; i < facts_count(f, "/limits/list"); i++) {
                cleanup_free char *word = unit_fact(f, "/limits/list/%zu/word", i);
                cleanup_free char *kind = unit_fact(f, "/limits/list/%zu/kind", i);
                cleanup_free char *amount = unit_fact(f, "/limits/list/%zu/amount", i);
                cleanup_free char *cuts = unit_fact(f, "/limits/list/%zu/cuts", i);

                buf_printf(&b, "%s%s %s %s %s", i ? "; " : "", word, kind, amount,
                           *cuts == '?' ? "?" : cuts);
        }
        if (why)
                buf_printf(&b, "? %s", why);
        return buf_take(&b);
}

static struct facts *know(const char *cmdline, const char *target, int kernel)
{
        struct facts *f = facts_new();
        cleanup_free char *copy = xstrdup(cmdline);
        char *at = copy, *word;

        facts_set_str(f, target, "/target/type");
        if (target) {
                facts_set_int(f, 8, "/target/vcpus");
                facts_set_int(f, 32768, "/target/mem_mib");
                facts_set_str(f, "uefi", "/target/boot/0");
        }
        facts_set_str(f, "/boot/config", "/kconfig/file");
        facts_set_int(f, kernel, "/kconfig/nr_cpus");
        facts_set_array(f, "/boot/entry/params");
        for (int i = 0; (word = strsep(&at, " ")); i++) {
                char *name = strsep(&word, "=");

                facts_set_str(f, name, "/boot/entry/params/%d/name", i);
                facts_set_str(f, word, "/boot/entry/params/%d/value", i);
        }
        return f;
}

static void test_limits(void **state _unused_)
{
        static const struct {
                const char *cmdline, *target;
                int kernel;
                const char *want;
        } rows[] = {
                { "ro", NULL, 8192, "" },
                { "ro", "m5.2xlarge", 8, "CONFIG_NR_CPUS=8 cpus 8 false" },
                { "ro", "m5.2xlarge", 4, "CONFIG_NR_CPUS=4 cpus 4 true" },
                { "ro", NULL, 32, "CONFIG_NR_CPUS=32 cpus 32 null" },
                { "maxcpus=4", "m5.2xlarge", 8192, "maxcpus=4 cpus 4 true" },
                { "maxcpus=0 nr_cpus=2 nr_cpus=8", "m5.2xlarge", 8192,
                  "maxcpus=0 cpus 1 true; nr_cpus=8 cpus 8 false" },
                { "nosmp maxcpus=x", NULL, 8192, "nosmp cpus 1 null" },
                { "mem=4G", "m5.2xlarge", 8192, "mem=4G memory 4096 true" },
                { "mem=33554432K", "m5.2xlarge", 8192, "mem=33554432K memory 32768 false" },
                { "mem=0x100000000", NULL, 8192, "mem=0x100000000 memory 4096 null" },
                { "mem=nopentium", NULL, 8192, "" },
                { "mem=99999999999999999999G mem=4T", NULL, 8192, "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f =
                        know(rows[i].cmdline, rows[i].target, rows[i].kernel);
                cleanup_free char *got = NULL;

                print_message("# %s\n", rows[i].cmdline);
                probe_run("limits", &(struct probe_context){ .facts = f });
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                assert_fact(f, "/limits/uefi_only", rows[i].target ? "true" : "null");
        }
}

static void test_unknown(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        cleanup_free char *got = NULL;

        facts_set_str(f, "x9.large", "/target/type");
        facts_unknown(f, "/target", NULL, "no instance type x9.large is known");
        probe_run("limits", &(struct probe_context){ .facts = f });
        got = describe(f);
        assert_string_equal(got, "? the kernel command line is not known");
        assert_why(f, "/limits/uefi_only", "no instance type x9.large is known");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_limits),
                cmocka_unit_test(test_unknown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
