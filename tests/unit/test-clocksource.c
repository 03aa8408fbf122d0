#include "unit.h"

#include "parse/clocksource.h"

#define FILE_NAME "/sys/devices/system/clocksource/clocksource0/current_clocksource"

static void test_of_line(void **state _unused_)
{
        static const struct {
                const char *name, *line, *value; /* NULL: selects nothing */
        } rows[] = {
                { "shell", "echo xen > " FILE_NAME, "xen" },
                { "shell with quotes and tee", "echo 'tsc' | tee " FILE_NAME, "tsc" },
                { "sysfs.conf", "devices/system/clocksource/clocksource0/current_clocksource = xen",
                  "xen" },
                { "tmpfiles.d", "w " FILE_NAME " - - - - kvm-clock", "kvm-clock" },
                { "unit", "ExecStart=/bin/sh -c 'echo xen >" FILE_NAME "'\r", "xen" },
                { "comment", "  # echo xen > " FILE_NAME, NULL },
                { "ini comment", "; " FILE_NAME "=xen", NULL },
                { "a read", "cat " FILE_NAME, NULL },
                { "another file", "echo xen > /tmp/x", NULL },
                { "longer word", "echo xenial > " FILE_NAME, NULL },
                { "empty", "", NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct span value = { 0 };
                bool found = clocksource_of_line(span_of(rows[i].line), &value);

                print_message("# %s\n", rows[i].name);
                assert_int_equal(found, rows[i].value != NULL);
                if (found)
                        assert_true(span_eq(value, rows[i].value));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_of_line) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
