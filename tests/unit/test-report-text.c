#include "unit.h"

#include "report/report.h"

static const struct waivers no_waivers;

/* A report with one finding of each kind; the same for every row. */
static void fill(struct facts *facts, struct findings *findings)
{
        struct finding *f;

        facts_set_str(facts, "Debian GNU/Linux 9 (stretch)", "/os/name");
        facts_set_str(facts, "Debian GNU/Linux", "/boot/entry/title");
        facts_set_str(facts, "4.9.0-8-amd64", "/boot/kernel/release");
        facts_problem(facts, "/etc/fstab", "line 3 has one field");
        facts_freeze(facts);

        f = findings_add(findings, "clocksource-xen", SEVERITY_WARNING);
        f->outcome = OUTCOME_PASS;
        f->message = xstrdup("nothing asks for the xen clock source");
        f = findings_add(findings, "net-predictable-rename", SEVERITY_BLOCKER);
        f->outcome = OUTCOME_UNKNOWN;
        f->message = xstrdup("cannot tell: /etc/netplan/50.yaml is not understood");
        finding_add_evidence(f, "/etc/netplan/50.yaml", 0, NULL);
        f = findings_add(findings, "net-other", SEVERITY_WARNING);
        f->outcome = OUTCOME_UNKNOWN;
        f->subject = xstrdup("ens5");
        f->message =
                xstrdup("cannot tell: names are not known: /etc/netplan/50.yaml is not understood");
        f = findings_add(findings, "fstab-device-name", SEVERITY_BLOCKER);
        f->outcome = OUTCOME_FAIL;
        f->subject = xstrdup("/data\033[2J");
        f->message =
                xstrdup("/data is mounted from /dev/xvdf1, a name that does not exist on Nitro");
        f->consequence = xstrdup("The machine stops in emergency mode.");
        f->fix = xstrdup("Write UUID=1234 in place of /dev/xvdf1.");
        finding_add_evidence(f, "/etc/fstab", 7, "/dev/xvdf1 /data xfs defaults 0 2");
        strv_push(&f->links, "https://example.com/a");
        strv_push(&f->links, "https://example.com/b");
        findings_sort(findings);
}

static void test_write(void **state _unused_)
{
        static const struct {
                const char *name;
                bool color, verbose, quiet;
                const char *expected;
        } rows[] = {
                { "quiet", false, false, true,
                  "NOT READY  /mnt/vol: do not move it to Nitro yet\n" },
                { "quiet, in colour", true, false, true,
                  "\033[1;31mNOT READY\033[0m  /mnt/vol: do not move it to Nitro yet\n" },
                { "verbose", false, true, false,
                  "NOT READY  /mnt/vol: do not move it to Nitro yet\n"
                  "  System   Debian GNU/Linux 9 (stretch)\n"
                  "  Boots    \"Debian GNU/Linux\", kernel 4.9.0-8-amd64\n"
                  "  Checks   1 blocker, 2 unknown, 1 pass\n"
                  "\n"
                  "BLOCKER  fstab-device-name  /data\\x1b[2J\n"
                  "  /data is mounted from /dev/xvdf1, a name that does not exist on Nitro\n"
                  "    > /etc/fstab:7: /dev/xvdf1 /data xfs defaults 0 2\n"
                  "  Then  The machine stops in emergency mode.\n"
                  "  Fix   Write UUID=1234 in place of /dev/xvdf1.\n"
                  "  See   https://example.com/a\n"
                  "\n"
                  "UNKNOWN  net-predictable-rename\n"
                  "  cannot tell: /etc/netplan/50.yaml is not understood\n"
                  "    > /etc/netplan/50.yaml\n"
                  "  Nor can, for the same reason:  net-other ens5\n"
                  "\n"
                  "  pass           clocksource-xen: nothing asks for the xen clock source\n"
                  "\n"
                  "Met on the way\n"
                  "  - /etc/fstab: line 3 has one field\n"
                  "\n"
                  "\"xen2nitro explain RULE\" tells what a rule means and how to mend it by hand.\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *facts = facts_new();
                cleanup_findings struct findings findings = { 0 };
                cleanup_buf struct buf out = { 0 };

                print_message("# %s\n", rows[i].name);
                fill(facts, &findings);
                report_format_find("text")->write(
                        &(struct report){ .facts = facts,
                                          .findings = &findings,
                                          .waivers = &no_waivers,
                                          .verdict = findings_verdict(&findings, false),
                                          .source = "/mnt/vol",
                                          .generated_at = "2026-01-01T00:00:00Z",
                                          .color = rows[i].color,
                                          .verbose = rows[i].verbose,
                                          .quiet = rows[i].quiet },
                        &out);
                assert_string_equal(out.data, rows[i].expected);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_write) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
