/*
 * A plan, and what became of it, for people (text) or for programs (JSON, plan.schema.json). Writes
 * bytes; decides nothing and does no I/O.
 */
#pragma once

#include "finding.h"
#include "fixes/plan.h"

#define SHOW_SCHEMA "xen2nitro/plan/1"

enum show_state {
        SHOW_PLANNED, /* nothing was written */
        SHOW_DONE,
        SHOW_UNDONE, /* failed, and everything is as it was */
        SHOW_STUCK,  /* failed, and a person has to look */
        _SHOW_STATE_MAX,
};

/* All borrowed. */
struct show {
        const char *source;       /* for people: "this machine", "/mnt/vol" */
        const char *generated_at; /* JSON only */
        const struct plan *plan;
        const struct findings *before;    /* sorted, the worst first */
        const struct findings *predicted; /* over the plan; the same */
        const struct findings *now;       /* after it was done; else NULL */
        enum show_state state;
        const char *obstacle; /* why it could not be written as things are, NULL: nothing */
        const char *run;      /* id of the transaction, NULL: there was none */
        const char *error;    /* what went wrong, NULL: nothing */
        const char *next;     /* the command that does it, or undoes it; NULL: not to be told */
        /* Text only: */
        bool color;
        bool terminal; /* control bytes of files are escaped; else diffs are good for patch(1) */
        bool quiet;    /* the first line alone */
};

/* What the plan would do, or what is left where there is nothing to do. */
void show_plan_text(const struct show *show, struct buf *out);
/* What came of doing it; not for SHOW_PLANNED. */
void show_result_text(const struct show *show, struct buf *out);
void show_json(const struct show *show, struct buf *out);

/* The diff of an operation on a text file; nothing for any other. */
void show_diff(const struct plan_op *op, struct buf *out);
/*
 * Findings of `a` that failed or are unknown, and have none like them (rule and subject) among
 * those of `b`: what a change from a to b clears, or the other way round what it brings. The next
 * from *at, or NULL.
 */
const struct finding *show_next_only_in(const struct findings *a, const struct findings *b,
                                        size_t *at);
