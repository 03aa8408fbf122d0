/* What mdadm.conf makes of NVMe disks. */
#include "unit-probe.h"

extern const struct probe probe_fstab, probe_mdadm;

static const char *cmdline; /* md=, or NULL */

static void run_before(struct probe_context *context)
{
        facts_set_str(context->facts, "systemd", "/os/init");
        facts_set_evidence(context->facts, "/boot/entry/kernel", "/boot/grub/grub.cfg", 1,
                           SPAN("linux"));
        facts_set_str(context->facts, "root", "/boot/entry/params/0/name");
        facts_set_str(context->facts, "/dev/md0", "/boot/entry/params/0/value");
        if (cmdline) {
                facts_set_str(context->facts, "md", "/boot/entry/params/1/name");
                facts_set_str(context->facts, cmdline, "/boot/entry/params/1/value");
                return;
        }
        shared_keep(context, "etc/mdadm/mdadm.conf", "/boot/initrd.img", SPAN("DEVICE /dev/sda1\n"),
                    false);
}

static const struct probe before = { .name = "before", .run = run_before };
static const struct probe *const with_image[] = { &before, &probe_fstab, &probe_mdadm, NULL };

static void run_systemd(struct probe_context *context)
{
        facts_set_str(context->facts, "systemd", "/os/init");
}

static const struct probe systemd = { .name = "systemd", .run = run_systemd };
static const struct probe *const probes[] = { &systemd, &probe_fstab, &probe_mdadm, NULL };

/* "file:line role array verdict effect" each. */
static char *look(const char *conf, const char *fstab, const struct probe *const *list)
{
        static const char *const keys[] = { "file", "line", "role", "array", "verdict", "effect" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        struct buf b = { 0 };

        if (conf)
                unit_write_text(dir, "etc/mdadm.conf", conf);
        unit_write_text(dir, "etc/fstab", fstab);
        unit_probe_on(f, dir, NULL, list);
        for (size_t i = 0; i < facts_count(f, "/mdadm/settings"); i++)
                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *value =
                                unit_fact(f, "/mdadm/settings/%zu/%s", i, keys[k]);

                        buf_printf(&b, "%s%s", value, k == 5 ? "\n" : " ");
                }
        unit_remove_tree(dir);
        return buf_take(&b);
}

#define MD0 "/dev/md0 /d ext4 defaults 0 2\n"

static void test_root(void **state _unused_)
{
        static const struct {
                const char *name, *conf, *fstab, *want;
        } rows[] = {
                { "no file", NULL, MD0, "" },
                { "no DEVICE line", "ARRAY /dev/md0 UUID=1\n", MD0, "" },
                { "disks of Xen", "DEVICE /dev/xvd*\n", MD0,
                  "/etc/mdadm.conf 1 DEVICE null rejected emergency\n" },
                { "two lines, the second takes all", "DEVICE /dev/xvd*\nDEV partitions\n", MD0,
                  "/etc/mdadm.conf 1 DEVICE null accepted emergency\n" },
                { "containers only", "DEVICE containers\n", MD0,
                  "/etc/mdadm.conf 1 DEVICE null rejected emergency\n" },
                { "a word that mdadm does not take", "DEVICE xvdf\n", MD0, "" },
                { "all of /dev", "DEVICE /dev/*\n", MD0,
                  "/etc/mdadm.conf 1 DEVICE null accepted emergency\n" },
                { "some NVMe disks", "DEVICE /dev/nvme0*\n", MD0,
                  "/etc/mdadm.conf 1 DEVICE null unclear emergency\n" },
                { "links", "DEVICE /dev/disk/by-id/*\n", MD0,
                  "/etc/mdadm.conf 1 DEVICE null unclear emergency\n" },
                { "no arrays", "DEVICE /dev/xvd*\n", "",
                  "/etc/mdadm.conf 1 DEVICE null rejected harmless\n" },
                { "an array that nobody mounts", "DEVICE /dev/xvd*\nARRAY /dev/md0 UUID=1\n",
                  "UUID=2 / ext4 defaults 0 1\n",
                  "/etc/mdadm.conf 1 DEVICE null rejected degraded\n" },
                { "members of arrays by name",
                  "ARRAY /dev/md/0 devices=/dev/xvdf,/dev/xvdg\n"
                  "ARRAY /dev/md1 devices=/dev/xvdh\nARRAY md2 devices=/dev/nvme*,/dev/xvdi\n",
                  MD0,
                  "/etc/mdadm.conf 1 ARRAY /dev/md/0 unclear emergency\n"
                  "/etc/mdadm.conf 2 ARRAY /dev/md1 unclear degraded\n"
                  "/etc/mdadm.conf 3 ARRAY md2 accepted degraded\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = look(rows[i].conf, rows[i].fstab, probes);

                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

/* Files of a directory beside it. */
static void test_directory(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();

        unit_write_text(dir, "etc/fstab", MD0);
        unit_write_text(dir, "etc/mdadm/mdadm.conf.d/a.conf", "DEVICE /dev/xvd*\n");
        unit_write_text(dir, "etc/mdadm/mdadm.conf.d/b.bak", "DEVICE /dev/xvd*\n");
        unit_probe_on(f, dir, NULL, probes);
        assert_fact(f, "/mdadm/settings/0/file", "\"/etc/mdadm/mdadm.conf.d/a.conf\"");
        assert_fact(f, "/mdadm/settings/0/verdict", "\"rejected\"");
        assert_int_equal(facts_count(f, "/mdadm/settings"), 1);
        unit_remove_tree(dir);
}

/* Of the image only what the root hangs on counts. */
static void test_image(void **state _unused_)
{
        cleanup_free char *got = look("ARRAY /dev/md0 UUID=1\n", MD0, with_image);

        assert_string_equal(got, "/boot/initrd.img:/etc/mdadm/mdadm.conf 1 DEVICE null rejected "
                                 "no-boot\n");
}

static void test_cmdline(void **state _unused_)
{
        cleanup_free char *got = NULL, *without = NULL;

        cmdline = "0,/dev/xvdf,/dev/xvdg";
        got = look(NULL, MD0, with_image);
        assert_string_equal(got, "/boot/grub/grub.cfg 1 md= /dev/md0 rejected no-boot\n");
        cmdline = "d0";
        without = look(NULL, MD0, with_image);
        assert_string_equal(without, "");
        cmdline = NULL;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_root),
                cmocka_unit_test(test_directory),
                cmocka_unit_test(test_image),
                cmocka_unit_test(test_cmdline),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
