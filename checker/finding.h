/* Findings: what the rules say of the facts, and the verdict that follows from them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* The words are those of the reports; the order is from good to bad. */
enum severity {
        SEVERITY_INFO,
        SEVERITY_WARNING,
        SEVERITY_BLOCKER,
        _SEVERITY_MAX,
};

enum outcome {
        OUTCOME_SKIPPED,        /* --only or --skip */
        OUTCOME_NOT_APPLICABLE, /* the rule does not concern this machine */
        OUTCOME_PASS,
        OUTCOME_WAIVED,  /* failed or unknown, and somebody answers for it (waivers.h) */
        OUTCOME_UNKNOWN, /* a fact it depends on is not known */
        OUTCOME_FAIL,
        _OUTCOME_MAX,
};

enum verdict {
        VERDICT_READY,        /* exit 0 */
        VERDICT_NOT_READY,    /* exit 1 */
        VERDICT_UNDETERMINED, /* exit 3: no blocker found, but one could not be ruled out */
        _VERDICT_MAX,
};

const char *severity_name(enum severity s);
int severity_from_name(const char *name, enum severity *ret); /* 0 or -EINVAL */
const char *outcome_name(enum outcome o);
const char *verdict_name(enum verdict v);
int verdict_exit_code(enum verdict v);

struct evidence {
        char *file;    /* path inside the volume */
        uint64_t line; /* 1-based, 0: the file has no lines */
        char *text;    /* may be NULL */
};

/* Owns everything it points to; outlives facts and rules. NULL where nothing is to be said. */
struct finding {
        char *rule;
        enum severity severity;
        enum outcome outcome;
        char *subject;
        char *title;
        char *message;
        char *consequence;
        char *fix;
        struct evidence *evidence;
        size_t n_evidence, cap_evidence;
        struct strv links;
        /* Of one that is waived: what it was, and the waiver. */
        enum outcome was;
        char *waiver_reason, *waiver_owner, *waiver_expires;
};

struct findings {
        struct finding *v;
        size_t n, cap;
};

/* An empty finding at the end; valid until the next call. */
struct finding *findings_add(struct findings *l, const char *rule, enum severity severity);
/* The same file and line are not added twice. */
void finding_add_evidence(struct finding *f, const char *file, uint64_t line, const char *text);
/* The worst first: failed blockers, failed warnings, unknowns, information, the rest; else as they
 * came. */
void findings_sort(struct findings *l);
size_t findings_count(const struct findings *l, enum outcome outcome);
size_t findings_count_at(const struct findings *l, enum outcome outcome, enum severity severity);
/*
 * What is waived does not count. A failed blocker is not-ready. Else a blocker that is unknown, or
 * was skipped, is undetermined: nobody looked. `strict` counts warnings like blockers.
 */
enum verdict findings_verdict(const struct findings *l, bool strict);
void findings_done(struct findings *l);
#define cleanup_findings _cleanup_(findings_done)
