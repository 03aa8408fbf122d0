#include "unit.h"

#include <errno.h>

#include "parse/grubenv.h"

#define HEAD "# GRUB Environment Block\n"

static char *describe(struct span block)
{
        cleanup_grubenv struct grubenv env = { 0 };
        struct err err = { 0 };
        struct buf out = { 0 };

        if (grubenv_parse(block, &env, &err) < 0)
                return xstrdup(err.text);
        for (size_t i = 0; i < env.n; i++)
                buf_printf(&out, "%s=[%s]", env.vars[i].name, env.vars[i].value);
        buf_puts(&out, env.broken ? " broken" : "");
        return buf_take(&out);
}

/* Each row was tried with grub-emu 2.06. */
static void test_block(void **state _unused_)
{
        static const struct {
                const char *name, *block, *expected;
        } rows[] = {
                { "usual", HEAD "saved_entry=1\nnext_entry=a b\n####",
                  "saved_entry=[1]next_entry=[a b]" },
                { "only the first line and padding", HEAD "####", "" },
                { "escapes", HEAD "a=1\\\\2\\\n3\\x\n#", "a=[1\\2\n3x]" },
                { "the last one wins later", HEAD "a=1\na=2\n", "a=[1]a=[2]" },
                { "empty value", HEAD "a=\n#", "a=[]" },
                { "equals in the value", HEAD "a=b=c\n", "a=[b=c]" },
                { "comment between", HEAD "# x=y\na=1\n", "a=[1]" },
                { "a stray line joins the next name", HEAD "stray\na=1\nb=2\n",
                  "stray\na=[1]b=[2]" },
                { "no end of line", HEAD "a=1\nb=2", "a=[1] broken" },
                { "backslash at the end", HEAD "a=1\nb=2\\", "a=[1] broken" },
                { "padding right after a value", HEAD "a=1###", " broken" },
                { "short", "# GRUB Env",
                  "no environment block: it does not begin with \"# GRUB Environment Block\"" },
                { "signature alone", HEAD,
                  "no environment block: it does not begin with \"# GRUB Environment Block\"" },
                { "another first line", "# GRUB Environment Blok\na=1\n####",
                  "no environment block: it does not begin with \"# GRUB Environment Block\"" },
                { "CRLF", "# GRUB Environment Block\r\na=1\r\n####",
                  "no environment block: it does not begin with \"# GRUB Environment Block\"" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(span_of(rows[i].block));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].expected);
        }
}

static void test_nul(void **state _unused_)
{
        cleanup_free char *got = describe(SPAN(HEAD "a=1\0002\nb\000c=3\n"));

        assert_string_equal(got, "a=[1]b=[3]");
}

static void test_cap(void **state _unused_)
{
        cleanup_buf struct buf block = { 0 };
        cleanup_free char *got = NULL;

        buf_puts(&block, HEAD);
        for (int i = 0; i <= GRUBENV_VARS_MAX; i++)
                buf_puts(&block, "a=1\n");
        got = describe(buf_span(&block));
        assert_string_equal(got, "more than 1000 variables");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_block),
                cmocka_unit_test(test_nul),
                cmocka_unit_test(test_cap),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
