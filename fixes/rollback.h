/*
 * Undoing a run, from its journal alone: whatever stopped it, and as often as it takes. A file goes
 * back to what it was before the run only when it holds what the run put there; the one exception
 * is a file of a tool that was stopped in the middle, which may hold anything.
 */
#pragma once

#include "journal.h"
#include "state.h"
#include "volume/volume.h"

/*
 * The operations of `j` that began, backwards; records it and ends in TXN_ROLLED_BACK or
 * TXN_STUCK. When a file is not as the run left it, nothing at all is changed: -ESTALE, and a run
 * that was committed still is.
 */
int rollback_run(int root_fd, int run_fd, const char *id, struct journal *j, const char *why,
                 struct err *err);

/*
 * By name, or with NULL the last one that is not undone yet; "" in ret->run when there is none,
 * which is fine. ret->state as txn_apply() has it, or TXN_COMMITTED where -ESTALE left it so.
 */
int rollback(const struct volume *v, const char *id, struct txn_result *ret, struct err *err);

/* Refuses, -EBUSY, when a run is unfinished; drops what runs left that never began. */
int rollback_check_none_open(const struct state *s, struct err *err);

/* The name that the new file of an operation has before it is complete. */
char *rollback_temp_name(const char *id, size_t op);
