#include "unit-probe.h"

extern const struct probe probe_firmware;
static const struct probe *const probes[] = { &probe_firmware, NULL };

#define RELEASE "6.1.0-18-amd64"

static void test_esp(void **state _unused_)
{
        static const struct {
                const char *name, *files[3], *want; /* "loader config file" */
        } rows[] = {
                { "none", { NULL }, "null" },
                { "a directory to mount it", { "boot/efi/README" }, "null" },
                { "complete",
                  { "boot/efi/EFI/BOOT/BOOTX64.EFI", "boot/efi/EFI/debian/grub.cfg" },
                  "true true /boot/efi/EFI/BOOT/BOOTX64.EFI" },
                { "in small letters",
                  { "efi/EFI/boot/bootx64.efi", "efi/loader/loader.conf" },
                  "true true /efi/EFI/boot/bootx64.efi" },
                { "unified images", { "boot/efi/EFI/Linux/a.efi" }, "false true /boot/efi/EFI" },
                { "no configuration",
                  { "boot/efi/EFI/BOOT/BOOTX64.EFI" },
                  "true false /boot/efi/EFI/BOOT/BOOTX64.EFI" },
                { "of another architecture",
                  { "boot/efi/EFI/BOOT/BOOTAA64.EFI", "boot/efi/EFI/a/grub.cfg" },
                  "false true /boot/efi/EFI" },
                { "no directory", { "boot/efi" }, "?" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *loader = NULL, *config = NULL, *file = NULL, *got = NULL;
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *whole = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                for (size_t k = 0; k < 3 && rows[i].files[k]; k++)
                        unit_write_text(dir, rows[i].files[k], "");
                unit_probe_on(f, dir, NULL, probes);
                whole = unit_fact(f, "/esp");
                loader = unit_fact(f, "/esp/loader");
                config = unit_fact(f, "/esp/config");
                file = unit_fact(f, "/esp/file");
                got = *whole == '{' ? xasprintf("%s %s %s", loader, config, file)
                                    : xstrdup(*whole == '?' ? "?" : whole);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_kdump(void **state _unused_)
{
        static const struct {
                const char *cmdline, *file, *want; /* rebuilds */
        } rows[] = {
                { "crashkernel", "boot/initramfs-" RELEASE "kdump.img", "true" },
                { "crashkernel", "boot/initrd-" RELEASE "-kdump", "false" },
                { "crashkernel", "var/lib/kdump/initrd.img-" RELEASE, "false" },
                { "crashkernel", "var/lib/kdump/initrd.img-5.10.0", "null" },
                { "quiet", "var/lib/kdump/initrd.img-" RELEASE, "null" },
                { NULL, "var/lib/kdump/initrd.img-" RELEASE, "?" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *whole = NULL, *rebuilds = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].file);
                facts_set_str(f, RELEASE, "/boot/kernel/release");
                if (rows[i].cmdline) {
                        facts_set_str(f, rows[i].cmdline, "/boot/entry/params/0/name");
                        facts_set_str(f, "auto", "/boot/entry/params/0/value");
                }
                unit_write_text(dir, rows[i].file, "");
                unit_probe_on(f, dir, NULL, probes);
                whole = unit_fact(f, "/kdump");
                rebuilds = unit_fact(f, "/kdump/rebuilds");
                assert_string_equal(*whole == '{'   ? rebuilds
                                    : *whole == '?' ? "?"
                                                    : whole,
                                    rows[i].want);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_esp),
                cmocka_unit_test(test_kdump),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
