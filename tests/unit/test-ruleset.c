#include "unit.h"

#include <errno.h>
#include "probe/probe.h"
#include "rule/ruleset.h"

#define RULE_JSON(id, area, rest)                                            \
        "{\"id\":\"" id "\",\"area\":\"" area "\",\"severity\":\"warning\"," \
        "\"title\":\"T\",\"pass\":\"passed\",\"explain\":[\"one\",\"two\"]," rest "}\n"
#define FAIL_IF(path) "\"fail\":[{\"if\":{\"exists\":\"" path "\"},\"message\":\"failed\"}]"

static const struct fact_decl decls[] = {
        { "/a/text", FACT_STRING, "" },
        { "/a/number", FACT_INT, "" },
        { "/a/flag", FACT_BOOL, "" },
        { "/list", FACT_ARRAY, "" },
        { "/list/*/file", FACT_STRING, "" },
        { "/list/*/line", FACT_INT, "" },
        { "/list/*/text", FACT_STRING, "" },
        { "/words", FACT_ARRAY, "" },
        { "/words/*", FACT_STRING, "" },
        { "/seen/file", FACT_STRING, "" },
        {},
};

/* For a test a `*` need only stand for itself. */
static const struct fact_decl *find_decl(const char *path)
{
        for (const struct fact_decl *d = decls; d->path; d++)
                if (streq(d->path, path))
                        return d;
        return NULL;
}

static char *join(const struct strv *l)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < l->n; i++)
                buf_printf(&out, "%s\n", l->v[i]);
        return buf_take(&out);
}

static void test_builtin(void **state _unused_)
{
        cleanup_ruleset struct ruleset *set = NULL;
        struct err err = { 0 };
        const struct rule *before = NULL;

        assert_int_equal(ruleset_load(NULL, NULL, &set, &err), 0);
        assert_true(ruleset_count(set) >= 11);
        for (size_t i = 0; i < ruleset_count(set); i++) {
                const struct rule *rule = ruleset_get(set, i);
                cleanup_free char *origin = xasprintf("rules/%s/%s.json", rule->area, rule->id);

                assert_string_equal(rule->origin, origin);
                assert_ptr_equal(ruleset_find(set, rule->id), rule);
                assert_true(rule->links.n > 0);
                assert_true(!before || strcmp(before->area, rule->area) < 0 ||
                            (streq(before->area, rule->area) && strcmp(before->id, rule->id) < 0));
                before = rule;
        }
        assert_null(ruleset_find(set, "no-such-rule"));
}

/* Every fact a built-in rule asks for is one that a probe declares, and of the right type. */
static void test_builtin_lint(void **state _unused_)
{
        cleanup_strv struct strv mistakes = { 0 };
        cleanup_free char *all = NULL;

        ruleset_lint(NULL, NULL, probe_find_decl, &mistakes);
        all = join(&mistakes);
        assert_string_equal(all, "");
}

/* Nothing is known: no rule may pass, and none may be lost. */
static void test_no_facts(void **state _unused_)
{
        cleanup_ruleset struct ruleset *set = NULL;
        cleanup_facts struct facts *facts = facts_new();
        cleanup_findings struct findings findings = { 0 };
        struct err err = { 0 };

        assert_int_equal(ruleset_load(NULL, NULL, &set, &err), 0);
        facts_freeze(facts);
        ruleset_evaluate(set, facts, NULL, NULL, &findings);
        assert_int_equal(findings.n, ruleset_count(set));
        assert_int_equal(findings_count(&findings, OUTCOME_UNKNOWN), findings.n);
        assert_int_equal(findings_verdict(&findings, false), VERDICT_UNDETERMINED);
}

static void test_only_and_skip(void **state _unused_)
{
        static const struct {
                const char *name, *only, *skip;
                size_t left;
        } rows[] = {
                { "all", NULL, NULL, 2 },
                { "only one", "x-one", NULL, 1 },
                { "skip one", NULL, "x-one", 1 },
                { "only and skip the same", "x-one", "x-one", 0 },
        };
        char *dir = unit_temp_dir();
        cleanup_ruleset struct ruleset *set = NULL;
        cleanup_facts struct facts *facts = facts_new();
        struct err err = { 0 };

        unit_write_text(dir, "x-one.json", RULE_JSON("x-one", "x", FAIL_IF("/none")));
        unit_write_text(dir, "x-two.json", RULE_JSON("x-two", "x", FAIL_IF("/none")));
        facts_set_null(facts, "/none");
        facts_freeze(facts);
        assert_int_equal(ruleset_load(dir, NULL, &set, &err), 0);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_findings struct findings findings = { 0 };
                cleanup_strv struct strv only = { 0 }, skip = { 0 };

                print_message("# %s\n", rows[i].name);
                if (rows[i].only)
                        strv_push(&only, rows[i].only);
                if (rows[i].skip)
                        strv_push(&skip, rows[i].skip);
                ruleset_evaluate(set, facts, &only, &skip, &findings);
                assert_int_equal(findings_count(&findings, OUTCOME_PASS), rows[i].left);
                assert_int_equal(findings.n, ruleset_count(set));
        }
        unit_remove_tree(dir);
}

static void test_override(void **state _unused_)
{
        char *local = unit_temp_dir(), *extra = unit_temp_dir();
        cleanup_strv struct strv dirs = { 0 };
        cleanup_ruleset struct ruleset *set = NULL;
        cleanup_free char *origin = xasprintf("%s/x-one.json", extra);
        const struct rule *rule;
        struct err err = { 0 };

        strv_push(&dirs, extra);
        unit_write_text(local, "x-one.json", RULE_JSON("x-one", "local", FAIL_IF("/a")));
        unit_write_text(local, "already-nitro.json",
                        RULE_JSON("already-nitro", "local", FAIL_IF("/a")));
        unit_write_text(local, "README", "no rule");
        unit_write_text(local, ".hidden.json", "no rule");
        unit_write_text(extra, "x-one.json", RULE_JSON("x-one", "extra", FAIL_IF("/a")));
        assert_int_equal(ruleset_load(local, &dirs, &set, &err), 0);
        rule = ruleset_find(set, "x-one");
        assert_string_equal(rule->area, "extra");
        assert_string_equal(rule->origin, origin);
        assert_string_equal(rule->explain, "one\n\ntwo");
        assert_string_equal(ruleset_find(set, "already-nitro")->area, "local");
        unit_remove_tree(local);
        unit_remove_tree(extra);
}

static void test_load_refuses(void **state _unused_)
{
        static const struct {
                const char *name, *file, *text, *error;
        } rows[] = {
                { "not json", "x.json",
                  "{\"id\":", "x.json: line 1: the JSON text ends too early" },
                { "a list", "x.json", "[]\n", "x.json: is not a JSON object" },
                { "empty file", "x.json", "", "x.json: line 1: the JSON text ends too early" },
                { "one mistake", "x.json", RULE_JSON("x", "x", FAIL_IF("a")),
                  "x.json: fail/0/if/exists: \"a\" does not begin with a slash, and there is no "
                  "\"each\"" },
                { "two mistakes", "x.json", RULE_JSON("x", "X", FAIL_IF("a")),
                  "x.json: area: must be lower case words with hyphens between them "
                  "(and 1 more: xen2nitro rules lint)" },
                { "a file that is none", "x.json/y", "", "x.json: is not a regular file" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_strv struct strv dirs = { 0 };
                struct ruleset *set = NULL;
                struct err err = { 0 };

                print_message("# %s\n", rows[i].name);
                strv_push(&dirs, dir);
                unit_write_text(dir, rows[i].file, rows[i].text);
                assert_int_equal(ruleset_load(NULL, &dirs, &set, &err), -EINVAL);
                assert_memory_equal(err.text, dir, strlen(dir));
                assert_string_equal(err.text + strlen(dir) + 1, rows[i].error);
                assert_null(set);
                unit_remove_tree(dir);
        }
}

static void test_too_large(void **state _unused_)
{
        char *dir = unit_temp_dir(), *blanks = xmalloc(RULE_FILE_MAX + 1);
        struct ruleset *set = NULL;
        struct err err = { 0 };
        cleanup_free char *expected = xasprintf("%s/x.json: File too large", dir);

        memset(blanks, ' ', RULE_FILE_MAX + 1);
        unit_write(dir, "x.json", blanks, RULE_FILE_MAX + 1);
        assert_int_equal(ruleset_load(dir, NULL, &set, &err), -EINVAL);
        assert_string_equal(err.text, expected);
        free(blanks);
        unit_remove_tree(dir);
}

/* The machine's own directory need not be there; one that was asked for must. */
static void test_missing_dir(void **state _unused_)
{
        cleanup_strv struct strv dirs = { 0 };
        cleanup_ruleset struct ruleset *set = NULL;
        struct ruleset *none = NULL;
        struct err err = { 0 };

        strv_push(&dirs, "/no/such/dir");
        assert_int_equal(ruleset_load("/no/such/dir", NULL, &set, &err), 0);
        assert_int_equal(ruleset_load(NULL, &dirs, &none, &err), -EINVAL);
        assert_string_equal(err.text, "/no/such/dir: No such file or directory");
}

static void test_lint(void **state _unused_)
{
        static const struct {
                const char *name, *rest, *mistakes;
        } rows[] = {
                { "nothing wrong",
                  "\"each\":\"/list\",\"none\":\"{/words}\",\"evidence\":[\".\",\"/list\",\"/seen\"],"
                  "\"fail\":[{\"if\":{\"all\":[{\"fact\":\"text\",\"ne\":\"x\"},{\"fact\":\"line\","
                  "\"in\":[1]},{\"fact\":\"/a/flag\",\"eq\":true},{\"exists\":\"/seen\"},{\"empty\":"
                  "\"/words\"},{\"fact\":\"/a/number\",\"lt\":7}]},\"message\":\"{text} {line}\"}]",
                  "" },
                { "no probe provides it", FAIL_IF("/a/txt"),
                  "fail/0/if/exists: no probe provides /a/txt\n" },
                { "in an element", "\"each\":\"/list\",\"none\":\"n\"," FAIL_IF("kind"),
                  "fail/0/if/exists: no probe provides /list/*/kind\n" },
                { "in a text", "\"subject\":\"{/x} {/seen}\"," FAIL_IF("/a/text"),
                  "subject: no probe provides /x\n"
                  "subject: /seen is an object, which does not fit here\n" },
                { "each over something else: only that",
                  "\"each\":\"/a/text\",\"none\":\"n\",\"evidence\":[\".\"]," FAIL_IF("kind"),
                  "each: /a/text is a string, which does not fit here\n" },
                { "evidence that is none",
                  "\"evidence\":[\"/a/text\",\"/words\",\"/y\"]," FAIL_IF("/a/text"),
                  "evidence/0: /a/text is a string, which does not fit here\n"
                  "evidence/1: /words has no evidence\n"
                  "evidence/2: no probe provides /y\n" },
                { "values of another type",
                  "\"fail\":[{\"if\":{\"any\":[{\"fact\":\"/a/text\",\"eq\":1},{\"fact\":\"/a/number\","
                  "\"in\":[\"1\"]},{\"fact\":\"/a/flag\",\"ge\":0},{\"fact\":\"/a/number\",\"glob\":"
                  "\"1*\"},{\"fact\":\"/words\",\"eq\":\"x\"},{\"empty\":\"/a/text\"}]},\"message\":"
                  "\"m\"}]",
                  "fail/0/if/any/0/fact: /a/text is a string, which does not fit here\n"
                  "fail/0/if/any/1/fact: /a/number is a number, which does not fit here\n"
                  "fail/0/if/any/2/fact: /a/flag is true or false, which does not fit here\n"
                  "fail/0/if/any/3/fact: /a/number is a number, which does not fit here\n"
                  "fail/0/if/any/4/fact: /words is a list, which does not fit here\n"
                  "fail/0/if/any/5/empty: /a/text is a string, which does not fit here\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_strv struct strv mistakes = { 0 }, own = { 0 };
                cleanup_free char *text = xasprintf(RULE_JSON("x", "x", "%s"), rows[i].rest);
                cleanup_free char *file = xasprintf("%s/x.json: ", dir), *all = NULL;

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, "x.json", text);
                ruleset_lint(dir, NULL, find_decl, &mistakes);
                for (size_t k = 0; k < mistakes.n; k++)
                        if (str_startswith(mistakes.v[k], file))
                                strv_push(&own, mistakes.v[k] + strlen(file));
                all = join(&own);
                assert_string_equal(all, rows[i].mistakes);
                unit_remove_tree(dir);
        }
}

/* Links are for those who must read on. */
static void test_links(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_ruleset struct ruleset *set = NULL;
        cleanup_facts struct facts *facts = facts_new();
        cleanup_findings struct findings findings = { 0 };
        cleanup_strv struct strv only = { 0 };
        struct err err = { 0 };

        strv_push(&only, "x");
        unit_write_text(
                dir, "x.json",
                RULE_JSON("x", "x",
                          "\"each\":\"/list\",\"none\":\"none\",\"links\":[\"https://x\"],"
                          "\"fail\":[{\"if\":{\"fact\":\".\",\"eq\":1},\"message\":\"m\"}]"));
        facts_set_int(facts, 1, "/list/0");
        facts_set_str(facts, "not a number", "/list/1");
        facts_set_int(facts, 2, "/list/2");
        facts_freeze(facts);
        assert_int_equal(ruleset_load(dir, NULL, &set, &err), 0);
        ruleset_evaluate(set, facts, &only, NULL, &findings);
        assert_int_equal(findings.v[0].outcome, OUTCOME_FAIL);
        assert_string_equal(findings.v[0].links.v[0], "https://x");
        assert_int_equal(findings.v[1].outcome, OUTCOME_UNKNOWN);
        assert_int_equal(findings.v[1].links.n, 1);
        assert_int_equal(findings.v[2].outcome, OUTCOME_PASS);
        assert_int_equal(findings.v[2].links.n, 0);
        unit_remove_tree(dir);
}

/* Findings of one rule are capped, and what is left out is not forgotten. */
static void test_many_elements(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_ruleset struct ruleset *set = NULL;
        cleanup_facts struct facts *facts = facts_new();
        cleanup_findings struct findings findings = { 0 };
        cleanup_strv struct strv only = { 0 };
        struct err err = { 0 };

        strv_push(&only, "x");
        unit_write_text(
                dir, "x.json",
                RULE_JSON("x", "x",
                          "\"each\":\"/list\",\"none\":\"none\",\"fail\":[{\"if\":{\"fact\":"
                          "\".\",\"eq\":1},\"message\":\"m\"}]"));
        for (int i = 0; i < 1001; i++)
                facts_set_int(facts, 0, "/list/%d", i);
        facts_freeze(facts);
        assert_int_equal(ruleset_load(dir, NULL, &set, &err), 0);
        ruleset_evaluate(set, facts, &only, NULL, &findings);
        assert_int_equal(findings_count(&findings, OUTCOME_PASS), 1000);
        assert_int_equal(findings.v[0].outcome, OUTCOME_UNKNOWN);
        assert_string_equal(findings.v[0].message, "cannot tell: /list has 1001 entries, of which "
                                                   "the first 1000 were looked at");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_builtin),       cmocka_unit_test(test_builtin_lint),
                cmocka_unit_test(test_no_facts),      cmocka_unit_test(test_only_and_skip),
                cmocka_unit_test(test_override),      cmocka_unit_test(test_load_refuses),
                cmocka_unit_test(test_too_large),     cmocka_unit_test(test_missing_dir),
                cmocka_unit_test(test_lint),          cmocka_unit_test(test_links),
                cmocka_unit_test(test_many_elements),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
