#include "unit.h"

#include "parse/shellvar.h"

static char *describe(struct span text)
{
        struct lines lines = lines_of(text);
        struct shellvar var;
        struct buf b = { 0 };

        buf_puts(&b, "");
        while (shellvar_next(&lines, &var)) {
                cleanup_free char *value = var.value, *name = span_dup(var.name);

                buf_printf(&b, "%s%zu:%s=%s", b.len ? "|" : "", var.line, name,
                           value ? value : "?");
        }
        return buf_take(&b);
}

static void test_next(void **state _unused_)
{
        static const struct {
                const char *name, *text, *vars;
        } rows[] = {
                { "empty", "", "" },
                { "ifcfg", "# x\nDEVICE=eth0\n\n ONBOOT=\"yes\"\n", "2:DEVICE=eth0|4:ONBOOT=yes" },
                { "quotes", "A='x y'\"z\"\\ w\n", "1:A=x yz w" },
                { "comment behind", "A=1 # x\n", "1:A=1" },
                { "empty value", "A=\nB=''\n", "1:A=|2:B=" },
                { "a command", "A=1 x\nB=$(x)\nC=`x`\nD=$E\n", "1:A=?|2:B=?|3:C=?|4:D=?" },
                { "no assignment", "if x\n1A=2\n", "1:=?|2:=?" },
                { "open quote", "A=\"x\n", "1:A=?" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *vars = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(vars, rows[i].vars);
        }
}

static void test_nul(void **state _unused_)
{
        cleanup_free char *vars = describe(SPAN("A=\0\nB=1\n"));

        assert_string_equal(vars, "1:=?|2:B=1");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_next),
                cmocka_unit_test(test_nul),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
