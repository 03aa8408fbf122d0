/* Where files come to lie that are put into an initramfs, and what is refused. */
#include "unit-cpio.h"
#include "unit-probe.h"

#include <errno.h>

#include "fixes/ramdisk.h"
#include "parse/cpio.h"

#define LINK 0120777
#define DIR  0040755
#define REG  0100644

struct row {
        const char *name;
        struct unit_member members[4];
        const char *put;
        const char *want; /* the members that were added, or "! " and why none was */
};

static const struct row rows[] = {
        { "directories are made",
          { { "init", REG } },
          "lib/m/a.ko",
          "lib/ lib/m/ lib/m/a.ko=new " },
        { "but for those that are there",
          { { "lib", DIR } },
          "lib/m/a.ko",
          "lib/m/ lib/m/a.ko=new " },
        { "dots and slashes in front",
          { { "./lib", DIR }, { "/lib/m", DIR } },
          "lib/m/a.ko",
          "lib/m/a.ko=new " },
        { "a link is followed, not replaced",
          { { "lib", LINK, "usr/lib" }, { "usr/lib", DIR } },
          "lib/a.ko",
          "usr/ usr/lib/a.ko=new " },
        { "from the root on",
          { { "lib", LINK, "/usr/lib" }, { "usr/lib", DIR } },
          "lib/a.ko",
          "usr/ usr/lib/a.ko=new " },
        { "and back",
          { { "lib", DIR }, { "lib/m", LINK, "../x/./y" } },
          "lib/m/a.ko",
          "x/ x/y/ x/y/a.ko=new " },
        { "not above the root", { { "lib", LINK, "../../../x" } }, "lib/a.ko", "x/ x/a.ko=new " },
        { "a link that is the file is replaced",
          { { "lib", DIR }, { "lib/a.ko", LINK, "b.ko" } },
          "lib/a.ko",
          "lib/a.ko=new " },
        { "the last of two counts",
          { { "lib", LINK, "x" }, { "lib", DIR } },
          "lib/a.ko",
          "lib/a.ko=new " },
        { "links in circles",
          { { "a", LINK, "b" }, { "b", LINK, "a" } },
          "a/x",
          "! /boot/i: /a/x inside cannot be a file" },
        { "a link to itself",
          { { "a", LINK, "a/a" } },
          "a/x",
          "! /boot/i: /a/x inside cannot be a file" },
        { "a file in the way",
          { { "lib", REG, "text" } },
          "lib/a.ko",
          "! /boot/i: /lib inside is no directory" },
        { "a directory in its place",
          { { "lib", DIR } },
          "lib",
          "! /boot/i: /lib inside cannot be a file" },
};

static bool on_member(void *text, const struct cpio_member *m)
{
        buf_printf(text, "%s%s", m->name, S_ISDIR(m->mode) ? "/ " : "=");
        return !S_ISDIR(m->mode);
}

static void on_content(void *text, struct span piece)
{
        buf_append(text, piece.len ? piece.data : " ", piece.len ? piece.len : 1);
}

static void print_added(const struct ramdisk *r, struct buf *out)
{
        const struct cpio_events events = { out, on_member, on_content };
        struct span in = buf_span(&r->added);
        struct err err = { 0 };
        struct cpio c;

        cpio_init(&c, &events);
        cpio_begin(&c, 0);
        assert_int_equal(cpio_feed(&c, &in, &err), 1);
}

static int read_image(struct span image, const struct strv *wanted, struct ramdisk *ret,
                      struct err *err)
{
        cleanup_facts struct facts *f = facts_new();
        cleanup_volume struct volume *v = NULL;
        char *dir = unit_temp_dir();
        int r;

        unit_write(dir, "boot/i", image.data, image.len);
        facts_set_str(f, "/boot/i", "/boot/entry/initrd/0/path");
        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &v, err), 0);
        r = ramdisk_read(v, f, wanted, ret, err);
        /* The path is the facts' own, which go. */
        ret->path = "/boot/i";
        unit_remove_tree(dir);
        return r;
}

static void test_rows(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_ramdisk struct ramdisk ramdisk = { 0 };
                cleanup_buf struct buf image = { 0 }, got = { 0 };
                const struct strv nothing = { 0 };
                struct err err = { 0 };

                print_message("# %s\n", rows[i].name);
                for (size_t m = 0; m < ARRAY_SIZE(rows[i].members) && rows[i].members[m].name; m++)
                        unit_cpio_add(&image, &rows[i].members[m]);
                unit_cpio_end(&image);
                assert_int_equal(read_image(buf_span(&image), &nothing, &ramdisk, &err), 0);
                if (ramdisk_put(&ramdisk, rows[i].put, SPAN("new"), &err) < 0)
                        buf_printf(&got, "! %s", err.text);
                else
                        print_added(&ramdisk, &got);
                assert_string_equal(got.data, rows[i].want);
        }
}

static void test_content(void **state _unused_)
{
        static const struct unit_member members[] = {
                { "lib", LINK, "usr/lib" },
                { "usr/lib/wanted", REG, "old" },
                { "usr/lib/wanted", REG, "content" },
                { "usr/lib/other", REG, "content" },
                { "usr/lib/empty", REG },
                { "usr/lib/linked", REG, NULL, 0, 7, 2 },
        };
        static char *const names[] = { "lib/wanted", "lib/linked" };
        const struct strv wanted = { (char **)names, ARRAY_SIZE(names), 0 };
        cleanup_ramdisk struct ramdisk r = { 0 };
        cleanup_buf struct buf image = { 0 };
        const struct ramdisk_file *f;
        struct err err = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(members); i++)
                unit_cpio_add(&image, &members[i]);
        unit_cpio_end(&image);
        assert_int_equal(read_image(buf_span(&image), &wanted, &r, &err), 0);
        f = ramdisk_find(&r, "lib/wanted");
        assert_true(f && f->here && f->whole);
        assert_string_equal(f->content.data, "content");
        f = ramdisk_find(&r, "lib/other");
        assert_true(f && f->here && !f->whole);
        assert_false(ramdisk_find(&r, "lib/empty")->here);
        /* Its content comes under another name. */
        f = ramdisk_find(&r, "lib/linked");
        assert_true(f && f->here && !f->whole);
        assert_null(ramdisk_find(&r, "lib/nothing"));
        assert_null(ramdisk_find(&r, "lib"));
}

static void test_damaged(void **state _unused_)
{
        const struct strv nothing = { 0 };
        struct ramdisk r = { 0 };
        struct err err = { 0 };

        assert_int_equal(read_image(SPAN(""), &nothing, &r, &err), -EBADMSG);
        assert_string_equal(err.text, "/boot/i: it is empty");
        assert_int_equal(read_image(SPAN("no archive"), &nothing, &r, &err), -EBADMSG);
}

static void test_too_much(void **state _unused_)
{
        cleanup_free char *half = xcalloc(1, RAMDISK_ADDED_MAX / 2);
        const struct span content = { half, RAMDISK_ADDED_MAX / 2 };
        const struct strv nothing = { 0 };
        cleanup_ramdisk struct ramdisk r = { 0 };
        cleanup_buf struct buf image = { 0 };
        struct err err = { 0 };

        unit_cpio_end(&image);
        assert_int_equal(read_image(buf_span(&image), &nothing, &r, &err), 0);
        assert_int_equal(ramdisk_put(&r, "a", content, &err), 0);
        assert_int_equal(ramdisk_put(&r, "b", content, &err), -EFBIG);
        assert_string_equal(err.text, "more than 48 MiB would have to be added to /boot/i");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),
                cmocka_unit_test(test_content),
                cmocka_unit_test(test_damaged),
                cmocka_unit_test(test_too_much),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
