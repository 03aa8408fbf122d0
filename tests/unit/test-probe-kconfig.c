#include "unit-probe.h"

extern const struct probe probe_kconfig;
static const struct probe *const probes[] = { &probe_kconfig, NULL };

#define RELEASE "6.1.0-18-amd64"
#define BOOT    "boot/config-" RELEASE
#define BESIDE  "usr/lib/modules/" RELEASE "/config"

static struct facts *with_kernel(void)
{
        struct facts *f = facts_new();

        facts_set_str(f, RELEASE, "/boot/kernel/release");
        facts_set_str(f, "/usr/lib/modules/" RELEASE, "/drivers/dir");
        return f;
}

/* "sig_force hotplug_acpi nr_cpus", or "? reason". */
static char *describe(const struct facts *f)
{
        cleanup_free char *sig = unit_fact(f, "/kconfig/sig_force");
        cleanup_free char *hotplug = unit_fact(f, "/kconfig/hotplug_acpi");
        cleanup_free char *cpus = unit_fact(f, "/kconfig/nr_cpus");

        return *sig == '?' ? TAKE_PTR(sig) : xasprintf("%s %s %s", sig, hotplug, cpus);
}

static void test_options(void **state _unused_)
{
        static const struct {
                const char *name, *file, *text, *want;
        } rows[] = {
                { "as packaged", BOOT,
                  "# x\nCONFIG_MODULE_SIG_FORCE=y\nCONFIG_HOTPLUG_PCI_ACPI=m\nCONFIG_NR_CPUS=64\n",
                  "y m 64" },
                { "beside the modules", BESIDE, "\nCONFIG_NR_CPUS=8", "n n 8" },
                { "not set, and names that go on", BOOT,
                  "\nCONFIG_NR_CPUS_X=1\nCONFIG_NR_CPUS=2\n# CONFIG_MODULE_SIG_FORCE is not set\n"
                  "CONFIG_HOTPLUG_PCI_ACPI_IBM=m\nXCONFIG_HOTPLUG_PCI_ACPI=y\n",
                  "n n 2" },
                { "no number", BOOT, "\nCONFIG_NR_CPUS=many\n",
                  "n n ? it does not say CONFIG_NR_CPUS" },
                { "something else", BOOT, "hello\n", "? no configuration of a kernel" },
                { "none", NULL, NULL,
                  "? it is not there, and so what kernel " RELEASE " was built with is not known" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = with_kernel();
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                if (rows[i].file)
                        unit_write_text(dir, rows[i].file, rows[i].text);
                unit_probe_on(f, dir, NULL, probes);
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_acpiphp(void **state _unused_)
{
        static const struct {
                const char *file, *text, *want;
        } rows[] = {
                { "etc/modules", "# acpiphp\nloop\n", "false" },
                { "etc/modules", "loop\n  acpiphp\n", "true" },
                { "etc/modules-load.d/a.conf", "acpiphp\n", "true" },
                { "etc/sysconfig/modules/a.modules", "#!/bin/sh\n/sbin/modprobe acpiphp\n",
                  "true" },
                { "etc/modules/x", "", "? a directory, not a file; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = with_kernel();
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s %s\n", rows[i].file, rows[i].text);
                unit_write_text(dir, BOOT, "\nCONFIG_HOTPLUG_PCI_ACPI=m\n");
                unit_write_text(dir, rows[i].file, rows[i].text);
                unit_probe_on(f, dir, NULL, probes);
                got = unit_fact(f, "/kconfig/acpiphp_loaded");
                assert_string_equal(*got == '?' ? "? a directory, not a file; not read" : got,
                                    rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_no_kernel(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = unit_probe("kconfig", dir, VOLUME_OFFLINE, NULL);

        assert_why(f, "/kconfig/sig_force", "which kernel starts next is not known");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_options),
                cmocka_unit_test(test_acpiphp),
                cmocka_unit_test(test_no_kernel),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
