#include "unit.h"

#include "base/str.h"
#include "parse/debconf.h"

#define Q "grub-pc/install_devices"

static void test_find(void **state _unused_)
{
        static const struct {
                const char *name, *text, *want;
        } rows[] = {
                { "empty", "", "" },
                { "answered",
                  "Name: a/b\nValue: x\n\nName: " Q "\nTemplate: " Q
                  "\nValue: /dev/xvda\nOwners: grub-pc\n",
                  "6:/dev/xvda" },
                { "asked only", "Name: " Q "\nTemplate: " Q "\n\nName: z\nValue: /dev/xvda\n", "" },
                { "an empty answer", "Name: " Q "\nValue: \nValue:\n", "" },
                { "a question that begins alike", "Name: " Q "_empty\nValue: true\n", "" },
                { "two disks", "Name: " Q "\nValue: /dev/xvda, /dev/xvdf \n",
                  "2:/dev/xvda|/dev/xvdf" },
                { "a comma within", "Name: " Q "\nValue: /dev/disk/by-id/a\\, b,c\n",
                  "2:/dev/disk/by-id/a\\, b|c" },
                { "no newline at the end", "Name: " Q "\nValue: x", "2:x" },
                { "variables of the question", "Name: " Q "\nVariables:\n Value: no\n", "" },
                { "a backslash at the end", "Name: " Q "\nValue: a,\\", "2:a|\\" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct debconf_answer a = { 0 };
                cleanup_buf struct buf b = { 0 };
                struct span choice;

                print_message("# %s\n", rows[i].name);
                buf_puts(&b, "");
                if (debconf_find(span_of(rows[i].text), Q, &a))
                        buf_printf(&b, "%zu:", a.line);
                for (size_t n = 0; debconf_next_choice(&a.value, &choice); n++) {
                        cleanup_free char *text = span_dup(choice);

                        buf_printf(&b, "%s%s", n ? "|" : "", text);
                }
                assert_string_equal(b.data, rows[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_find) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
