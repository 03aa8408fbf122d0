#include "unit-cpio.h"

#include "base/str.h"
#include "base/xalloc.h"
#include "probe/image.h"

#define REL "6.1.0-test"

static void collect(struct image *im, const struct unit_member *members, size_t n)
{
        struct cpio_events events = image_events(im);
        cleanup_buf struct buf b = { 0 };
        struct err err = { 0 };
        struct span in;
        struct cpio c;

        for (size_t i = 0; i < n; i++)
                unit_cpio_add(&b, &members[i]);
        cpio_init(&c, &events);
        cpio_begin(&c, 0);
        for (in = buf_span(&b); in.len > 0;)
                assert_true(cpio_feed(&c, &in, &err) >= 0);
        image_finish(im);
}

static void test_find(void **state _unused_)
{
        static const struct unit_member members[] = {
                { "lib", 0120777, "usr/lib" },
                { "usr/lib/modules/" REL "/kernel/a.ko", 0100644, "first" },
                { "./usr/lib/modules/" REL "/modules.dep.bin", 0100644, "old" },
                { "lib/modules/" REL "/modules.dep.bin", 0100644, "new" },
                { "/lib/modules/" REL "/updates", 0120777, "extra/./x/.." },
                { "lib/modules/" REL "/extra/b.ko", 0100644, "b" },
                { "lib/modules/" REL "/c.ko", 0120777, "/usr/lib/modules/" REL "/updates/b.ko" },
                { "lib/modules/" REL "/loop", 0120777, "loop" },
                { "lib/modules/" REL "/out", 0120777, "../../../../../etc/passwd" },
                { "lib/modules/5.10/kernel/a.ko", 0100644, "other" },
                { "lib/modules/4.9", 040755 },
                { "lib/modules/5.10/modules.dep.bin", 0100644, "other" },
                { "etc/modprobe.d/b.conf", 0100644, "b" },
                { "etc/modprobe.d/a.conf", 0100644, "a" },
                { "etc/modprobe.d/.hidden.conf", 0100644, "h" },
                { "etc/modprobe.d/a.conf.dpkg-old", 0100644, "a" },
                { "etc/modprobe.d/sub/a.conf", 0100644, "a" },
                { "etc/passwd", 0100644, "not kept" },
        };
        static const struct {
                const char *path, *want, *content;
        } rows[] = {
                { "lib/modules/" REL "/kernel/a.ko", "lib/modules/" REL "/kernel/a.ko", "" },
                { "/usr/lib/modules/" REL "/kernel/a.ko", "lib/modules/" REL "/kernel/a.ko", "" },
                { "lib/modules/" REL "/modules.dep.bin", "lib/modules/" REL "/modules.dep.bin",
                  "new" },
                { "lib/modules/" REL "/updates/b.ko", "lib/modules/" REL "/extra/b.ko", "" },
                { "lib/modules/" REL "/c.ko", "lib/modules/" REL "/extra/b.ko", "" },
                { "lib/modules/" REL "/loop", NULL, NULL },
                { "lib/modules/" REL "/out", NULL, NULL },
                { "lib/modules/" REL "/d.ko", NULL, NULL },
                { "lib/modules/5.10/modules.dep.bin", "lib/modules/5.10/modules.dep.bin", "" },
        };
        cleanup_image struct image im = { 0 };
        cleanup_strv struct strv conf = { 0 };

        image_init(&im, REL);
        collect(&im, members, ARRAY_SIZE(members));
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                const struct image_file *f = image_find(&im, rows[i].path);

                print_message("# %s\n", rows[i].path);
                assert_true(streq(f ? f->path : NULL, rows[i].want));
                if (f)
                        assert_true(span_eq(buf_span(&f->content), rows[i].content));
        }
        image_list(&im, "etc/modprobe.d", ".conf", &conf);
        assert_int_equal(conf.n, 2);
        assert_string_equal(conf.v[0], "etc/modprobe.d/a.conf");
        assert_string_equal(conf.v[1], "etc/modprobe.d/b.conf");
        assert_int_equal(im.releases.n, 2);
        assert_string_equal(im.releases.v[0], "5.10");
        assert_string_equal(im.releases.v[1], REL);
}

/* GNU cpio gives the content with the last name of a file, others with the first. */
static void test_hard_links(void **state _unused_)
{
        static const struct unit_member members[] = {
                { "etc/modprobe.d/a.conf", 0100644, NULL, 0, 7, 3 },
                { "etc/modprobe.d/b.conf", 0100644, NULL, 0, 7, 3 },
                { "usr/share/same", 0100644, "last", 0, 7, 3 },
                { "etc/modprobe.d/c.conf", 0100644, "first", 0, 8, 2 },
                { "etc/modprobe.d/d.conf", 0100644, NULL, 0, 8, 2 },
                { "etc/modprobe.d/e.conf", 0100644, NULL, 0, 9, 2 },
                { "etc/modprobe.d/f.conf", 0100644, NULL, 0, 7, 1 },
                { "TRAILER!!!" },
                { "etc/modprobe.d/g.conf", 0100644, NULL, 0, 8, 2 },
        };
        static const struct {
                const char *path, *content;
                bool unread;
        } rows[] = {
                { "etc/modprobe.d/a.conf", "last", false },
                { "etc/modprobe.d/b.conf", "last", false },
                { "etc/modprobe.d/c.conf", "first", false },
                { "etc/modprobe.d/d.conf", "first", false },
                { "etc/modprobe.d/e.conf", "", true },
                { "etc/modprobe.d/f.conf", "", false },
                { "etc/modprobe.d/g.conf", "", true },
        };
        cleanup_image struct image im = { 0 };

        image_init(&im, REL);
        collect(&im, members, ARRAY_SIZE(members));
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                const struct image_file *f = image_find(&im, rows[i].path);

                print_message("# %s\n", rows[i].path);
                assert_non_null(f);
                assert_true(span_eq(buf_span(&f->content), rows[i].content));
                assert_int_equal(f->unread, rows[i].unread);
        }
}

/* Names of one file are looked for among few, and none of its copies goes past the cap. */
static void test_many_hard_links(void **state _unused_)
{
        static char content[IMAGE_CONTENT_MAX / 2];
        struct unit_member members[IMAGE_LINKED_MAX + 1];
        static const struct {
                const char *name;
                size_t n;
                bool overflow;
        } rows[] = {
                { "just as many", IMAGE_LINKED_MAX, false },
                { "one more", IMAGE_LINKED_MAX + 1, true },
        };

        memset(content, 'x', sizeof(content));
        for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
                cleanup_image struct image im = { 0 };
                size_t bytes = 0;

                print_message("# %s\n", rows[r].name);
                for (size_t i = 0; i < rows[r].n; i++)
                        members[i] = (struct unit_member){ .name = xasprintf(
                                                                   "etc/modprobe.d/%zu.conf", i),
                                                           .mode = 0100644,
                                                           .ino = 7,
                                                           .nlink = 2 };
                members[IMAGE_LINKED_MAX - 1].content = content;
                members[IMAGE_LINKED_MAX - 1].len = sizeof(content);
                image_init(&im, REL);
                collect(&im, members, rows[r].n);
                for (size_t i = 0; i < rows[r].n; i++)
                        free((char *)members[i].name);
                for (size_t i = 0; i < im.n; i++) {
                        bytes += im.v[i].content.len;
                        assert_int_equal(im.v[i].unread, im.v[i].content.len == 0);
                }
                assert_int_equal(im.overflow, rows[r].overflow);
                assert_int_equal(bytes, IMAGE_KEPT_MAX);
        }
}

static void test_traces(void **state _unused_)
{
        static const struct {
                struct unit_member member;
                const char *generator, *packed;
        } rows[] = {
                { { "usr/lib/dracut/hooks", 040755 }, "dracut", NULL },
                { { "conf/initramfs.conf", 0100644 }, "initramfs-tools", NULL },
                { { "squashfs-root.img", 0100644 }, NULL, "squashfs-root.img" },
                { { "erofs-root.img", 0100644 }, NULL, "erofs-root.img" },
                { { "init", 0100755 }, NULL, NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_image struct image im = { 0 };

                image_init(&im, NULL);
                collect(&im, &rows[i].member, 1);
                assert_true(streq(im.generator, rows[i].generator));
                assert_true(streq(im.packed, rows[i].packed));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_find),
                cmocka_unit_test(test_hard_links),
                cmocka_unit_test(test_many_hard_links),
                cmocka_unit_test(test_traces),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
