/*
 * Runs tests/expr/NAME.test: a condition or a rule, facts, and what comes out. One TAP line per
 * case, and one per built-in rule that says whether its cases show every outcome it can have.
 * UPDATE=1 writes the results into the files; the difference is then the review.
 *
 *     # name of the case
 *     rule ID                    a built-in rule; or one of these:
 *     judge RULE                 a rule of which only what matters is written down
 *     expr CONDITION
 *     expr ELEMENT-PATH CONDITION
 *     /path = JSON
 *     /path @ FILE:LINE TEXT     evidence
 *     /path ? FILE REASON        not known; FILE may be -
 *     => what comes out, an empty line after it
 */
#include <glob.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/jsonx.h"
#include "base/xalloc.h"
#include "rule/rule.h"

struct run {
        const struct ruleset *rules;
        const char *file;
        unsigned tests, failed;
        /* Per rule, bits of the outcomes seen. */
        uint32_t *seen;
};

struct testcase {
        char *name, *subject; /* subject: the "rule" or "expr" line; NULL while no case is open */
        struct facts *facts;
        struct buf expected;
};

static uint32_t outcome_bit(enum outcome outcome, enum severity severity)
{
        bool graded = outcome == OUTCOME_FAIL || outcome == OUTCOME_UNKNOWN;

        return 1u << (outcome * _SEVERITY_MAX + (graded ? severity : 0));
}

static void tap(struct run *run, bool ok, const char *name)
{
        run->failed += !ok;
        printf("%sok %u - %s: %s\n", ok ? "" : "not ", ++run->tests, run->file, name);
}

static void put_indented(struct buf *out, const char *label, const char *text)
{
        if (text)
                buf_printf(out, "   %s %s\n", label, text);
}

static void put_finding(struct buf *out, const struct finding *f)
{
        buf_printf(out, "=> %s", outcome_name(f->outcome));
        if (f->outcome == OUTCOME_FAIL || f->outcome == OUTCOME_UNKNOWN)
                buf_printf(out, " %s", severity_name(f->severity));
        buf_printf(out, " [%s] %s\n", f->subject ? f->subject : "", f->message);
        for (size_t i = 0; i < f->n_evidence; i++)
                buf_printf(out, "   at %s:%llu\n", f->evidence[i].file,
                           (unsigned long long)f->evidence[i].line);
        put_indented(out, "then", f->consequence);
        put_indented(out, "fix", f->fix);
}

static void put_findings(struct buf *out, const struct findings *findings)
{
        for (size_t i = 0; i < findings->n; i++)
                put_finding(out, &findings->v[i]);
}

static void run_rule(struct run *run, const char *id, const struct facts *facts, struct buf *out)
{
        const struct rule *rule = ruleset_find(run->rules, id);
        cleanup_findings struct findings findings = { 0 };
        size_t index;

        if (!rule) {
                buf_printf(out, "no rule %s\n", id);
                return;
        }
        index = (size_t)(rule - ruleset_get(run->rules, 0));
        rule_evaluate(rule, facts, &findings);
        for (size_t i = 0; i < findings.n; i++)
                run->seen[index] |= outcome_bit(findings.v[i].outcome, findings.v[i].severity);
        put_findings(out, &findings);
}

/* The members of `text` and, for those it has not, the simplest that will do. */
static void run_judge(const char *text, const struct facts *facts, struct buf *out)
{
        static const char rest[] = "\"id\":\"t\",\"area\":\"a\",\"severity\":\"blocker\","
                                   "\"title\":\"T\",\"pass\":\"passed\",\"explain\":[\"x\"],";
        cleanup_free char *whole = xasprintf("{%s%s", rest, text + 1);
        cleanup_findings struct findings findings = { 0 };
        cleanup_strv struct strv mistakes = { 0 };
        struct rule rule;

        rule_parse(span_of(whole), "dir/t.json", NULL, &rule, &mistakes);
        for (size_t i = 0; i < mistakes.n; i++)
                buf_printf(out, "=> %s\n", mistakes.v[i]);
        if (mistakes.n == 0)
                rule_evaluate(&rule, facts, &findings);
        put_findings(out, &findings);
        rule_done(&rule);
}

static void run_expr(const char *text, const struct facts *facts, struct buf *out)
{
        static const char *const words[] = { "false", "unknown", "true" };
        cleanup_strv struct strv mistakes = { 0 }, doubts = { 0 };
        cleanup_free char *element = NULL;
        cleanup_json struct json_object *json = NULL;
        size_t n = text[0] == '/' ? strcspn(text, " ") : 0;
        struct lint lint = { "expr", NULL, n ? "/any" : NULL, &mistakes };
        struct scope scope = { facts, NULL };
        struct expr e = { 0 };
        struct err err = { 0 };

        if (n)
                scope.element = element = xmemdup0(text, n);
        if (jsonx_parse(span_of(text + n), &json, &err) < 0)
                buf_printf(out, "%s\n", err.text);
        else
                expr_parse(json, &(struct place){ .lint = &lint }, &e);
        for (size_t i = 0; i < mistakes.n; i++)
                buf_printf(out, "=> %s\n", mistakes.v[i]);
        if (mistakes.n == 0 && json) {
                buf_printf(out, "=> %s\n", words[expr_eval(&e, &scope)]);
                expr_doubts(&e, &scope, &doubts);
        }
        for (size_t i = 0; i < doubts.n; i++)
                put_indented(out, "for want of", doubts.v[i]);
        expr_done(&e);
}

static void finish(struct run *run, struct testcase *c, struct buf *rewritten)
{
        cleanup_buf struct buf actual = { 0 };
        const char *rule = str_after(c->subject, "rule "), *expr = str_after(c->subject, "expr "),
                   *judge = str_after(c->subject, "judge ");
        bool ok;

        buf_puts(&actual, "");
        buf_puts(&c->expected, "");
        facts_freeze(c->facts);
        if (rule)
                run_rule(run, rule, c->facts, &actual);
        else if (judge)
                run_judge(judge, c->facts, &actual);
        else
                run_expr(expr, c->facts, &actual);
        ok = streq(actual.data, c->expected.data);
        tap(run, ok, c->name ? c->name : "case without a name");
        if (!ok)
                printf("# got:\n%s# expected:\n%s", actual.data, c->expected.data);
        buf_puts(rewritten, actual.data);
        free(c->name);
        free(c->subject);
        facts_free(c->facts);
        buf_done(&c->expected);
        *c = (struct testcase){ 0 };
}

static void set_json(struct facts *f, const char *path, struct json_object *value)
{
        switch (json_object_get_type(value)) {
        case json_type_string:
                facts_set_str(f, json_object_get_string(value), "%s", path);
                break;
        case json_type_int:
                facts_set_int(f, json_object_get_int64(value), "%s", path);
                break;
        case json_type_boolean:
                facts_set_bool(f, json_object_get_boolean(value), "%s", path);
                break;
        case json_type_array:
                facts_set_array(f, "%s", path);
                for (size_t i = 0; i < json_object_array_length(value); i++) {
                        cleanup_free char *below = xasprintf("%s/%zu", path, i);

                        set_json(f, below, json_object_array_get_idx(value, i));
                }
                break;
        case json_type_object: {
                json_object_object_foreach(value, key, member)
                {
                        cleanup_free char *below = xasprintf("%s/%s", path, key);

                        set_json(f, below, member);
                }
                break;
        }
        default:
                facts_set_null(f, "%s", path);
        }
}

static bool add_fact(struct facts *f, char *line)
{
        char *path = strsep(&line, " "), *kind = strsep(&line, " ");
        cleanup_json struct json_object *json = NULL;
        cleanup_free char *value = NULL;
        struct err err = { 0 };

        if (!line)
                return false;
        value = xasprintf("%s\n", line); /* a number ends only at what follows */
        if (streq(kind, "=") && jsonx_parse(span_of(value), &json, &err) == 0) {
                set_json(f, path, json);
        } else if (streq(kind, "@")) {
                char *file = strsep(&line, ":"), *number = strsep(&line, " ");

                facts_set_evidence(f, path, file, strtoul(number, NULL, 10),
                                   span_of(line ? line : ""));
        } else if (streq(kind, "?")) {
                char *file = strsep(&line, " ");

                facts_unknown(f, path, streq(file, "-") ? NULL : file, "%s", line);
        } else {
                return false;
        }
        return true;
}

static void take_line(struct run *run, struct testcase *c, char *line, struct buf *rewritten)
{
        bool result = str_startswith(line, "=>") || str_startswith(line, "   ");

        if (!*line && c->subject)
                finish(run, c, rewritten);
        if (!result)
                buf_printf(rewritten, "%s\n", line);
        if (result) {
                buf_printf(&c->expected, "%s\n", line);
        } else if (line[0] == '#' && !c->subject) {
                free(c->name);
                c->name = xstrdup(line + strspn(line, "# "));
        } else if (str_startswith(line, "rule ") || str_startswith(line, "expr ") ||
                   str_startswith(line, "judge ")) {
                c->subject = xstrdup(line);
                c->facts = facts_new();
        } else if (*line && (!c->subject || !add_fact(c->facts, line))) {
                tap(run, false, line);
        }
}

static void run_file(struct run *run, const char *path)
{
        cleanup_buf struct buf rewritten = { 0 };
        cleanup_free char *text = NULL;
        struct testcase c = { 0 };
        FILE *f = fopen(path, "r");
        size_t cap = 0;
        char *rest, *line;

        run->file = strrchr(path, '/') + 1;
        if (!f || getdelim(&text, &cap, '\0', f) < 0) {
                tap(run, false, "cannot be read");
                return;
        }
        fclose(f);
        for (rest = text; (line = strsep(&rest, "\n"));)
                if (rest || *line)
                        take_line(run, &c, line, &rewritten);
        if (c.subject)
                finish(run, &c, &rewritten);
        free(c.name);
        if (getenv("UPDATE") && (f = fopen(path, "w"))) {
                fwrite(rewritten.data, 1, rewritten.len, f);
                fclose(f);
        }
}

/* Every outcome a rule's own cases can have was seen, and that it can pass and be unknown. */
static void check_coverage(struct run *run, size_t index)
{
        const struct rule *rule = ruleset_get(run->rules, index);
        const struct rule_program *program = rule->program;
        uint32_t needed = outcome_bit(OUTCOME_PASS, 0), unknown = 0;
        cleanup_free char *name = xasprintf("every outcome of %s is shown", rule->id);

        for (size_t i = 0; i < program->n; i++)
                needed |= outcome_bit(program->cases[i].outcome, program->cases[i].severity);
        if (program->not_applicable)
                needed |= outcome_bit(OUTCOME_NOT_APPLICABLE, 0);
        for (enum severity s = 0; s < _SEVERITY_MAX; s++)
                unknown |= outcome_bit(OUTCOME_UNKNOWN, s);
        run->file = "coverage";
        tap(run, (run->seen[index] & needed) == needed && (run->seen[index] & unknown), name);
}

int main(void)
{
        cleanup_ruleset struct ruleset *rules = NULL;
        struct run run = { 0 };
        struct err err = { 0 };
        glob_t files;

        if (ruleset_load(NULL, NULL, &rules, &err) < 0 ||
            glob("tests/expr/*.test", 0, NULL, &files) != 0) {
                printf("1..1\nnot ok 1 - %s\n", err.code ? err.text : "no tests/expr/*.test");
                return 1;
        }
        run.rules = rules;
        run.seen = xcalloc(ruleset_count(rules), sizeof(*run.seen));
        for (size_t i = 0; i < files.gl_pathc; i++)
                run_file(&run, files.gl_pathv[i]);
        for (size_t i = 0; i < ruleset_count(rules); i++)
                check_coverage(&run, i);
        printf("1..%u\n", run.tests);
        globfree(&files);
        free(run.seen);
        return run.failed > 0;
}
