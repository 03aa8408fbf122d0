/* A name in a line of a file, replaced by what the facts say, and nothing else. */
#include "unit.h"

#include "fixes/names.h"

#define LIST "/crypttab/devices"
#define FILE "/etc/crypttab"

static const char *const clears[] = { "crypttab-device-name", NULL };
static const struct fix fix = { .id = "x", .title = "x", .clears = clears };

struct row {
        const char *name, *before, *value, *fix_value, *problem;
        const char *after; /* NULL: nothing is planned */
        const char *left;  /* why, or "" */
};

static void add_finding(struct findings *l, const char *value)
{
        struct finding *f = findings_add(l, clears[0], SEVERITY_BLOCKER);

        f->outcome = OUTCOME_FAIL;
        f->subject = xstrdup(value);
        f->message = xstrdup("the message");
        f->fix = xstrdup("the fix");
        finding_add_evidence(f, FILE, 2, "the line");
}

static struct facts *make_facts(const struct row *row)
{
        struct facts *f = facts_new();

        facts_set_evidence(f, LIST "/0", FILE, 2, SPAN("the line"));
        facts_set_str(f, row->value, LIST "/0/value");
        facts_set_str(f, row->fix_value, LIST "/0/fix_value");
        facts_set_str(f, row->problem, LIST "/0/fix_problem");
        facts_freeze(f);
        return f;
}

static void check(const struct row *row, const char *dir)
{
        cleanup_volume struct volume *v = NULL;
        cleanup_findings struct findings findings = { 0 };
        cleanup_facts struct facts *facts = make_facts(row);
        cleanup_plan struct plan *plan = NULL;
        struct fix_context context = { .facts = facts, .findings = &findings, .fix = &fix };
        struct err err = { 0 };

        unit_write_text(dir, "etc/crypttab", row->before);
        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &v, &err), 0);
        plan = plan_new(v);
        context.plan = plan;
        context.volume = plan_volume(plan);
        add_finding(&findings, row->value);
        names_plan(&context, LIST, "value");
        if (plan_count(plan) != (row->after ? 1u : 0u))
                print_error("%s\n", row->name);
        assert_int_equal(plan_count(plan), row->after ? 1 : 0);
        if (row->after)
                assert_string_equal(plan_get(plan, 0)->after.data, row->after);
        assert_string_equal(plan_left_count(plan) ? plan_left_get(plan, 0)->reason : "", row->left);
}

static void test_rows(void **state _unused_)
{
        static const struct row rows[] = {
                { "a word of a line", "# /dev/xvdf\na\t/dev/xvdf  key\n/dev/xvdf\n", "/dev/xvdf",
                  "UUID=1", NULL, "# /dev/xvdf\na\tUUID=1  key\n/dev/xvdf\n", "" },
                { "not a part of another", "\n/dev/xvdf1 /dev/xvdf\r\n", "/dev/xvdf", "UUID=1",
                  NULL, "\n/dev/xvdf1 UUID=1\r\n", "" },
                { "behind an equals sign, at the end of the file", "\nWhat=/dev/xvdf", "/dev/xvdf",
                  "UUID=1", NULL, "\nWhat=UUID=1", "" },
                { "in quotes, between colons", "\n\"x:/dev/xvdf:y\"\n", "/dev/xvdf", "UUID=1", NULL,
                  "\n\"x:UUID=1:y\"\n", "" },
                { "twice", "\n/dev/xvdf /dev/xvdf\n", "/dev/xvdf", "UUID=1", NULL, NULL,
                  "the name is written in a way that is not edited" },
                { "only as a part", "\n/dev/xvdf1 /dev/xvdf_x /x/dev/xvdf\n", "/dev/xvdf", "UUID=1",
                  NULL, NULL, "the name is written in a way that is not edited" },
                { "no such line", "/dev/xvdf\n", "/dev/xvdf", "UUID=1", NULL, NULL,
                  "the name is written in a way that is not edited" },
                { "what to write is not certain", "\n/dev/xvdf\n", "/dev/xvdf", NULL, "no UUID",
                  NULL, "no UUID" },
                { "there is nothing to write", "\n/dev/xvdf\n", "/dev/xvdf", NULL, NULL, NULL,
                  "the message" },
        };
        char *dir = unit_temp_dir();

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
                check(&rows[i], dir);
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
