/*
 * A probe looks at one subject of the volume and publishes facts. It decides nothing, prints
 * nothing, keeps no state, and never fails: what it cannot tell it says with facts_unknown().
 *
 * To add one: probe-x.c with a `const struct probe probe_x` at its end, one line in probe-list.h,
 * tests/unit/test-probe-x.c.
 */
#pragma once

#include "facts.h"
#include "volume/volume.h"

struct blkids;
struct probe_shared;

struct probe_context {
        const struct volume *volume;
        const struct blkids *blkids; /* tags of the devices known; never NULL */
        struct facts *facts;
        const char *mode;            /* of the move, "resize" or "clone"; NULL: resize */
        const char *source, *target; /* EC2 instance types named, or NULL */
        /* Long work, `done` of `total` bytes; may be NULL. */
        void (*progress)(const char *what, uint64_t done, uint64_t total);
        struct probe_shared *shared; /* shared.h; set where probes are run */
};

struct probe {
        const char *name;
        const char *const *needs; /* NULL-terminated names of probes that run before; may be NULL */
        const struct fact_decl *provides;
        void (*run)(struct probe_context *context);
};

/* All probes, in the order they run; NULL ends it. */
extern const struct probe *const probe_list[];

#define PROBE_NEEDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Runs them all; afterwards the facts are frozen. */
void probe_run_all(struct probe_context *context);
/* Runs the one of that name, which there must be; nothing is frozen. */
void probe_run(const char *name, struct probe_context *context);

/*
 * The declaration that covers a concrete or patterned path ("/fstab/entries/0/line",
 * "/fstab/entries/ * /line" without the blanks), or NULL when no probe provides it.
 */
const struct fact_decl *probe_find_decl(const char *path);
