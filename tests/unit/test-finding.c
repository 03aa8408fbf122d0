#include "unit.h"

#include <errno.h>

#include "finding.h"

static void test_names(void **state _unused_)
{
        enum severity s = SEVERITY_INFO;

        assert_int_equal(severity_from_name("blocker", &s), 0);
        assert_int_equal(s, SEVERITY_BLOCKER);
        assert_int_equal(severity_from_name("BLOCKER", &s), -EINVAL);
        assert_int_equal(s, SEVERITY_BLOCKER);
        for (s = 0; s < _SEVERITY_MAX; s++)
                assert_non_null(severity_name(s));
        assert_string_equal(outcome_name(OUTCOME_NOT_APPLICABLE), "not-applicable");
        assert_string_equal(verdict_name(VERDICT_NOT_READY), "not-ready");
}

static void test_evidence(void **state _unused_)
{
        cleanup_findings struct findings l = { 0 };
        struct finding *f = findings_add(&l, "r", SEVERITY_INFO);

        finding_add_evidence(f, "/etc/fstab", 3, "x");
        finding_add_evidence(f, "/etc/fstab", 3, "the same line");
        finding_add_evidence(f, "/etc/fstab", 4, NULL);
        finding_add_evidence(f, "/etc/crypttab", 3, "x");
        assert_int_equal(f->n_evidence, 3);
        assert_string_equal(f->evidence[0].text, "x");
        assert_null(f->evidence[1].text);
}

static void test_sort(void **state _unused_)
{
        static const struct {
                const char *rule;
                enum outcome outcome;
                enum severity severity;
        } in[] = {
                { "skipped", OUTCOME_SKIPPED, SEVERITY_BLOCKER },
                { "pass", OUTCOME_PASS, SEVERITY_BLOCKER },
                { "unknown-info", OUTCOME_UNKNOWN, SEVERITY_INFO },
                { "fail-info", OUTCOME_FAIL, SEVERITY_INFO },
                { "unknown-warning", OUTCOME_UNKNOWN, SEVERITY_WARNING },
                { "fail-blocker-1", OUTCOME_FAIL, SEVERITY_BLOCKER },
                { "not-applicable", OUTCOME_NOT_APPLICABLE, SEVERITY_BLOCKER },
                { "unknown-blocker", OUTCOME_UNKNOWN, SEVERITY_BLOCKER },
                { "fail-warning", OUTCOME_FAIL, SEVERITY_WARNING },
                { "fail-blocker-2", OUTCOME_FAIL, SEVERITY_BLOCKER },
        };
        static const char *const out[ARRAY_SIZE(in)] = {
                "fail-blocker-1",  "fail-blocker-2", "fail-warning", "unknown-blocker",
                "unknown-warning", "fail-info",      "unknown-info", "pass",
                "not-applicable",  "skipped",
        };
        cleanup_findings struct findings l = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(in); i++)
                findings_add(&l, in[i].rule, in[i].severity)->outcome = in[i].outcome;
        findings_sort(&l);
        for (size_t i = 0; i < ARRAY_SIZE(out); i++)
                assert_string_equal(l.v[i].rule, out[i]);
        assert_int_equal(findings_count(&l, OUTCOME_FAIL), 4);
        assert_int_equal(findings_count_at(&l, OUTCOME_FAIL, SEVERITY_BLOCKER), 2);
}

static void test_verdict(void **state _unused_)
{
        static const struct {
                const char *name;
                enum outcome outcome;
                enum severity severity;
                enum verdict verdict, strict;
        } rows[] = {
                { "failed blocker", OUTCOME_FAIL, SEVERITY_BLOCKER, VERDICT_NOT_READY,
                  VERDICT_NOT_READY },
                { "failed warning", OUTCOME_FAIL, SEVERITY_WARNING, VERDICT_READY,
                  VERDICT_NOT_READY },
                { "failed info", OUTCOME_FAIL, SEVERITY_INFO, VERDICT_READY, VERDICT_READY },
                { "unknown blocker", OUTCOME_UNKNOWN, SEVERITY_BLOCKER, VERDICT_UNDETERMINED,
                  VERDICT_UNDETERMINED },
                { "unknown warning", OUTCOME_UNKNOWN, SEVERITY_WARNING, VERDICT_READY,
                  VERDICT_UNDETERMINED },
                { "skipped blocker", OUTCOME_SKIPPED, SEVERITY_BLOCKER, VERDICT_UNDETERMINED,
                  VERDICT_UNDETERMINED },
                { "passed blocker", OUTCOME_PASS, SEVERITY_BLOCKER, VERDICT_READY, VERDICT_READY },
                { "not applicable", OUTCOME_NOT_APPLICABLE, SEVERITY_BLOCKER, VERDICT_READY,
                  VERDICT_READY },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_findings struct findings l = { 0 };

                print_message("# %s\n", rows[i].name);
                findings_add(&l, "r", rows[i].severity)->outcome = rows[i].outcome;
                assert_int_equal(findings_verdict(&l, false), rows[i].verdict);
                assert_int_equal(findings_verdict(&l, true), rows[i].strict);
                /* Whatever stands beside it, a failed blocker decides. */
                findings_add(&l, "bad", SEVERITY_BLOCKER)->outcome = OUTCOME_FAIL;
                assert_int_equal(findings_verdict(&l, false), VERDICT_NOT_READY);
        }
        assert_int_equal(verdict_exit_code(VERDICT_READY), 0);
        assert_int_equal(verdict_exit_code(VERDICT_NOT_READY), 1);
        assert_int_equal(verdict_exit_code(VERDICT_UNDETERMINED), 3);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_names),
                cmocka_unit_test(test_evidence),
                cmocka_unit_test(test_sort),
                cmocka_unit_test(test_verdict),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
