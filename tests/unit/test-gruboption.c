#include "unit.h"

#include "base/str.h"
#include "parse/gruboption.h"

static const struct gruboption list[] = { { "set", 's', GRUBOPTION_MAYBE_VALUE },
                                          { "file", 'f', GRUBOPTION_VALUE },
                                          { "no-floppy", 'n', GRUBOPTION_FLAG },
                                          { "id", 0, GRUBOPTION_VALUE },
                                          {} };

/* Words apart by one blank. */
static char *describe(const char *line, bool accept_dash)
{
        cleanup_gruboptions struct gruboptions o = { 0 };
        cleanup_grubargs struct grubargs args = { 0 };
        cleanup_free char *text = xstrdup(line);
        struct buf out = { 0 };
        char *next = text;

        while (next) {
                char *word = strsep(&next, " ");

                ARRAY_PUSH(&args.v, &args.n, &args.cap)->text = xstrdup(word);
        }
        if (gruboption_parse(&args, list, accept_dash, &o) < 0)
                return xstrdup("refused");
        for (size_t i = 0; list[i].name; i++)
                if (o.set[i])
                        buf_printf(&out, "%s=%s ", list[i].name, o.value[i] ? o.value[i] : "-");
        for (size_t i = 0; i < o.rest.n; i++)
                buf_printf(&out, "[%s]", o.rest.v[i].text);
        return buf_take(&out);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *line, *strict, *dash;
        } rows[] = {
                { "c", "", "" },
                { "c a - b", "[a][-][b]", "[a][-][b]" },
                { "c --set=root --no-floppy x", "set=root no-floppy=- [x]",
                  "set=root no-floppy=- [x]" },
                { "c --set root x", "set=root [x]", "set=root [x]" },
                { "c --set --no-floppy", "set=- no-floppy=- ", "set=- no-floppy=- " },
                { "c -s root -n x", "set=root no-floppy=- [x]", "set=root no-floppy=- [x]" },
                { "c -ns root", "set=root no-floppy=- ", "set=root no-floppy=- " },
                { "c -sn", "set=- no-floppy=- ", "set=- no-floppy=- " },
                { "c -fn x", "refused", "refused" },
                { "c -f", "refused", "refused" },
                { "c -f -x", "file=-x ", "file=-x " },
                { "c --file -x", "refused", "refused" },
                { "c --file= x", "file= [x]", "file= [x]" },
                { "c --no-floppy=1", "refused", "refused" },
                { "c --other x", "refused", "[--other][x]" },
                { "c -x", "refused", "[-x]" },
                { "c -- --set -n", "[--set][-n]", "[--set][-n]" },
                { "c --id a --id b", "id=b ", "id=b " },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *strict = describe(rows[i].line, false);
                cleanup_free char *dash = describe(rows[i].line, true);

                print_message("# %s\n", rows[i].line);
                assert_string_equal(strict, rows[i].strict);
                assert_string_equal(dash, rows[i].dash);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
