/*
 * A plan: files as they will be and commands that will run, in order, all of it in memory. It can
 * be shown (diff.h), looked at through the probes (plan_volume) and applied (txn.h).
 *
 * There is one operation per file, however many fixes edit it: each reads what the one before left.
 * A path is resolved inside the root; what is planned, shown and written is the real file, never a
 * link to it. Refused, with a sentence: what is no regular file, a file with a second hard link
 * (the other name would keep the old bytes), a directory that is not there, a file that a planned
 * command writes.
 */
#pragma once

#include "base/err.h"
#include "fixes/operation.h"
#include "volume/volume.h"

#define PLAN_APPEND_MAX  (64u << 20) /* bytes put behind one file */
#define PLAN_TIMEOUT_MAX 3600        /* seconds that one command may take */

struct plan;

struct plan *plan_new(const struct volume *volume); /* borrowed */
void plan_free(struct plan *p);
static inline void plan_freep(struct plan **p)
{
        plan_free(*p);
}
#define cleanup_plan _cleanup_(plan_freep)

/* The volume with everything planned so far on top, but for what commands will write. */
const struct volume *plan_volume(const struct plan *p);

/*
 * The bytes as planned so far: 1, 0 not there, or an error with a text. What is read here is what
 * the plan stands on: a file that has changed when the plan is applied refuses it. `ret` is valid
 * as long as the plan.
 */
int plan_read(struct plan *p, const char *path, size_t max, struct span *ret, struct err *err);
/*
 * New bytes for a file that was read with plan_read(). Bytes that are the same plan nothing. Links,
 * owner, mode, times and attributes stay as they are.
 */
int plan_write(struct plan *p, const struct plan_reason *why, const char *path, struct span after,
               struct err *err);
/* A new file in a directory that is there; -EEXIST when there is one, or one is planned. */
int plan_create(struct plan *p, const struct plan_reason *why, const char *path, mode_t mode,
                struct span bytes, struct err *err);
/*
 * Bytes behind those of a file that is there and too big to be held: it can be neither read nor
 * written by the plan afterwards. `size` is what the caller saw; another one is refused.
 */
int plan_append(struct plan *p, const struct plan_reason *why, const char *path, uint64_t size,
                struct span bytes, struct err *err);
/*
 * A command that runs in the volume, where fix_context.may_run: live as it is, offline in a chroot.
 * argv[0] must be a file there; `outputs`, NULL-terminated, are all files that it may write, there
 * or not. The same argv planned again adds its reasons only.
 */
int plan_run(struct plan *p, const struct plan_reason *why, const char *const *argv,
             const char *const *outputs, unsigned timeout, struct err *err);
/* `fix`, `subject` and `remedy` may be NULL. */
void plan_leave(struct plan *p, const char *fix, const char *rule, const char *subject,
                const char *reason, const char *remedy);

/* What is planned, in the order of application; a file whose bytes are what they were is not. */
size_t plan_count(const struct plan *p);
const struct plan_op *plan_get(const struct plan *p, size_t i);
size_t plan_left_count(const struct plan *p);
const struct plan_left *plan_left_get(const struct plan *p, size_t i);
