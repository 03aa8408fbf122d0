#include "unit.h"

#include "parse/shellconf.h"

static char *describe(struct span text)
{
        struct lines lines = lines_of(text);
        struct shellconf conf;
        struct buf b = { 0 };

        buf_puts(&b, "");
        while (shellconf_next(&lines, &conf)) {
                cleanup_free char *value = conf.value, *name = span_dup(conf.name);

                buf_printf(&b, "%s%zu:%s%s%s", b.len ? "|" : "", conf.line, name,
                           conf.append ? "+=" : "=", value ? value : "?");
        }
        return buf_take(&b);
}

static void test_next(void **state _unused_)
{
        static const struct {
                const char *name, *text, *want;
        } rows[] = {
                { "empty", "\n# x\n", "" },
                { "dracut", "hostonly=\"yes\"\nadd_drivers+=\" nvme ena \"\n",
                  "1:hostonly=yes|2:add_drivers+= nvme ena " },
                { "initramfs-tools", "MODULES=most # not dep\n  BUSYBOX='auto'\n",
                  "1:MODULES=most|2:BUSYBOX=auto" },
                { "an expansion", "a+=\" $b \"\nc=`x`\nd=\"\\$e\"\n", "1:a+=?|2:c=?|3:d=?" },
                { "no assignments", "if [ x ]; then\n. /etc/x\n1a=2\na +=2\na+ =2\n",
                  "1:=?|2:=?|3:=?|4:=?|5:=?" },
                { "an open quote", "a+=\"x\nb=1\n", "1:a+=?|2:b=1" },
                { "two on a line", "a=1 b=2\n", "1:a=?" },
                { "nothing behind", "a=\nb+=\n", "1:a=|2:b+=" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *text = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(text, rows[i].want);
        }
}

static void test_nul(void **state _unused_)
{
        cleanup_free char *text = describe(SPAN("a+=\0\nb=1\n"));

        assert_string_equal(text, "1:a+=?|2:b=1");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_next),
                cmocka_unit_test(test_nul),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
