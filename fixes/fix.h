/*
 * A fix is a pure function from the volume, its facts and its findings to planned operations. It
 * reads, plans, and says what it leaves alone and why; it writes nothing, runs nothing, prints
 * nothing and keeps no state. How to add one: README.md in this folder.
 */
#pragma once

#include "facts.h"
#include "finding.h"
#include "fixes/plan.h"
#include "volume/blkids.h"
#include "volume/volume.h"

struct fix;

struct fix_context {
        /*
         * As planned so far: what earlier fixes wrote is already there. To look around; a file that
         * will be edited is read with plan_read().
         */
        const struct volume *volume;
        const struct blkids *blkids;
        const struct facts *facts; /* of the volume as it is, before any fix */
        const struct findings *findings;
        struct plan *plan;
        const struct fix *fix;   /* the one that runs */
        const struct strv *only; /* rules asked for; NULL or empty: all */
        bool may_run;            /* plan_run() is allowed: live, or with --chroot */
};

struct fix {
        const char *id;            /* kebab-case, stable for ever */
        const char *title;         /* what it does, as a command: "name disks in fstab by UUID" */
        const char *const *clears; /* ids of the rules whose findings it is for, NULL-terminated */
        bool confirm;              /* runs only when named with --confirm */
        /* Called once, and only when fix_next_finding() has something for it. */
        void (*plan)(struct fix_context *context);
};

#define FIX_CLEARS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* All fixes in the order in which they plan; NULL ends it. */
extern const struct fix *const fix_list[];
const struct fix *fix_find(const char *id); /* or NULL */

/*
 * The next finding that this fix is to clear, or NULL: one that failed or is unknown, of a rule in
 * `clears` that was asked for. *at starts at 0.
 */
const struct finding *fix_next_finding(const struct fix_context *context, size_t *at);
/*
 * Member `key` of the element of a list of facts that the finding is about: the one its first
 * evidence shows and whose member `subject` is its subject. NULL: there is none, or it is no
 * string.
 */
const char *fix_fact(const struct fix_context *context, const struct finding *finding,
                     const char *list, const char *subject, const char *key);
/*
 * Leaves the finding as it is: `reason` is a clause ("which disk /dev/xvdf is cannot be told from
 * here"), `remedy` a sentence with what to do or run to know, or NULL.
 */
void fix_leave(struct fix_context *context, const struct finding *finding, const char *remedy,
               const char *reason, ...) _printf_(4, 5);

struct fix_options {
        const struct strv *only;    /* rules; NULL or empty: all */
        const struct strv *confirm; /* fixes that may plan although they are marked `confirm` */
        bool may_run;
};

/*
 * Runs every fix that has something to do. The plan is new, made over the volume the facts and
 * findings come from.
 */
void fix_plan_all(const struct fix_options *options, const struct blkids *blkids,
                  const struct facts *facts, const struct findings *findings, struct plan *plan);
