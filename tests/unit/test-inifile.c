#include "unit.h"

#include <errno.h>

#include "parse/inifile.h"

/* "line:section/key=value|...", then "!" and the odd line. */
static char *describe(struct span text, enum inifile_syntax syntax)
{
        cleanup_inifile struct inifile ini = { 0 };
        struct buf b = { 0 };
        struct err err = { 0 };

        assert_int_equal(inifile_parse(text, syntax, &ini, &err), 0);
        buf_puts(&b, "");
        for (size_t i = 0; i < ini.n; i++)
                buf_printf(&b, "%s%zu:%s/%s=%s", i ? "|" : "", ini.v[i].line, ini.v[i].section,
                           ini.v[i].key, ini.v[i].value);
        if (ini.odd_line)
                buf_printf(&b, "!%zu", ini.odd_line);
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *systemd, *glib; /* glib NULL: the same */
        } rows[] = {
                { "empty", "", "", NULL },
                { "sections", "[A]\nx=1\n\n[B c]\ny = 2 3 \n", "2:A/x=1|5:B c/y=2 3", NULL },
                { "before a section", "x=1\n", "1:/x=1", NULL },
                { "empty value", "[A]\nx=\n", "2:A/x=", NULL },
                { "comments", "# a\n[A]\n;b=c\nx=1 # y\n", "4:A/x=1 # y", "3:A/;b=c|4:A/x=1 # y" },
                { "continued", "[A]\nx=1\\\n# c\n2\ny=3\n", "2:A/x=1 2|5:A/y=3",
                  "2:A/x=1\\|5:A/y=3!4" },
                { "continued at the end", "[A]\nx=1\\", "2:A/x=1", "2:A/x=1\\" },
                { "crlf", "[A]\r\nx=1\r\n", "2:A/x=1", NULL },
                { "odd", "[A\nx\n=\n", "3:/=!1", NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *systemd = describe(span_of(rows[i].text), INIFILE_SYSTEMD);
                cleanup_free char *glib = describe(span_of(rows[i].text), INIFILE_GLIB);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(systemd, rows[i].systemd);
                assert_string_equal(glib, rows[i].glib ? rows[i].glib : rows[i].systemd);
        }
}

static void test_find(void **state _unused_)
{
        cleanup_inifile struct inifile ini = { 0 };
        struct err err = { 0 };

        assert_int_equal(
                inifile_parse(SPAN("[A]\nx=1\n[B]\nx=2\n[A]\nx=3\n"), INIFILE_SYSTEMD, &ini, &err),
                0);
        assert_string_equal(inifile_find(&ini, "A", "x")->value, "3");
        assert_string_equal(inifile_find(&ini, "B", "x")->value, "2");
        assert_null(inifile_find(&ini, "B", "y"));
        assert_true(span_eq(ini.v[0].text, "x=1"));
}

static void test_limits(void **state _unused_)
{
        cleanup_inifile struct inifile ini = { 0 };
        cleanup_buf struct buf text = { 0 };
        struct err err = { 0 };

        for (int i = 0; i <= INIFILE_PAIRS_MAX; i++)
                buf_puts(&text, "a=b\n");
        assert_int_equal(inifile_parse(buf_span(&text), INIFILE_GLIB, &ini, &err), -E2BIG);
        assert_int_equal(ini.n, 0);
        while (text.len <= INIFILE_MAX)
                buf_puts(&text, "# long\n");
        assert_int_equal(inifile_parse(buf_span(&text), INIFILE_GLIB, &ini, &err), -E2BIG);
        assert_string_equal(err.text, "longer than 262144 bytes");
}

static void test_nul(void **state _unused_)
{
        cleanup_free char *text = describe(SPAN("[A]\nx\0=1\ny=2\n"), INIFILE_SYSTEMD);

        assert_string_equal(text, "3:A/y=2!2");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_find),
                cmocka_unit_test(test_limits),
                cmocka_unit_test(test_nul),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
