#include "unit-probe.h"

extern const struct probe probe_initrdless;
static const struct probe *const probes[] = { &probe_initrdless, NULL };

#define RELEASE "6.8.0-1021-aws"
#define BUILTIN "/lib/modules/" RELEASE "/modules.builtin"
#define CONFIG  "/boot/config-" RELEASE

/* As the earlier probes leave it; root= by value and kind. */
static struct facts *new_facts(const char *root, const char *kind, const char *params)
{
        struct facts *f = facts_new();
        cleanup_free char *copy = xstrdup(params);
        char *at = copy, *word;

        facts_set_str(f, RELEASE, "/boot/kernel/release");
        facts_set_str(f, "/lib/modules/" RELEASE, "/drivers/dir");
        facts_set_str(f, "/boot/grub/grub.cfg", "/boot/config");
        facts_set_evidence(f, "/boot/entry/kernel", "/boot/grub/grub.cfg", 7, SPAN("linux ..."));
        facts_set_array(f, "/boot/entry/params");
        for (int i = 0; (word = strsep(&at, " ")); i++) {
                char *value = strchr(word, '=');

                if (value)
                        *value++ = '\0';
                facts_set_str(f, word, "/boot/entry/params/%d/name", i);
                facts_set_str(f, value, "/boot/entry/params/%d/value", i);
        }
        facts_set_bool(f, false, "/initramfs/used");
        facts_set_bool(f, false, "/initramfs/init");
        facts_set_str(f, "ext4", "/volume/fs_type");
        if (root) {
                facts_set_str(f, root, "/cmdline/root/value");
                facts_set_str(f, kind, "/cmdline/root/kind");
        } else {
                facts_set_null(f, "/cmdline/root");
        }
        return f;
}

static void test_root(void **state _unused_)
{
        static const char blkid[] =
                "/dev/xvda1: UUID=\"2c9b\" TYPE=\"ext4\" PARTUUID=\"deadbeef-01\"\n";
        static const struct {
                const char *value, *kind, *want, *partuuid;
        } rows[] = {
                { "PARTUUID=deadbeef-01", "tag", "kernel", "null" },
                { "PARTLABEL=root", "tag", "kernel", "null" },
                { "UUID=2c9b", "tag", "initramfs", "PARTUUID=facade-02" },
                { "LABEL=root", "tag", "initramfs", "null" },
                { "/dev/disk/by-uuid/2c9b", "link", "initramfs", "null" },
                { "/dev/mapper/vg-root", "mapper", "initramfs", "null" },
                { "/dev/xvda1", "xen", "kernel", "PARTUUID=deadbeef-01" },
                { "/dev/nvme0n1p1", "nvme", "kernel", "null" },
                { "/dev/md0", "mapper",
                  "? whether this kernel understands root=/dev/md0 is not known", "null" },
                { NULL, NULL, "none", "null" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = new_facts(rows[i].value, rows[i].kind, "ro");
                cleanup_free char *root = NULL, *partuuid = NULL;

                print_message("# %s\n", rows[i].value ? rows[i].value : "no root=");
                facts_set_str(f, "facade-02", "/volume/partuuid");
                if (rows[i].value && streq(rows[i].value, "UUID=2c9b"))
                        facts_set_str(f, "yes", "/cmdline/root/resolves");
                unit_probe_on(f, dir, blkid, probes);
                root = unit_fact(f, "/initrdless/root");
                partuuid = unit_fact(f, "/initrdless/partuuid");
                assert_string_equal(root, rows[i].want);
                assert_string_equal(partuuid, rows[i].partuuid);
                unit_remove_tree(dir);
        }
}

static void test_filesystem(void **state _unused_)
{
        static const struct {
                const char *name, *type, *builtin, *config, *want;
        } rows[] = {
                { "in the list", "ext4", "kernel/fs/ext4/ext4.ko\n", NULL, "true" },
                { "not in the list", "xfs", "kernel/fs/ext4/ext4.ko\n", "CONFIG_XFS_FS=y\n",
                  "false" },
                { "ext3 by ext4", "ext3", "kernel/fs/ext4/ext4.ko\n", NULL, "true" },
                { "in the configuration", "xfs", NULL, "CONFIG_XFS_FS=y\n", "true" },
                { "a module by the configuration", "xfs", NULL, "CONFIG_XFS_FS=m\n", "false" },
                { "neither", "ext4", NULL, NULL,
                  "? whether the file system ext4 is part of the kernel is not known" },
                { "another", "jfs", "kernel/fs/jfs/jfs.ko\n", NULL,
                  "? whether the file system jfs is part of the kernel is not known" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = new_facts("PARTUUID=1", "tag", "ro");
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].name);
                facts_set_str(f, rows[i].type, "/volume/fs_type");
                if (rows[i].builtin)
                        unit_write_text(dir, BUILTIN, rows[i].builtin);
                if (rows[i].config)
                        unit_write_text(dir, CONFIG, rows[i].config);
                unit_probe_on(f, dir, NULL, probes);
                text = unit_fact(f, "/initrdless/builtin");
                assert_string_equal(text, rows[i].want);
                unit_remove_tree(dir);
        }
}

/* A directory has no superblock; fstab may know. */
static void test_type_of_fstab(void **state _unused_)
{
        static const char *const types[] = { "xfs", "auto" };

        for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = new_facts("PARTUUID=1", "tag", "ro");
                cleanup_free char *text = NULL;

                facts_set_null(f, "/volume/fs_type");
                facts_set_str(f, "/", "/fstab/entries/0/target");
                facts_set_str(f, types[i], "/fstab/entries/0/type");
                unit_probe_on(f, dir, NULL, probes);
                text = unit_fact(f, "/initrdless/filesystem");
                assert_string_equal(text,
                                    i ? "? the type of the root file system is not known" : "xfs");
                unit_remove_tree(dir);
        }
}

static void test_waits_and_second_try(void **state _unused_)
{
        static const struct {
                const char *params, *config;
                bool grubenv, waits, second_try;
        } rows[] = {
                { "ro", "initrdfail", true, false, false },
                { "ro rootwait", "", true, true, false },
                { "ro rootdelay=5", "", true, true, false },
                { "ro panic=-1", "initrdfail", true, false, true },
                { "ro panic=0", "initrdfail", true, false, false },
                { "ro panic=-1", "initrdfail", false, false, false },
                { "ro panic=-1", "recordfail", true, false, false },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = new_facts("PARTUUID=1", "tag", rows[i].params);

                print_message("# %s, %s\n", rows[i].params, rows[i].config);
                unit_write_text(dir, "/boot/grub/grub.cfg", rows[i].config);
                if (rows[i].grubenv)
                        unit_write_text(dir, "/boot/grub/grubenv", "# GRUB Environment Block\n");
                unit_probe_on(f, dir, NULL, probes);
                assert_int_equal(facts_bool(f, "/initrdless/waits", !rows[i].waits), rows[i].waits);
                assert_int_equal(facts_bool(f, "/initrdless/second_try", !rows[i].second_try),
                                 rows[i].second_try);
                unit_remove_tree(dir);
        }
}

static void test_image(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *with = facts_new(), *unread = facts_new(), *none = facts_new();
        cleanup_free char *a = NULL, *b = NULL, *c = NULL;

        facts_set_bool(with, true, "/initramfs/used");
        facts_set_bool(with, true, "/initramfs/init");
        unit_probe_on(with, dir, NULL, probes);
        a = unit_fact(with, "/initrdless");
        assert_string_equal(a, "null");
        facts_set_bool(unread, true, "/initramfs/used");
        facts_unknown(unread, "/initramfs", "/boot/initrd", "permission denied");
        unit_probe_on(unread, dir, NULL, probes);
        b = unit_fact(unread, "/initrdless");
        assert_string_equal(b, "null");
        facts_unknown(none, "/initramfs", NULL, "no menu entry");
        unit_probe_on(none, dir, NULL, probes);
        c = unit_fact(none, "/initrdless");
        assert_string_equal(c, "? no menu entry");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_root),          cmocka_unit_test(test_filesystem),
                cmocka_unit_test(test_type_of_fstab), cmocka_unit_test(test_waits_and_second_try),
                cmocka_unit_test(test_image),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
