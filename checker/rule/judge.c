/*
 * What a rule says of the facts. A missing fact may leave several answers possible: with `each`,
 * for every element. A finding is what all of them agree on; where they differ it is unknown, at
 * the severity of the worst.
 */
#include <errno.h>

#include "base/jsonx.h"
#include "base/xalloc.h"
#include "rule/rule.h"
#include "rule/template.h"

struct judge {
        const struct rule *rule;
        struct findings *findings;
        struct scope scope;
        enum tri applies;
};

static void add_evidence_of(struct finding *f, struct json_object *node)
{
        const char *file = jsonx_str(node, "file");
        struct json_object *line = jsonx_member(node, "line", json_type_int);

        if (file && f->n_evidence < RULE_EVIDENCE_MAX)
                finding_add_evidence(f, file, line ? json_object_get_uint64(line) : 0,
                                     jsonx_str(node, "text"));
}

static void add_evidence(struct finding *f, const struct judge *j)
{
        const struct strv *paths = &j->rule->program->evidence;

        for (size_t i = 0; i < paths->n; i++) {
                struct json_object *node;

                if (scope_get(&j->scope, paths->v[i], &node) <= 0)
                        continue;
                add_evidence_of(f, node);
                for (size_t k = 0; json_object_is_type(node, json_type_array) &&
                                   k < json_object_array_length(node) && k < RULE_EVIDENCE_MAX;
                     k++)
                        add_evidence_of(f, json_object_array_get_idx(node, k));
        }
}

static struct finding *add_finding(const struct judge *j, enum outcome outcome,
                                   struct json_object *message)
{
        struct finding *f = findings_add(j->findings, j->rule->id, j->rule->severity);

        f->outcome = outcome;
        f->title = xstrdup(j->rule->title);
        f->message = template_fill(message, &j->scope);
        return f;
}

/* A finding about the subject: the whole, or the element the scope stands at. */
static struct finding *add_about(const struct judge *j, enum outcome outcome,
                                 struct json_object *message)
{
        const struct rule *rule = j->rule;
        struct finding *f = add_finding(j, outcome, message);

        if (!rule->program->each || j->scope.element)
                f->subject = template_expand(rule->program->subject, &j->scope);
        add_evidence(f, j);
        for (size_t i = 0; outcome != OUTCOME_PASS && i < rule->links.n; i++)
                strv_push(&f->links, rule->links.v[i]);
        return f;
}

static void add_case(const struct judge *j, const struct rule_case *c)
{
        struct finding *f = add_about(j, c->outcome, c->message);

        f->severity = c->severity;
        f->consequence = template_expand(c->consequence, &j->scope);
        f->fix = template_expand(c->fix, &j->scope);
}

/* Why the fact at `path` could not be used. */
static char *reason_of(const struct facts *facts, const char *path, const char **ret_file)
{
        struct json_object *node;
        bool missing = facts_get(facts, path, &node) < 0;
        const char *reason = missing ? facts_why_unknown(facts, path, ret_file)
                                     : facts_why_incomplete(facts, path, ret_file);

        if (reason && *ret_file && !strstr(reason, *ret_file))
                return xasprintf("%s: %s", *ret_file, reason);
        if (reason)
                return xstrdup(reason);
        *ret_file = NULL;
        return xasprintf(missing ? "%s is not known" : "%s is not what this rule can read", path);
}

/* A file, unless a line of it is shown already. */
static void add_evidence_file(struct finding *f, const char *file)
{
        for (size_t i = 0; i < f->n_evidence; i++)
                if (streq(f->evidence[i].file, file))
                        return;
        if (f->n_evidence < RULE_EVIDENCE_MAX)
                finding_add_evidence(f, file, 0, NULL);
}

static void add_unknown(const struct judge *j, enum severity severity, const struct strv *doubts)
{
        struct finding *f = add_about(j, OUTCOME_UNKNOWN, NULL);
        struct buf message = { 0 };

        f->severity = severity;
        for (size_t i = 0; i < doubts->n; i++) {
                const char *file;
                cleanup_free char *reason = reason_of(j->scope.facts, doubts->v[i], &file);

                /* Probes repeat the reason of what they build on. */
                if (message.len == 0 || !strstr(message.data, reason))
                        buf_printf(&message, "%s%s", message.len ? "; " : "cannot tell: ", reason);
                if (file)
                        add_evidence_file(f, file);
        }
        f->message = buf_take(&message);
}

/* The answers still possible for one subject, in the order of the cases. */
struct answers {
        const struct rule_case *first;   /* NULL: only that it passes */
        const struct rule_case *certain; /* the last: nothing behind it is reached */
        bool differ;
        enum severity worst;
};

static struct answers find_answers(const struct judge *j, struct strv *doubts)
{
        const struct rule_program *program = j->rule->program;
        struct answers a = { 0 };

        for (size_t i = 0; i < program->n && !a.certain; i++) {
                const struct rule_case *c = &program->cases[i];
                enum tri holds = expr_eval(&c->condition, &j->scope);

                if (holds == TRI_FALSE)
                        continue;
                if (!a.first)
                        a.first = c;
                if (c->outcome != a.first->outcome || c->severity != a.first->severity)
                        a.differ = true;
                if (c->severity > a.worst)
                        a.worst = c->severity;
                if (holds == TRI_TRUE)
                        a.certain = c;
                else
                        expr_doubts(&c->condition, &j->scope, doubts);
        }
        return a;
}

/* `concerned`: whether the subject is one of the rule's at all. */
static void judge_subject(const struct judge *j, enum tri concerned)
{
        const struct rule_program *program = j->rule->program;
        const struct scope whole = { .facts = j->scope.facts };
        cleanup_strv struct strv doubts = { 0 };
        struct answers a = find_answers(j, &doubts);

        if (!a.first) {
                add_about(j, OUTCOME_PASS, program->pass);
        } else if (concerned == TRI_TRUE && a.certain && !a.differ) {
                add_case(j, a.certain);
        } else {
                expr_doubts(&program->applies, &whole, &doubts);
                expr_doubts(&program->where, &j->scope, &doubts);
                add_unknown(j, a.worst, &doubts);
        }
}

static void judge_elements(struct judge *j, size_t n)
{
        const struct rule_program *program = j->rule->program;

        for (size_t i = 0; i < n && i < RULE_FINDINGS_MAX; i++) {
                cleanup_free char *path = xasprintf("%s/%zu", program->each, i);
                enum tri where;

                j->scope.element = path;
                where = expr_eval(&program->where, &j->scope);
                if (where != TRI_FALSE)
                        judge_subject(j, where < j->applies ? where : j->applies);
                j->scope.element = NULL;
        }
        if (n > RULE_FINDINGS_MAX) {
                struct finding *f = add_about(j, OUTCOME_UNKNOWN, NULL);

                f->message = xasprintf("cannot tell: %s has %zu entries, of which the first %d "
                                       "were looked at",
                                       program->each, n, RULE_FINDINGS_MAX);
        }
}

/* Null is known to hold nothing; a reason at the path of a list says that there may be more. */
static void judge_list(struct judge *j)
{
        const struct rule_program *program = j->rule->program;
        size_t before = j->findings->n;
        struct json_object *list;
        const char *file;
        int r = scope_get(&j->scope, program->each, &list);

        if (r > 0 && json_object_is_type(list, json_type_array))
                judge_elements(j, json_object_array_length(list));
        else if (r != 0)
                r = -EINVAL;
        if (r < 0 || facts_why_incomplete(j->scope.facts, program->each, &file)) {
                cleanup_strv struct strv doubts = { 0 };

                strv_push(&doubts, program->each);
                add_unknown(j, j->rule->severity, &doubts);
        }
        if (j->findings->n == before)
                add_about(j, OUTCOME_PASS, program->none);
}

void rule_evaluate(const struct rule *rule, const struct facts *facts, struct findings *findings)
{
        const struct rule_program *program = rule->program;
        struct judge j = { .rule = rule, .findings = findings, .scope = { .facts = facts } };

        j.applies = expr_eval(&program->applies, &j.scope);
        if (j.applies == TRI_FALSE)
                add_finding(&j, OUTCOME_NOT_APPLICABLE, program->not_applicable);
        else if (program->each)
                judge_list(&j);
        else
                judge_subject(&j, j.applies);
}
