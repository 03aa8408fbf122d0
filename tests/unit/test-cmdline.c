/* Edits of kernel command lines: which files they reach, and that nothing else of them changes. */
#include "unit.h"

#include <errno.h>
#include <time.h>

#include "base/str.h"
#include "fixes/cmdline.h"

struct file {
        const char *path, *text;
};

static const struct paramedit edits[] = {
        { .name = "root", .old = "/dev/xvda1", .value = "UUID=1" },
        { .name = "net.ifnames", .value = "0", .add = true },
        { .name = "clocksource", .old = "xen" },
};

static struct facts *make_facts(const char *loader, const char *config, const char *entry)
{
        struct facts *f = facts_new();

        facts_set_str(f, loader, "/boot/loader");
        facts_set_str(f, config, "/boot/config");
        facts_set_str(f, entry, "/boot/entry/file");
        facts_set_str(f, entry, "/boot/entry/kernel/file");
        return f;
}

/* Path, phase and new bytes of everything planned. */
static char *describe(const struct plan *p)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < plan_count(p); i++) {
                const struct plan_op *op = plan_get(p, i);

                buf_printf(&out, "%s%s (%d)\n%.*s", i ? "--\n" : "", op->path, op->phase,
                           (int)op->after.len, op->after.data);
        }
        return buf_take(&out);
}

#define MENU_ENTRY(root)       "menuentry 'A' {\n\tlinux\t/vmlinuz root=" root " ro"
#define BLOCK(variables, fill) "# GRUB Environment Block\n" variables fill

static void test_loaders(void **state _unused_)
{
        static const struct {
                const char *name, *loader, *config, *entry;
                struct file files[8];
                const char *expected;
        } rows[] = {
                { "GRUB 2 of Debian",
                  "grub2",
                  "/boot/grub/grub.cfg",
                  "/boot/grub/grub.cfg",
                  { { "boot/grub/grub.cfg",
                      MENU_ENTRY("/dev/xvda1") "\n}\nlinux16 /memtest86+.bin\n" },
                    { "etc/default/grub",
                      "# x\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=''\n" },
                    { "etc/grub.d/40_custom", "#!/bin/sh\nexec tail -n +3 $0\n" },
                    { "etc/fstab", "/dev/xvda1 / ext4 defaults 0 1\n" } },
                  "/etc/default/grub (0)\n# x\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
                  "GRUB_CMDLINE_LINUX='net.ifnames=0'\n"
                  "--\n/boot/grub/grub.cfg (1)\n" MENU_ENTRY(
                          "UUID=1") " net.ifnames=0\n}\nlinux16 /memtest86+.bin\n" },
                { "a drop-in has the last word",
                  "grub2",
                  "/boot/grub/grub.cfg",
                  "/boot/grub/grub.cfg",
                  { { "boot/grub/grub.cfg", "\n" },
                    { "etc/default/grub",
                      "GRUB_CMDLINE_LINUX=\"net.ifnames=0 root=/dev/xvda1\"\n" },
                    { "etc/default/grub.d/50-cloud.cfg", "GRUB_CMDLINE_LINUX=\"ro\"\n" },
                    { "etc/default/grub.d/README", "GRUB_CMDLINE_LINUX=\"root=/dev/xvda1\"\n" } },
                  "/etc/default/grub (0)\nGRUB_CMDLINE_LINUX=\"net.ifnames=0 root=UUID=1\"\n"
                  "--\n/etc/default/grub.d/50-cloud.cfg (0)\nGRUB_CMDLINE_LINUX=\"ro net.ifnames=0\"\n" },
                { "a drop-in that adds to what was there",
                  "grub2",
                  "/boot/grub/grub.cfg",
                  "/boot/grub/grub.cfg",
                  { { "boot/grub/grub.cfg", "\n" },
                    { "etc/default/grub", "GRUB_CMDLINE_LINUX=\"net.ifnames=0\"\n" },
                    { "etc/default/grub.d/50-cloud.cfg",
                      "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX ro\"\n" } },
                  "" },
                { "in the default line already",
                  "grub2",
                  "/boot/grub2/grub.cfg",
                  "/boot/grub2/grub.cfg",
                  { { "boot/grub2/grub.cfg", "\n" },
                    { "etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"net.ifnames=1\"\n" } },
                  "/etc/default/grub (0)\nGRUB_CMDLINE_LINUX_DEFAULT=\"net.ifnames=0\"\n" },
                { "a source without the variable and without a newline",
                  "grub2",
                  "/boot/grub2/grub.cfg",
                  "/boot/grub2/grub.cfg",
                  { { "boot/grub2/grub.cfg", "\n" }, { "etc/default/grub", "GRUB_TIMEOUT=0" } },
                  "/etc/default/grub (0)\nGRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX=\"net.ifnames=0\"\n" },
                { "entries with whole command lines",
                  "grub2",
                  "/boot/grub2/grub.cfg",
                  "/boot/loader/entries/a.conf",
                  { { "boot/grub2/grub.cfg", "blscfg\n" },
                    { "boot/grub2/grubenv", BLOCK("saved_entry=a\n", "####") },
                    { "boot/loader/entries/a.conf",
                      "title A\noptions root=/dev/xvda1 ro $tuned_params\nid a\n" },
                    { "boot/loader/entries/b.conf", "options clocksource=xen\n" },
                    { "boot/loader/entries/b.conf.old", "options root=/dev/xvda1\n" },
                    { "etc/kernel/cmdline", "root=/dev/xvda1 ro\n" } },
                  "/etc/kernel/cmdline (0)\nroot=UUID=1 ro net.ifnames=0\n"
                  "--\n/boot/loader/entries/a.conf (0)\ntitle A\noptions root=UUID=1 ro $tuned_params net.ifnames=0\nid a\n"
                  "--\n/boot/loader/entries/b.conf (0)\noptions net.ifnames=0\n" },
                { "entries that say $kernelopts",
                  "grub2",
                  "/boot/grub2/grub.cfg",
                  "/boot/loader/entries/a.conf",
                  { { "boot/grub2/grub.cfg",
                      "if x; then\n  set kernelopts=\"root=/dev/xvda1 ro \"\nfi\n" },
                    { "boot/grub2/grubenv",
                      BLOCK("kernelopts=root=/dev/xvda1 clocksource=xen ro \n", "##########") },
                    { "boot/loader/entries/a.conf", "options $kernelopts $tuned_params\n" } },
                  "/boot/grub2/grubenv (0)\n" BLOCK(
                          "kernelopts=root=UUID=1 ro net.ifnames=0 \n",
                          "################") "--\n/boot/grub2/grub.cfg (1)\nif x; then\n  set kernelopts=\"root=UUID=1 ro net.ifnames=0 \"\nfi\n" },
                { "a copy on the ESP",
                  "grub2",
                  "/boot/grub2/grub.cfg",
                  "/boot/grub2/grub.cfg",
                  { { "boot/grub2/grub.cfg", "\n" },
                    { "boot/efi/EFI/redhat/grub.cfg",
                      "linuxefi /v root=/dev/xvda1 net.ifnames=0\n" },
                    { "boot/efi/EFI/file", "x" } },
                  "/boot/efi/EFI/redhat/grub.cfg (1)\nlinuxefi /v root=UUID=1 net.ifnames=0\n" },
                { "GRUB legacy of Debian",
                  "grub-legacy",
                  "/boot/grub/menu.lst",
                  "/boot/grub/menu.lst",
                  { { "boot/grub/menu.lst",
                      "# kopt=root=/dev/xvda1 ro\n# defoptions=quiet\ntitle A\nkernel /vmlinuz root=/dev/xvda1 ro\n"
                      "title Xen\nkernel /boot/xen.gz\nmodule /vmlinuz root=/dev/xvda1\n" } },
                  "/boot/grub/menu.lst (1)\n# kopt=root=UUID=1 ro net.ifnames=0\n# defoptions=quiet\ntitle A\n"
                  "kernel /vmlinuz root=UUID=1 ro net.ifnames=0\ntitle Xen\nkernel /boot/xen.gz\nmodule /vmlinuz root=/dev/xvda1\n" },
                { "extlinux",
                  "syslinux",
                  "/boot/extlinux/extlinux.conf",
                  "/boot/extlinux/extlinux.conf",
                  { { "boot/extlinux/extlinux.conf",
                      "LABEL a\n  APPEND root=/dev/xvda1 ro\nLABEL b\n  append -\n" } },
                  "/boot/extlinux/extlinux.conf (1)\nLABEL a\n  APPEND root=UUID=1 ro net.ifnames=0\nLABEL b\n  append -\n" },
                { "systemd-boot",
                  "systemd-boot",
                  "/efi/loader/loader.conf",
                  "/efi/loader/entries/a.conf",
                  { { "efi/loader/entries/a.conf", "options root=/dev/xvda1\n" },
                    { "boot/loader/entries/b.conf", "options root=/dev/xvda1\n" } },
                  "/efi/loader/entries/a.conf (1)\noptions root=UUID=1 net.ifnames=0\n" },
                { "systemd-boot, options on two lines",
                  "systemd-boot",
                  "/efi/loader/loader.conf",
                  "/efi/loader/entries/a.conf",
                  { { "efi/loader/entries/a.conf",
                      "options root=/dev/xvda1\noptions clocksource=xen ro\n" },
                    { "etc/kernel/cmdline", "ro\n" } },
                  "/etc/kernel/cmdline (0)\nro net.ifnames=0\n--\n/efi/loader/entries/a.conf (1)\n"
                  "options root=UUID=1 net.ifnames=0\noptions ro\n" },
                { "what tuned adds is taken out, and nothing added",
                  "grub2",
                  "/boot/grub2/grub.cfg",
                  "/boot/loader/entries/a.conf",
                  { { "boot/grub2/grub.cfg", "set tuned_params=\"a clocksource=xen\"\n" },
                    { "boot/grub2/grubenv", BLOCK("tuned_params=clocksource=xen a\n", "##") },
                    { "etc/tuned/bootcmdline", "TUNED_BOOT_CMDLINE=\"clocksource=xen\"\n" },
                    { "boot/loader/entries/a.conf", "options net.ifnames=0 $tuned_params\n" } },
                  "/etc/tuned/bootcmdline (0)\nTUNED_BOOT_CMDLINE=\"\"\n"
                  "--\n/boot/grub2/grubenv (0)\n" BLOCK(
                          "tuned_params=a\n",
                          "##################") "--\n/boot/grub2/grub.cfg (1)\nset tuned_params=\"a\"\n" },
                { "extlinux of Debian",
                  "syslinux",
                  "/boot/extlinux/extlinux.conf",
                  "/boot/extlinux/linux.cfg",
                  { { "boot/extlinux/extlinux.conf", "default l0\ninclude linux.cfg\n" },
                    { "boot/extlinux/linux.cfg",
                      "label l0\n linux /k\n append root=/dev/xvda1 ro\nlabel l1\n kernel /k root=/dev/xvda1\n" },
                    { "etc/default/extlinux",
                      "EXTLINUX_PARAMETERS=\"ro quiet\"\nEXTLINUX_ROOT=\"root=/dev/xvda1\"\n" } },
                  "/etc/default/extlinux (0)\nEXTLINUX_PARAMETERS=\"ro quiet net.ifnames=0\"\n"
                  "EXTLINUX_ROOT=\"root=UUID=1\"\n--\n/boot/extlinux/linux.cfg (1)\nlabel l0\n linux /k\n"
                  " append root=UUID=1 ro net.ifnames=0\nlabel l1\n kernel /k root=UUID=1\n" },
                { "extlinux of Alpine",
                  "syslinux",
                  "/boot/extlinux.conf",
                  "/boot/extlinux.conf",
                  { { "boot/extlinux.conf", "LABEL l\n  APPEND root=/dev/xvda1 quiet\n" },
                    { "etc/update-extlinux.conf",
                      "root=/dev/xvda1\ndefault_kernel_opts=\"quiet\"\n" } },
                  "/etc/update-extlinux.conf (0)\nroot=UUID=1\ndefault_kernel_opts=\"quiet net.ifnames=0\"\n"
                  "--\n/boot/extlinux.conf (1)\nLABEL l\n  APPEND root=UUID=1 quiet net.ifnames=0\n" },
                { "another loader",
                  "zipl",
                  "/etc/zipl.conf",
                  "/etc/zipl.conf",
                  { { "etc/zipl.conf", "x" } },
                  "error: where zipl has its command lines is not known" },
                { "a block without room",
                  "grub2",
                  "/boot/grub2/grub.cfg",
                  "/boot/grub2/grub.cfg",
                  { { "boot/grub2/grub.cfg", "\n" },
                    { "boot/grub2/grubenv", BLOCK("kernelopts=ro\n", "##") } },
                  "error: /boot/grub2/grubenv: its 41 bytes have no room for 53" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                static const char *const rules[] = { "some-rule", NULL };
                static const struct fix fix = { .id = "some-fix" };
                char *dir = unit_temp_dir();
                struct volume *v = NULL;
                struct facts *f = make_facts(rows[i].loader, rows[i].config, rows[i].entry);
                struct fix_context c = { .facts = f, .fix = &fix };
                cleanup_free char *got = NULL;
                struct err err = { 0 };

                print_message("# %s\n", rows[i].name);
                for (size_t k = 0; rows[i].files[k].path; k++)
                        unit_write_text(dir, rows[i].files[k].path, rows[i].files[k].text);
                assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &v, NULL), 0);
                c.plan = plan_new(v);
                c.volume = plan_volume(c.plan);
                if (cmdline_plan(&c, rules, edits, ARRAY_SIZE(edits), &err) < 0)
                        got = xasprintf("error: %s", err.text);
                else
                        got = describe(c.plan);
                assert_string_equal(got, rows[i].expected);
                /* A second time there is nothing left to do. */
                if (!*err.text)
                        assert_int_equal(cmdline_plan(&c, rules, edits, ARRAY_SIZE(edits), &err),
                                         0);
                plan_free(c.plan);
                volume_free(v);
                facts_free(f);
                unit_remove_tree(dir);
        }
}

/* Of a unified kernel image the source is edited, and it is said that this is not all. */
static void test_unified(void **state _unused_)
{
        static const char *const rules[] = { "some-rule", NULL };
        static const struct fix fix = { .id = "some-fix" };
        char *dir = unit_temp_dir();
        struct facts *f = make_facts("systemd-boot", "/efi/loader/loader.conf", "/efi/a.efi");
        struct fix_context c = { .facts = f, .fix = &fix };
        struct volume *v = NULL;
        cleanup_free char *got = NULL;
        struct err err = { 0 };

        facts_set_str(f, "/efi/a.efi", "/boot/unified");
        unit_write_text(dir, "etc/kernel/cmdline", "root=/dev/xvda1\n");
        unit_write_text(dir, "efi/a.conf", "options root=/dev/xvda1\n");
        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &v, NULL), 0);
        c.plan = plan_new(v);
        c.volume = plan_volume(c.plan);
        assert_int_equal(cmdline_plan(&c, rules, edits, ARRAY_SIZE(edits), &err), -ENOTSUP);
        assert_string_equal(err.text, "the command line is a part of the unified kernel image "
                                      "/efi/a.efi, which is made as a whole");
        got = describe(c.plan);
        assert_string_equal(got, "/etc/kernel/cmdline (0)\nroot=UUID=1 net.ifnames=0\n");
        plan_free(c.plan);
        volume_free(v);
        facts_free(f);
        unit_remove_tree(dir);
}

/* Assignments without number take time in proportion, not each for every other. */
static void test_many(void **state _unused_)
{
        static const char *const rules[] = { "some-rule", NULL };
        static const struct fix fix = { .id = "some-fix" };
        char *dir = unit_temp_dir();
        struct facts *f = make_facts("grub2", "/boot/grub/grub.cfg", "/boot/grub/grub.cfg");
        struct fix_context c = { .facts = f, .fix = &fix };
        cleanup_buf struct buf text = { 0 };
        struct volume *v = NULL;
        struct err err = { 0 };
        struct timespec begin, end;

        for (size_t i = 0; i < 15000; i++)
                buf_puts(&text, "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX a\"\n");
        unit_write_text(dir, "boot/grub/grub.cfg", "linux /k\n");
        for (size_t i = 0; i < 20; i++) {
                cleanup_free char *name = xasprintf("etc/default/grub.d/%zu.cfg", i);

                unit_write_text(dir, name, text.data);
        }
        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &v, NULL), 0);
        c.plan = plan_new(v);
        c.volume = plan_volume(c.plan);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
        assert_int_equal(cmdline_plan(&c, rules, edits, ARRAY_SIZE(edits), &err), 1);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
        assert_true(end.tv_sec - begin.tv_sec < 10);
        assert_int_equal(plan_count(c.plan), 2);
        plan_free(c.plan);
        volume_free(v);
        facts_free(f);
        unit_remove_tree(dir);
}

static void test_uuid(void **state _unused_)
{
        static const char *const rules[] = { "some-rule", NULL };
        static const struct fix fix = { .id = "some-fix" };
        char *dir = unit_temp_dir();
        struct volume *v = NULL;
        struct fix_context c = { .fix = &fix };
        cleanup_free char *got = NULL;
        struct err err = { 0 };

        unit_write_text(dir, "etc/default/grub",
                        "#GRUB_DISABLE_LINUX_UUID=true\nGRUB_DISABLE_LINUX_UUID=\"true\"\n");
        unit_write_text(dir, "etc/default/grub.d/a.cfg",
                        "export GRUB_DISABLE_LINUX_UUID=true # x\n");
        unit_write_text(dir, "etc/default/grub.d/b.cfg", "GRUB_DISABLE_LINUX_UUID=false\n");
        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &v, NULL), 0);
        c.plan = plan_new(v);
        c.volume = plan_volume(c.plan);
        assert_int_equal(cmdline_plan_uuid(&c, rules, &err), 1);
        got = describe(c.plan);
        assert_string_equal(got, "/etc/default/grub (0)\n#GRUB_DISABLE_LINUX_UUID=true\n"
                                 "GRUB_DISABLE_LINUX_UUID=\"false\"\n--\n"
                                 "/etc/default/grub.d/a.cfg (0)\n"
                                 "export GRUB_DISABLE_LINUX_UUID=false # x\n");
        assert_int_equal(cmdline_plan_uuid(&c, rules, &err), 0);
        plan_free(c.plan);
        volume_free(v);
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_loaders),
                cmocka_unit_test(test_unified),
                cmocka_unit_test(test_many),
                cmocka_unit_test(test_uuid),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
