/*
 * Rules: one JSON file each, in the small language of rules/README.md. A set is the built-in rules,
 * then those of the machine, then the directories asked for; a later rule with the same id replaces
 * an earlier one. Immutable after load; one bad rule refuses the whole load.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "facts.h"
#include "finding.h"

#define RULESET_LOCAL_DIR "/etc/xen2nitro/rules.d"
#define RULE_FILE_MAX     (256u << 10)
#define RULESET_MAX       4096 /* rules in one set, and files in one directory */

struct ruleset;

struct rule {
        const char *id, *area, *title;
        enum severity severity; /* the worst it can say */
        bool after;             /* looked at when the machine has moved, not before */
        const char *explain;    /* paragraphs, an empty line between them */
        const char *origin;     /* file it was read from */
        struct strv links;
        struct rule_program *program;
};

/*
 * `local` is RULESET_LOCAL_DIR, which need not be there, or NULL; `dirs` (may be NULL) must be. The
 * error names file and key.
 */
int ruleset_load(const char *local, const struct strv *dirs, struct ruleset **ret, struct err *err);
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

/* The declaration that covers a path, `*` standing for an index; NULL when no probe provides it. */
typedef const struct fact_decl *fact_find_fn(const char *path);

/*
 * All mistakes of the same rules, each "file: key: what is wrong", paths that no probe provides and
 * values of the wrong type included. Returns how many.
 */
size_t ruleset_lint(const char *local, const struct strv *dirs, fact_find_fn *find_decl,
                    struct strv *ret_mistakes);

/*
 * At least one finding per rule. When `only` has names, the others are skipped; so are those in
 * `skip`. Either may be NULL. The result is sorted, the worst first.
 */
void ruleset_evaluate(const struct ruleset *set, const struct facts *facts, const struct strv *only,
                      const struct strv *skip, struct findings *ret);
