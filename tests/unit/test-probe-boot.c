#include "unit.h"

#include <errno.h>

#include "base/jsonx.h"
#include "base/str.h"
#include "unit-probe.h"

extern const struct probe probe_boot;

static char *root;

static void write_text(const char *path, const char *text)
{
        unit_write_text(root, path, text);
}

static void write_kernel(const char *path, const char *release)
{
        unsigned char image[0x800] = { 0 };

        image[0x1f1] = 7;
        image[0x1fe] = 0x55;
        image[0x1ff] = 0xaa;
        memcpy(image + 0x202, "HdrS\x0f\x02", 6);
        image[0x20f] = 0x04;
        memcpy(image + 0x600, release, strlen(release));
        unit_write(root, path, image, sizeof(image));
}

static void make_link(const char *target, const char *path)
{
        cleanup_free char *full = xasprintf("%s/%s", root, path);

        assert_int_equal(symlink(target, full), 0);
}

static int set_up(void **state _unused_)
{
        root = unit_temp_dir();
        return 0;
}

static int tear_down(void **state _unused_)
{
        unit_remove_tree(root);
        return 0;
}

/* What the other probes would have said before. */
struct before {
        bool separate_boot, mount_point;
        const char *uuid, *label;
};

static struct facts *run(struct before before)
{
        cleanup_volume struct volume *volume = NULL;
        struct facts *facts = facts_new();
        struct probe_context context = { .facts = facts };
        struct err err = { 0 };

        assert_int_equal(volume_open(root, VOLUME_OFFLINE, &volume, &err), 0);
        context.volume = volume;
        facts_set_bool(facts, before.separate_boot, "/fstab/separate_boot");
        facts_set_bool(facts, before.mount_point, "/volume/mount_point");
        if (before.uuid)
                facts_set_str(facts, before.uuid, "/volume/uuid");
        if (before.label)
                facts_set_str(facts, before.label, "/volume/label");
        probe_boot.run(&context);
        facts_freeze(facts);
        return facts;
}

static void print_fact(struct buf *out, const struct facts *f, const char *path)
{
        const char *value = facts_str(f, path), *why, *file;

        if (value) {
                buf_printf(out, "%s\n", value);
                return;
        }
        why = facts_why_unknown(f, path, &file);
        buf_printf(out, "? %s%s%s\n", file ? file : "", file ? ": " : "",
                   why ? why : "(no reason)");
}

/* The kernel, its release, and the initrds: a line each; "?" and the reason where not known. */
static char *describe(const struct facts *f)
{
        struct json_object *node;
        struct buf out = { 0 };

        if (!facts_str(f, "/boot/entry/title")) {
                print_fact(&out, f, "/boot/entry/title");
                return buf_take(&out);
        }
        print_fact(&out, f, "/boot/entry/kernel/path");
        print_fact(&out, f, "/boot/kernel/release");
        if (facts_get(f, "/boot/entry/initrd", &node) < 0)
                print_fact(&out, f, "/boot/entry/initrd");
        for (size_t i = 0; i < facts_count(f, "/boot/entry/initrd"); i++) {
                cleanup_free char *path = xasprintf("/boot/entry/initrd/%zu/path", i);

                print_fact(&out, f, path);
        }
        return buf_take(&out);
}

static void assert_boot(struct before before, const char *expected)
{
        cleanup_facts struct facts *f = run(before);
        cleanup_free char *got = describe(f);
        cleanup_buf struct buf with_root = { 0 };

        /* DIR in an expectation is the root. */
        for (const char *p = expected; *p; p++) {
                if (str_startswith(p, "DIR")) {
                        buf_puts(&with_root, root);
                        p += 2;
                } else {
                        buf_putc(&with_root, *p);
                }
        }
        assert_string_equal(got, with_root.data);
}

#define CONFIG                                                         \
        "set timeout=5\n"                                              \
        "set default=\"0\"\n"                                          \
        "menuentry 'Debian' --class os $menuentry_id_option 'deb' {\n" \
        "\tsearch --no-floppy --fs-uuid --set=root aaaa-bbbb\n"        \
        "\tlinux\t/boot/vmlinuz root=UUID=aaaa-bbbb ro quiet\n"        \
        "\tinitrd\t/boot/initrd.img\n"                                 \
        "}\n"

static void test_all_facts(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;
        struct json_object *value;
        const char *file;

        write_text(
                "boot/grub/grub.cfg",
                "if [ -s $prefix/grubenv ]; then\n load_env\nfi\nset default=${saved_entry}\n"
                "submenu More {\n menuentry 'Debian 6' --id deb {\n  linux /boot/k root=/dev/xvda1 ro\n"
                "  initrd /boot/a.img /boot/b.img\n }\n}\n");
        write_text("boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=More>deb\n#####");
        write_kernel("boot/k", "5.10.0-8-amd64 (x@y) #1 SMP");
        f = run((struct before){ 0 });
        assert_string_equal(facts_str(f, "/boot/loader"), "grub2");
        assert_string_equal(facts_str(f, "/boot/config"), "/boot/grub/grub.cfg");
        assert_string_equal(facts_str(f, "/boot/entry/title"), "Debian 6");
        assert_string_equal(facts_str(f, "/boot/entry/id"), "deb");
        assert_string_equal(facts_str(f, "/boot/entry/index"), "0>0");
        assert_string_equal(facts_str(f, "/boot/entry/chosen_by"), "grubenv saved_entry");
        assert_string_equal(facts_str(f, "/boot/entry/file"), "/boot/grub/grub.cfg");
        assert_int_equal(facts_int(f, "/boot/entry/line", 0), 6);
        assert_string_equal(facts_str(f, "/boot/entry/text"), "menuentry 'Debian 6' --id deb {");
        assert_string_equal(facts_str(f, "/boot/entry/kernel/path"), "/boot/k");
        assert_int_equal(facts_int(f, "/boot/entry/kernel/line", 0), 7);
        assert_string_equal(facts_str(f, "/boot/entry/kernel/text"),
                            "linux /boot/k root=/dev/xvda1 ro");
        assert_int_equal(facts_count(f, "/boot/entry/initrd"), 2);
        assert_string_equal(facts_str(f, "/boot/entry/initrd/1/path"), "/boot/b.img");
        assert_int_equal(facts_int(f, "/boot/entry/initrd/1/line", 0), 8);
        assert_string_equal(facts_str(f, "/boot/entry/cmdline"), "root=/dev/xvda1 ro");
        assert_int_equal(facts_count(f, "/boot/entry/params"), 2);
        assert_string_equal(facts_str(f, "/boot/entry/params/0/name"), "root");
        assert_string_equal(facts_str(f, "/boot/entry/params/0/value"), "/dev/xvda1");
        assert_int_equal(facts_get(f, "/boot/entry/params/1/value", &value), 0);
        assert_string_equal(facts_str(f, "/boot/kernel/release"), "5.10.0-8-amd64");
        assert_int_equal(facts_problem_count(f), 1);
        assert_string_equal(
                facts_problem_get(f, 0, &file),
                "the boot loader has no time-out: it waits for a key before it starts \"Debian 6\"");
        assert_string_equal(file, "/boot/grub/grub.cfg");
}

/* Debian's links in the root, an absolute one, and one that leaves the root. */
static void test_links(void **state _unused_)
{
        cleanup_free char *link = xasprintf("%s/vmlinuz", root);

        write_text("boot/grub/grub.cfg",
                   "timeout=1\nmenuentry a { linux /vmlinuz ro\ninitrd /initrd.img /boot/abs\n}\n");
        write_kernel("boot/vmlinuz-6.1.0-1-amd64", "6.1.0-1-amd64 x");
        make_link("boot/vmlinuz-6.1.0-1-amd64", "vmlinuz");
        make_link("/boot/initrd", "initrd.img");
        assert_boot((struct before){ 0 }, "/vmlinuz\n6.1.0-1-amd64\n/initrd.img\n/boot/abs\n");
        assert_int_equal(unlink(link), 0);
        make_link("../../../../etc/passwd", "vmlinuz");
        assert_boot((struct before){ 0 },
                    "/vmlinuz\n? /vmlinuz: this kernel is not there, so the boot loader cannot "
                    "start it\n/initrd.img\n/boot/abs\n");
}

/* GRUB sees a link as a file, also when it leads nowhere; -s opens it. */
static void test_file_tests(void **state _unused_)
{
        write_text(
                "boot/grub/grub.cfg",
                "timeout=1\nfor f in /boot /boot/k /boot/empty /boot/link /boot/lost /boot/none; do\n"
                " if [ -e $f ]; then r=\"${r}e\"; fi\n if [ -f $f ]; then r=\"${r}f\"; fi\n"
                " if [ -d $f ]; then r=\"${r}d\"; fi\n if [ -s $f ]; then r=\"${r}s\"; fi\n"
                " r=\"${r},\"\ndone\nmenuentry a { linux /boot/k.$r\n}\n");
        write_text("boot/k", "x");
        write_text("boot/empty", "");
        make_link("k", "boot/link");
        make_link("nowhere", "boot/lost");
        assert_boot((struct before){ 0 },
                    "/boot/k.ed,efs,ef,efs,ef,,\n? /boot/k.ed,efs,ef,efs,ef,,: this kernel is not "
                    "there, so the boot loader cannot start it\n");
}

static void test_kernel_file(void **state _unused_)
{
        write_text("boot/grub/grub.cfg", CONFIG);
        assert_boot((struct before){ 0 },
                    "/boot/vmlinuz\n? /boot/vmlinuz: this kernel is not there, so the boot loader "
                    "cannot start it\n/boot/initrd.img\n");
        write_text("boot/vmlinuz", "not a kernel");
        assert_boot((struct before){ 0 },
                    "/boot/vmlinuz\n? /boot/vmlinuz: no x86 kernel image (bzImage)\n"
                    "/boot/initrd.img\n");
}

/* The entry searches for aaaa-bbbb. */
static void test_other_device(void **state _unused_)
{
        write_text("boot/grub/grub.cfg", CONFIG);
        write_kernel("boot/vmlinuz", "6.1 x");
        assert_boot((struct before){ .uuid = "AAAA-BBBB" },
                    "/boot/vmlinuz\n6.1\n/boot/initrd.img\n");
        assert_boot((struct before){ .uuid = "1111-2222" },
                    "? /boot/grub/grub.cfg: line 5: it is read from the file system aaaa-bbbb, and "
                    "this one is 1111-2222\n"
                    "? /boot/grub/grub.cfg: line 5: it is read from the file system aaaa-bbbb, and "
                    "this one is 1111-2222\n"
                    "? /boot/grub/grub.cfg: line 6: it is read from the file system aaaa-bbbb, and "
                    "this one is 1111-2222\n");
        write_text(
                "boot/grub/grub.cfg",
                "timeout=1\nmenuentry a {\nsearch --label --set=root /\nlinux /boot/vmlinuz\n}\n");
        assert_boot((struct before){ .label = "/" }, "/boot/vmlinuz\n6.1\n");
        assert_boot(
                (struct before){ .label = "data" },
                "? /boot/grub/grub.cfg: line 4: it is read from the file system labelled /, and "
                "this one is data\n"
                "? /boot/grub/grub.cfg: line 4: it is read from the file system labelled /, and "
                "this one is data\n");
        write_text(
                "boot/grub/grub.cfg",
                "timeout=1\nmenuentry a {\nsearch --file --set=root /x\nlinux /boot/vmlinuz\n}\n");
        assert_boot(
                (struct before){ 0 },
                "? /boot/grub/grub.cfg: line 4: it is read from whatever device \"search --file\" "
                "finds\n"
                "? /boot/grub/grub.cfg: line 4: it is read from whatever device \"search --file\" "
                "finds\n");
}

static void test_separate_boot(void **state _unused_)
{
        write_text("boot/grub/grub.cfg",
                   "timeout=1\nif [ -s $prefix/grubenv ]; then load_env; fi\n"
                   "set default=\"${saved_entry}\"\nsource ${config_directory}/custom.cfg\n"
                   "menuentry a { linux /none\n}\n");
        write_text("boot/grub/custom.cfg",
                   "menuentry b --id b {\nlinux /vmlinuz ro\ninitrd /initrd.img\n}\n");
        write_text("boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=b\n###");
        write_kernel("boot/vmlinuz", "6.1-right x");
        write_kernel("vmlinuz", "5.0-wrong x");
        assert_boot((struct before){ .separate_boot = true },
                    "/boot/vmlinuz\n6.1-right\n/boot/initrd.img\n");
        assert_boot((struct before){ 0 }, "/vmlinuz\n5.0-wrong\n/initrd.img\n");
        /* An entry that looks for the root file system means files there, all the same. */
        write_text("boot/grub/custom.cfg", "menuentry b --id b {\nsearch --fs-uuid --set=root a-b\n"
                                           "linux /vmlinuz ro\n}\n");
        assert_boot((struct before){ .separate_boot = true, .uuid = "A-B" },
                    "/vmlinuz\n5.0-wrong\n");
        assert_boot((struct before){ .separate_boot = true, .uuid = "c-d" },
                    "/boot/vmlinuz\n6.1-right\n");
        /* On a mounted root, files in /boot are hidden ones when /boot itself is not mounted. */
        assert_boot((struct before){ .separate_boot = true, .mount_point = true },
                    "? /etc/fstab: /boot is a volume of its own and not mounted; mount it at "
                    "DIR/boot\n");
}

static void test_btrfs(void **state _unused_)
{
        write_text(
                "boot/grub/grub.cfg",
                "timeout=1\nmenuentry a { linux /@rootfs/boot/vmlinuz ro\ninitrd /@/boot/i\n}\n");
        write_kernel("boot/vmlinuz", "6.1 x");
        assert_boot((struct before){ 0 }, "/boot/vmlinuz\n6.1\n/boot/i\n");
        write_kernel("@rootfs/boot/vmlinuz", "6.2 x");
        assert_boot((struct before){ 0 }, "/@rootfs/boot/vmlinuz\n6.2\n/boot/i\n");
}

static void test_loaders(void **state _unused_)
{
        assert_boot((struct before){ .separate_boot = true },
                    "? /etc/fstab: /boot is a volume of its own and not mounted; mount it at "
                    "DIR/boot\n");
        assert_boot(
                (struct before){ 0 },
                "? no boot loader configuration found in /boot; if /boot is a volume of its own "
                "mount it at DIR/boot\n");
        write_text("boot/grub/menu.lst", "default 0\n");
        assert_boot((struct before){ 0 },
                    "? /boot/grub: GRUB 1 (menu.lst) is not understood yet\n");
        write_kernel("boot/vmlinuz", "6.1 x");
        write_text("boot/grub/grub.cfg", CONFIG);
        assert_boot((struct before){ 0 }, "/boot/vmlinuz\n6.1\n/boot/initrd.img\n");
        make_link("grub", "boot/grub2");
        assert_boot((struct before){ 0 }, "/boot/vmlinuz\n6.1\n/boot/initrd.img\n");
        write_text("boot/loader/entries/x.conf", "title x\n");
        assert_boot(
                (struct before){ 0 },
                "? /boot/loader/entries: there is also /boot/grub/grub.cfg: which of the two is "
                "used cannot be told\n");
        write_text("boot/extlinux/extlinux.conf", "default x\n");
        assert_boot(
                (struct before){ 0 },
                "? /boot/extlinux/extlinux.conf: there is also /boot/grub/grub.cfg: which of the "
                "two is used cannot be told\n");
}

static void test_two_configs(void **state _unused_)
{
        write_text("boot/grub/grub.cfg", CONFIG);
        write_text("boot/grub2/grub.cfg", CONFIG);
        assert_boot(
                (struct before){ 0 },
                "? there are /boot/grub/grub.cfg and /boot/grub2/grub.cfg: which of the two is used "
                "cannot be told\n");
}

static void test_other_loader_alone(void **state _unused_)
{
        write_text("boot/syslinux/syslinux.cfg", "default x\n");
        assert_boot((struct before){ 0 },
                    "? /boot/syslinux/syslinux.cfg: this boot loader is not understood yet\n");
}

static void test_grub2_directory(void **state _unused_)
{
        write_kernel("boot/vmlinuz", "6.1 x");
        write_text("boot/grub2/grub.cfg", CONFIG);
        assert_boot((struct before){ 0 }, "/boot/vmlinuz\n6.1\n/boot/initrd.img\n");
        assert_boot((struct before){ .separate_boot = true },
                    "/boot/boot/vmlinuz\n? /boot/boot/vmlinuz: this kernel is not there, so the "
                    "boot loader cannot start it\n/boot/boot/initrd.img\n");
}

#define BLS_CONFIG                                                        \
        "set timeout=1\nif [ -s $prefix/grubenv ]; then\n load_env\nfi\n" \
        "set default=\"${saved_entry}\"\nsearch --fs-uuid --set=root aaaa\nblscfg\n"
#define BLS_ENTRY(release, directory)                                                       \
        "title RHEL " release "\nversion " release "\nlinux " directory "/vmlinuz-" release \
        "\ninitrd " directory "/initramfs-" release ".img\noptions $kernelopts\n"

/* As RHEL 8 has it, in the root file system or with /boot on one of its own. */
static void test_bls(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;

        write_text("boot/grub2/grub.cfg", BLS_CONFIG);
        write_text("boot/loader/entries/0abc-4.18.0-80.el8.conf",
                   BLS_ENTRY("4.18.0-80.el8", "/boot"));
        write_text("boot/loader/entries/0abc-4.18.0-305.el8.conf",
                   BLS_ENTRY("4.18.0-305.el8", "/boot"));
        write_kernel("boot/vmlinuz-4.18.0-80.el8", "4.18.0-80.el8 x");
        write_kernel("boot/vmlinuz-4.18.0-305.el8", "4.18.0-305.el8 x");
        write_text("boot/efi/EFI/redhat/grubenv",
                   "# GRUB Environment Block\nkernelopts=root=/dev/xvda2 ro\n"
                   "saved_entry=0abc-4.18.0-80.el8\n####");
        assert_boot((struct before){ 0 }, "/boot/vmlinuz-4.18.0-305.el8\n4.18.0-305.el8\n"
                                          "/boot/initramfs-4.18.0-305.el8.img\n");
        make_link("../efi/EFI/redhat/grubenv", "boot/grub2/grubenv");
        assert_boot((struct before){ 0 }, "/boot/vmlinuz-4.18.0-80.el8\n4.18.0-80.el8\n"
                                          "/boot/initramfs-4.18.0-80.el8.img\n");
        f = run((struct before){ 0 });
        assert_string_equal(facts_str(f, "/boot/loader"), "grub2");
        assert_true(facts_bool(f, "/boot/entry/bls", false));
        assert_string_equal(facts_str(f, "/boot/entry/id"), "0abc-4.18.0-80.el8");
        assert_string_equal(facts_str(f, "/boot/entry/file"),
                            "/boot/loader/entries/0abc-4.18.0-80.el8.conf");
        assert_string_equal(facts_str(f, "/boot/entry/cmdline"), "root=/dev/xvda2 ro");
        assert_string_equal(facts_str(f, "/boot/entry/kernel/text"),
                            "linux /boot/vmlinuz-4.18.0-80.el8");
}

static void test_bls_separate_boot(void **state _unused_)
{
        write_text("boot/grub2/grub.cfg", BLS_CONFIG);
        write_text("boot/loader/entries/0abc-4.18.0-80.el8.conf", BLS_ENTRY("4.18.0-80.el8", ""));
        write_kernel("boot/vmlinuz-4.18.0-80.el8", "4.18.0-80.el8 x");
        assert_boot((struct before){ .separate_boot = true },
                    "/boot/vmlinuz-4.18.0-80.el8\n4.18.0-80.el8\n"
                    "/boot/initramfs-4.18.0-80.el8.img\n");
}

static void test_bls_hostile(void **state _unused_)
{
        cleanup_free char *path = xasprintf("%s/boot/loader/entries/a-1.conf", root);

        write_text("boot/grub2/grub.cfg", BLS_CONFIG);
        write_text("boot/loader/entries/x", "");
        assert_int_equal(mkfifo(path, 0600), 0);
        assert_boot((struct before){ 0 },
                    "? /boot/grub2/grub.cfg: line 7: "
                    "/boot/loader/entries/a-1.conf: a FIFO, not a file; not read\n");
}

static void test_hostile(void **state _unused_)
{
        cleanup_free char *path = xasprintf("%s/boot/grub/grub.cfg", root);

        write_text("boot/grub/x", "");
        assert_int_equal(mkfifo(path, 0600), 0);
        assert_boot((struct before){ 0 }, "? /boot/grub/grub.cfg: a FIFO, not a file; not read\n");
        assert_int_equal(unlink(path), 0);
        write_text("boot/grub/grub.cfg", "menuentry a {\n linux /k\n");
        assert_boot((struct before){ 0 },
                    "? /boot/grub/grub.cfg: line 3: unexpected end of the file\n");
}

/* What starts the same is told once; the likeliest come first. */
static void test_others(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;
        const char *file;

        write_text("boot/grub/grub.cfg",
                   "timeout=1\nfallback=4\n"
                   "menuentry a { linux /boot/k root=UUID=1 ro\ninitrd /boot/i\n}\n"
                   "menuentry recovery { linux /boot/k root=UUID=1 ro single\ninitrd /boot/i\n}\n"
                   "menuentry xen { multiboot /boot/xen\n}\n"
                   "menuentry memtest { linux16 /boot/memtest86+.bin\n}\n"
                   "menuentry old { linux /boot/old root=/dev/sda1\n}\n"
                   "menuentry odd { frob\n}\n"
                   "menuentry image { linux /boot/k root=UUID=1\n}\n");
        write_kernel("boot/k", "5.10.0-8-amd64 (x@y) #1 SMP");
        f = run((struct before){ 0 });
        assert_fact(f, "/boot/others/0/title", "\"old\"");
        assert_fact(f, "/boot/others/0/role", "\"fallback\"");
        assert_fact(f, "/boot/others/0/index", "\"4\"");
        assert_fact(f, "/boot/others/0/starts", "\"linux\"");
        assert_fact(f, "/boot/others/0/kernel/path", "\"/boot/old\"");
        assert_fact(f, "/boot/others/0/kernel/present", "false");
        assert_why(f, "/boot/others/0/kernel/release",
                   "/boot/old: this kernel is not there, so the boot loader cannot start it");
        assert_fact(f, "/boot/others/0/initrd", "[]");
        assert_fact(f, "/boot/others/0/root/value", "\"/dev/sda1\"");
        assert_fact(f, "/boot/others/0/root/kind", "\"scsi\"");
        assert_fact(f, "/boot/others/1/title", "\"xen\"");
        assert_fact(f, "/boot/others/1/role", "\"menu\"");
        assert_fact(f, "/boot/others/1/starts", "\"hypervisor\"");
        assert_fact(f, "/boot/others/1/kernel", "null");
        assert_fact(f, "/boot/others/2/title", "\"memtest\"");
        assert_fact(f, "/boot/others/2/starts", "\"other\"");
        assert_fact(f, "/boot/others/3/title", "\"odd\"");
        assert_why(f, "/boot/others/3/starts",
                   "/boot/grub/grub.cfg: line 15: \"frob\" is not understood");
        assert_fact(f, "/boot/others/4/title", "\"image\"");
        assert_fact(f, "/boot/others/4/line", "17");
        assert_fact(f, "/boot/others/4/kernel/present", "true");
        assert_fact(f, "/boot/others/4/kernel/release", "\"5.10.0-8-amd64\"");
        assert_int_equal(facts_count(f, "/boot/others"), 5);
        assert_null(facts_why_incomplete(f, "/boot/others", &file));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        const struct CMUnitTest tests[] = {
                TEST(test_all_facts),
                TEST(test_others),
                TEST(test_links),
                TEST(test_kernel_file),
                TEST(test_other_device),
                TEST(test_separate_boot),
                TEST(test_btrfs),
                TEST(test_loaders),
                TEST(test_two_configs),
                TEST(test_other_loader_alone),
                TEST(test_grub2_directory),
                TEST(test_bls),
                TEST(test_bls_separate_boot),
                TEST(test_bls_hostile),
                TEST(test_hostile),
                TEST(test_file_tests),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
