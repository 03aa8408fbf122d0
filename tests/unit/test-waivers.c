#include "unit.h"

#include <errno.h>

#include "waivers.h"

#define HEAD "{\"schema\":\"xen2nitro/waivers/1\",\"waivers\":["
#define ONE  "{\"rule\":\"a\",\"reason\":\"r\",\"owner\":\"o\",\"expires\":\"2026-12-31\"}"

static void test_parse(void **state _unused_)
{
        cleanup_waivers struct waivers w = { 0 };
        struct err err = { 0 };

        assert_int_equal(waivers_parse(SPAN(HEAD ONE ",{\"rule\":\"b\",\"subject\":\"/d*\","
                                                     "\"reason\":\"r\",\"owner\":\"o\","
                                                     "\"expires\":\"2024-02-29\"}]}"),
                                       "f", &w, &err),
                         0);
        assert_string_equal(w.file, "f");
        assert_int_equal(w.n, 2);
        assert_string_equal(w.v[0].rule, "a");
        assert_null(w.v[0].subject);
        assert_string_equal(w.v[1].subject, "/d*");
        assert_string_equal(w.v[1].expires, "2024-02-29");
}

static void test_refused(void **state _unused_)
{
#define DATE(d) HEAD "{\"rule\":\"a\",\"reason\":\"r\",\"owner\":\"o\",\"expires\":\"" d "\"}]}"
#define NO(d)   "f: waivers/0/expires: \"" d "\" is no date, as 2026-12-31"
        static const struct {
                const char *text, *error;
        } rows[] = {
                { "", "f: line 1: the JSON text ends too early" },
                { "[]", "f: not an object" },
                { "{\"waivers\":[]}", "f: schema: not \"xen2nitro/waivers/1\"" },
                { "{\"schema\":\"xen2nitro/waivers/2\",\"waivers\":[]}",
                  "f: schema: not \"xen2nitro/waivers/1\"" },
                { "{\"schema\":\"xen2nitro/waivers/1\"}", "f: waivers: not a list" },
                { "{\"schema\":\"xen2nitro/waivers/1\",\"waivers\":[],\"x\":1}",
                  "f: x: no such key" },
                { HEAD "1]}", "f: waivers/0: not an object" },
                { HEAD ONE ",{}]}", "f: waivers/1: rule is missing" },
                { HEAD "{\"rule\":\"a\",\"reason\":\"r\",\"expires\":\"2026-12-31\"}]}",
                  "f: waivers/0: owner is missing" },
                { HEAD "{\"rule\":\"a\",\"until\":\"x\"}]}", "f: waivers/0/until: no such key" },
                { HEAD "{\"rule\":1}]}", "f: waivers/0/rule: not a text" },
                { HEAD "{\"rule\":null}]}", "f: waivers/0/rule: not a text" },
                { HEAD "{\"rule\":\"\"}]}", "f: waivers/0/rule: not a text" },
                { DATE("2026-12-32"), NO("2026-12-32") },
                { DATE("2026-00-10"), NO("2026-00-10") },
                { DATE("2026-13-10"), NO("2026-13-10") },
                { DATE("2026-02-29"), NO("2026-02-29") },
                { DATE("2100-02-29"), NO("2100-02-29") },
                { DATE("2026-4-01"), NO("2026-4-01") },
                { DATE("31.12.2026"), NO("31.12.2026") },
                { DATE("2026-12-31T00:00:00Z"), NO("2026-12-31T00:00:00Z") },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_waivers struct waivers w = { 0 };
                struct err err = { 0 };

                print_message("# %s\n", rows[i].error);
                assert_true(waivers_parse(span_of(rows[i].text), "f", &w, &err) < 0);
                assert_string_equal(err.text, rows[i].error);
                assert_int_equal(w.n, 0);
        }
}

static void test_too_many(void **state _unused_)
{
        cleanup_waivers struct waivers w = { 0 };
        cleanup_buf struct buf text = { 0 };
        struct err err = { 0 };

        buf_puts(&text, HEAD ONE);
        for (size_t i = 0; i < WAIVERS_MAX; i++)
                buf_puts(&text, "," ONE);
        buf_puts(&text, "]}");
        assert_int_equal(waivers_parse(buf_span(&text), "f", &w, &err), -E2BIG);
        assert_string_equal(err.text, "f: waivers: more than 1000");
}

static void add(struct findings *l, const char *rule, const char *subject, enum outcome outcome)
{
        struct finding *f = findings_add(l, rule, SEVERITY_BLOCKER);

        f->outcome = outcome;
        f->subject = subject ? xstrdup(subject) : NULL;
}

/* One waiver of "mount" over the same findings; what is waived, and what becomes of the waiver. */
static void test_apply(void **state _unused_)
{
        static const struct {
                const char *name, *rule, *subject, *expires;
                const char *waived;
                bool expired, used;
        } rows[] = {
                { "every subject", "mount", NULL, "2026-11-21", "/data /srv", false, true },
                { "its last day", "mount", NULL, "2026-11-20", "/data /srv", false, true },
                { "the day after", "mount", NULL, "2026-11-19", "", true, true },
                { "one subject", "mount", "/data", "2026-11-21", "/data", false, true },
                { "a pattern", "mount", "/s*", "2026-11-21", "/srv", false, true },
                { "a pattern that is about none", "mount", "/x*", "2026-11-21", "", false, false },
                { "what passes is not waived", "mount", "/ok", "2026-11-21", "", false, false },
                { "no subject, and a pattern", "root", "/*", "2026-11-21", "", false, false },
                { "no subject, and any pattern", "root", "*", "2026-11-21", "-", false, true },
                { "another rule", "other", NULL, "2026-11-21", "", false, false },
                { "a rule that was skipped", "skipped", "/x", "2026-11-21", "", false, true },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_findings struct findings l = { 0 };
                cleanup_buf struct buf waived = { 0 };
                struct waiver one = { .rule = (char *)rows[i].rule,
                                      .subject = (char *)rows[i].subject,
                                      .reason = (char *)"why",
                                      .owner = (char *)"who",
                                      .expires = (char *)rows[i].expires };
                struct waivers w = { .v = &one, .n = 1 };

                print_message("# %s\n", rows[i].name);
                add(&l, "mount", "/data", OUTCOME_FAIL);
                add(&l, "mount", "/ok", OUTCOME_PASS);
                add(&l, "mount", "/srv", OUTCOME_UNKNOWN);
                add(&l, "root", NULL, OUTCOME_FAIL);
                add(&l, "skipped", NULL, OUTCOME_SKIPPED);
                waivers_apply(&w, "2026-11-20T12:00:00Z", &l);
                buf_puts(&waived, "");
                for (size_t k = 0; k < l.n; k++) {
                        const struct finding *f = &l.v[k];

                        if (f->outcome != OUTCOME_WAIVED)
                                continue;
                        buf_printf(&waived, "%s%s", waived.len ? " " : "",
                                   f->subject ? f->subject : "-");
                        assert_true(f->was >= OUTCOME_UNKNOWN);
                        assert_string_equal(f->waiver_reason, "why");
                        assert_string_equal(f->waiver_owner, "who");
                        assert_string_equal(f->waiver_expires, rows[i].expires);
                }
                assert_string_equal(waived.data ? waived.data : "", rows[i].waived);
                assert_int_equal(one.expired, rows[i].expired);
                assert_int_equal(one.used, rows[i].used);
        }
}

/* A second waiver of the same finding changes nothing, and is no idle one. */
static void test_twice(void **state _unused_)
{
        cleanup_findings struct findings l = { 0 };
        cleanup_waivers struct waivers w = { 0 };
        struct err err = { 0 };

        add(&l, "a", NULL, OUTCOME_UNKNOWN);
        assert_int_equal(waivers_parse(SPAN(HEAD ONE "," ONE "]}"), "f", &w, &err), 0);
        waivers_apply(&w, "2026-11-20", &l);
        assert_int_equal(l.v[0].outcome, OUTCOME_WAIVED);
        assert_int_equal(l.v[0].was, OUTCOME_UNKNOWN);
        assert_true(w.v[0].used && w.v[1].used);
        assert_int_equal(findings_verdict(&l, true), VERDICT_READY);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),    cmocka_unit_test(test_refused),
                cmocka_unit_test(test_too_many), cmocka_unit_test(test_apply),
                cmocka_unit_test(test_twice),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
