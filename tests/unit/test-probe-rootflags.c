/* Disks among the options of the root's mount. */
#include "unit-probe.h"

extern const struct probe probe_rootflags;

static const char *flags;

static void run_before(struct probe_context *context)
{
        facts_set_evidence(context->facts, "/boot/entry/kernel", "/boot/grub/grub.cfg", 3,
                           SPAN("linux"));
        facts_set_array(context->facts, "/boot/entry/params");
        if (!flags)
                return;
        facts_set_str(context->facts, "rootflags", "/boot/entry/params/0/name");
        facts_set_str(context->facts, flags, "/boot/entry/params/0/value");
}

static const struct probe before = { .name = "before", .run = run_before };
static const struct probe *const probes[] = { &before, &probe_rootflags, NULL };

static void test_flags(void **state _unused_)
{
        static const struct {
                const char *flags, *want; /* "role value fix" each */
        } rows[] = {
                { NULL, "" },
                { "subvol=@,compress=zstd", "" },
                { "subvol=@,device=/dev/xvdf,device=/dev/xvdg",
                  "device /dev/xvdf /dev/disk/by-uuid/f\ndevice /dev/xvdg null\n" },
                { "logdev=/dev/disk/by-uuid/1", "logdev /dev/disk/by-uuid/1 null\n" },
                { "x-systemd.requires=/dev/xvdf", "" },
        };
        char *dir = unit_temp_dir();

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_buf struct buf b = { 0 };

                flags = rows[i].flags;
                unit_probe_on(f, dir, "/dev/xvdf: UUID=\"f\" TYPE=\"xfs\"\n", probes);
                for (size_t d = 0; d < facts_count(f, "/rootflags/devices"); d++) {
                        cleanup_free char *role = unit_fact(f, "/rootflags/devices/%zu/role", d);
                        cleanup_free char *value = unit_fact(f, "/rootflags/devices/%zu/value", d);
                        cleanup_free char *fix =
                                unit_fact(f, "/rootflags/devices/%zu/fix_value", d);

                        buf_printf(&b, "%s %s %s\n", role, value, fix);
                }
                assert_string_equal(b.len ? b.data : "", rows[i].want);
        }
        unit_remove_tree(dir);
}

/* Which entry starts is not known. */
static void test_unknown(void **state _unused_)
{
        static const struct probe *const alone[] = { &probe_rootflags, NULL };
        cleanup_facts struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        facts_unknown(f, "/boot/entry", "/boot/grub/grub.cfg", "there is none");
        unit_probe_on(f, dir, NULL, alone);
        assert_fact(f, "/rootflags/devices", "missing");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_flags),
                cmocka_unit_test(test_unknown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
