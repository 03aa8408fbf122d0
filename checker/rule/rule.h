/*
 * One rule: its file taken apart, and what it says of the facts. The meaning of every key is in
 * rules/README.md.
 */
#pragma once

#include "rule/expr.h"
#include "rule/ruleset.h"

#define RULE_FINDINGS_MAX 1000 /* of one rule with `each`; the rest is one unknown */
#define RULE_EVIDENCE_MAX 20   /* of one finding */

/* One way in which a subject can be bad (fail), or cannot be judged (unknown). */
struct rule_case {
        enum outcome outcome;
        enum severity severity;
        struct expr condition;
        struct json_object *message, *consequence, *fix; /* templates; the last two may be NULL */
};

/* Everything borrowed lies in `json`. An absent condition is true, an absent text NULL. */
struct rule_program {
        struct json_object *json;
        char *origin, *explain;
        const char *each;
        struct expr applies, where;
        struct rule_case *cases; /* those that fail, then those that cannot tell */
        size_t n, cap;
        struct json_object *not_applicable, *subject, *pass, *none;
        struct strv evidence; /* paths */
};

/*
 * `file` is a path; its last component must be the rule's id. A rule with mistakes is good for
 * nothing but rule_done.
 */
void rule_parse(struct span text, const char *file, fact_find_fn *find_decl, struct rule *ret,
                struct strv *mistakes);
void rule_done(struct rule *rule);

/* At least one finding. */
void rule_evaluate(const struct rule *rule, const struct facts *facts, struct findings *findings);
