#include "unit-probe.h"

extern const struct probe probe_cmdline;
static const struct probe *const probes[] = { &probe_cmdline, NULL };

#define UUID_A "8f2ac8e4-5d5c-4d57-a1ab-2c1e1a0ef9e7"

/* Facts as the boot probe leaves them; words split at blanks. */
static struct facts *boot_facts(const char *cmdline, bool initrd)
{
        struct facts *f = facts_new();
        cleanup_free char *copy = xstrdup(cmdline);
        char *save, *word = strtok_r(copy, " ", &save);

        facts_set_evidence(f, "/boot/entry/kernel", "/boot/grub/grub.cfg", 7, SPAN("linux ..."));
        facts_set_array(f, "/boot/entry/params");
        facts_set_array(f, "/boot/entry/initrd");
        if (initrd)
                facts_set_str(f, "/boot/initrd.img", "/boot/entry/initrd/0/path");
        for (int i = 0; word; i++, word = strtok_r(NULL, " ", &save)) {
                char *value = strchr(word, '=');

                if (value)
                        *value++ = '\0';
                facts_set_str(f, word, "/boot/entry/params/%d/name", i);
                facts_set_str(f, value, "/boot/entry/params/%d/value", i);
        }
        return f;
}

static void test_root(void **state _unused_)
{
        static const char blkid[] =
                "/dev/xvda1: UUID=\"" UUID_A "\" TYPE=\"ext4\" PARTUUID=\"deadbeef-01\"\n"
                "/dev/xvda15: UUID=\"0A1B-2C3D\" TYPE=\"vfat\"\n"
                "/dev/xvdb: TYPE=\"ext4\" UUID=\"b2f7c1d5-6a53-4f0e-9d0b-51f1f2a4c001\"\n";
        static const struct {
                const char *cmdline;
                bool no_initrd;
                const char *root; /* value kind fix */
        } rows[] = {
                { "root=UUID=1-2 ro", false, "UUID=1-2 tag null" },
                { "root=PARTUUID=deadbeef-01 ro", true, "PARTUUID=deadbeef-01 tag null" },
                { "root=/dev/xvda1 ro", false, "/dev/xvda1 xen UUID=" UUID_A },
                { "root=/dev/xvda1 ro", true, "/dev/xvda1 xen PARTUUID=deadbeef-01" },
                { "root=/dev/xvdb ro", true, "/dev/xvdb xen null" },
                { "root=/dev/xvda10 ro", false, "/dev/xvda10 xen null" },
                { "root=/dev/xvda ro", false, "/dev/xvda xen null" },
                { "root=/dev/sda1 ro", false, "/dev/sda1 scsi null" },
                { "root=/dev/xvda1 root=LABEL=x", false, "LABEL=x tag null" },
                { "root=LABEL=x root=/dev/xvda1", false, "/dev/xvda1 xen UUID=" UUID_A },
                { "root=LABEL=x -- root=/dev/xvda1", false, "LABEL=x tag null" },
                { "root=ca01", false, "ca01 xen null" },
                { "root=202:1", false, "202:1 xen null" },
                { "root=801", false, "801 scsi null" },
                { "root=0x1", false, "0x1 none null" },
                { "root=/dev/mapper/vg-root", false, "/dev/mapper/vg-root mapper null" },
                { "root=/dev/vg/root", false, "/dev/vg/root other null" },
                { "root=ZFS=rpool/ROOT", false, "ZFS=rpool/ROOT none null" },
                { "root=/dev/nfs", false, "/dev/nfs network null" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = boot_facts(rows[i].cmdline, !rows[i].no_initrd);
                cleanup_free char *value = NULL, *kind = NULL, *fix = NULL, *root = NULL;

                print_message("# %s\n", rows[i].cmdline);
                unit_probe_on(f, dir, blkid, probes);
                value = unit_fact(f, "/cmdline/root/value");
                kind = unit_fact(f, "/cmdline/root/kind");
                fix = unit_fact(f, "/cmdline/root/fix_value");
                root = xasprintf("%s %s %s", value, kind, fix);
                assert_string_equal(root, rows[i].root);
                assert_string_equal(facts_str(f, "/cmdline/root/file"), "/boot/grub/grub.cfg");
                assert_int_equal(facts_int(f, "/cmdline/root/line", 0), 7);
                assert_string_equal(facts_str(f, "/cmdline/root/text"), "linux ...");
                unit_remove_tree(dir);
        }
}

static void test_no_root(void **state _unused_)
{
        static const struct {
                const char *cmdline, *root;
        } rows[] = {
                { "ro quiet", "null" },
                { "root ro", "null" },
                { "", "null" },
                { NULL, "? the kernel command line is not known: no boot loader" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = rows[i].cmdline ? boot_facts(rows[i].cmdline, true)
                                                                : facts_new();
                cleanup_free char *root = NULL;

                if (!rows[i].cmdline)
                        facts_unknown(f, "/boot", NULL, "no boot loader");
                unit_probe_on(f, dir, NULL, probes);
                root = unit_fact(f, "/cmdline/root");
                assert_string_equal(root, rows[i].root);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_root),
                cmocka_unit_test(test_no_root),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
