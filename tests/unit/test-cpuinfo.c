#include "unit.h"

#include "parse/cpuinfo.h"

static void test_flags(void **state _unused_)
{
        static const struct {
                const char *name, *text;
                int found;
                const char *flags;
        } rows[] = {
                { "x86, the first processor counts",
                  "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vme sse2\nbugs\t\t: "
                  "x\n\nprocessor\t: 1\nflags\t\t: other\n",
                  1, "fpu vme sse2" },
                { "arm64", "processor\t: 0\nFeatures\t: fp asimd\n", 1, "fp asimd" },
                { "no newline at the end", "flags : fpu", 1, "fpu" },
                { "blanks", "flags\t:  fpu \t vme  \n", 1, "fpu vme" },
                { "an empty list", "flags\t\t:\n", 1, "" },
                { "vmx flags are another line", "vmx flags\t: vnmi\nflags: fpu\n", 1, "fpu" },
                { "no such line", "processor : 0\nflagstone\n", 0, "" },
                { "nothing", "", 0, "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_strv struct strv flags = { 0 };
                cleanup_buf struct buf text = { 0 };

                print_message("# %s\n", rows[i].name);
                assert_int_equal(cpuinfo_flags(span_of(rows[i].text), &flags), rows[i].found);
                buf_puts(&text, "");
                for (size_t j = 0; j < flags.n; j++)
                        buf_printf(&text, "%s%s", j ? " " : "", flags.v[j]);
                assert_string_equal(text.data, rows[i].flags);
        }
}

static void test_cap(void **state _unused_)
{
        cleanup_strv struct strv flags = { 0 };
        cleanup_buf struct buf text = { 0 };

        buf_puts(&text, "flags :");
        for (int i = 0; i < CPUINFO_FLAGS_MAX + 10; i++)
                buf_puts(&text, " x");
        assert_int_equal(cpuinfo_flags(buf_span(&text), &flags), 1);
        assert_int_equal(flags.n, CPUINFO_FLAGS_MAX);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_flags),
                cmocka_unit_test(test_cap),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
