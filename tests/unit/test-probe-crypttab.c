/* crypttab, its copies in the image, and what happens without the disk. */
#include "unit-probe.h"

extern const struct probe probe_fstab, probe_crypttab;

#define UUID_A "8f2ac8e4-5d5c-4d57-a1ab-2c1e1a0ef9e7"
#define BLKID                                                                                   \
        "/dev/xvdf: UUID=\"" UUID_A "\" TYPE=\"crypto_LUKS\"\n/dev/mapper/data: UUID=\"inner\"" \
        " TYPE=\"ext4\"\n/dev/mapper/pv: UUID=\"x\" TYPE=\"LVM2_member\"\n"

static const char *image; /* what it has as etc/crypttab, or NULL */
static const char *inside;
static const char *cmdline, *cmdline_value; /* a parameter, or NULL */

/* As the probes of the boot entry and of the image leave them. */
static void run_before(struct probe_context *context)
{
        facts_set_str(context->facts, "systemd", "/os/init");
        facts_set_evidence(context->facts, "/boot/entry/kernel", "/boot/grub/grub.cfg", 1,
                           SPAN("linux"));
        facts_set_str(context->facts, "root", "/boot/entry/params/0/name");
        facts_set_str(context->facts, "/dev/mapper/root", "/boot/entry/params/0/value");
        if (cmdline) {
                facts_set_str(context->facts, cmdline, "/boot/entry/params/1/name");
                facts_set_str(context->facts, cmdline_value, "/boot/entry/params/1/value");
        }
        if (image)
                shared_keep(context, inside, "/boot/initrd.img", span_of(image), false);
}

static const struct probe before = { .name = "before", .run = run_before };
static const struct probe *const probes[] = { &before, &probe_fstab, &probe_crypttab, NULL };

/* "file:line name role value fix effect" of each. */
static char *look(const char *crypttab, const char *fstab)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        struct buf b = { 0 };

        if (crypttab)
                unit_write_text(dir, "etc/crypttab", crypttab);
        unit_write_text(dir, "etc/fstab", fstab);
        unit_probe_on(f, dir, BLKID, probes);
        for (size_t i = 0; i < facts_count(f, "/crypttab/devices"); i++) {
                static const char *const keys[] = { "file",  "line",      "name",  "role",
                                                    "value", "fix_value", "effect" };

                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *value =
                                unit_fact(f, "/crypttab/devices/%zu/%s", i, keys[k]);

                        buf_printf(&b, "%s%s", k ? " " : "", value);
                }
                buf_putc(&b, '\n');
        }
        if (facts_why_incomplete(f, "/crypttab/devices", &(const char *){ NULL }))
                buf_printf(&b, "? %s\n",
                           facts_why_incomplete(f, "/crypttab/devices", &(const char *){ NULL }));
        unit_remove_tree(dir);
        return buf_take(&b);
}

static void test_root(void **state _unused_)
{
        static const struct {
                const char *name, *crypttab, *fstab, *want;
        } rows[] = {
                { "no crypttab", NULL, "", "" },
                { "mounted by its mapping", "data /dev/xvdf /key luks\n",
                  "/dev/mapper/data /d ext4 defaults 0 2\n",
                  "/etc/crypttab 1 data source /dev/xvdf UUID=" UUID_A " emergency\n" },
                { "mounted with nofail", "data /dev/xvdf /key luks\n",
                  "/dev/mapper/data /d ext4 nofail 0 2\n",
                  "/etc/crypttab 1 data source /dev/xvdf UUID=" UUID_A " degraded\n" },
                { "mounted by what is in it", "data /dev/xvdf /key luks\n",
                  "UUID=inner /d ext4 defaults 0 2\n",
                  "/etc/crypttab 1 data source /dev/xvdf UUID=" UUID_A " emergency\n" },
                { "not mounted", "data /dev/xvdf /key luks\n", "UUID=other /d ext4 defaults 0 2\n",
                  "/etc/crypttab 1 data source /dev/xvdf UUID=" UUID_A " degraded\n" },
                { "logical volumes may be in it", "pv /dev/xvdg /key luks\n",
                  "/dev/mapper/vg-lv /d ext4 defaults 0 2\n",
                  "/etc/crypttab 1 pv source /dev/xvdg null "
                  "? whether /dev/mapper/vg-lv of /etc/fstab is in it is not known\n" },
                { "but not in a file system", "data /dev/xvdf /key luks\n",
                  "/dev/mapper/vg-lv /d ext4 defaults 0 2\n",
                  "/etc/crypttab 1 data source /dev/xvdf UUID=" UUID_A " degraded\n" },
                { "and another mapping is not in it", "pv /dev/xvdg /key\ndata /dev/xvdf /key\n",
                  "/dev/mapper/data /d ext4 defaults 0 2\n",
                  "/etc/crypttab 1 pv source /dev/xvdg null degraded\n"
                  "/etc/crypttab 2 data source /dev/xvdf UUID=" UUID_A " emergency\n" },
                { "a key and a header on devices",
                  "data UUID=1 /dev/xvdg:/key header=/dev/xvdf\nb UUID=2 /k:UUID=3\n", "",
                  "/etc/crypttab 1 data source UUID=1 null degraded\n"
                  "/etc/crypttab 1 data key /dev/xvdg null degraded\n"
                  "/etc/crypttab 1 data header /dev/xvdf null degraded\n"
                  "/etc/crypttab 2 b source UUID=2 null degraded\n"
                  "/etc/crypttab 2 b key UUID=3 null degraded\n" },
                { "a random key is no device, and no header can name the disk",
                  "swap /dev/xvdf /dev/urandom swap\n", "/dev/mapper/swap none swap sw 0 0\n",
                  "/etc/crypttab 1 swap source /dev/xvdf null degraded\n" },
                { "opened in the initramfs", "root /dev/xvdf none luks,initramfs\n", "",
                  "/etc/crypttab 1 root source /dev/xvdf UUID=" UUID_A " no-boot\n" },
                { "a file is no device", "data /data.img none luks\n", "", "" },
        };

        image = NULL;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = look(rows[i].crypttab, rows[i].fstab);

                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_image(void **state _unused_)
{
        static const struct {
                const char *name, *inside, *image, *want;
        } rows[] = {
                { "dracut", "etc/crypttab", "root /dev/xvdf none\n",
                  "/boot/initrd.img:/etc/crypttab 1 root source /dev/xvdf UUID=" UUID_A
                  " no-boot\n" },
                { "Debian", "cryptroot/crypttab", "root UUID=1 none initramfs\n",
                  "/boot/initrd.img:/cryptroot/crypttab 1 root source UUID=1 null no-boot\n" },
                { "Debian, before", "conf/conf.d/cryptroot",
                  "target=root,source=/dev/xvdf,key=none,rootdev\n",
                  "/boot/initrd.img:/conf/conf.d/cryptroot 1 root source /dev/xvdf UUID=" UUID_A
                  " no-boot\n" },
                { "another that the root may be in", "etc/crypttab", "pv /dev/xvdg none\n",
                  "/boot/initrd.img:/etc/crypttab 1 pv source /dev/xvdg null "
                  "? whether root=/dev/mapper/root is in it is not known\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = NULL;

                inside = rows[i].inside;
                image = rows[i].image;
                got = look(NULL, "");
                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_cmdline(void **state _unused_)
{
        static const struct {
                const char *name, *value, *want;
        } rows[] = {
                { "cryptopts", "target=root,source=/dev/xvda2,lvm=vg",
                  "/boot/grub/grub.cfg 1 root source /dev/xvda2 null no-boot\n" },
                { "cryptdevice", "/dev/xvdf:root:allow-discards",
                  "/boot/grub/grub.cfg 1 root source /dev/xvdf null no-boot\n" },
                { "cryptdevice", "UUID=1:root",
                  "/boot/grub/grub.cfg 1 root source UUID=1 null no-boot\n" },
                { "cryptopts", "target=root", "" },
                { "cryptdevice", "/dev/xvdf", "" },
        };

        image = NULL;
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = NULL;

                cmdline = rows[i].name;
                cmdline_value = rows[i].value;
                got = look(NULL, "");
                assert_string_equal(got, rows[i].want);
        }
        cmdline = NULL;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_root),
                cmocka_unit_test(test_image),
                cmocka_unit_test(test_cmdline),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
