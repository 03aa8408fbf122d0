#include "unit-probe.h"

extern const struct probe probe_kernelage;
static const struct probe *const probes[] = { &probe_kernelage, NULL };

static void test_table(void **state _unused_)
{
        static const struct {
                const char *id, *version, *release;
                const char *way; /* NULL: not too old */
        } rows[] = {
                { "debian", "8", "3.16.0-4-amd64", "debian" },
                { "debian", "7", "3.2.0-4-amd64", "debian" },
                { "debian", "10", "3.16.0-4-amd64", "debian" },
                { "debian", "9", "4.9.0-13-amd64", NULL },
                { "debian", "12", "6.1.0-18-cloud-amd64", NULL },
                { "ubuntu", "14.04", "3.13.0-170-generic", "linux-aws" },
                { "ubuntu", "16.04", "4.4.0-210-generic", "linux-aws" },
                { "ubuntu", "14.04", "4.4.0-1044-aws", NULL },
                { "ubuntu", "12.04", "3.2.0-150-virtual", "rebuild" },
                { "ubuntu", "22.04", "5.15.0-91-generic", NULL },
                { "rhel", "7.2", "3.10.0-327.el7.x86_64", "el7" },
                { "centos", "7", "3.10.0-514.26.2.el7.x86_64", "el7" },
                { "centos", "7", "3.10.0-693.el7.x86_64", NULL },
                { "centos", "7", "3.10.0-1160.119.1.el7.x86_64", NULL },
                { "centos", "6.10", "2.6.32-754.35.1.el6.x86_64", "rebuild" },
                { "centos", "6.10", "4.4.207-1.el6.elrepo.x86_64", NULL },
                { "ol", "6.10", "2.6.39-400.294.3.el6uek.x86_64", NULL },
                { "rhel", "5.11", "2.6.18-398.el5", "rebuild" },
                { NULL, NULL, "2.6.32-754.el6.x86_64", "rebuild" },
                { "amzn", "2015.03", "3.14.35-28.38.amzn1.x86_64", "amazon" },
                { "amzn", "2018.03", "4.14.336-180.566.amzn1.x86_64", NULL },
                { "amzn", "2", "4.14.336-257.566.amzn2.x86_64", NULL },
                { "sles", "11.4", "3.0.101-63-default", "rebuild" },
                { "sles", "12.1", "3.12.74-60.64.40-default", "sles12" },
                { "sles", "12.2", "4.4.121-92.92-default", NULL },
                { "gentoo", "2", "3.2.0", NULL },
        };
        char *dir = unit_temp_dir();

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *way = NULL;

                print_message("# %s\n", rows[i].release);
                if (rows[i].id) {
                        facts_set_str(f, rows[i].id, "/os/id");
                        facts_set_str(f, rows[i].version, "/os/version_id");
                }
                facts_set_str(f, rows[i].release, "/boot/kernel/release");
                facts_set_str(f, "missing", "/drivers/ena/state");
                facts_set_str(f, "module", "/drivers/nvme/state");
                unit_probe_on(f, dir, NULL, probes);
                way = unit_fact(f, "/kernel_age/way");
                assert_string_equal(way, rows[i].way ? rows[i].way : "null");
        }
        unit_remove_tree(dir);
}

/* The drivers decide, not the table. */
static void test_drivers(void **state _unused_)
{
        static const struct {
                const char *nvme, *inside, *ena, *lacks, *too_old;
        } rows[] = {
                { "missing", "missing", "missing", "NVMe or ENA", "true" },
                { "missing", "missing", "module", "NVMe", "true" },
                { "module", "module", "missing", "ENA", "true" },
                { "module", "module", "builtin", "null", "false" },
                { "broken", "broken", "broken", "null", "false" },
                { "missing", "module", "module", "null", "false" },
                { NULL, NULL, NULL, "null", "null" },
        };
        char *dir = unit_temp_dir();

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *lacks = NULL, *too_old = NULL;

                facts_set_str(f, "debian", "/os/id");
                facts_set_str(f, "3.16.0-4-amd64", "/boot/kernel/release");
                if (rows[i].nvme) {
                        facts_set_str(f, rows[i].nvme, "/drivers/nvme/state");
                        facts_set_str(f, rows[i].inside, "/initramfs/nvme/state");
                        facts_set_str(f, rows[i].ena, "/drivers/ena/state");
                }
                unit_probe_on(f, dir, NULL, probes);
                lacks = unit_fact(f, "/kernel_age/lacks");
                too_old = unit_fact(f, "/kernel_age/too_old");
                assert_string_equal(lacks, rows[i].lacks);
                assert_string_equal(too_old, rows[i].too_old);
        }
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_table),
                cmocka_unit_test(test_drivers),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
