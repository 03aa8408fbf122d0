#include "unit.h"

#include <errno.h>

#include "parse/cmdplace.h"

static char *describe(struct span text, enum cmdplace_format format)
{
        static const char *const quotings[] = { "raw", "grub", "double" };
        cleanup_cmdplaces struct cmdplaces p = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (cmdplaces_find(text, format, &p, &err) < 0)
                return xstrdup(err.text);
        for (size_t i = 0; i < p.n; i++)
                buf_printf(&out, "%zu %.*s %s [%.*s]\n", p.v[i].line, (int)p.v[i].name.len,
                           p.v[i].name.data ? p.v[i].name.data : "", quotings[p.v[i].quoting],
                           (int)p.v[i].text.len, p.v[i].text.data);
        return buf_take(&out);
}

static void test_places(void **state _unused_)
{
        static const struct {
                const char *name;
                enum cmdplace_format format;
                const char *text, *expected;
        } rows[] = {
                { "grub.cfg", CMDPLACE_GRUB_CFG,
                  "# linux /comment's quote\n"
                  "menuentry 'Debian' {\n"
                  "\tlinux\t/boot/vmlinuz root=UUID=1 ro  \n"
                  "\tinitrd /boot/initrd\n"
                  "  linux16 /v a; linuxefi /v b\n"
                  "  echo 'linux ...'\n"
                  "  linux /v \\\n    root=x\n"
                  "  linuxfoo /v\n"
                  "}\n"
                  "linux /last",
                  "3 linux grub [linux\t/boot/vmlinuz root=UUID=1 ro  ]\n"
                  "5 linux16 grub [linux16 /v a]\n"
                  "5 linuxefi grub [linuxefi /v b]\n"
                  "7 linux grub [linux /v \\\n    root=x]\n"
                  "11 linux grub [linux /last]\n" },
                { "kernelopts in grub.cfg", CMDPLACE_GRUB_CFG,
                  "if [ -z \"${kernelopts}\" ]; then\n"
                  "  set kernelopts=\"root=/dev/xvda1 ro \"\n"
                  "  set default_kernelopts=\"root=/dev/xvda1\"\n"
                  "  set kernelopts=plain\n  set other=\"root=/dev/xvda1\"\nfi\n",
                  "2 kernelopts double [root=/dev/xvda1 ro ]\n"
                  "3 default_kernelopts double [root=/dev/xvda1]\n" },
                { "a string over lines", CMDPLACE_GRUB_CFG, "set x='\nlinux /no\n'\nlinux /yes\n",
                  "4 linux grub [linux /yes]\n" },
                { "a string that does not end", CMDPLACE_GRUB_CFG, "linux \"/v\nlinux /w\n",
                  "1 linux grub [linux \"/v\nlinux /w\n]\n" },
                { "entry file", CMDPLACE_BLS,
                  "title RHEL\nlinux /v\noptions root=/dev/xvda1 $tuned_params\noptionsx y\n"
                  "#options z\noptions\n",
                  "3 options raw [options root=/dev/xvda1 $tuned_params]\n6 options raw [options]\n" },
                { "grubenv", CMDPLACE_GRUBENV,
                  "# GRUB Environment Block\nsaved_entry=x\nkernelopts=root=/dev/xvda1 ro \n"
                  "tuned_params=a\n####",
                  "3 kernelopts double [root=/dev/xvda1 ro ]\n4 tuned_params double [a]\n" },
                { "kernel-install", CMDPLACE_KERNEL, "root=/dev/xvda1\n ro\n\n",
                  "1  raw [root=/dev/xvda1\n ro]\n" },
                { "kernel-install with a comment", CMDPLACE_KERNEL, "# x\nro\n", "" },
                { "menu.lst", CMDPLACE_GRUB_LEGACY,
                  "# kopt=root=/dev/xvda1 ro\n## # kopt=x\n# defoptions=quiet\n#kernel x\n"
                  "title a\n\tkernel\t(hd0,0)/vmlinuz root=/dev/xvda1\nkernelx\n",
                  "1 # kopt raw [root=/dev/xvda1 ro]\n3 # defoptions raw [quiet]\n"
                  "6 kernel raw [kernel\t(hd0,0)/vmlinuz root=/dev/xvda1]\n" },
                { "extlinux.conf", CMDPLACE_SYSLINUX,
                  "LABEL l\n KERNEL /v\n APPEND root=/dev/xvda1\nappend -\n",
                  "2 KERNEL raw [KERNEL /v]\n3 APPEND raw [APPEND root=/dev/xvda1]\n"
                  "4 append raw [append -]\n" },
                { "default/extlinux", CMDPLACE_EXTLINUX,
                  "EXTLINUX_PARAMETERS=\"ro quiet\"\nEXTLINUX_ROOT=\"root=/dev/xvda1\"\n"
                  "EXTLINUX_THEME=x\n",
                  "1 EXTLINUX_PARAMETERS double [ro quiet]\n"
                  "2 EXTLINUX_ROOT double [root=/dev/xvda1]\n" },
                { "update-extlinux.conf", CMDPLACE_EXTLINUX,
                  "# root device\nroot=/dev/xvda1\ndefault_kernel_opts=\"quiet\"\nroot=\"a\"\n",
                  "2 root grub [root=/dev/xvda1]\n3 default_kernel_opts double [quiet]\n"
                  "4 root double [a]\n" },
                { "bootcmdline", CMDPLACE_TUNED,
                  "TUNED_BOOT_CMDLINE=\"skew_tick=1\"\nTUNED_BOOT_INITRD_ADD=\"\"\n",
                  "1 TUNED_BOOT_CMDLINE double [skew_tick=1]\n" },
                { "tuned_params", CMDPLACE_GRUB_CFG, "set tuned_params=\"skew_tick=1\"\n",
                  "1 tuned_params double [skew_tick=1]\n" },
                { "default/grub", CMDPLACE_GRUB_DEFAULT,
                  "# GRUB_CMDLINE_LINUX=\"no's\"\n"
                  "GRUB_CMDLINE_LINUX_DEFAULT='quiet splash' # it's so\n"
                  " export GRUB_CMDLINE_LINUX=\"a \\\"b\\\"\n  c\"\n"
                  "GRUB_CMDLINE_LINUX=\n"
                  "GRUB_CMDLINE_LINUX=\"\"; GRUB_CMDLINE_LINUX=root=/dev/xvda1\n"
                  "GRUB_CMDLINE_LINUX=\"a\"b\n"
                  "GRUB_CMDLINE_LINUX_RECOVERY=\"x\"\n"
                  "if true; then x; fi\n"
                  "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX d\"",
                  "2 GRUB_CMDLINE_LINUX_DEFAULT raw [quiet splash]\n"
                  "3 GRUB_CMDLINE_LINUX double [a \\\"b\\\"\n  c]\n"
                  "5 GRUB_CMDLINE_LINUX grub []\n"
                  "6 GRUB_CMDLINE_LINUX double []\n"
                  "6 GRUB_CMDLINE_LINUX grub [root=/dev/xvda1]\n"
                  "10 GRUB_CMDLINE_LINUX double [$GRUB_CMDLINE_LINUX d]\n" },
                { "default/grub, a quote that does not end", CMDPLACE_GRUB_DEFAULT,
                  "GRUB_CMDLINE_LINUX=\"a\n", "" },
                { "nothing", CMDPLACE_GRUB_DEFAULT, "", "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(span_of(rows[i].text), rows[i].format);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_cap(void **state _unused_)
{
        cleanup_buf struct buf text = { 0 };
        cleanup_free char *got = NULL;

        for (size_t i = 0; i <= CMDPLACES_MAX; i++)
                buf_puts(&text, "linux a\n");
        got = describe(buf_span(&text), CMDPLACE_GRUB_CFG);
        assert_string_equal(got, "more than 20000 kernel command lines");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_places),
                cmocka_unit_test(test_cap),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
