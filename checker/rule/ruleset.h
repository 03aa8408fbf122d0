/*
 * Rules: one JSON file each, in the small language of rules/README.md. A set is the built-in rules,
 * then /etc/xen2nitro/rules.d, then the directories asked for; a later rule with the same id
 * replaces an earlier one. Immutable after load; one bad rule refuses the whole load.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "facts.h"
#include "finding.h"

#define RULESET_LOCAL_DIR "/etc/xen2nitro/rules.d"
#define RULE_FILE_MAX     (256u << 10)
#define RULESET_MAX       4096 /* rules in one set */

struct ruleset;

struct rule {
        const char *id, *area, *title;
        enum severity severity;
        const char *explain; /* paragraphs of prose, may hold newlines */
        const char *origin;  /* file it was read from */
        struct strv links;
        struct rule_program *program;
};

/* `dirs` may be NULL. The error names file and key. */
int ruleset_load(const struct strv *dirs, struct ruleset **ret, struct err *err);
void ruleset_free(struct ruleset *set);
static inline void ruleset_freep(struct ruleset **set)
{
        ruleset_free(*set);
}
#define cleanup_ruleset _cleanup_(ruleset_freep)

/* Sorted by area, then id. */
size_t ruleset_count(const struct ruleset *set);
const struct rule *ruleset_get(const struct ruleset *set, size_t i);
const struct rule *ruleset_find(const struct ruleset *set, const char *id); /* or NULL */

/* All mistakes, each "file: key: what is wrong"; returns how many. */
size_t ruleset_lint(const struct strv *dirs, struct strv *ret_mistakes);

/*
 * At least one finding per rule. When `only` has names, the others are skipped; so are those in
 * `skip`. Either may be NULL. The result is sorted, the worst first.
 */
void ruleset_evaluate(const struct ruleset *set, const struct facts *facts, const struct strv *only,
                      const struct strv *skip, struct findings *ret);
