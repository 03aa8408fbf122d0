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
        const char *uuid, *label, *partuuid, *id;
        bool live;
};

static struct facts *run(struct before before)
{
        cleanup_volume struct volume *volume = NULL;
        struct facts *facts = facts_new();
        struct probe_context context = { .facts = facts };
        struct err err = { 0 };

        assert_int_equal(
                volume_open(root, before.live ? VOLUME_LIVE : VOLUME_OFFLINE, &volume, &err), 0);
        context.volume = volume;
        facts_set_bool(facts, before.separate_boot, "/fstab/separate_boot");
        facts_set_bool(facts, before.mount_point, "/volume/mount_point");
        if (before.uuid)
                facts_set_str(facts, before.uuid, "/volume/uuid");
        if (before.label)
                facts_set_str(facts, before.label, "/volume/label");
        if (before.id)
                facts_set_str(facts, before.id, "/os/id");
        if (before.partuuid)
                facts_set_str(facts, before.partuuid, "/volume/partuuid");
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
                    "? /boot/grub: it has the menu of GRUB legacy, but not GRUB legacy (stage2): "
                    "another loader reads that, as Xen's for paravirtual machines does\n");
        write_kernel("boot/vmlinuz", "6.1 x");
        write_text("boot/grub/grub.cfg", CONFIG);
        assert_boot((struct before){ 0 }, "/boot/vmlinuz\n6.1\n/boot/initrd.img\n");
        make_link("grub", "boot/grub2");
        assert_boot((struct before){ 0 }, "/boot/vmlinuz\n6.1\n/boot/initrd.img\n");
        /* Entry files that its configuration does not ask for, a BIOS starts nothing that reads. */
        write_text("boot/loader/entries/x.conf", "title x\nlinux /x\n");
        assert_boot((struct before){ 0 }, "/boot/vmlinuz\n6.1\n/boot/initrd.img\n");
        write_text("boot/extlinux/ldlinux.sys", "");
        write_text("boot/extlinux/extlinux.conf", "default x\n");
        assert_boot(
                (struct before){ 0 },
                "? there are /boot/grub/grub.cfg and /boot/extlinux/extlinux.conf: which of the two "
                "is used cannot be told\n");
}

/* The head of GRUB legacy's second stage: the menu it reads, the entry it has saved. */
static void write_stage2(const char *config, unsigned char saved)
{
        char image[1024] = { 0 };

        image[0x206] = 3;
        image[0x207] = 2;
        image[0x20c] = (char)saved;
        memcpy(image + 0x212, "0.97", 4);
        memcpy(image + 0x217, config, strlen(config));
        unit_write(root, "boot/grub/stage2", image, sizeof(image));
}

#define MENU "default saved\ntimeout 5\n"
#define ENTRY(device, kernel) \
        "title " kernel "\nroot (" device ")\nkernel /boot/" kernel " ro\ninitrd /boot/i\n"

static void test_grub_legacy(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;

        write_kernel("boot/a", "2.6.32-754.el6.x86_64 x");
        write_kernel("boot/b", "4.14.78-1.amzn1.x86_64 x");
        write_text("boot/grub/menu.lst", MENU ENTRY("hd0,0", "a") ENTRY("hd0,0", "b"));
        write_stage2("/boot/grub/menu.lst", 0);
        assert_boot((struct before){ 0 }, "/boot/a\n2.6.32-754.el6.x86_64\n/boot/i\n");
        write_text("boot/grub/default", "1\n#\n#\n#\n#\n");
        f = run((struct before){ 0 });
        assert_string_equal(facts_str(f, "/boot/loader"), "grub-legacy");
        assert_string_equal(facts_str(f, "/boot/config"), "/boot/grub/menu.lst");
        assert_string_equal(facts_str(f, "/boot/entry/title"), "b");
        assert_string_equal(facts_str(f, "/boot/entry/index"), "1");
        assert_string_equal(facts_str(f, "/boot/entry/chosen_by"),
                            "default=saved in menu.lst, 1 in /boot/grub/default");
        assert_string_equal(facts_str(f, "/boot/entry/file"), "/boot/grub/menu.lst");
        assert_int_equal(facts_int(f, "/boot/entry/line", 0), 7);
        assert_int_equal(facts_int(f, "/boot/entry/kernel/line", 0), 9);
        assert_string_equal(facts_str(f, "/boot/entry/kernel/text"), "kernel /boot/b ro");
        assert_string_equal(facts_str(f, "/boot/entry/cmdline"), "ro");
        assert_string_equal(facts_str(f, "/boot/kernel/release"), "4.14.78-1.amzn1.x86_64");
        write_text("boot/grub/default", "1");
        assert_boot(
                (struct before){ 0 },
                "? /boot/grub/menu.lst: line 1: the saved entry is not known: the file it is in "
                "ends within the number\n");
}

/* Which of two menus counts stands in the installed second stage. */
static void test_grub_legacy_menus(void **state _unused_)
{
        write_kernel("boot/a", "2.6.32 x");
        write_kernel("boot/b", "4.14.1 x");
        write_text("boot/grub/menu.lst", MENU ENTRY("hd0,0", "a"));
        write_text("boot/grub/grub.conf", MENU ENTRY("hd0,0", "a") ENTRY("hd0,0", "b"));
        write_text("boot/grub/default", "0\n\n\n\n\n\n\n\n\n");
        write_stage2("/boot/grub/menu.lst", 0);
        assert_boot((struct before){ 0 }, "/boot/a\n2.6.32\n/boot/i\n");
        write_stage2("/boot/grub/grub.conf", 1);
        assert_boot((struct before){ 0 }, "/boot/b\n4.14.1\n/boot/i\n");
        write_stage2("/boot/grub/other.lst", 0);
        assert_boot(
                (struct before){ 0 },
                "? /boot/grub/stage2 reads the menu /boot/grub/other.lst, which is not there\n");
        write_stage2("menu.lst", 0);
        assert_boot((struct before){ 0 },
                    "? /boot/grub/stage2: not GRUB's second stage of version 0.9x\n");
        write_text("boot/grub/grub.cfg", CONFIG);
        assert_boot((struct before){ 0 },
                    "? /boot/grub/stage2: not GRUB's second stage of version 0.9x\n");
        write_stage2("/boot/grub/menu.lst", 0);
        assert_boot(
                (struct before){ 0 },
                "? there are /boot/grub/grub.cfg and /boot/grub/menu.lst: which of the two is used "
                "cannot be told\n");
}

static void test_grub_legacy_separate_boot(void **state _unused_)
{
        write_kernel("boot/k", "2.6.32 x");
        write_text("boot/grub/grub.conf",
                   "timeout=5\ntitle a\nroot (hd0,0)\nkernel /k ro\ninitrd /i\n");
        write_stage2("/grub/grub.conf", 0);
        assert_boot((struct before){ .separate_boot = true }, "/boot/k\n2.6.32\n/boot/i\n");
        assert_boot((struct before){ 0 },
                    "? /boot/grub/stage2 reads the menu /grub/grub.conf, which is not there\n");
}

static void test_grub_legacy_devices(void **state _unused_)
{
        static const struct {
                const char *name, *menu, *partuuid, *expected;
        } rows[] = {
                { "own", ENTRY("hd0,0", "a"), "c0ffee00-01", "/boot/a\n2.6.32\n/boot/i\n" },
                { "another partition", ENTRY("hd0,1", "a"), "c0ffee00-01",
                  "? /boot/grub/menu.lst: line 3: it is read from (hd0,1), and this is (hd0,0)\n" },
                { "own is not known", ENTRY("hd0,1", "a"), "01234567-89ab-cdef-0123-456789abcdef",
                  "/boot/a\n2.6.32\n/boot/i\n" },
                { "two, one is own", ENTRY("hd0,1", "a") ENTRY("hd0,0", "b"), "c0ffee00-02",
                  "/boot/a\n2.6.32\n/boot/i\n" },
                { "two", ENTRY("hd0,1", "a") ENTRY("hd0,0", "b"), NULL,
                  "? /boot/grub/menu.lst: line 3: it is read from (hd0,1), line 7 reads from "
                  "(hd0,0): which of the two is the volume at hand is not known\n" },
                { "another loader's does not matter",
                  ENTRY("hd0,1", "a") "title W\nrootnoverify (hd0,0)\nchainloader +1\n", NULL,
                  "/boot/a\n2.6.32\n/boot/i\n" },
                { "another disk", ENTRY("hd1,0", "a"), NULL,
                  "? /boot/grub/menu.lst: line 3: it is read from (hd1,0), and this is one volume "
                  "only\n" },
                { "the initrd is elsewhere",
                  "title a\nroot (hd0,0)\nkernel /boot/a\ninitrd (hd0,1)/i\n", NULL,
                  "? /boot/grub/menu.lst: line 4: the initrd is not read from where the kernel "
                  "is\n" },
                { "by UUID", "title a\nuuid aaaa-bbbb\nkernel /boot/a\n", NULL,
                  "/boot/a\n2.6.32\n" },
        };

        write_kernel("boot/a", "2.6.32 x");
        write_stage2("/boot/grub/menu.lst", 0);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                write_text("boot/grub/menu.lst", rows[i].menu);
                print_message("# %s\n", rows[i].name);
                assert_boot((struct before){ .uuid = "aaaa-bbbb", .partuuid = rows[i].partuuid },
                            rows[i].expected);
        }
        assert_boot(
                (struct before){ .uuid = "cccc" },
                "? /boot/grub/menu.lst: line 3: it is read from the file system aaaa-bbbb, and "
                "this one is cccc\n? /boot/grub/menu.lst: line 3: it is read from the file system "
                "aaaa-bbbb, and this one is cccc\n");
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

/* The loader's own file, with nothing for the next start at its end, or with a command. */
static void write_ldlinux(const char *path, bool once)
{
        char image[2048] = { 0 };

        memcpy(image + 1024, "\xa5\x2f\x2d\x5a", 4);
        memcpy(image + 1024 + 508, "\x64\xbf\x28\xdd", 4);
        if (once)
                memcpy(image + 1024 + 8, "\1\1x", 3);
        unit_write(root, path, image, sizeof(image));
}

static void test_syslinux(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;

        write_kernel("boot/k", "6.1.0-1-amd64 x");
        write_kernel("boot/extlinux/k", "5.10 x");
        write_text("boot/extlinux/syslinux.cfg", "default x\n");
        assert_boot((struct before){ 0 },
                    "? there is a configuration of Syslinux, but not Syslinux (ldlinux.sys)\n");
        write_ldlinux("boot/extlinux/ldlinux.sys", false);
        assert_boot((struct before){ 0 },
                    "? /boot/extlinux/syslinux.cfg: line 1: \"default x\" is no label\n");
        write_text("boot/extlinux/extlinux.conf", "default x\ninclude more.cfg\n");
        write_text("boot/extlinux/more.cfg",
                   "label x\nmenu label X y\nlinux /boot/k\ninitrd i\nappend root=/dev/sda1 ro\n");
        f = run((struct before){ 0 });
        assert_string_equal(facts_str(f, "/boot/loader"), "syslinux");
        assert_string_equal(facts_str(f, "/boot/config"), "/boot/extlinux/extlinux.conf");
        assert_string_equal(facts_str(f, "/boot/entry/title"), "X y");
        assert_string_equal(facts_str(f, "/boot/entry/id"), "x");
        assert_string_equal(facts_str(f, "/boot/entry/chosen_by"), "DEFAULT in extlinux.conf");
        assert_string_equal(facts_str(f, "/boot/entry/file"), "/boot/extlinux/more.cfg");
        assert_string_equal(facts_str(f, "/boot/entry/cmdline"), "root=/dev/sda1 ro initrd=i");
        assert_string_equal(facts_str(f, "/boot/entry/args/file"), "/boot/extlinux/more.cfg");
        assert_string_equal(facts_str(f, "/boot/entry/args/text"), "append root=/dev/sda1 ro");
        assert_string_equal(facts_str(f, "/boot/entry/initrd/0/path"), "/boot/extlinux/i");
        assert_string_equal(facts_str(f, "/boot/kernel/release"), "6.1.0-1-amd64");
        write_ldlinux("boot/extlinux/ldlinux.sys", true);
        assert_boot((struct before){ 0 },
                    "? /boot/extlinux/extlinux.conf: /boot/extlinux/ldlinux.sys: a command for the "
                    "next start only, which is not understood\n");
        write_text("boot/extlinux/ldlinux.sys", "short");
        assert_boot((struct before){ 0 },
                    "? /boot/extlinux/extlinux.conf: /boot/extlinux/ldlinux.sys: too short\n");
        write_ldlinux("boot/ldlinux.sys", false);
        assert_boot(
                (struct before){ 0 },
                "? there are /boot/extlinux/ldlinux.sys and /boot/ldlinux.sys: which of the two "
                "is used cannot be told\n");
}

/* On a volume of its own the paths begin there. */
static void test_syslinux_separate_boot(void **state _unused_)
{
        write_kernel("boot/k", "6.1.0-1-amd64 x");
        write_ldlinux("boot/ldlinux.sys", false);
        assert_boot((struct before){ 0 }, "? /boot/ldlinux.sys has no configuration beside it\n");
        write_text("boot/extlinux.conf", "default x\nlabel x\nlinux k\ninitrd /i\n");
        assert_boot((struct before){ .separate_boot = true }, "/boot/k\n6.1.0-1-amd64\n/boot/i\n");
        assert_boot((struct before){ 0 }, "/boot/k\n6.1.0-1-amd64\n/i\n");
        make_link("boot/ldlinux.sys", "ldlinux.sys");
        assert_boot((struct before){ .separate_boot = true }, "/boot/k\n6.1.0-1-amd64\n/boot/i\n");
}

#define STUB                                                                 \
        "search --no-floppy --root-dev-only --fs-uuid --set=dev aaaa-bbbb\n" \
        "set prefix=($dev)/boot/menu\nexport $prefix\nconfigfile $prefix/grub.cfg\n"

/* The loader for UEFI that there is alone: a stub that leads to the menu in the root file system.
 */
static void test_grub_efi_stub(void **state _unused_)
{
        const struct before own = { .uuid = "aaaa-bbbb" };
        cleanup_facts struct facts *f = NULL;

        write_kernel("boot/vmlinuz", "6.1 x");
        write_text("boot/efi/EFI/fedora/grub.cfg", STUB);
        assert_boot(own, "? /boot/efi/EFI/fedora/grub.cfg: the menu has no entry\n");
        write_text("boot/menu/grub.cfg", CONFIG);
        assert_boot(own, "/boot/vmlinuz\n6.1\n/boot/initrd.img\n");
        assert_boot((struct before){ .uuid = "cccc" },
                    "? /boot/efi/EFI/fedora/grub.cfg: line 4: it reads /boot/menu/grub.cfg: it is "
                    "on fs-uuid:aaaa-bbbb, which is not the file system at hand\n");
        assert_boot((struct before){ 0 },
                    "? /boot/efi/EFI/fedora/grub.cfg: line 4: it reads /boot/menu/grub.cfg: it is "
                    "on fs-uuid:aaaa-bbbb, which is not the file system at hand\n");
        f = run(own);
        assert_string_equal(facts_str(f, "/boot/loader"), "grub2");
        assert_string_equal(facts_str(f, "/boot/config"), "/boot/menu/grub.cfg");
        assert_int_equal(facts_problem_count(f), 1);
}

/* What is not on a device of its own is on the EFI system partition, the environment too. */
static void test_grub_efi_complete(void **state _unused_)
{
        const struct before own = { .uuid = "aaaa-bbbb" };

        write_kernel("boot/vmlinuz", "6.1 x");
        write_kernel("boot/efi/vmlinuz", "6.2 x");
        write_text("boot/efi/EFI/redhat/grubenv", "# GRUB Environment Block\nsaved_entry=1\n###");
        write_text("boot/efi/EFI/redhat/grub.cfg",
                   "timeout=1\nload_env\nset default=$saved_entry\n"
                   "menuentry a { frob\n}\n"
                   "menuentry $grub_platform {\n linuxefi /vmlinuz\n"
                   " search --fs-uuid --set=root aaaa-bbbb\n initrdefi /boot/initrd\n}\n");
        assert_boot(own, "/boot/efi/vmlinuz\n6.2\n/boot/initrd\n");
        write_text("boot/efi/EFI/centos/grub.cfg", CONFIG);
        assert_boot(own,
                    "? there are /boot/efi/EFI/redhat/grub.cfg and /boot/efi/EFI/centos/grub.cfg: "
                    "which of the two is used cannot be told\n");
}

/* Beside a loader for the BIOS those for UEFI decide nothing. */
static void test_both_firmwares(void **state _unused_)
{
        static const struct {
                const char *name, *file, *text;
                size_t problems;
        } rows[] = {
                { "a stub", "boot/efi/EFI/debian/grub.cfg", "configfile $prefix/grub.cfg\n", 0 },
                { "a menu of its own", "boot/efi/EFI/redhat/grub.cfg", CONFIG, 1 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = NULL;

                print_message("# %s\n", rows[i].name);
                write_kernel("boot/vmlinuz", "6.1 x");
                write_text("boot/grub/grub.cfg", CONFIG);
                write_text(rows[i].file, rows[i].text);
                assert_boot((struct before){ 0 }, "/boot/vmlinuz\n6.1\n/boot/initrd.img\n");
                f = run((struct before){ 0 });
                assert_int_equal(facts_problem_count(f), rows[i].problems);
                tear_down(NULL);
                set_up(NULL);
        }
}

#define SDBOOT "boot/efi/EFI/systemd/systemd-bootx64.efi"

static void install_systemd_boot(const char *path)
{
        static const char program[] = "MZ\0\0#### LoaderInfo: systemd-boot 255 ####";

        unit_write(root, path, program, sizeof(program));
}

static void test_systemd_boot(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;

        write_text(
                "boot/efi/loader/entries/a.conf",
                "title A\nsort-key a\nlinux \\a\\linux\ninitrd /a/initrd\noptions root=/dev/xvda1\n");
        write_text("boot/efi/loader/entries/b+1-2.conf", "linux /b/linux\noptions ro\n");
        write_text("boot/efi/loader/entries/auto-x.conf", "linux /x\n");
        write_text("boot/efi/loader/entries/x.txt", "linux /x\n");
        write_kernel("boot/efi/a/linux", "6.1 x");
        write_kernel("boot/efi/b/linux", "6.2 x");
        assert_boot((struct before){ 0 },
                    "? there are entries of systemd-boot below /boot/efi, but not systemd-boot "
                    "(EFI/systemd/systemd-bootx64.efi)\n");
        install_systemd_boot(SDBOOT);
        assert_boot((struct before){ 0 }, "/boot/efi/a/linux\n6.1\n/boot/efi/a/initrd\n");
        write_text("boot/efi/loader/loader.conf", "default b.*\n");
        assert_boot((struct before){ 0 }, "/boot/efi/b/linux\n6.2\n");
        f = run((struct before){ 0 });
        assert_string_equal(facts_str(f, "/boot/loader"), "systemd-boot");
        assert_string_equal(facts_str(f, "/boot/config"), "/boot/efi/loader/loader.conf");
        assert_string_equal(facts_str(f, "/boot/entry/file"),
                            "/boot/efi/loader/entries/b+1-2.conf");
        assert_string_equal(facts_str(f, "/boot/entry/id"), "b.conf");
        assert_string_equal(facts_str(f, "/boot/entry/chosen_by"), "default b.* in loader.conf");
        assert_string_equal(facts_str(f, "/boot/entry/text"), "linux /b/linux");
        assert_string_equal(facts_str(f, "/boot/others/0/title"), "A");
        assert_int_equal(facts_count(f, "/boot/others"), 1);
}

/* The firmware looks for a loader there; which it is, is written in it. */
static void test_systemd_boot_as_default(void **state _unused_)
{
        write_text("efi/loader/entries/a.conf", "efi /shell.efi\n");
        write_text("efi/EFI/BOOT/BOOTX64.EFI", "another one");
        assert_boot((struct before){ 0 },
                    "? there are entries of systemd-boot below /efi, but not systemd-boot "
                    "(EFI/systemd/systemd-bootx64.efi)\n");
        install_systemd_boot("efi/EFI/BOOT/BOOTX64.EFI");
        assert_boot((struct before){ 0 },
                    "? /efi/loader/loader.conf: /efi/loader/entries/a.conf line 1: it starts "
                    "another EFI program\n");
        write_text("efi/loader/entries/b.conf", "title b\nuki /u.efi\n");
        assert_boot((struct before){ 0 },
                    "? /efi/loader/loader.conf: /efi/loader/entries/b.conf: line 2: \"uki\" is not "
                    "understood\n");
}

/* Entries are also on the partition for /boot. */
static void test_systemd_boot_separate(void **state _unused_)
{
        install_systemd_boot("efi/EFI/systemd/systemd-bootx64.efi");
        write_text("boot/loader/entries/a.conf", "linux /a\n");
        write_kernel("boot/a", "6.1 x");
        assert_boot((struct before){ .separate_boot = true }, "/boot/a\n6.1\n");
        assert_boot((struct before){ 0 },
                    "? there are entries of systemd-boot below /boot, but not systemd-boot "
                    "(EFI/systemd/systemd-bootx64.efi)\n");
        install_systemd_boot("boot/EFI/systemd/systemd-bootx64.efi");
        assert_boot((struct before){ 0 }, "/boot/a\n6.1\n");
}

struct part {
        const char *name;
        const void *data;
        unsigned size;
};

/* An EFI program with these sections, each at a multiple of 0x1000. */
static void write_image(const char *path, unsigned machine, const struct part *parts, size_t n)
{
        size_t len = 0x1000 * (n + 1);
        cleanup_free unsigned char *image = xcalloc(len, 1);
        uint16_t head[] = { (uint16_t)machine, (uint16_t)n, 0, 0, 0, 0, 0, 0, 0 };

        memcpy(image, "MZ", 2);
        image[0x3c] = 0x40;
        memcpy(image + 0x40, "PE\0\0", 4);
        memcpy(image + 0x44, head, sizeof(head));
        for (size_t i = 0; i < n; i++) {
                unsigned char *entry = image + 0x58 + 40 * i;
                uint32_t sizes[] = { parts[i].size, 0, 0x1000, 0x1000 * ((uint32_t)i + 1) };

                memcpy(entry, parts[i].name, strlen(parts[i].name));
                memcpy(entry + 8, sizes, sizeof(sizes));
                memcpy(image + sizes[3], parts[i].data, parts[i].size);
        }
        unit_write(root, path, image, len);
}

/* Where command lines are written by hand. */
static void assert_lines(const char *id, const char *expected)
{
        cleanup_facts struct facts *f = run((struct before){ .id = id });
        const char *lines = facts_str(f, "/boot/lines");

        assert_string_equal(lines ? lines : "null", expected);
}

static void test_lines(void **state)
{
        write_kernel("boot/k", "6.1.0-1-amd64 x");
        write_ldlinux("boot/ldlinux.sys", false);
        write_text("boot/extlinux.conf", "default x\nlabel x\nlinux /boot/k\nappend ro\n");
        assert_lines(NULL, "every APPEND line of /boot/extlinux.conf");
        write_text("etc/default/extlinux", "");
        assert_lines(NULL, "EXTLINUX_PARAMETERS (root= in EXTLINUX_ROOT) of /etc/default/extlinux, "
                           "and run `extlinux-update`");
        write_text("etc/update-extlinux.conf", "");
        assert_lines(NULL, "default_kernel_opts (root= in root) of /etc/update-extlinux.conf, and "
                           "run `update-extlinux`");
        tear_down(state);
        set_up(state);
        write_kernel("boot/a", "3.2 x");
        write_text("boot/grub/menu.lst", MENU ENTRY("hd0,0", "a"));
        write_text("boot/grub/default", "0\n\n\n\n\n\n\n\n\n");
        write_stage2("/boot/grub/menu.lst", 0);
        assert_lines("sles", "every kernel line of /boot/grub/menu.lst");
        assert_lines("ubuntu",
                     "the line \"# kopt=\" of /boot/grub/menu.lst, which stays a comment, "
                     "and run `update-grub`");
        assert_lines("centos", "null");
        tear_down(state);
        set_up(state);
        write_kernel("boot/k", "6.1 x");
        write_text("boot/grub/grub.cfg", CONFIG);
        assert_lines("debian", "null");
}

/* "what starts the loader, what has started the machine". */
static void assert_firmware(bool live, const char *expected)
{
        cleanup_facts struct facts *f = run((struct before){ .live = live });
        const char *loader = facts_str(f, "/firmware/loader");
        const char *started = facts_str(f, "/firmware/started");
        cleanup_free char *got = xasprintf("%s %s", loader ? loader : "-", started ? started : "-");

        assert_string_equal(got, expected);
}

static void test_firmware(void **state)
{
        assert_firmware(false, "- -");
        write_kernel("boot/k", "6.1 x");
        write_text("boot/grub/grub.cfg", CONFIG);
        assert_firmware(false, "bios -");
        assert_firmware(true, "bios bios");
        tear_down(state);
        set_up(state);
        install_systemd_boot(SDBOOT);
        write_text("boot/efi/loader/entries/a.conf", "title A\nlinux /k\n");
        assert_firmware(false, "uefi -");
        assert_firmware(true, "uefi bios");
        write_text("sys/firmware/efi/x", "");
        assert_firmware(false, "uefi -");
        assert_firmware(true, "uefi uefi");
}

static void test_unified_image(void **state _unused_)
{
        static const char osrel[] = "NAME=\"X Linux\"\nID=x\nVERSION_ID=3\n";
        unsigned char kernel[0x800] = { 0 };
        const struct part parts[] = {
                { ".osrel", osrel, sizeof(osrel) - 1 },
                { ".cmdline", " root=UUID=1 ro\n", 16 },
                { ".initrd", "image", 5 },
                { ".linux", kernel, sizeof(kernel) },
                { ".profile", "ID=x", 4 },
        };
        cleanup_facts struct facts *f = NULL;

        memcpy(kernel + 0x1f1, "\7", 1);
        memcpy(kernel + 0x1fe, "\x55\xaa\0\0HdrS\x0f\x02", 10);
        kernel[0x20f] = 0x04;
        memcpy(kernel + 0x600, "6.6.1 x", 8);
        install_systemd_boot(SDBOOT);
        write_text("boot/efi/EFI/Linux/damaged.efi", "MZ");
        assert_boot((struct before){ 0 },
                    "? /boot/efi/loader/loader.conf: the menu has no entry\n");
        write_image("boot/efi/EFI/Linux/X+3.efi", 0x8664, parts, 4);
        assert_boot((struct before){ 0 }, "/boot/efi/EFI/Linux/X+3.efi\n6.6.1\n"
                                          "/boot/efi/EFI/Linux/X+3.efi\n");
        f = run((struct before){ 0 });
        assert_fact(f, "/boot/entry/title", "\"X Linux\"");
        assert_fact(f, "/boot/entry/id", "\"x.efi\"");
        assert_fact(f, "/boot/entry/bls", "false");
        assert_fact(f, "/boot/entry/cmdline", "\"root=UUID=1 ro\"");
        assert_fact(f, "/boot/entry/initrd/0/offset", "12288");
        assert_fact(f, "/boot/entry/initrd/0/bytes", "5");
        assert_fact(f, "/boot/entry/kernel/offset", "16384");
        assert_fact(f, "/boot/unified", "\"/boot/efi/EFI/Linux/X+3.efi\"");
        assert_string_equal(facts_str(f, "/boot/lines"),
                            "/etc/kernel/cmdline, and make the unified kernel image "
                            "/boot/efi/EFI/Linux/X+3.efi anew from that");
        assert_int_equal(facts_problem_count(f), 2);
        write_image("boot/efi/EFI/Linux/X+3.efi", 0x8664, parts, 5);
        assert_boot((struct before){ 0 },
                    "? /boot/efi/loader/loader.conf: /boot/efi/EFI/Linux/X+3.efi: it has several "
                    "profiles, which is not understood\n");
        write_image("boot/efi/EFI/Linux/X+3.efi", 0xaa64, parts, 4);
        assert_boot((struct before){ 0 },
                    "? /boot/efi/loader/loader.conf: /boot/efi/EFI/Linux/X+3.efi: it is not for "
                    "x86-64\n");
        write_image("boot/efi/EFI/Linux/X+3.efi", 0x8664, parts, 3);
        assert_boot((struct before){ 0 },
                    "? /boot/efi/loader/loader.conf: /boot/efi/EFI/Linux/X+3.efi: it has no kernel "
                    "inside\n");
        write_image("boot/efi/EFI/Linux/X+3.efi", 0x8664, parts, 4);
        write_text("boot/efi/EFI/Linux/X+3.efi.extra.d/a.addon.efi", "");
        assert_boot((struct before){ 0 },
                    "? /boot/efi/loader/loader.conf: /boot/efi/EFI/Linux/X+3.efi: the files in "
                    "/boot/efi/EFI/Linux/X+3.efi.extra.d add to it, which is not understood\n");
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
                TEST(test_syslinux),
                TEST(test_grub_efi_stub),
                TEST(test_grub_efi_complete),
                TEST(test_both_firmwares),
                TEST(test_systemd_boot),
                TEST(test_systemd_boot_as_default),
                TEST(test_systemd_boot_separate),
                TEST(test_lines),
                TEST(test_firmware),
                TEST(test_unified_image),
                TEST(test_syslinux_separate_boot),
                TEST(test_grub2_directory),
                TEST(test_bls),
                TEST(test_bls_separate_boot),
                TEST(test_bls_hostile),
                TEST(test_hostile),
                TEST(test_file_tests),
                TEST(test_grub_legacy),
                TEST(test_grub_legacy_menus),
                TEST(test_grub_legacy_separate_boot),
                TEST(test_grub_legacy_devices),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
