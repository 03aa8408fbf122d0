#include "unit-probe.h"

#define CONFIG \
        "Name: grub-pc/install_devices\nValue: /dev/xvda, /dev/disk/by-id/x\nOwners: grub-pc\n"

/* "file:line value kind state; ..." */
static char *describe(const struct facts *f, const char *list)
{
        struct buf b = { 0 };

        buf_puts(&b, "");
        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *file = unit_fact(f, "%s/%zu/file", list, i);
                cleanup_free char *line = unit_fact(f, "%s/%zu/line", list, i);
                cleanup_free char *value = unit_fact(f, "%s/%zu/value", list, i);
                cleanup_free char *state = unit_fact(f, "%s/%zu/state", list, i);

                buf_printf(&b, "%s%s:%s %s %s", i ? "; " : "", file, line, value, state);
        }
        return buf_take(&b);
}

static void test_install(void **state _unused_)
{
        static const struct {
                const char *name, *file, *text, *other, *want;
        } rows[] = {
                { "nothing", "etc/x", "", NULL, "" },
                { "grub-pc", "var/cache/debconf/config.dat", CONFIG,
                  "var/lib/dpkg/info/grub-pc.postinst",
                  "/var/cache/debconf/config.dat:2 /dev/xvda gone; "
                  "/var/cache/debconf/config.dat:2 /dev/disk/by-id/x stays" },
                { "grub-pc was removed", "var/cache/debconf/config.dat", CONFIG,
                  "var/lib/dpkg/info/grub-pc.postrm", "" },
                { "SUSE", "etc/default/grub_installdevice", "/dev/xvda\nactivate\n", NULL,
                  "/etc/default/grub_installdevice:1 /dev/xvda gone" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = NULL;
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, rows[i].file, rows[i].text);
                if (rows[i].other)
                        unit_write_text(dir, rows[i].other, "");
                f = unit_probe("grubdevices", dir, VOLUME_OFFLINE, NULL);
                got = describe(f, "/grub/install_devices");
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_map(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;
        cleanup_free char *got = NULL;
        char *dir = unit_temp_dir();

        unit_write_text(dir, "boot/grub/device.map",
                        "# (hd0) /dev/sda\n(fd0) /dev/fd0\n(hd0) /dev/xvda\n");
        f = unit_probe("grubdevices", dir, VOLUME_OFFLINE, NULL);
        got = describe(f, "/grub/device_map");
        assert_string_equal(got, "/boot/grub/device.map:3 /dev/xvda gone");
        unit_remove_tree(dir);
}

static void test_unreadable(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;
        char *dir = unit_temp_dir();

        unit_write_text(dir, "var/lib/dpkg/info/grub-pc.postinst", "");
        unit_write_text(dir, "var/cache/debconf/config.dat/x", "");
        unit_write_text(dir, "boot/grub/device.map/x", "");
        f = unit_probe("grubdevices", dir, VOLUME_OFFLINE, NULL);
        assert_why(
                f, "/grub/install_devices",
                "/var/cache/debconf/config.dat: /var/cache/debconf/config.dat: a directory, not a "
                "file; not read");
        assert_why(
                f, "/grub/device_map",
                "/boot/grub/device.map: /boot/grub/device.map: a directory, not a file; not read");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_install),
                cmocka_unit_test(test_map),
                cmocka_unit_test(test_unreadable),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
