#include "unit.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/sdboot.h"

/* "id|title|kernel|initrds|options left/done", with the lines of what has one; "-": no entry. */
static char *describe(const char *name, const char *text)
{
        cleanup_sdboot_entry struct sdboot_entry e = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };
        int r = sdboot_parse_entry(name, span_of(text), &e, &err);

        if (r <= 0)
                return xstrdup(r < 0 ? err.text : "-");
        buf_printf(&out, "%s|%s:%zu|%s%s:%zu|", e.id, e.title ? e.title : "", e.title_line,
                   e.program ? "efi " : "", e.kernel.path, e.kernel.line);
        for (size_t i = 0; i < e.n_initrds; i++)
                buf_printf(&out, "%s:%zu ", e.initrds[i].path, e.initrds[i].line);
        buf_printf(&out, "|%s %d/%d", e.options ? e.options : "(none)", (int)e.left, (int)e.done);
        return buf_take(&out);
}

static void test_entry(void **state _unused_)
{
        static const struct {
                const char *name, *file, *text, *expected;
        } rows[] = {
                { "as kernel-install writes it", "id-6.1.conf",
                  "# comment\ntitle      Debian 12\nversion 6.1\nsort-key debian\n"
                  "options    root=UUID=1 ro\nlinux      /id/6.1/linux\n"
                  "initrd     /id/6.1/initrd\n",
                  "id-6.1.conf|Debian 12:2|/id/6.1/linux:6|/id/6.1/initrd:7 |root=UUID=1 ro -1/-1" },
                { "options join, initrds add up", "A.CONF",
                  "linux\t\\EFI\\k\r\ninitrd ucode\r\noptions a  b \n\noptions\tc\ninitrd //i\n",
                  "a.conf|:0|/EFI/k:1|/ucode:2 /i:6 |a  b c -1/-1" },
                { "quotes", "a.conf", "linux /k\noptions \"a b\"\ntitle \"\"\n",
                  "a.conf|:3|/k:1||a b -1/-1" },
                { "a line without a value", "a.conf", "linux\nlinux /k\noptions\n",
                  "a.conf|:0|/k:2||(none) -1/-1" },
                { "the last kernel", "a.conf", "linux /k\nlinux /l",
                  "a.conf|:0|/l:2||(none) -1/-1" },
                { "another program", "a.conf", "efi /shell.efi\n",
                  "a.conf|:0|efi /shell.efi:1||(none) -1/-1" },
                { "both", "a.conf", "linux /k\nefi /shell.efi\n", "-" },
                { "no kernel", "a.conf", "title a\n", "-" },
                { "empty", "a.conf", "", "-" },
                { "other machine", "a.conf", "architecture aa64\nlinux /k\n", "-" },
                { "this machine", "a.conf", "architecture X64\nlinux /k\n",
                  "a.conf|:0|/k:2||(none) -1/-1" },
                { "counted", "a+3.conf", "linux /k\n", "a.conf|:0|/k:1||(none) 3/0" },
                { "counted and tried", "a+b+0-3.conf", "linux /k\n",
                  "a+b.conf|:0|/k:1||(none) 0/3" },
                { "no counter", "a+3x.conf", "linux /k\n", "a+3x.conf|:0|/k:1||(none) -1/-1" },
                { "no counter either", "a+3-.conf", "linux /k\n",
                  "a+3-.conf|:0|/k:1||(none) -1/-1" },
                { "too large a counter", "a+99999999999999999999.conf", "linux /k\n",
                  "a+99999999999999999999.conf|:0|/k:1||(none) -1/-1" },
                { "another kind", "a.conf", "title a\nuki /u.efi\n",
                  "line 2: \"uki\" is not understood" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(rows[i].file, rows[i].text);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_refused(void **state _unused_)
{
        struct sdboot_entry e = { 0 };
        struct buf many = { 0 };
        struct err err = { 0 };

        assert_int_equal(sdboot_parse_entry("a.conf", SPAN("linux /k\0"), &e, &err), -EINVAL);
        for (size_t i = 0; i <= SDBOOT_INITRDS_MAX; i++)
                buf_puts(&many, "initrd /i\n");
        assert_int_equal(sdboot_parse_entry("a.conf", buf_span(&many), &e, &err), -E2BIG);
        assert_string_equal(err.text, "more than 32 initrds");
        buf_done(&many);
}

/* As documented beside strverscmp_improved(): from old to new. */
static void test_versions(void **state _unused_)
{
        static const char *const order[] = {
                "122.1",   "123~rc1-1", "123",     "123-a",   "123-a.1", "123-1",
                "123-1.1", "123^post1", "123.a-1", "123.1-1", "123a-1",  "124-1",
        };

        for (size_t i = 0; i < ARRAY_SIZE(order); i++)
                for (size_t j = 0; j < ARRAY_SIZE(order); j++)
                        assert_int_equal(sdboot_compare_versions(order[i], order[j]),
                                         (i > j) - (i < j));
        assert_int_equal(sdboot_compare_versions("00123_a", "123a"), 0);
        assert_int_equal(sdboot_compare_versions(NULL, ""), 0);
        assert_int_equal(sdboot_compare_versions("6.10", "6.9"), 1);
        assert_int_equal(sdboot_compare_versions("a", "1"), -1);
}

#define COUNTED(l, d, ...)                        \
        (struct sdboot_entry)                     \
        {                                         \
                .left = l, .done = d, __VA_ARGS__ \
        }
#define ENTRY(...) COUNTED(-1, -1, __VA_ARGS__)

static void test_order(void **state _unused_)
{
        struct sdboot_entry order[] = {
                ENTRY(.sort_key = "arch", .version = "1", .id = "z"),
                ENTRY(.sort_key = "debian", .version = "6.10", .id = "a"),
                ENTRY(.sort_key = "debian", .version = "6.9", .id = "b"),
                ENTRY(.sort_key = "debian", .machine_id = "1", .version = "7", .id = "c"),
                COUNTED(3, 0, .id = "k-6.10.conf"),
                COUNTED(2, 0, .id = "k-6.10.conf"),
                COUNTED(2, 1, .id = "k-6.10.conf"),
                ENTRY(.id = "k-6.9.conf"),
                COUNTED(0, 0, .sort_key = "arch", .id = "x"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(order); i++)
                for (size_t j = 0; j < ARRAY_SIZE(order); j++)
                        assert_int_equal(sdboot_compare(&order[i], &order[j]), (i > j) - (i < j));
}

static void test_choice(void **state _unused_)
{
        const struct sdboot_entry entries[] = {
                ENTRY(.id = "debian-6.10.conf"),
                ENTRY(.id = "debian-6.9.conf"),
                ENTRY(.id = "arch.conf"),
                ENTRY(.id = "6.1"),
        };
        static const struct {
                const char *name, *conf, *expected;
        } rows[] = {
                { "none", "timeout 3\n# default arch.conf\n", "0 0" },
                { "a name", "default arch.conf\n", "1 2" },
                { "in capitals", "default ARCH.*\n", "1 2" },
                { "a pattern takes the first", "default debian-*\n", "1 0" },
                { "one character", "default debian-6.?.conf\n", "1 1" },
                { "the last line", "default arch.conf\ndefault debian-*9*\n", "1 1" },
                { "of no entry", "default suse*\n", "0 0" },
                { "saved", "default @saved\ntimeout menu-force\n", "0 0 saved waits" },
                { "another mark", "default arch*\ndefault @other\n", "1 2" },
                { "a name without its ending", "default debian-6.9\n",
                  "the default \"debian-6.9\" means different entries" },
                { "without an ending, the first either way", "default *6.10\n", "0 0" },
                { "a set of characters", "default [ad]*\n",
                  "the default \"[ad]*\" is not understood" },
                { "one of its own", "default auto-windows\n",
                  "the default \"auto-windows\" is not understood" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_sdboot_conf struct sdboot_conf conf = { 0 };
                cleanup_free char *got = NULL;
                struct err err = { 0 };
                size_t index;
                int r;

                print_message("# %s\n", rows[i].name);
                sdboot_parse_conf(span_of(rows[i].conf), &conf);
                r = sdboot_select(&conf, entries, ARRAY_SIZE(entries), &index, &err);
                got = r < 0 ? xstrdup(err.text)
                            : xasprintf("%d %zu%s%s", r, index, conf.saved ? " saved" : "",
                                        conf.waits ? " waits" : "");
                if (r < 0)
                        assert_true(str_startswith(got, rows[i].expected));
                else
                        assert_string_equal(got, rows[i].expected);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_entry),    cmocka_unit_test(test_refused),
                cmocka_unit_test(test_versions), cmocka_unit_test(test_order),
                cmocka_unit_test(test_choice),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
