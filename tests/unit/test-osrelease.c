#include "unit.h"

#include "parse/osrelease.h"

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *id, *version_id, *pretty_name;
                size_t odd_line;
        } rows[] = {
                { "empty", "", NULL, NULL, NULL, 0 },
                { "debian",
                  "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\n"
                  "VERSION_ID=\"12\"\nID=debian\nHOME_URL=\"https://www.debian.org/\"\n",
                  "debian", "12", "Debian GNU/Linux 12 (bookworm)", 0 },
                { "testing has no version", "ID=debian\n", "debian", NULL, NULL, 0 },
                { "single quotes", "ID='ubuntu'\nVERSION_ID='14.04'\n", "ubuntu", "14.04", NULL,
                  0 },
                { "crlf and no final newline", "ID=debian\r\nVERSION_ID=12", "debian", "12", NULL,
                  0 },
                { "comments and blanks", "# ID=x\n\n  ID=debian  \nVERSION_ID=1 # x\n", "debian",
                  "1", NULL, 0 },
                { "escapes in double quotes", "PRETTY_NAME=\"a\\\"b\\\\c\\$d\\e\"\n", NULL, NULL,
                  "a\"b\\c$d\\e", 0 },
                { "no escapes in single quotes", "PRETTY_NAME='a\\b'\n", NULL, NULL, "a\\b", 0 },
                { "escapes outside", "PRETTY_NAME=a\\ b\n", NULL, NULL, "a b", 0 },
                { "pieces joined", "PRETTY_NAME=a\"b c\"'d'\n", NULL, NULL, "ab cd", 0 },
                { "the last one counts", "ID=a\nID=b\n", "b", NULL, NULL, 0 },
                { "empty value", "ID=\n", "", NULL, NULL, 0 },
                { "other names", "MYID=a\nID_LIKE=b\n", NULL, NULL, NULL, 0 },
                { "open quote", "ID=debian\nVERSION_ID=\"12\nX=1\n", "debian", NULL, NULL, 2 },
                { "expansion", "ID=$X\n", NULL, NULL, NULL, 1 },
                { "a command", "ID=debian reboot\n", NULL, NULL, NULL, 1 },
                { "no assignment", "ID\nVERSION_ID=1\n", NULL, "1", NULL, 1 },
                { "blank before =", "ID =debian\n", NULL, NULL, NULL, 1 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_osrelease struct osrelease o = { 0 };

                print_message("# %s\n", rows[i].name);
                osrelease_parse(span_of(rows[i].text), &o);
                assert_string_equal(o.id ? o.id : "-", rows[i].id ? rows[i].id : "-");
                assert_string_equal(o.version_id ? o.version_id : "-",
                                    rows[i].version_id ? rows[i].version_id : "-");
                assert_string_equal(o.pretty_name ? o.pretty_name : "-",
                                    rows[i].pretty_name ? rows[i].pretty_name : "-");
                assert_int_equal(o.odd_line, rows[i].odd_line);
        }
}

static void test_nul(void **state _unused_)
{
        cleanup_osrelease struct osrelease o = { 0 };

        osrelease_parse(SPAN("ID=de\0bian\n"), &o);
        assert_null(o.id);
        assert_int_equal(o.odd_line, 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_nul),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
