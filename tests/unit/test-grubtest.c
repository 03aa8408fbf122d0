#include "unit.h"

#include "base/str.h"
#include "parse/grubtest.h"

/* /yes and /no are known, every other file is not. */
static enum grubtri test_file(void *data _unused_, char op, const struct grubword *path)
{
        if (streq(path->text, "/yes"))
                return op == 'd' ? GRUBTRI_NO : GRUBTRI_YES;
        return streq(path->text, "/no") ? GRUBTRI_NO : GRUBTRI_MAYBE;
}

/* Words apart by one blank; ~ stands for a text that is not known, @ for a device. */
static enum grubtri evaluate(const char *line)
{
        cleanup_free char *text = xstrdup(line);
        struct grubword words[16] = { 0 };
        const char *why;
        size_t n = 0;

        for (char *p = text, *next; p; p = next) {
                next = strchr(p, ' ');
                if (next)
                        *next++ = '\0';
                for (char *c = p; *c; c++)
                        *c = *c == '~'   ? GRUBSCRIPT_MARK_ANY
                             : *c == '@' ? GRUBSCRIPT_MARK_DEVICE
                                         : *c;
                assert_in_range(n, 0, ARRAY_SIZE(words) - 1);
                words[n++] = (struct grubword){ .text = p, .why = "because" };
        }
        return grubtest_evaluate(words, n, test_file, NULL, &why);
}

/* What has no ~ and no file in it was tried with grub-emu 2.06. */
static void test_terms(void **state _unused_)
{
        static const struct {
                const char *line;
                enum grubtri expected;
        } rows[] = {
                { "a = a", GRUBTRI_YES },
                { "a == b", GRUBTRI_NO },
                { "a != b", GRUBTRI_YES },
                { "a < b", GRUBTRI_YES },
                { "b >= b", GRUBTRI_YES },
                { "! a = b", GRUBTRI_YES },
                { "! ! a", GRUBTRI_YES },
                { "-z ", GRUBTRI_YES },
                { "-n x", GRUBTRI_YES },
                { "-n ", GRUBTRI_NO },
                { "", GRUBTRI_NO },
                { "a", GRUBTRI_YES },
                { "a -a b", GRUBTRI_YES },
                { "a b", GRUBTRI_YES },
                { "a = b -o c = c", GRUBTRI_YES },
                { "a = a -o b", GRUBTRI_YES },
                { "a = a -a b = c", GRUBTRI_NO },
                { "( a = b -o c = c ) -a d", GRUBTRI_YES },
                { "! ( a = a )", GRUBTRI_NO },
                { "1 -eq 01", GRUBTRI_YES },
                { "10 -gt 9", GRUBTRI_YES },
                { "-1 -lt 0", GRUBTRI_YES },
                { "foo -eq 0", GRUBTRI_YES },
                { "0x10 -ne 16", GRUBTRI_NO },
                { "x = ", GRUBTRI_NO },
                { "-d", GRUBTRI_YES }, /* one word is just a text */
                { "-e /yes", GRUBTRI_YES },
                { "-d /yes", GRUBTRI_NO },
                { "-s /no", GRUBTRI_NO },
                { "-f /else", GRUBTRI_MAYBE },
                { "! -f /else", GRUBTRI_MAYBE },
                { "-f /else -a a = b", GRUBTRI_NO },
                { "-f /else -o a = a", GRUBTRI_YES },
                { "-f /else -o a = b", GRUBTRI_MAYBE },
                { "~ = a", GRUBTRI_MAYBE },
                { "~", GRUBTRI_MAYBE },
                { "-z ~", GRUBTRI_MAYBE },
                { "-n x~", GRUBTRI_YES },
                { "-n @", GRUBTRI_YES },
                { "@ = hd0", GRUBTRI_MAYBE },
                { "~ -eq 1", GRUBTRI_MAYBE },
                { "a -nt b", GRUBTRI_MAYBE },
                { "a -plt b", GRUBTRI_MAYBE },
                { "4294967295 -gt 1", GRUBTRI_MAYBE },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                print_message("# %s\n", rows[i].line);
                assert_int_equal(evaluate(rows[i].line), rows[i].expected);
        }
}

static void test_why(void **state _unused_)
{
        char any[] = { GRUBSCRIPT_MARK_ANY, '\0' };
        const struct grubword ragged[] = { { .text = any, .why = "ragged", .ragged = true } };
        const struct grubword known[] = { { .text = (char *)"a" },
                                          { .text = (char *)"=" },
                                          { .text = any, .why = "unknown" } };
        const char *why;

        assert_int_equal(grubtest_evaluate(ragged, 1, test_file, NULL, &why), GRUBTRI_MAYBE);
        assert_string_equal(why, "ragged");
        assert_int_equal(grubtest_evaluate(known, 3, test_file, NULL, &why), GRUBTRI_MAYBE);
        assert_string_equal(why, "unknown");
        assert_int_equal(grubtest_evaluate(NULL, 0, test_file, NULL, &why), GRUBTRI_YES);
        assert_null(why);
}

static void test_depth(void **state _unused_)
{
        struct grubword words[GRUBTEST_DEPTH_MAX + 1];
        const char *why;

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                words[i] = (struct grubword){ .text = (char *)"(" };
        assert_int_equal(grubtest_evaluate(words, ARRAY_SIZE(words), test_file, NULL, &why),
                         GRUBTRI_MAYBE);
        assert_int_equal(grubtest_evaluate(words, ARRAY_SIZE(words) - 1, test_file, NULL, &why),
                         GRUBTRI_YES);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_terms),
                cmocka_unit_test(test_why),
                cmocka_unit_test(test_depth),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
