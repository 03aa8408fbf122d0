#include "unit-probe.h"

extern const struct probe probe_os, probe_fstab;
static const struct probe *const probes[] = { &probe_os, &probe_fstab, NULL };

#define UUID_A "8f2ac8e4-5d5c-4d57-a1ab-2c1e1a0ef9e7"
#define UUID_B "0c5f9d0c-3bd5-41b5-9c3b-0e4e3cbb9d70"
#define UUID_C "b2f7c1d5-6a53-4f0e-9d0b-51f1f2a4c001"

static void add_systemd(const char *dir)
{
        unit_link(dir, "sbin/init", "/lib/systemd/systemd");
        unit_write_text(dir, "lib/systemd/systemd", "");
}

/* One line per reference: "line target option value kind uuid fix effect". */
static char *describe_devices(const struct facts *f)
{
        static const char *const keys[] = { "line", "entry_target", "option",    "value",
                                            "kind", "uuid",         "fix_value", "effect" };
        struct buf b = { 0 };

        for (size_t i = 0; i < facts_count(f, "/fstab/devices"); i++) {
                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *value =
                                unit_fact(f, "/fstab/devices/%zu/%s", i, keys[k]);

                        buf_printf(&b, "%s%s", k ? " " : "", value);
                }
                buf_putc(&b, '\n');
        }
        return buf_take(&b);
}

static char *devices_of(const char *fstab, const char *blkid)
{
        char *dir = unit_temp_dir(), *devices;
        cleanup_facts struct facts *f = facts_new();

        add_systemd(dir);
        unit_write_text(dir, "etc/fstab", fstab);
        unit_probe_on(f, dir, blkid, probes);
        devices = describe_devices(f);
        unit_remove_tree(dir);
        return devices;
}

static void test_devices(void **state _unused_)
{
        static const struct {
                const char *name, *fstab, *blkid, *devices;
        } rows[] = {
                { "no final newline", "/dev/xvdf /d xfs defaults 0 2", NULL,
                  "1 /d null /dev/xvdf xen null null emergency\n" },
                { "leading blanks", "  \t/dev/xvdf /d xfs defaults 0 2\n", NULL,
                  "1 /d null /dev/xvdf xen null null emergency\n" },
                { "3, 4 and 5 fields",
                  "/dev/xvdf /a xfs\n/dev/xvdg /b xfs nofail\n/dev/xvdh /c xfs defaults 0\n", NULL,
                  "1 /a null /dev/xvdf xen null null emergency\n"
                  "2 /b null /dev/xvdg xen null null degraded\n"
                  "3 /c null /dev/xvdh xen null null emergency\n" },
                { "escapes", "/dev/xvdf /my\\040disk xfs defaults 0 2\n", NULL,
                  "1 /my disk null /dev/xvdf xen null null emergency\n" },
                { "crlf", "/dev/xvdf /a xfs defaults 0 2\r\n\r\n/dev/xvdg /b xfs nofail 0 0\r\n",
                  NULL,
                  "1 /a null /dev/xvdf xen null null emergency\n"
                  "3 /b null /dev/xvdg xen null null degraded\n" },
                { "crlf after nofail: systemd does not know \"nofail\\r\"",
                  "/dev/xvdf /a xfs nofail\r\n", NULL,
                  "1 /a null /dev/xvdf xen null null emergency\n" },
                { "xvda1 beside xvda15 and xvda10",
                  "/dev/xvda1 / ext4 defaults 0 1\n/dev/xvda15 /boot/efi vfat defaults 0 1\n"
                  "/dev/xvda10 /d ext4 defaults 0 2\n",
                  "/dev/xvda15: UUID=\"0A1B-2C3D\" TYPE=\"vfat\"\n"
                  "/dev/xvda10: UUID=\"" UUID_B "\" TYPE=\"ext4\"\n"
                  "/dev/xvda1: UUID=\"" UUID_A "\" TYPE=\"ext4\"\n",
                  "1 / null /dev/xvda1 xen " UUID_A " UUID=" UUID_A " degraded\n"
                  "2 /boot/efi null /dev/xvda15 xen 0A1B-2C3D UUID=0A1B-2C3D emergency\n"
                  "3 /d null /dev/xvda10 xen " UUID_B " UUID=" UUID_B " emergency\n" },
                { "only xvda15 is known", "/dev/xvda1 /d ext4 defaults 0 1\n",
                  "/dev/xvda15: UUID=\"0A1B-2C3D\" TYPE=\"vfat\"\n",
                  "1 /d null /dev/xvda1 xen null null emergency\n" },
                { "two letters", "/dev/xvdba /d ext4 defaults 0 2\n",
                  "/dev/xvdb: UUID=\"" UUID_A "\" TYPE=\"ext4\"\n"
                  "/dev/xvdba: UUID=\"" UUID_B "\" TYPE=\"ext4\"\n",
                  "1 /d null /dev/xvdba xen " UUID_B " UUID=" UUID_B " emergency\n" },
                { "a name only in a comment",
                  "# / was on /dev/sda1 during installation\n # /dev/xvdf /d xfs\n"
                  "UUID=" UUID_A " / ext4 defaults 0 1\n",
                  NULL, "3 / null UUID=" UUID_A " tag null null harmless\n" },
                { "label first in the blkid output", "/dev/xvdf /d ext4 defaults 0 2\n",
                  "/dev/xvdf: LABEL=\"UUID=x\" UUID=\"" UUID_A "\" TYPE=\"ext4\" "
                  "PARTUUID=\"deadbeef-01\"\n",
                  "1 /d null /dev/xvdf xen " UUID_A " UUID=" UUID_A " emergency\n" },
                { "whole disk beside its partition", "/dev/xvdf /d ext4 defaults 0 2\n",
                  "/dev/xvdf1: UUID=\"" UUID_A "\" TYPE=\"ext4\"\n"
                  "/dev/xvdf: UUID=\"" UUID_B "\" TYPE=\"ext4\"\n",
                  "1 /d null /dev/xvdf xen " UUID_B " UUID=" UUID_B " emergency\n" },
                { "sda1 as root", "/dev/sda1 / ext4 errors=remount-ro 0 1\n", NULL,
                  "1 / null /dev/sda1 scsi null null degraded\n" },
                { "no UUID, only a partition's", "/dev/xvdf1 /d ext4\n",
                  "/dev/xvdf1: PARTUUID=\"deadbeef-01\"\n",
                  "1 /d null /dev/xvdf1 xen null null emergency\n" },
                { "one UUID on two devices", "/dev/xvdf1 /d ext4\n",
                  "/dev/xvdf1: UUID=\"" UUID_A "\" TYPE=\"ext4\"\n"
                  "/dev/xvdg1: UUID=\"" UUID_A "\" TYPE=\"ext4\"\n",
                  "1 /d null /dev/xvdf1 xen " UUID_A " null emergency\n" },
                { "a member is nothing to mount", "/dev/xvdf1 /d ext4\n",
                  "/dev/xvdf1: UUID=\"" UUID_A "\" TYPE=\"LVM2_member\"\n",
                  "1 /d null /dev/xvdf1 xen " UUID_A " null emergency\n" },
                { "swap", "/dev/xvdb none swap sw 0 0\n",
                  "/dev/xvdb: UUID=\"" UUID_C "\" TYPE=\"swap\"\n",
                  "1 none null /dev/xvdb xen " UUID_C " UUID=" UUID_C " degraded\n" },
                { "names in options",
                  "UUID=1 /b btrfs device=/dev/xvdg,device=/dev/xvdh,nofail 0 0\n"
                  "LABEL=x /x xfs logdev=/dev/xvdi,rtdev=/dev/xvdj 0 0\n"
                  "LABEL=e /e ext4 journal_path=/dev/xvdk,journal_dev=0xca10 0 0\n"
                  "tmpfs /t tmpfs x-systemd.requires=/dev/xvdl,x-systemd.after=dev-xvdm.device\n"
                  "tmpfs /u tmpfs x-systemd.requires=dev-my\\x5cx2ddisk.device\n",
                  NULL,
                  "1 /b null UUID=1 tag null null harmless\n"
                  "1 /b device /dev/xvdg xen null null degraded\n"
                  "1 /b device /dev/xvdh xen null null degraded\n"
                  "2 /x null LABEL=x tag null null harmless\n"
                  "2 /x logdev /dev/xvdi xen null null emergency\n"
                  "2 /x rtdev /dev/xvdj xen null null emergency\n"
                  "3 /e null LABEL=e tag null null harmless\n"
                  "3 /e journal_path /dev/xvdk xen null null emergency\n"
                  "4 /t x-systemd.requires /dev/xvdl xen null null emergency\n"
                  "4 /t x-systemd.after /dev/xvdm xen null null harmless\n"
                  "5 /u x-systemd.requires /dev/my\\x2ddisk other null null emergency\n" },
                { "no device",
                  "proc /proc proc defaults 0 0\n/swapfile none swap sw 0 0\n"
                  "fs-1:/ /efs nfs4 _netdev 0 0\n//s/c /c cifs x\n/dev/sr0 /media/cdrom0 udf "
                  "user,noauto\n/dev/xvdf /t tmpfs size=1G\n/dev/xvdg /b none bind\n",
                  NULL, "" },
                { "names that stay",
                  "/dev/disk/by-uuid/x /a ext4\n/dev/mapper/vg-lv /b ext4\n/dev/md0 /c ext4\n",
                  NULL,
                  "1 /a null /dev/disk/by-uuid/x link null null harmless\n"
                  "2 /b null /dev/mapper/vg-lv mapper null null harmless\n"
                  "3 /c null /dev/md0 mapper null null harmless\n" },
                { "malformed, but systemd takes them",
                  "/dev/xvdf /d\n/dev/xvdg /e ext4 defaults # data\n/dev/xvdh\n", NULL,
                  "1 /d null /dev/xvdf xen null null emergency\n"
                  "2 /e null /dev/xvdg xen null null emergency\n" },
                { "usr", "/dev/xvdf /usr/ ext4 nofail 0 2\n", NULL,
                  "1 /usr/ null /dev/xvdf xen null null no-boot\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *devices = devices_of(rows[i].fstab, rows[i].blkid);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(devices, rows[i].devices);
        }
}

static void test_entries(void **state _unused_)
{
        static const char *const keys[] = { "file", "line",    "text", "source", "target",
                                            "type", "options", "freq", "passno" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        cleanup_buf struct buf b = { 0 };
        const char *file;

        add_systemd(dir);
        unit_write_text(dir, "etc/fstab",
                        "# x\r\n\tLABEL=a /my\\040disk ext4 defaults 1 2\r\nb /b\nc\n");
        unit_probe_on(f, dir, NULL, probes);
        for (size_t i = 0; i < facts_count(f, "/fstab/entries"); i++)
                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *v = unit_fact(f, "/fstab/entries/%zu/%s", i, keys[k]);

                        buf_printf(&b, "%s%s", v, k + 1 < ARRAY_SIZE(keys) ? "|" : "\n");
                }
        assert_string_equal(b.data, "/etc/fstab|2|\tLABEL=a /my\\040disk ext4 defaults 1 2|LABEL=a|"
                                    "/my disk|ext4|defaults|1|2\n"
                                    "/etc/fstab|3|b /b|b|/b|null|null|0|0\n");
        assert_int_equal(facts_problem_count(f), 2);
        assert_string_equal(facts_problem_get(f, 0, &file),
                            "line 3 is malformed: it has fewer than three fields; mount(8) ignores "
                            "it, the boot does not");
        assert_string_equal(file, "/etc/fstab");
        assert_string_equal(facts_problem_get(f, 1, &file),
                            "line 4 is malformed: it has fewer than three fields; it is ignored");
        unit_remove_tree(dir);
}

static void test_whole_file(void **state _unused_)
{
        static const struct {
                const char *name;
                struct span fstab; /* data NULL: no file */
                const char *entries, *separate_boot;
        } rows[] = {
                { "absent", { NULL, 0 }, "[ ]", "false" },
                { "empty", { "", 0 }, "[ ]", "false" },
                { "nul",
                  { "a b c\n\0\n", 8 },
                  "? line 2 holds a NUL byte",
                  "? line 2 holds a NUL byte" },
                { "boot", { "UUID=1 /boot/ ext4 x", 20 }, NULL, "true" },
                { "boot/efi only", { "UUID=1 /boot/efi vfat x", 23 }, NULL, "false" },
                { "boot bound", { "/x /boot none bind", 18 }, NULL, "false" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *entries = NULL, *separate_boot = NULL;

                print_message("# %s\n", rows[i].name);
                add_systemd(dir);
                if (rows[i].fstab.data)
                        unit_write(dir, "etc/fstab", rows[i].fstab.data, rows[i].fstab.len);
                unit_probe_on(f, dir, NULL, probes);
                entries = unit_fact(f, "/fstab/entries");
                separate_boot = unit_fact(f, "/fstab/separate_boot");
                if (rows[i].entries)
                        assert_string_equal(entries, rows[i].entries);
                assert_string_equal(separate_boot, rows[i].separate_boot);
                assert_int_equal(facts_problem_count(f), rows[i].fstab.data ? 0 : 1);
                unit_remove_tree(dir);
        }
}

/* Without knowing the init there is no effect, but the rest. */
static void test_unknown_init(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        cleanup_free char *devices = NULL;

        unit_write_text(dir, "etc/fstab", "/dev/xvdf /d ext4\nUUID=1 /e ext4\n");
        unit_probe_on(f, dir, NULL, probes);
        devices = describe_devices(f);
        assert_string_equal(
                devices, "1 /d null /dev/xvdf xen null null ? which init starts the machine is "
                         "not known: there is no /sbin/init, or it leads nowhere; is this a root "
                         "volume?\n"
                         "2 /e null UUID=1 tag null null harmless\n");
        unit_remove_tree(dir);
}

static void test_logical_volumes(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        cleanup_free char *devices = NULL;

        add_systemd(dir);
        unit_write_text(dir, "etc/lvm/backup/vg0", "");
        unit_write_text(dir, "etc/lvm/archive/vg1_00000-12.vg", "");
        unit_write_text(dir, "etc/fstab",
                        "/dev/vg0/a /a ext4\n/dev/vg1/b /b ext4\n/dev/vg/c /c ext4\n"
                        "/dev/vg0/a/b /d ext4\n/dev/ebs0 /e ext4\n/dev/xvdf/a /f ext4\n");
        unit_probe_on(f, dir, NULL, probes);
        devices = describe_devices(f);
        assert_string_equal(devices, "1 /a null /dev/vg0/a mapper null null harmless\n"
                                     "2 /b null /dev/vg1/b mapper null null harmless\n"
                                     "3 /c null /dev/vg/c other null null emergency\n"
                                     "4 /d null /dev/vg0/a/b other null null emergency\n"
                                     "5 /e null /dev/ebs0 other null null emergency\n"
                                     "6 /f null /dev/xvdf/a other null null emergency\n");
        unit_remove_tree(dir);
}

/* Which of the old scripts reads fstab is told by what is installed. */
static void test_old_inits(void **state _unused_)
{
        static const struct {
                const char *name, *files[4], *effects;
        } rows[] = {
                { "Debian's sysvinit",
                  { "etc/inittab", "etc/init.d/checkroot.sh" },
                  "degraded emergency" },
                { "Red Hat's sysvinit", { "etc/inittab" }, "emergency emergency" },
                { "Ubuntu's Upstart",
                  { "sbin/initctl", "etc/init/rc.conf", "sbin/mountall" },
                  "hang hang" },
                { "Red Hat's Upstart",
                  { "sbin/initctl", "etc/init/rc.conf" },
                  "emergency emergency" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *root = NULL, *data = NULL, *effects = NULL;

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, "sbin/init", "");
                for (size_t n = 0; rows[i].files[n]; n++)
                        unit_write_text(dir, rows[i].files[n], "");
                unit_write_text(dir, "etc/fstab",
                                "/dev/xvda1 / ext4 defaults 0 1\n/dev/xvdf /d ext4 defaults 0 2\n");
                unit_probe_on(f, dir, NULL, probes);
                root = unit_fact(f, "/fstab/devices/0/effect");
                data = unit_fact(f, "/fstab/devices/1/effect");
                effects = xasprintf("%s %s", root, data);
                assert_string_equal(effects, rows[i].effects);
                unit_remove_tree(dir);
        }
}

/* Debian's checkroot.sh, and who mounts /run: without devices it cannot open its own node. */
static void test_root_check(void **state _unused_)
{
        static const char nodev[] = "mount -t tmpfs -o \"nodev,noexec,mode=0755\" tmpfs /run\n";
        static const struct {
                const char *name, *script, *init, *fstab, *check;
        } rows[] = {
                { "without devices", "etc/init.d/checkroot.sh", nodev,
                  "/dev/xvda1 / ext4 defaults 0 1\n", "true" },
                { "with devices", "etc/init.d/checkroot.sh",
                  "mount -t tmpfs -o \"noexec\" tmpfs /run\n", "/dev/xvda1 / ext4 defaults 0 1\n",
                  "false" },
                { "another's", "etc/init.d/checkroot.sh",
                  "mount -t devpts -o nodev devpts /dev/pts\n", "/dev/xvda1 / ext4 defaults 0 1\n",
                  "false" },
                { "no check", "etc/init.d/checkroot.sh", nodev, "/dev/xvda1 / ext4 defaults 0 0\n",
                  "false" },
                { "another mount", "etc/init.d/checkroot.sh", nodev,
                  "/dev/xvdf /d ext4 defaults 0 2\n", "false" },
                { "Red Hat", "etc/rc.sysinit", nodev, "/dev/xvda1 / ext4 defaults 0 1\n", "false" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *check = NULL;

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, "sbin/init", "");
                unit_write_text(dir, "etc/inittab", "");
                unit_write_text(dir, rows[i].script, "");
                unit_write_text(dir, "usr/share/initramfs-tools/init", rows[i].init);
                unit_write_text(dir, "etc/fstab", rows[i].fstab);
                unit_probe_on(f, dir, NULL, probes);
                check = unit_fact(f, "/fstab/devices/0/root_check");
                assert_string_equal(check, rows[i].check);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_devices),         cmocka_unit_test(test_entries),
                cmocka_unit_test(test_whole_file),      cmocka_unit_test(test_unknown_init),
                cmocka_unit_test(test_logical_volumes), cmocka_unit_test(test_old_inits),
                cmocka_unit_test(test_root_check),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
