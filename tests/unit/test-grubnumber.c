#include "unit.h"

#include <errno.h>

#include "parse/grubnumber.h"

static void test_number(void **state _unused_)
{
        static const struct {
                const char *text;
                int r;
                uint32_t value;
                const char *end;
        } rows[] = {
                { "12", 0, 12, "" },
                { " 7x", 0, 7, "x" },
                { "010", 0, 8, "" },
                { "09", 0, 9, "" },
                { "0xfF", 0, 255, "" },
                { "018", 0, 1, "8" },
                { "4294967295", 0, UINT32_MAX, "" },
                { "4294967296", -ERANGE, 0, NULL },
                { "", -EINVAL, 0, NULL },
                { "-1", -EINVAL, 0, NULL },
                { "x", -EINVAL, 0, NULL },
                { "0xg", -EINVAL, 0, NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                const char *end = NULL;
                uint32_t value = 0;

                print_message("# %s\n", rows[i].text);
                assert_int_equal(grubnumber_parse(rows[i].text, &value, &end), rows[i].r);
                assert_int_equal(value, rows[i].value);
                if (rows[i].end)
                        assert_string_equal(end, rows[i].end);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_number),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
