#include "unit-probe.h"

extern const struct probe probe_params;
static const struct probe *const probes[] = { &probe_params, NULL };

/* As the boot probe leaves it; words split at blanks. */
static struct facts *with_cmdline(const char *cmdline)
{
        struct facts *f = facts_new();
        cleanup_free char *copy = xstrdup(cmdline);
        char *at = copy, *word;

        facts_set_evidence(f, "/boot/entry/kernel", "/boot/grub/grub.cfg", 7, SPAN("linux ..."));
        facts_set_array(f, "/boot/entry/params");
        for (int i = 0; (word = strsep(&at, " ")); i++) {
                char *name = strsep(&word, "=");

                facts_set_str(f, name, "/boot/entry/params/%d/name", i);
                facts_set_str(f, word, "/boot/entry/params/%d/value", i);
        }
        return f;
}

/* "MEMBER MEMBER; ..." of a list. */
static char *describe(const struct facts *f, const char *list, const char *first,
                      const char *second)
{
        struct buf b = { 0 };

        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *one = unit_fact(f, "%s/%zu/%s", list, i, first);
                cleanup_free char *other = unit_fact(f, "%s/%zu/%s", list, i, second);

                buf_printf(&b, "%s%s %s", i ? "; " : "", one, other);
        }
        return buf_take(&b);
}

static void test_platform(void **state _unused_)
{
        static const struct {
                const char *cmdline, *want;
        } rows[] = {
                { "ro quiet", "" },
                { "pci=nomsi", "pci=nomsi no-msi" },
                { "pci=noaer,nomsi,noacpi", "pci=nomsi no-msi; pci=noacpi no-acpi-irq" },
                { "pci=off acpi=off", "pci=off no-pci; acpi=off no-acpi" },
                { "acpi=noirq", "acpi=noirq no-acpi-irq" },
                { "nolapic disableapic noapic",
                  "nolapic no-msi; disableapic no-msi; noapic no-ioapic" },
                { "pci=nomsix pci=nomsi=1 xpci=off pcix=off acpi=offx acpi", "" },
                { "acpi=force nolapic_timer pcie_aspm=off", "" },
                { "ro -- pci=nomsi", "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = with_cmdline(rows[i].cmdline);
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].cmdline);
                unit_probe_on(f, dir, NULL, probes);
                got = describe(f, "/cmdline/platform", "word", "kind");
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_waits(void **state _unused_)
{
        static const struct {
                const char *cmdline, *want;
        } rows[] = {
                { "ro rootwait rootdelay=1 panic=1", "" },
                { "rd.retry=3", "rd.retry 3" },
                { "rd.retry=3 rd.retry=30", "rd.retry 30" },
                { "rd.timeout=0", "rd.timeout null" },
                { "rd.retry=0", "rd.retry 0" },
                { "rootwait=5 rd.timeout=9", "rd.timeout 9; rootwait 5" },
                { "rd.retry=x rd.timeout=-1 rootwait=99999999999999999999", "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = with_cmdline(rows[i].cmdline);
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].cmdline);
                unit_probe_on(f, dir, NULL, probes);
                got = describe(f, "/cmdline/waits", "name", "seconds");
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_fips(void **state _unused_)
{
        static const char blkid[] = "/dev/xvda1: UUID=\"1-2\" TYPE=\"xfs\"\n";
        static const struct {
                const char *cmdline, *fstab, *want; /* value kind fix */
        } rows[] = {
                { "boot=/dev/xvda1", NULL, NULL },
                { "fips=0 boot=/dev/xvda1", NULL, NULL },
                { "fips=1", NULL, NULL },
                { "fips=1 boot=UUID=3-4", NULL, "UUID=3-4 tag null" },
                { "fips=1 boot=/dev/xvda1", NULL, "/dev/xvda1 xen UUID=1-2" },
                { "fips=1 boot=/dev/xvda1", "UUID=5-6", "/dev/xvda1 xen UUID=5-6" },
                { "fips=1 boot=/dev/xvda1", "/dev/xvda1", "/dev/xvda1 xen UUID=1-2" },
                { "fips=1 boot=/dev/xvda2", NULL, "/dev/xvda2 xen null" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = with_cmdline(rows[i].cmdline);
                char *dir = unit_temp_dir();

                print_message("# %s, fstab %s\n", rows[i].cmdline,
                              rows[i].fstab ? rows[i].fstab : "-");
                if (rows[i].fstab) {
                        facts_set_str(f, "/boot", "/fstab/entries/0/target");
                        facts_set_str(f, rows[i].fstab, "/fstab/entries/0/source");
                }
                unit_probe_on(f, dir, blkid, probes);
                if (!rows[i].want) {
                        assert_fact(f, "/cmdline/fips", "null");
                } else {
                        cleanup_free char *value = unit_fact(f, "/cmdline/fips/value");
                        cleanup_free char *kind = unit_fact(f, "/cmdline/fips/kind");
                        cleanup_free char *fix = unit_fact(f, "/cmdline/fips/fix_value");
                        cleanup_free char *got = xasprintf("%s %s %s", value, kind, fix);

                        assert_string_equal(got, rows[i].want);
                        assert_fact(f, "/cmdline/fips/line", "7");
                }
                unit_remove_tree(dir);
        }
}

static void test_network(void **state _unused_)
{
        static const struct {
                const char *cmdline, *want; /* word kind; NULL: none */
        } rows[] = {
                { "root=UUID=1-2 ip=dhcp", NULL },
                { "root=/dev/nfs", "root=/dev/nfs root" },
                { "rd.neednet=0 root=nfsx:/a", NULL },
                { "rd.neednet=1 root=UUID=1-2", "rd.neednet=1 asked" },
                { "rd.neednet=1 root=nfs:10.0.0.1:/a", "root=nfs:10.0.0.1:/a root" },
                { "netroot=iscsi:@10.0.0.1::3260::iqn", "netroot=iscsi:@10.0.0.1::3260::iqn root" },
                { "boot=nfs", "boot=nfs root" },
                { "nfsroot=10.0.0.1:/a", "nfsroot=10.0.0.1:/a root" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = with_cmdline(rows[i].cmdline);
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].cmdline);
                unit_probe_on(f, dir, NULL, probes);
                if (!rows[i].want) {
                        assert_fact(f, "/cmdline/network", "null");
                } else {
                        cleanup_free char *word = unit_fact(f, "/cmdline/network/word");
                        cleanup_free char *kind = unit_fact(f, "/cmdline/network/kind");
                        cleanup_free char *got = xasprintf("%s %s", word, kind);

                        assert_string_equal(got, rows[i].want);
                }
                unit_remove_tree(dir);
        }
}

static void test_no_cmdline(void **state _unused_)
{
        static const char *const paths[] = { "/cmdline/platform", "/cmdline/waits", "/cmdline/fips",
                                             "/cmdline/network" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = unit_probe("params", dir, VOLUME_OFFLINE, NULL);

        for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
                assert_fact(f, paths[i], "missing");
                assert_why(f, paths[i], "the kernel command line is not known");
        }
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_platform),   cmocka_unit_test(test_waits),
                cmocka_unit_test(test_fips),       cmocka_unit_test(test_network),
                cmocka_unit_test(test_no_cmdline),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
