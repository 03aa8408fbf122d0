/* Archives that parse/cpio.h reads back, and cpio(1), too. */
#include "unit.h"

#include "parse/cpio.h"
#include "parse/cpiowrite.h"

struct reading {
        struct buf text;
        bool inode_twice;
        uint32_t inode;
};

static bool on_member(void *context, const struct cpio_member *m)
{
        struct reading *r = context;

        r->inode_twice |= m->ino == r->inode;
        r->inode = m->ino;
        buf_printf(&r->text, "%o %s ", m->mode, m->name);
        return true;
}

static void on_content(void *context, struct span piece)
{
        struct reading *r = context;

        buf_append(&r->text, piece.len ? piece.data : "\n", piece.len ? piece.len : 1);
}

static void write_all(struct buf *out)
{
        cpio_write(out, "lib", S_IFDIR | 0755, SPAN(""));
        cpio_write(out, "lib/a", S_IFREG | 0644, SPAN("x"));
        cpio_write(out, "lib/ab", S_IFREG | 0600, SPAN("four"));
        cpio_write(out, "lib/abc", S_IFREG | 0644, SPAN(""));
        cpio_write(out, "lib/abcd", S_IFREG | 0644, SPAN("12345"));
        cpio_write_end(out);
}

static void test_read_back(void **state _unused_)
{
        struct reading reading = { .inode = UINT32_MAX };
        const struct cpio_events events = { &reading, on_member, on_content };
        cleanup_buf struct buf out = { 0 };
        struct err err = { 0 };
        struct cpio c;
        struct span in;

        write_all(&out);
        assert_int_equal(out.len & 3, 0);
        in = buf_span(&out);
        cpio_init(&c, &events);
        cpio_begin(&c, 0);
        assert_int_equal(cpio_feed(&c, &in, &err), 1);
        assert_int_equal(cpio_finish(&c, &err), 0);
        assert_int_equal(c.archive, 1);
        assert_string_equal(reading.text.data, "40755 lib \n100644 lib/a x\n100600 lib/ab four\n"
                                               "100644 lib/abc \n100644 lib/abcd 12345\n");
        assert_false(reading.inode_twice);
        buf_done(&reading.text);
}

/* The same members, the same bytes: nothing of the time gets in. */
static void test_same_bytes(void **state _unused_)
{
        cleanup_buf struct buf a = { 0 }, b = { 0 };

        write_all(&a);
        write_all(&b);
        assert_int_equal(a.len, b.len);
        assert_memory_equal(a.data, b.data, a.len);
}

static void test_real_cpio(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_free char *command = xasprintf(
                "cd %s && cpio -it --quiet <a.cpio 2>&1 && cpio -i --quiet <a.cpio && cat "
                "lib/ab lib/abcd && stat -c %%a lib/ab",
                dir);
        cleanup_buf struct buf out = { 0 };
        char text[256];
        FILE *f;
        size_t n;

        if (system("command -v cpio >/dev/null") != 0)
                skip();
        write_all(&out);
        unit_write(dir, "a.cpio", out.data, out.len);
        f = popen(command, "r");
        assert_non_null(f);
        n = fread(text, 1, sizeof(text) - 1, f);
        text[n] = '\0';
        assert_int_equal(pclose(f), 0);
        assert_string_equal(text, "lib\nlib/a\nlib/ab\nlib/abc\nlib/abcd\nfour12345600\n");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_read_back),
                cmocka_unit_test(test_same_bytes),
                cmocka_unit_test(test_real_cpio),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
