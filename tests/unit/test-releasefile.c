#include "unit.h"

#include "parse/releasefile.h"

static void test_files(void **state _unused_)
{
        static const struct {
                const char *text, *want; /* id|version|name */
        } rows[] = {
                { "CentOS release 6.10 (Final)\n", "centos|6.10|CentOS release 6.10 (Final)" },
                { "CentOS Linux release 7.2.1511 (Core) \n",
                  "centos|7.2.1511|CentOS Linux release 7.2.1511 (Core)" },
                { "Red Hat Enterprise Linux Server release 5.11 (Tikanga)\n",
                  "rhel|5.11|Red Hat Enterprise Linux Server release 5.11 (Tikanga)" },
                { "Oracle Linux Server release 6.5\n", "ol|6.5|Oracle Linux Server release 6.5" },
                { "Amazon Linux AMI release 2015.03\n",
                  "amzn|2015.03|Amazon Linux AMI release 2015.03" },
                { "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n",
                  "sles|11.4|SUSE Linux Enterprise Server 11 (x86_64)" },
                { "SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 0\n",
                  "sles|12|SUSE Linux Enterprise Server 12 (x86_64)" },
                { "6.0.10\n", "debian|6.0.10|Debian GNU/Linux 6.0.10" },
                { "CentOS Stream\n", "centos|-|CentOS Stream" },
                { "jessie/sid\n", "" },
                { "Some other release 1.0\n", "" },
                { "", "" },
                { "\n", "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct osrelease o = { 0 };
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].text);
                text = releasefile_parse(span_of(rows[i].text), &o)
                               ? xasprintf("%s|%s|%s", o.id, o.version_id ? o.version_id : "-",
                                           o.pretty_name)
                               : xstrdup("");
                assert_string_equal(text, rows[i].want);
                osrelease_done(&o);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_files) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
