#include "unit-probe.h"

extern const struct probe probe_rebuild;
static const struct probe *const probes[] = { &probe_rebuild, NULL };

struct file {
        const char *path, *text;
};

#define DRACUT                        \
        {                             \
                "/usr/bin/dracut", "" \
        }
#define TOOLS                               \
        {                                   \
                "/usr/sbin/mkinitramfs", "" \
        }
#define MKINITRD                     \
        {                            \
                "/sbin/mkinitrd", "" \
        }
#define ETC    "/etc/dracut.conf.d/"
#define VENDOR "/usr/lib/dracut/dracut.conf.d/"
#define CONF   "/etc/initramfs-tools/"
#define SHARE  "/usr/share/initramfs-tools/"

/* "tool nvme why file:line". */
static char *look(const struct file *files, const char *generator)
{
        static const char *const paths[] = { "/rebuild/tool", "/rebuild/nvme", "/rebuild/why",
                                             "/rebuild/file", "/rebuild/line" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        struct buf b = { 0 };

        if (generator)
                facts_set_str(f, generator, "/initramfs/generator");
        for (; files->path; files++)
                unit_write_text(dir, files->path, files->text);
        unit_probe_on(f, dir, NULL, probes);
        for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
                cleanup_free char *text = unit_fact(f, "%s", paths[i]);
                struct json_object *node;

                if (i > 1 && facts_get(f, paths[i], &node) < 0)
                        continue;
                buf_printf(&b, "%s%s", i == 0 ? "" : i == 4 ? ":" : " ", text);
        }
        unit_remove_tree(dir);
        return buf_take(&b);
}

static void test_dracut(void **state _unused_)
{
        static const struct {
                const char *name;
                struct file files[5];
                const char *want;
        } rows[] = {
                { "nothing set", { DRACUT }, "dracut kept null" },
                { "hostonly by the vendor",
                  { DRACUT, { VENDOR "01-dist.conf", "# x\nhostonly=\"yes\"\n" } },
                  "dracut dropped hostonly " VENDOR "01-dist.conf:2" },
                { "and the driver named",
                  { DRACUT,
                    { VENDOR "01-dist.conf", "hostonly=yes\n" },
                    { ETC "nitro.conf", "add_drivers+=\" nvme ena \"\n" } },
                  "dracut kept null " ETC "nitro.conf:1" },
                { "and forced",
                  { DRACUT, { "/etc/dracut.conf", "hostonly=yes\nforce_drivers+=\" nvme \"\n" } },
                  "dracut kept null /etc/dracut.conf:2" },
                { "named without the blanks that separate",
                  { DRACUT,
                    { "/etc/dracut.conf", "hostonly=yes\nadd_drivers+=\"ena\"\n" },
                    { ETC "a.conf", "add_drivers+=\"nvme\"\n" } },
                  "dracut dropped hostonly /etc/dracut.conf:1" },
                { "strict is hostonly, too",
                  { DRACUT, { "/etc/dracut.conf", "hostonly=yes\nhostonly_mode=strict\n" } },
                  "dracut dropped hostonly /etc/dracut.conf:1" },
                { "strict without hostonly",
                  { DRACUT, { "/etc/dracut.conf", "hostonly_mode=strict\n" } },
                  "dracut kept null" },
                { "generic image behind it",
                  { DRACUT,
                    { VENDOR "01-dist.conf", "hostonly=\"yes\"\n" },
                    { VENDOR "02-generic-image.conf", "hostonly=\"no\"\n" } },
                  "dracut kept null " VENDOR "02-generic-image.conf:1" },
                { "numbers in names",
                  { DRACUT,
                    { VENDOR "10-x.conf", "hostonly=\"yes\"\n" },
                    { VENDOR "9-x.conf", "hostonly=\"no\"\n" } },
                  "dracut dropped hostonly " VENDOR "10-x.conf:1" },
                { "the vendor's file masked",
                  { DRACUT,
                    { VENDOR "01-dist.conf", "hostonly=\"yes\"\n" },
                    { ETC "01-dist.conf", "# nothing\n" } },
                  "dracut kept null" },
                { "another suffix is not read",
                  { DRACUT, { ETC "x.conf.bak", "omit_drivers+=\" nvme \"\n" } },
                  "dracut kept null" },
                { "omitted",
                  { DRACUT, { ETC "x.conf", "omit_drivers+=\" floppy nvme \"\n" } },
                  "dracut dropped omitted " ETC "x.conf:1" },
                { "what it needs omitted",
                  { DRACUT, { ETC "x.conf", "omit_drivers+=\" nvme-core \"\n" } },
                  "dracut dropped omitted " ETC "x.conf:1" },
                { "omitted, but named as well",
                  { DRACUT,
                    { ETC "x.conf", "omit_drivers+=\" nvme \"\nadd_drivers+=\" nvme \"\n" } },
                  "dracut kept null " ETC "x.conf:2" },
                { "others omitted",
                  { DRACUT, { ETC "x.conf", "omit_drivers+=\" nvme-tcp nvmet \"\n" } },
                  "dracut kept null" },
                { "a pattern",
                  { DRACUT, { ETC "x.conf", "#\nomit_drivers+=\" nv.* \"\n" } },
                  "dracut ? line 2: a pattern, which may mean the NVMe driver" },
                { "an exclusive list",
                  { DRACUT, { ETC "x.conf", "drivers+=\" xen_blkfront ext4 \"\n" } },
                  "dracut dropped exclusive " ETC "x.conf:1" },
                { "an exclusive list with it",
                  { DRACUT, { ETC "x.conf", "hostonly=yes\ndrivers=\" nvme ext4 \"\n" } },
                  "dracut kept null " ETC "x.conf:2" },
                { "an empty list",
                  { DRACUT, { ETC "x.conf", "drivers=\" \"\n" } },
                  "dracut kept null" },
                { "no modules",
                  { DRACUT, { ETC "x.conf", "omit_dracutmodules+=\" kernel-modules \"\n" } },
                  "dracut dropped no-modules " ETC "x.conf:1" },
                { "only some of dracut's",
                  { DRACUT, { ETC "x.conf", "dracutmodules=\"base systemd\"\n" } },
                  "dracut dropped no-modules " ETC "x.conf:1" },
                { "no kernel",
                  { DRACUT, { ETC "x.conf", "no_kernel=yes\n" } },
                  "dracut dropped no-modules " ETC "x.conf:1" },
                { "a condition",
                  { DRACUT, { ETC "x.conf", "if true; then\nhostonly=no\nfi\n" } },
                  "dracut ? line 1: no assignment; it needs a shell to tell" },
                { "an expansion",
                  { DRACUT, { ETC "x.conf", "compress=\"$x\"\nhostonly=\"$y\"\n" } },
                  "dracut ? line 2: not understood" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].name);
                text = look(rows[i].files, NULL);
                assert_string_equal(text, rows[i].want);
        }
}

static void test_others(void **state _unused_)
{
        static const struct {
                const char *name, *generator;
                struct file files[6];
                const char *want;
        } rows[] = {
                { "no tool", NULL, { { NULL } }, "null null" },
                { "most",
                  NULL,
                  { TOOLS, { CONF "initramfs.conf", "MODULES=most\n" } },
                  "initramfs-tools kept null " CONF "initramfs.conf:1" },
                { "no configuration", NULL, { TOOLS }, "initramfs-tools kept null" },
                { "dep",
                  NULL,
                  { TOOLS, { CONF "initramfs.conf", "#\nMODULES=dep\n" } },
                  "initramfs-tools dropped dep " CONF "initramfs.conf:2" },
                { "list",
                  NULL,
                  { TOOLS, { CONF "initramfs.conf", "MODULES=list\n" } },
                  "initramfs-tools dropped list " CONF "initramfs.conf:1" },
                { "netboot",
                  NULL,
                  { TOOLS, { CONF "initramfs.conf", "MODULES=netboot\n" } },
                  "initramfs-tools dropped netboot " CONF "initramfs.conf:1" },
                { "a word it does not know is most",
                  NULL,
                  { TOOLS, { CONF "initramfs.conf", "MODULES=some\n" } },
                  "initramfs-tools kept null " CONF "initramfs.conf:1" },
                { "overridden in conf.d",
                  NULL,
                  { TOOLS,
                    { CONF "initramfs.conf", "MODULES=most\n" },
                    { CONF "conf.d/driver-policy", "MODULES=dep\n" } },
                  "initramfs-tools dropped dep " CONF "conf.d/driver-policy:1" },
                { "the package's before the administrator's",
                  NULL,
                  { TOOLS,
                    { SHARE "conf.d/z", "MODULES=dep\n" },
                    { CONF "conf.d/a", "MODULES=most\n" } },
                  "initramfs-tools kept null " CONF "conf.d/a:1" },
                { "the package's masked",
                  NULL,
                  { TOOLS, { SHARE "conf.d/a", "MODULES=dep\n" }, { CONF "conf.d/a", "\n" } },
                  "initramfs-tools kept null" },
                { "names mkinitramfs passes over",
                  NULL,
                  { TOOLS,
                    { CONF "conf.d/a.dpkg-old", "MODULES=dep\n" },
                    { CONF "conf.d/a~", "MODULES=dep\n" } },
                  "initramfs-tools kept null" },
                { "dep, and the driver named",
                  NULL,
                  { TOOLS,
                    { CONF "initramfs.conf", "MODULES=dep\n" },
                    { CONF "modules", "# nvme_x\next4\nnvme  opt=1\n" } },
                  "initramfs-tools kept null " CONF "modules:3" },
                { "named only in a comment",
                  NULL,
                  { TOOLS,
                    { CONF "initramfs.conf", "MODULES=dep\n" },
                    { CONF "modules", "#nvme\n# nvme\n" } },
                  "initramfs-tools dropped dep " CONF "initramfs.conf:1" },
                { "a hook about something else",
                  NULL,
                  { TOOLS,
                    { CONF "initramfs.conf", "MODULES=dep\n" },
                    { CONF "hooks/x", "#!/bin/sh\nmanual_add_modules dm_mod\n" } },
                  "initramfs-tools dropped dep " CONF "initramfs.conf:1" },
                { "a hook that may add it",
                  NULL,
                  { TOOLS,
                    { CONF "initramfs.conf", "MODULES=dep\n" },
                    { CONF "hooks/x", "#!/bin/sh\nmanual_add_modules nvme\n" } },
                  "initramfs-tools ? a hook that may add the NVMe driver" },
                { "named by a package",
                  NULL,
                  { TOOLS,
                    { CONF "initramfs.conf", "MODULES=list\n" },
                    { SHARE "modules.d/x", "nvme\n" } },
                  "initramfs-tools kept null " SHARE "modules.d/x:1" },
                { "two tools, dracut's image",
                  "dracut",
                  { TOOLS, DRACUT, { CONF "initramfs.conf", "MODULES=dep\n" } },
                  "dracut kept null" },
                { "two tools, the other's image",
                  "initramfs-tools",
                  { TOOLS, DRACUT, { CONF "initramfs.conf", "MODULES=dep\n" } },
                  "initramfs-tools dropped dep " CONF "initramfs.conf:1" },
                { "SUSE 11",
                  NULL,
                  { MKINITRD, { "/etc/sysconfig/kernel", "INITRD_MODULES=\"xenblk ext3\"\n" } },
                  "mkinitrd dropped initrd-modules /etc/sysconfig/kernel:1" },
                { "SUSE 11, named",
                  NULL,
                  { MKINITRD, { "/etc/sysconfig/kernel", "INITRD_MODULES=\"ext3 nvme\"\n" } },
                  "mkinitrd kept null /etc/sysconfig/kernel:1" },
                { "SUSE 12 has dracut",
                  NULL,
                  { MKINITRD, DRACUT, { "/etc/sysconfig/kernel", "INITRD_MODULES=\"\"\n" } },
                  "dracut kept null" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].name);
                text = look(rows[i].files, rows[i].generator);
                assert_string_equal(text, rows[i].want);
        }
}

static void test_command(void **state _unused_)
{
        static const struct {
                const char *name;
                struct file files[2];
                const char *state, *id, *initrd, *want;
        } rows[] = {
                { "initramfs-tools",
                  { TOOLS },
                  "ok",
                  "debian",
                  "/boot/i",
                  "update-initramfs -u -k 6.1" },
                { "initramfs-tools, no image",
                  { TOOLS },
                  "missing",
                  "debian",
                  "/boot/i",
                  "update-initramfs -c -k 6.1" },
                { "dracut, the image of the entry",
                  { DRACUT },
                  "damaged",
                  "rhel",
                  "/boot/i",
                  "dracut -f /boot/i 6.1" },
                { "dracut, none in the entry",
                  { DRACUT },
                  "none",
                  "rhel",
                  NULL,
                  "dracut -f /boot/initramfs-6.1.img 6.1" },
                { "dracut, none in the entry, of SUSE",
                  { DRACUT },
                  "none",
                  "opensuse-leap",
                  NULL,
                  "dracut -f /boot/initrd-6.1 6.1" },
                { "dracut, none in the entry, of Ubuntu",
                  { DRACUT },
                  "none",
                  "ubuntu",
                  NULL,
                  "dracut -f /boot/initrd.img-6.1 6.1" },
                { "no tool", { { NULL } }, "ok", "debian", "/boot/i", "null" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].name);
                facts_set_str(f, "6.1", "/boot/kernel/release");
                facts_set_str(f, rows[i].id, "/os/id");
                facts_set_str(f, rows[i].state, "/initramfs/state");
                facts_set_array(f, "/boot/entry/initrd");
                if (rows[i].initrd)
                        facts_set_str(f, rows[i].initrd, "/boot/entry/initrd/0/path");
                for (const struct file *file = rows[i].files; file->path; file++)
                        unit_write_text(dir, file->path, file->text);
                unit_probe_on(f, dir, NULL, probes);
                text = unit_fact(f, "/rebuild/command");
                assert_string_equal(text, rows[i].want);
                unit_remove_tree(dir);
        }
}

/* Of the other entries, and of a part of a unified kernel image. */
static void test_other_entries(void **state _unused_)
{
        static const struct {
                const char *name;
                struct file files[3];
                const char *generator, *keep, *commands[3];
        } rows[] = {
                { "initramfs-tools",
                  { TOOLS },
                  NULL,
                  "echo nvme >> /etc/initramfs-tools/modules",
                  { "update-initramfs -u -k 5.1", "update-initramfs -c -k 4.9", "null" } },
                { "dracut",
                  { DRACUT },
                  NULL,
                  "echo 'add_drivers+=\" nvme \"' >> /etc/dracut.conf",
                  { "dracut -f /boot/i5 5.1", "dracut -f /boot/initramfs-4.9.img 4.9", "null" } },
                { "dracut with a directory",
                  { DRACUT, { ETC "x.conf", "" } },
                  NULL,
                  "echo 'add_drivers+=\" nvme \"' > /etc/dracut.conf.d/90-nitro.conf",
                  { "dracut -f /boot/i5 5.1", "dracut -f /boot/initramfs-4.9.img 4.9", "null" } },
                { "no tool, and the image tells",
                  { { NULL } },
                  "initramfs-tools",
                  "echo nvme >> /etc/initramfs-tools/modules",
                  { "update-initramfs -u -k 5.1", "update-initramfs -c -k 4.9", "null" } },
                { "no tool", { { NULL } }, NULL, "null", { "null", "null", "null" } },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *keep = NULL;

                print_message("# %s\n", rows[i].name);
                if (rows[i].generator)
                        facts_set_str(f, rows[i].generator, "/initramfs/generator");
                facts_set_str(f, "5.1", "/boot/others/0/kernel/release");
                facts_set_str(f, "/boot/i5", "/boot/others/0/initrd/0/path");
                facts_set_str(f, "4.9", "/boot/others/1/kernel/release");
                facts_set_array(f, "/boot/others/1/initrd");
                facts_set_str(f, "6.1", "/boot/others/2/kernel/release");
                facts_set_str(f, "/efi/a.efi", "/boot/others/2/initrd/0/path");
                facts_set_int(f, 5, "/boot/others/2/initrd/0/bytes");
                for (const struct file *file = rows[i].files; file->path; file++)
                        unit_write_text(dir, file->path, file->text);
                unit_probe_on(f, dir, NULL, probes);
                keep = unit_fact(f, "/rebuild/keep");
                assert_string_equal(keep, rows[i].keep);
                for (size_t k = 0; k < 3; k++) {
                        cleanup_free char *path = xasprintf("/boot/others/%zu/rebuild", k);
                        cleanup_free char *command = unit_fact(f, path);

                        assert_string_equal(command, rows[i].commands[k]);
                }
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_dracut),
                cmocka_unit_test(test_others),
                cmocka_unit_test(test_command),
                cmocka_unit_test(test_other_entries),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
