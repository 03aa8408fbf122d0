/* What plan and fix share: to look, to plan, and to look at the plan. */
#pragma once

#include "cmd.h"
#include "finding.h"
#include "fixes/plan.h"
#include "fixes/show.h"

struct planning {
        struct cmd_subject subject;
        struct ruleset *rules;
        struct waivers waivers;
        struct plan *plan;
        struct findings before, predicted; /* by all rules, whatever --only says */
        char *generated_at, *obstacle; /* obstacle: why it could not be written; NULL: nothing */
};

/* EXIT_READY, or another exit code after saying why. */
int planning_make(const struct options *options, struct planning *ret);
void planning_done(struct planning *p);
#define cleanup_planning _cleanup_(planning_done)

/* What the rules say of the volume as it is now. */
void planning_look_again(const struct options *options, struct planning *p, struct findings *ret);
/* All that show.h wants but `next`, for a plan that was only made. */
struct show planning_show(const struct options *options, const struct planning *p);
/* The command that does what was planned, and the one that undoes it, ready for a shell. The caller
 * frees them. */
char *planning_command(const struct options *options);
char *planning_undo_command(const struct options *options, const char *run);
/* True for JSON; says why and returns negative for an unknown --format. */
int planning_wants_json(const struct options *options, const char *verb);
