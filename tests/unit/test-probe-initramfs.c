#include "unit-modules.h"
#include "unit-probe.h"

#include "base/str.h"

extern const struct probe probe_initramfs;

#define IMAGE "/boot/initrd.img"
#define DEP   "kernel/nvme/nvme.ko: kernel/nvme/nvme-core.ko"

static struct facts *new_facts(const char *const *images, size_t n)
{
        struct facts *f = facts_new();

        facts_set_str(f, UNIT_RELEASE, "/boot/kernel/release");
        facts_set_array(f, "/boot/entry/initrd");
        for (size_t i = 0; i < n; i++)
                facts_set_str(f, images[i], "/boot/entry/initrd/%zu/path", i);
        return f;
}

/* "state | detail || state of nvme | missing | text". */
static char *describe(const struct facts *f)
{
        static const char *const paths[] = { "/initramfs/state", "/initramfs/detail",
                                             "/initramfs/nvme/state", "/initramfs/nvme/missing",
                                             "/initramfs/nvme/text" };
        struct json_object *node;
        struct buf b = { 0 };

        unit_print_fact(&b, f, paths[0]);
        if (!streq(facts_str(f, paths[0]), "ok")) {
                if (facts_get(f, paths[1], &node) >= 0) {
                        buf_puts(&b, " | ");
                        unit_print_fact(&b, f, paths[1]);
                }
                return buf_take(&b);
        }
        for (size_t i = 2; i < ARRAY_SIZE(paths); i++) {
                buf_puts(&b, " | ");
                unit_print_fact(&b, f, paths[i]);
                if (facts_get(f, paths[2], &node) < 0)
                        break;
        }
        return buf_take(&b);
}

static void write_image(const char *dir, const char *path, const struct buf *b)
{
        unit_write(dir, path, b->data ? b->data : "", b->len);
}

static char *run_one(const char *dir)
{
        static const char *const images[] = { IMAGE };
        cleanup_facts struct facts *f = new_facts(images, 1);

        unit_probe_run(&probe_initramfs, dir, f);
        return describe(f);
}

/* Images of one archive, by the modules inside, and one more member. */
static void test_drivers(void **state _unused_)
{
        static const struct {
                const char *name;
                struct unit_modules m;
                struct unit_member more;
                const char *want;
        } rows[] = {
                { "whole", UNIT_MODULES, { 0 }, "ok | module | null | " DEP },
                { "without nvme-core",
                  { UNIT_RELEASE, UNIT_DEP, UNIT_ALIAS, UNIT_BUILTIN, NULL, "kernel/nvme/nvme.ko" },
                  { 0 },
                  "ok | broken | /lib/modules/" UNIT_RELEASE "/kernel/nvme/nvme-core.ko | " DEP },
                { "nvme-core built in after all",
                  { UNIT_RELEASE, UNIT_DEP, UNIT_ALIAS, "nvme_core\n", NULL,
                    "kernel/nvme/nvme.ko" },
                  { 0 },
                  "ok | module | null | " DEP },
                { "listed, but no file of it",
                  { UNIT_RELEASE, UNIT_DEP, UNIT_ALIAS, UNIT_BUILTIN, NULL, "kernel/x.ko" },
                  { 0 },
                  "ok | broken | /lib/modules/" UNIT_RELEASE "/kernel/nvme/nvme.ko | " DEP },
                { "only nvme-tcp, nvme-fabrics and nvmem",
                  { UNIT_RELEASE, "nvme_tcp k/nvme-tcp.ko:\n", "nvmf_transport_1 nvme_tcp\n",
                    UNIT_BUILTIN, NULL, "k/nvme-tcp.ko.xz k/nvme-fabrics.ko k/nvmem.ko" },
                  { 0 },
                  "ok | missing | null | inside is only nvme_fabrics, nvme_tcp, nvmem" },
                { "no driver at all",
                  { UNIT_RELEASE, "ext4 ext4.ko:\n", "fs_ext4 ext4\n", "", NULL, "ext4.ko" },
                  { 0 },
                  "ok | missing | null | no module nvme inside" },
                { "another kernel's modules",
                  { "5.10.0-1", UNIT_DEP, UNIT_ALIAS, UNIT_BUILTIN, NULL, UNIT_FILES },
                  { 0 },
                  "ok | missing | null | modules of 5.10.0-1 only" },
                { "nvme.ko without any index",
                  { UNIT_RELEASE, NULL, NULL, NULL, NULL, UNIT_FILES },
                  { 0 },
                  "ok | ? " IMAGE ": modules.dep.bin inside the image is not there, so what the "
                  "driver inside needs is not known" },
                { "nvme.ko the index does not know",
                  { UNIT_RELEASE, "ext4 ext4.ko:\n", "fs_ext4 ext4\n", "", NULL, UNIT_FILES },
                  { 0 },
                  "ok | broken | null | nvme is inside, but modules.dep.bin does not list it" },
                { "no alias index",
                  { UNIT_RELEASE, UNIT_DEP, NULL, UNIT_BUILTIN, NULL, UNIT_FILES },
                  { 0 },
                  "ok | ? " IMAGE ": modules.alias.bin inside the image is not there, so which "
                  "device the driver takes is not known" },
                { "no alias index, but loaded by name",
                  { UNIT_RELEASE, UNIT_DEP, NULL, UNIT_BUILTIN, NULL, UNIT_FILES },
                  { "conf/modules", 0100644, "# these\nnvme  a=b\n" },
                  "ok | module | null | " DEP },
                { "an alias index without the device",
                  { UNIT_RELEASE, UNIT_DEP, UNIT_ALIAS_ENA, UNIT_BUILTIN, NULL, UNIT_FILES },
                  { 0 },
                  "ok | broken | null | modules.alias.bin inside knows no driver for NVMe disks "
                  "(PCI 1d0f:8061, class 010802)" },
                { "nvme.ko is empty",
                  UNIT_MODULES,
                  { "lib/modules/" UNIT_RELEASE "/kernel/nvme/nvme.ko", 0100644 },
                  "ok | broken | /lib/modules/" UNIT_RELEASE "/kernel/nvme/nvme.ko | " DEP },
                { "no modules",
                  { UNIT_RELEASE, NULL, NULL, NULL, NULL, NULL },
                  { "init", 0100755, "#!/bin/sh" },
                  "ok | missing | null | no kernel modules inside" },
                { "a damaged index",
                  UNIT_MODULES,
                  { "lib/modules/" UNIT_RELEASE "/modules.dep.bin", 0100644, "not an index" },
                  "ok | ? " IMAGE ": lib/modules/" UNIT_RELEASE
                  "/modules.dep.bin inside the image is damaged or no index" },
                { "a squashed image",
                  UNIT_MODULES,
                  { "squashfs-root.img", 0100644, "hsqs" },
                  "ok | ? " IMAGE
                  ": most of it is packed into squashfs-root.img, which is not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_buf struct buf archive = { 0 }, image = { 0 };
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].name);
                unit_modules_each(&rows[i].m, unit_put_member, &archive);
                if (rows[i].more.name)
                        unit_cpio_add(&archive, &rows[i].more);
                unit_cpio_end(&archive);
                unit_compress(COMPRESSION_ZSTD, buf_span(&archive), &image);
                write_image(dir, IMAGE, &image);
                text = run_one(dir);
                assert_string_equal(text, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void make_whole(struct buf *b)
{
        static const struct unit_modules m = UNIT_MODULES;

        unit_modules_each(&m, unit_put_member, b);
        unit_cpio_end(b);
}

static void test_not_whole(void **state _unused_)
{
        static char zeros[4096];
        static const struct {
                const char *name;
                struct span bytes; /* NULL: a whole image, `cut` bytes off its end */
                size_t cut;
                const char *want;
        } rows[] = {
                { "no bytes", { "", 0 }, 0, "empty | null" },
                { "zeros", { zeros, sizeof(zeros) }, 0, "empty | null" },
                { "text",
                  { "This is text.\n", 14 },
                  0,
                  "damaged | at byte 0: no cpio archive and no compression the kernel knows begins "
                  "there" },
                { "random",
                  { "\x9c\x17\xe3\x44\x01", 5 },
                  0,
                  "damaged | at byte 0: no cpio archive and no compression the kernel knows begins "
                  "there" },
                { "lzo",
                  { "\x89LZO\0\r\n", 7 },
                  0,
                  "? " IMAGE ": at byte 0: lzo compression is not supported here" },
                { "truncated", { NULL, 0 }, 20, "damaged | at byte 0: the zstd stream is cut off" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_buf struct buf archive = { 0 }, image = { 0 };
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].name);
                make_whole(&archive);
                unit_compress(COMPRESSION_ZSTD, buf_span(&archive), &image);
                image.len -= rows[i].cut;
                if (rows[i].bytes.data) {
                        image.len = 0;
                        buf_append(&image, rows[i].bytes.data, rows[i].bytes.len);
                }
                write_image(dir, IMAGE, &image);
                text = run_one(dir);
                assert_string_equal(text, rows[i].want);
                unit_remove_tree(dir);
        }
}

/* /vmlinuz style links, and one that is absolute: both stay inside the volume. */
static void test_links(void **state _unused_)
{
        static const char *const targets[] = { "initrd.img-real", "/boot/initrd.img-real",
                                               "../../../boot/initrd.img-real" };

        for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
                char *dir = unit_temp_dir();
                cleanup_free char *link = xasprintf("%s" IMAGE, dir), *text = NULL;
                cleanup_buf struct buf b = { 0 };

                make_whole(&b);
                write_image(dir, "boot/initrd.img-real", &b);
                assert_int_equal(symlink(targets[i], link), 0);
                text = run_one(dir);
                assert_string_equal(text, "ok | module | null | " DEP);
                unit_remove_tree(dir);
        }
}

static void test_missing_file(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_free char *text = run_one(dir);

        assert_string_equal(text, "missing | " IMAGE);
        unit_remove_tree(dir);
}

static void test_huge(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_free char *path = xasprintf("%s" IMAGE, dir), *text = NULL;

        unit_write_text(dir, IMAGE, "");
        assert_int_equal(truncate(path, (off_t)3 << 30), 0);
        text = run_one(dir);
        assert_string_equal(text, "? " IMAGE ": with 3221225472 bytes it is too large to be read");
        unit_remove_tree(dir);
}

static void test_fifo(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_free char *path = xasprintf("%s" IMAGE, dir), *text = NULL;

        unit_write_text(dir, "boot/x", "");
        assert_int_equal(mkfifo(path, 0600), 0);
        text = run_one(dir);
        assert_non_null(strstr(text, "? " IMAGE ": "));
        unit_remove_tree(dir);
}

/*
 * Four files of odd lengths, the modules spread over them: the boot loader fills each up to a
 * multiple of 4, so an archive may even end in one file and its padding in another.
 */
static void test_four_parts(void **state _unused_)
{
        static const char *const images[] = { "/boot/early", "/boot/empty", "/boot/main",
                                              "/boot/extra" };
        static const struct
                unit_modules main_part = { UNIT_RELEASE, UNIT_DEP, UNIT_ALIAS,
                                           NULL,         NULL,     "kernel/nvme/nvme.ko" },
                             extra = { UNIT_RELEASE, NULL, NULL,
                                       NULL,         NULL, "kernel/nvme/nvme-core.ko" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = new_facts(images, 4);
        cleanup_free char *text = NULL;
        cleanup_buf struct buf b = { 0 }, gz = { 0 }, last = { 0 };

        unit_cpio_add(&b, &(struct unit_member){ "kernel/x86/microcode/AuthenticAMD.bin", 0100644,
                                                 "code" });
        unit_cpio_end(&b);
        buf_append(&b, "\0\0\0\0\0", 5);
        write_image(dir, images[0], &b);
        unit_write_text(dir, images[1], "");
        b.len = 0;
        unit_modules_each(&main_part, unit_put_member, &b);
        unit_cpio_end(&b);
        unit_compress(COMPRESSION_GZIP, buf_span(&b), &gz);
        buf_append(&gz, "\0\0\0\0", gz.len % 4 == 0);
        write_image(dir, images[2], &gz);
        unit_modules_each(&extra, unit_put_member, &last);
        write_image(dir, images[3], &last);

        unit_probe_run(&probe_initramfs, dir, f);
        text = describe(f);
        assert_string_equal(text, "ok | module | null | " DEP);
        assert_int_equal(facts_count(f, "/initramfs/images"), 4);
        assert_int_equal(facts_count(f, "/initramfs/images/0/segments"), 1);
        assert_int_equal(facts_count(f, "/initramfs/images/1/segments"), 0);
        assert_int_equal(facts_int(f, "/initramfs/images/2/entries", -1), 3);
        assert_int_equal(facts_int(f, "/initramfs/images/2/bytes", -1), (int64_t)gz.len);
        assert_int_equal(facts_int(f, "/initramfs/images/2/segments/0/offset", -1), 0);
        assert_string_equal(facts_str(f, "/initramfs/images/2/segments/0/compression"), "gzip");
        assert_string_equal(facts_str(f, "/initramfs/images/3/segments/0/compression"), "none");
        unit_remove_tree(dir);
}

static void test_builtin(void **state _unused_)
{
        static const char *const images[] = { IMAGE };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = new_facts(images, 1);
        cleanup_free char *text = NULL;
        cleanup_buf struct buf b = { 0 };

        unit_cpio_add(&b, &(struct unit_member){ "init", 0100755, "#!/bin/sh" });
        write_image(dir, IMAGE, &b);
        facts_set_str(f, "builtin", "/drivers/nvme/state");
        unit_probe_run(&probe_initramfs, dir, f);
        text = describe(f);
        assert_string_equal(text, "ok | builtin | null | nvme is part of the kernel");
        unit_remove_tree(dir);
}

static void test_entry(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *none = new_facts(NULL, 0), *unknown = facts_new();
        cleanup_free char *text = NULL;

        unit_probe_run(&probe_initramfs, dir, none);
        assert_string_equal(facts_str(none, "/initramfs/state"), "none");
        assert_false(facts_bool(none, "/initramfs/used", true));
        facts_unknown(unknown, "/boot", "/boot/grub/grub.cfg", "no menu entry");
        unit_probe_run(&probe_initramfs, dir, unknown);
        text = describe(unknown);
        assert_string_equal(text, "? /boot/grub/grub.cfg: which initramfs starts next is not "
                                  "known: no menu entry");
        unit_remove_tree(dir);
}

static void test_directives(void **state _unused_)
{
        static const char *const images[] = { IMAGE };
        static const struct unit_member members[] = {
                { "scripts/functions", 0100644, "" },
                { "usr/lib/modprobe.d/b.conf", 0100644, "blacklist hidden\nblacklist nvme\n" },
                { "etc/modprobe.d/b.conf", 0100644, "# nothing\n\ninstall nvme-core /bin/false\n" },
                { "lib/modprobe.d/a.conf", 0100644, "blacklist ena\nblacklist other\n" },
                { "conf/modules", 0100644, "\nnvme-core\nother\n" },
        };
        static const char *const want[] = {
                IMAGE ":/lib/modprobe.d/a.conf", "blacklist", "ena",       "",
                IMAGE ":/etc/modprobe.d/b.conf", "install",   "nvme_core", "/bin/false",
        };
        static const char *const keys[] = { "file", "kind", "name", "value" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = new_facts(images, 1);
        cleanup_buf struct buf b = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(members); i++)
                unit_cpio_add(&b, &members[i]);
        make_whole(&b);
        write_image(dir, IMAGE, &b);
        unit_probe_run(&probe_initramfs, dir, f);
        assert_int_equal(facts_count(f, "/initramfs/directives"), 2);
        for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
                cleanup_free char *path =
                        xasprintf("/initramfs/directives/%zu/%s", i / 4, keys[i % 4]);

                assert_string_equal(facts_str(f, path), want[i]);
        }
        assert_int_equal(facts_int(f, "/initramfs/directives/1/line", 0), 3);
        assert_int_equal(facts_count(f, "/initramfs/loads"), 1);
        assert_string_equal(facts_str(f, "/initramfs/loads/0/module"), "nvme_core");
        assert_int_equal(facts_int(f, "/initramfs/loads/0/line", 0), 2);
        assert_string_equal(facts_str(f, "/initramfs/generator"), "initramfs-tools");
        unit_remove_tree(dir);
}

/* As dracut 033 and 059 write them; one that is not understood leaves the list incomplete. */
static void test_waits(void **state _unused_)
{
#define FINISHED "lib/dracut/hooks/initqueue/finished/"
        static const struct unit_member members[] = {
                { "usr/" FINISHED "devexists-\\x2fdev\\x2fxvdf.sh", 0100755,
                  "[ -e \"/dev/xvdf\" ]\n" },
                { "var/" FINISHED "devexists-b.sh", 0100755,
                  "if ! grep -q x y; then\n    [ -e \"/dev/disk/by-uuid/1\" ]\nfi\n" },
                { FINISHED "wait-imsm.sh", 0100755, "[ -e \"/dev/md0\" ]\n" },
                { FINISHED "devexists-z.sh", 0100755, "test -b /dev/xvdz\n" },
        };
        static const char *const images[] = { IMAGE };
        char *dir = unit_temp_dir();

        for (size_t n = 3; n <= ARRAY_SIZE(members); n++) {
                cleanup_facts struct facts *f = new_facts(images, 1);
                cleanup_buf struct buf b = { 0 };
                const char *file = NULL;

                for (size_t i = 0; i < n; i++)
                        unit_cpio_add(&b, &members[i]);
                make_whole(&b);
                write_image(dir, IMAGE, &b);
                unit_probe_run(&probe_initramfs, dir, f);
                assert_fact(
                        f, "/initramfs/waits",
                        "[{\"file\":\"" IMAGE ":/" FINISHED "devexists-\\\\x2fdev\\\\x2fxvdf.sh\","
                        "\"line\":1,\"text\":\"[ -e \\\"/dev/xvdf\\\" ]\",\"value\":\"/dev/xvdf\","
                        "\"kind\":\"xen\"},"
                        "{\"file\":\"" IMAGE ":/var/" FINISHED "devexists-b.sh\",\"line\":2,"
                        "\"text\":\"[ -e \\\"/dev/disk/by-uuid/1\\\" ]\","
                        "\"value\":\"/dev/disk/by-uuid/1\",\"kind\":\"link\"}]");
                assert_true(!facts_why_incomplete(f, "/initramfs/waits", &file) == (n == 3));
        }
        unit_remove_tree(dir);
}

/* "value [kind] file:line", "null" or "? file: why". */
static char *describe_setting(const struct facts *f, const char *path)
{
        cleanup_free char *kind = xasprintf("%s/kind", path), *line = xasprintf("%s/line", path);
        cleanup_free char *value = xasprintf("%s/value", path), *file = xasprintf("%s/file", path);
        struct json_object *node;
        const char *place;
        int r = facts_get(f, path, &node);

        if (r == 0)
                return xstrdup("null");
        if (r < 0) {
                const char *why = facts_why_unknown(f, path, &place);

                return xasprintf("? %s: %s", place, why);
        }
        return xasprintf("%s%s%s %s:%d", facts_str(f, value), facts_str(f, kind) ? " " : "",
                         facts_str(f, kind) ? facts_str(f, kind) : "", facts_str(f, file),
                         (int)facts_int(f, line, -1));
}

/* What counts of root= and resume= inside, where the boot entry has them not, and has them. */
static void test_settings(void **state _unused_)
{
#define TOOLS  "scripts/functions"
#define HOOK   "usr/lib/dracut/hooks/cmdline/10-parse-resume.sh"
#define DRACUT "usr/lib/dracut-lib.sh"
        static const struct {
                const char *name, *generator;
                struct unit_member v[3];
                const char *root, *resume;
        } rows[] = {
                { "nothing", TOOLS, { { 0 } }, "null", "null" },
                { "initramfs-tools, the last file counts",
                  TOOLS,
                  { { "conf/initramfs.conf", 0100644, "RESUME=/dev/xvdz\nROOT=/dev/xvda1\n" },
                    { "conf/conf.d/resume", 0100644, "# x\nRESUME=/dev/xvdb\n" } },
                  "/dev/xvda1 xen " IMAGE ":/conf/initramfs.conf:2",
                  "/dev/xvdb " IMAGE ":/conf/conf.d/resume:2" },
                { "initramfs-tools chose itself",
                  TOOLS,
                  { { "conf/conf.d/resume", 0100644, "RESUME=/dev/xvdb\n" },
                    { "conf/conf.d/zz-resume-auto", 0100644, "RESUME=UUID=1\n" } },
                  "null",
                  "UUID=1 " IMAGE ":/conf/conf.d/zz-resume-auto:1" },
                { "initramfs-tools chose none",
                  TOOLS,
                  { { "conf/conf.d/resume", 0100644, "RESUME=/dev/xvdb\n" },
                    { "conf/conf.d/zz-resume-auto", 0100644, "RESUME=\n" } },
                  "null",
                  "null" },
                { "a shell is needed",
                  TOOLS,
                  { { "conf/conf.d/resume", 0100644, "RESUME=$(swap)\n" } },
                  "null",
                  "? " IMAGE ":/conf/conf.d/resume: what it says of resume is not understood" },
                { "dracut",
                  DRACUT,
                  { { "etc/cmdline.d/95resume.conf", 0100644, " resume=/dev/xvdb\n" },
                    { "etc/cmdline.d/95root-dev.conf", 0100644,
                      " root=/dev/xvda1 rootfstype=ext4\n" },
                    { HOOK, 0100755, "x" } },
                  "/dev/xvda1 xen " IMAGE ":/etc/cmdline.d/95root-dev.conf:1",
                  "/dev/xvdb " IMAGE ":/etc/cmdline.d/95resume.conf:1" },
                { "dracut, etc/cmdline comes later",
                  DRACUT,
                  { { "etc/cmdline", 0100644, "x\nresume=LABEL=s" },
                    { "etc/cmdline.d/95resume.conf", 0100644, " resume=/dev/xvdb\n" },
                    { "lib/dracut/parse-resume.sh", 0100755, "x" } },
                  "null",
                  "LABEL=s " IMAGE ":/etc/cmdline:2" },
                { "dracut, with systemd to resume",
                  DRACUT,
                  { { "etc/cmdline.d/95resume.conf", 0100644, " resume=/dev/xvdb\n" },
                    { "usr/lib/systemd/systemd-hibernate-resume", 0100755, "x" } },
                  "null",
                  "null" },
        };
        static const char *const images[] = { IMAGE };
        char *dir = unit_temp_dir();

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                const struct unit_member generator = { rows[i].generator, 0100755, "x" };

                for (int given = 0; given < 2; given++) {
                        cleanup_facts struct facts *f = new_facts(images, 1);
                        cleanup_buf struct buf b = { 0 };
                        cleanup_free char *root = NULL, *resume = NULL;

                        if (given) {
                                facts_set_str(f, "root", "/boot/entry/params/0/name");
                                facts_set_str(f, "UUID=7", "/boot/entry/params/0/value");
                                facts_set_str(f, "resume", "/boot/entry/params/1/name");
                                facts_set_str(f, "", "/boot/entry/params/1/value");
                        }
                        unit_cpio_add(&b, &generator);
                        for (size_t m = 0; m < 3 && rows[i].v[m].name; m++)
                                unit_cpio_add(&b, &rows[i].v[m]);
                        make_whole(&b);
                        write_image(dir, IMAGE, &b);
                        unit_probe_run(&probe_initramfs, dir, f);
                        root = describe_setting(f, "/initramfs/root");
                        resume = describe_setting(f, "/initramfs/resume");
                        print_message("# %s\n", rows[i].name);
                        assert_string_equal(root, given ? "null" : rows[i].root);
                        assert_string_equal(resume, given ? "null" : rows[i].resume);
                }
        }
        unit_remove_tree(dir);
}

/* Whose modules are inside, and whether it is anything the kernel starts. */
static void test_kind(void **state _unused_)
{
        static const char *const images[] = { IMAGE };
        static const struct {
                const char *name, *member, *second, *modules, *init;
        } rows[] = {
                { "microcode only", "kernel/x86/microcode/GenuineIntel.bin", NULL, "none",
                  "false" },
                { "no modules", "init", NULL, "none", "true" },
                { "its own", "init", "lib/modules/" UNIT_RELEASE "/kernel/x.ko", "own", "true" },
                { "another's", "./init", "usr/lib/modules/5.10.0-1/kernel/x.ko", "other", "true" },
                { "an empty directory of its own", "init", "lib/modules/" UNIT_RELEASE, "none",
                  "true" },
                { "squashed", "squashfs-root.img", NULL,
                  "? most of it is packed into squashfs-root.img, which is not read",
                  "? most of it is packed into squashfs-root.img, which is not read" },
                { "squashed, with a script", "init", "squashfs-root.img",
                  "? most of it is packed into squashfs-root.img, which is not read", "true" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = new_facts(images, 1);
                cleanup_free char *modules = NULL, *init = NULL;
                cleanup_buf struct buf b = { 0 };

                print_message("# %s\n", rows[i].name);
                unit_cpio_add(&b, &(struct unit_member){ rows[i].member, 0100755, "x" });
                if (rows[i].second)
                        unit_cpio_add(&b, &(struct unit_member){ rows[i].second, 0100644, "x" });
                unit_cpio_end(&b);
                write_image(dir, IMAGE, &b);
                unit_probe_run(&probe_initramfs, dir, f);
                modules = unit_fact(f, "/initramfs/modules");
                init = unit_fact(f, "/initramfs/init");
                assert_string_equal(modules, rows[i].modules);
                assert_string_equal(init, rows[i].init);
                unit_remove_tree(dir);
        }
}

/* More lines than are read are said to be there. */
static void test_many_directives(void **state _unused_)
{
        static const char *const images[] = { IMAGE };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = new_facts(images, 1);
        cleanup_buf struct buf b = { 0 }, conf = { 0 };
        const char *file, *why;

        for (size_t i = 0; i < 2001; i++)
                buf_puts(&conf, "blacklist nvme_core\n");
        unit_cpio_add(&b, &(struct unit_member){ "etc/modprobe.d/a.conf", 0100644, conf.data });
        write_image(dir, IMAGE, &b);
        unit_probe_run(&probe_initramfs, dir, f);
        assert_int_equal(facts_count(f, "/initramfs/directives"), 2000);
        why = facts_why_incomplete(f, "/initramfs/directives", &file);
        assert_string_equal(why ? why : "", "more lines about these drivers than are read");
        assert_string_equal(file, IMAGE ":/etc/modprobe.d/a.conf");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_drivers),    cmocka_unit_test(test_not_whole),
                cmocka_unit_test(test_links),      cmocka_unit_test(test_missing_file),
                cmocka_unit_test(test_fifo),       cmocka_unit_test(test_huge),
                cmocka_unit_test(test_four_parts), cmocka_unit_test(test_builtin),
                cmocka_unit_test(test_entry),      cmocka_unit_test(test_directives),
                cmocka_unit_test(test_waits),      cmocka_unit_test(test_settings),
                cmocka_unit_test(test_kind),       cmocka_unit_test(test_many_directives),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
