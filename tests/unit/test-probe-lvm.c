/* What LVM's filters and its devices file make of NVMe disks. */
#include "unit-probe.h"

extern const struct probe probe_fstab, probe_lvm;

static const char *image; /* lvm.conf inside, or NULL */

static void run_before(struct probe_context *context)
{
        facts_set_str(context->facts, "systemd", "/os/init");
        facts_set_evidence(context->facts, "/boot/entry/kernel", "/boot/grub/grub.cfg", 1,
                           SPAN("linux"));
        facts_set_str(context->facts, "root", "/boot/entry/params/0/name");
        facts_set_str(context->facts, "/dev/mapper/vg-root", "/boot/entry/params/0/value");
        if (image)
                shared_keep(context, "etc/lvm/lvm.conf", "/boot/initrd.img", span_of(image), false);
}

static const struct probe before = { .name = "before", .run = run_before };
static const struct probe *const probes[] = { &before, &probe_fstab, &probe_lvm, NULL };

struct row {
        const char *name, *conf, *local, *rule, *want;
};

static char *look(const struct row *row)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        struct buf b = { 0 };

        unit_write_text(dir, "etc/fstab", "/dev/mapper/vg-home /home ext4 defaults 0 2\n");
        if (row->conf)
                unit_write_text(dir, "etc/lvm/lvm.conf", row->conf);
        if (row->local)
                unit_write_text(dir, "etc/lvm/lvmlocal.conf", row->local);
        if (row->rule)
                unit_write_text(dir, "etc/udev/rules.d/1.rules", row->rule);
        unit_probe_on(f, dir, NULL, probes);
        for (size_t i = 0; i < facts_count(f, "/lvm/filters"); i++) {
                static const char *const keys[] = { "file", "line", "setting", "verdict",
                                                    "effect" };

                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *value = unit_fact(f, "/lvm/filters/%zu/%s", i, keys[k]);

                        buf_printf(&b, "%s%s", k ? " " : "", value);
                }
                buf_putc(&b, '\n');
        }
        if (facts_why_incomplete(f, "/lvm/filters", &(const char *){ NULL }))
                buf_printf(&b, "? %s\n",
                           facts_why_incomplete(f, "/lvm/filters", &(const char *){ NULL }));
        unit_remove_tree(dir);
        return buf_take(&b);
}

#define ONE(pattern, verdict)                             \
        .conf = "devices { filter = [ " pattern " ] }\n", \
        .want = "/etc/lvm/lvm.conf 1 devices/filter " verdict " emergency\n"

static void test_filters(void **state _unused_)
{
        static const struct row rows[] = {
                { "no files", .want = "" },
                { "nothing set", "devices { dir = \"/dev\" }\n", .want = "" },
                { "all", ONE("\"a|.*|\"", "accepted") },
                { "nothing is accepted or rejected", ONE("\"r|/dev/sr0|\"", "accepted") },
                { "Xen only", ONE("\"a|/dev/xvd|\", \"r|.*|\"", "rejected") },
                { "NVMe behind the reject", ONE("\"r|.*|\", \"a|nvme|\"", "rejected") },
                { "NVMe before it", ONE("\"a|nvme|\", \"r|.*|\"", "accepted") },
                { "disks without partitions", ONE("\"a|nvme[0-9]+n1$|\", \"r|.*|\"", "unclear") },
                { "one number only", ONE("\"a|nvme0|\", \"r|.*|\"", "unclear") },
                { "links by id", ONE("\"a|/by-id/|\", \"r|.*|\"", "unclear") },
                { "multipath only", ONE("\"a|/dev/mapper/mpath|\", \"r|.*|\"", "rejected") },
                { "not understood", ONE("\"b|x|\"", "? the pattern \"b|x|\" is not understood") },
                { "a udev rule that makes names of Xen",
                  .rule = "KERNEL==\"nvme*\", SYMLINK+=\"xvdf\"\n",
                  ONE("\"a|/dev/xvd|\", \"r|.*|\"", "unclear") },
                { "lvmlocal.conf counts", "devices { filter = [ \"r|.*|\" ] }\n",
                  "devices {\n filter = [ \"a|.*|\" ]\n}\n",
                  .want = "/etc/lvm/lvmlocal.conf 2 devices/filter accepted emergency\n" },
                { "both kinds", "devices { filter = \"r|.*|\" global_filter = \"a|.*|\" }\n",
                  .want = "/etc/lvm/lvm.conf 1 devices/global_filter accepted emergency\n"
                          "/etc/lvm/lvm.conf 1 devices/filter rejected emergency\n" },
                { "directories", "devices { scan = [ \"/dev/mapper\", \"/dev/xvdf\" ] }\n",
                  .want = "/etc/lvm/lvm.conf 1 devices/scan unclear emergency\n" },
                { "directories with /dev", "devices { scan = [ \"/dev\", \"/x\" ] }\n",
                  .want = "" },
                { "malformed", "devices {\n", .want = "? line 2: a section has no end\n" },
        };

        image = NULL;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = look(&rows[i]);

                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

/* Of the image the root file system hangs on it, and no line of fstab. */
static void test_image(void **state _unused_)
{
        cleanup_free char *got = NULL;

        image = "devices { filter = \"r|.*|\" }";
        got = look(&(struct row){ .name = "image" });
        assert_string_equal(got, "/boot/initrd.img:/etc/lvm/lvm.conf 1 devices/filter rejected "
                                 "no-boot\n");
}

static void test_devices_file(void **state _unused_)
{
        static const struct {
                const char *name, *conf, *file, *want;
        } rows[] = {
                { "by name", NULL,
                  "IDTYPE=devname IDNAME=/dev/xvda2 DEVNAME=/dev/xvda2 PVID=p PART=2\n",
                  "/dev/xvda2 p auto false emergency\n" },
                { "by a number", NULL, "IDTYPE=sys_wwid IDNAME=x DEVNAME=/dev/xvda2 PVID=p\n", "" },
                { "no name", NULL, "IDTYPE=devname IDNAME=. DEVNAME=. PVID=p\n", "" },
                { "searched", "devices/search_for_devnames=\"all\"",
                  "IDTYPE=devname IDNAME=/dev/xvda2 DEVNAME=/dev/xvda2 PVID=.",
                  "/dev/xvda2 null all false emergency\n" },
                { "written by a newer LVM", NULL,
                  "PRODUCT_UUID=ec2\nIDTYPE=devname IDNAME=/dev/xvda2 PVID=p\n",
                  "/dev/xvda2 p auto true emergency\n" },
                { "not used", "devices/use_devicesfile=0",
                  "IDTYPE=devname IDNAME=/dev/xvda2 PVID=p\n", "" },
        };

        image = NULL;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                static const char *const keys[] = { "value", "pvid", "search", "refreshed",
                                                    "effect" };
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_buf struct buf b = { 0 };

                unit_write_text(dir, "etc/fstab", "/dev/mapper/vg-home /home ext4 defaults 0 2\n");
                unit_write_text(dir, "etc/lvm/devices/system.devices", rows[i].file);
                if (rows[i].conf)
                        unit_write_text(dir, "etc/lvm/lvm.conf", rows[i].conf);
                unit_probe_on(f, dir, NULL, probes);
                for (size_t d = 0; d < facts_count(f, "/lvm/devices"); d++)
                        for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                                cleanup_free char *value =
                                        unit_fact(f, "/lvm/devices/%zu/%s", d, keys[k]);

                                buf_printf(&b, "%s%s", value, k == 4 ? "\n" : " ");
                        }
                if (!streq(b.len ? b.data : "", rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(b.len ? b.data : "", rows[i].want);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_filters),
                cmocka_unit_test(test_image),
                cmocka_unit_test(test_devices_file),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
