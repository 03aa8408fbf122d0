#include "unit.h"

#include <time.h>

#include "base/buf.h"
#include "fixes/diff.h"

static char *diff_of(const char *before, const char *after)
{
        struct buf out = { 0 };

        diff_unified("old", "new", span_of(before), span_of(after), &out);
        return buf_take(&out);
}

#define HEAD "--- old\n+++ new\n"

static const struct {
        const char *name, *before, *after, *diff;
} rows[] = {
        { "the same", "a\nb\n", "a\nb\n", "" },
        { "both empty", "", "", "" },
        { "one line", "a\n", "b\n", HEAD "@@ -1 +1 @@\n-a\n+b\n" },
        { "into an empty file", "", "a\nb\n", HEAD "@@ -0,0 +1,2 @@\n+a\n+b\n" },
        { "all away", "a\nb\n", "", HEAD "@@ -1,2 +0,0 @@\n-a\n-b\n" },
        { "three lines around", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5x\n6\n7\n8\n9\n",
          HEAD "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+5x\n 6\n 7\n 8\n" },
        { "six lines between are one hunk", "a\n1\n2\n3\n4\n5\n6\nb\n", "1\n2\n3\n4\n5\n6\n",
          HEAD "@@ -1,8 +1,6 @@\n-a\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n" },
        { "seven are two", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "1\n2\n3\n4\n5\n6\n7\n",
          HEAD "@@ -1,4 +1,3 @@\n-a\n 1\n 2\n 3\n@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-b\n" },
        { "a newline at the end comes", "a\nb", "a\nb\n",
          HEAD "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n" },
        { "and goes", "a\n", "a", HEAD "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n" },
        { "no newline in either", "a\nb", "x\nb",
          HEAD "@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n" },
        { "a carriage return is a byte", "a\r\n", "a\n", HEAD "@@ -1 +1 @@\n-a\r\n+a\n" },
        { "what repeats is added behind its like", "a\nb\n", "a\na\nb\n",
          HEAD "@@ -1,2 +1,3 @@\n a\n+a\n b\n" },
        { "what is replaced stays in its place", "x\nx\n", "z\nx\n",
          HEAD "@@ -1,2 +1,2 @@\n-x\n+z\n x\n" },
};

static void test_rows(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *diff = diff_of(rows[i].before, rows[i].after);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(diff, rows[i].diff);
        }
}

static void test_new_file(void **state _unused_)
{
        cleanup_buf struct buf out = { 0 };

        diff_unified(NULL, "/etc/x", (struct span){ 0 }, SPAN("a\n"), &out);
        assert_string_equal(out.data, "--- /dev/null\n+++ /etc/x\n@@ -0,0 +1 @@\n+a\n");
        assert_false(diff_is_binary(SPAN("a\n")));
        assert_false(diff_is_binary((struct span){ 0 }));
        assert_true(diff_is_binary(SPAN("a\0b")));
}

/* ---- what diff(1) says of the same ---- */

static uint32_t seed;

static uint32_t random_below(uint32_t n)
{
        seed = seed * 1664525 + 1013904223;
        return (seed >> 8) % n;
}

/* Up to 40 lines, of so many kinds or (0) each another, and the same after a few edits. */
static void make_pair(uint32_t kinds, struct buf *before, struct buf *after)
{
        uint32_t n = random_below(40);

        for (uint32_t i = 0; i < n; i++) {
                cleanup_free char *line = kinds ? xasprintf("%u\n", random_below(kinds))
                                                : xasprintf("line %u\n", i);
                uint32_t what = random_below(12);

                buf_puts(before, line);
                if (what == 0)
                        buf_printf(after, "new %u\n", random_below(1000));
                if (what != 1 && what != 2)
                        buf_puts(after, line);
                if (what == 2)
                        buf_printf(after, "instead %u\n", random_below(1000));
        }
        if (before->len && random_below(4) == 0)
                before->data[--before->len] = '\0';
        if (after->len && random_below(4) == 0)
                after->data[--after->len] = '\0';
}

static char *run_diff(const char *dir, const char *options)
{
        cleanup_free char *command =
                xasprintf("cd %s && diff -u %s --label old --label new before after", dir, options);
        FILE *f = popen(command, "r");
        struct buf out = { 0 };
        char chunk[4096];
        size_t n;

        assert_non_null(f);
        while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
                buf_append(&out, chunk, n);
        assert_true(WEXITSTATUS(pclose(f)) < 2);
        return buf_take(&out);
}

static size_t count_changes(const char *diff)
{
        size_t n = 0;

        for (const char *p = diff; *p; p = strchr(p, '\n') + 1)
                n += *p == '+' || *p == '-';
        return n;
}

static void test_against_diff(void **state _unused_)
{
        char *dir = unit_temp_dir();

        for (seed = 1; seed < 200; seed++) {
                uint32_t kinds = seed % 2 ? 0 : 3, start = seed;
                cleanup_buf struct buf before = { 0 }, after = { 0 }, ours = { 0 };
                cleanup_free char *theirs = NULL;

                make_pair(kinds, &before, &after);
                unit_write(dir, "before", before.data ? before.data : "", before.len);
                unit_write(dir, "after", after.data ? after.data : "", after.len);
                diff_unified("old", "new", buf_span(&before), buf_span(&after), &ours);
                buf_puts(&ours, "");
                theirs = run_diff(dir, "--minimal");
                /* Where lines repeat, two diffs may both be right, but not one the longer. */
                if (kinds == 0)
                        assert_string_equal(ours.data, theirs);
                else
                        assert_int_equal(count_changes(ours.data), count_changes(theirs));
                seed = start;
        }
        unit_remove_tree(dir);
}

/* Nothing in it grows with the square of the lines. */
static void test_large(void **state _unused_)
{
        cleanup_buf struct buf before = { 0 }, after = { 0 }, out = { 0 };
        clock_t start = clock();

        for (int i = 0; i < 100000; i++) {
                buf_printf(&before, "a%d\n", i);
                buf_printf(&after, "b%d\n", i);
        }
        diff_unified("old", "new", buf_span(&before), buf_span(&after), &out);
        assert_int_equal(count_changes(out.data), 200002);
        assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),
                cmocka_unit_test(test_new_file),
                cmocka_unit_test(test_against_diff),
                cmocka_unit_test(test_large),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
