/*
 * /var/lib/xen2nitro on the volume: what was done to it, and what it takes to undo that.
 *
 *     lock              held while somebody changes the volume, or one of his tools still runs
 *     runs/0001/journal journal.h
 *     runs/0001/backup/ the files before the run, by their number in the journal
 */
#pragma once

#include <errno.h>

#include "base/err.h"
#include "base/fdio.h"
#include "base/str.h"
#include "journal.h"

#define STATE_DIR      "/var/lib/xen2nitro"
#define STATE_RUNS_MAX 100000

struct state {
        int fd, runs_fd, lock_fd;
};
#define STATE_NONE ((struct state){ -EBADF, -EBADF, -EBADF })

void state_done(struct state *s);
#define cleanup_state _cleanup_(state_done)

/*
 * 1; or 0: it is not there, and `make` is false. Refused when it is not a directory, or others than
 * we may write there.
 */
int state_open(int root_fd, bool make, struct state *ret, struct err *err);
/* The nearest directory that is there already, to ask for room. The caller's fd, or a negative
 * errno. */
int state_open_nearest(int root_fd);
/* -EBUSY: somebody else has it. */
int state_lock(struct state *s, struct err *err);
/* Ids of all runs, the oldest first. They are numbers, so no clock decides what came last. */
int state_list(const struct state *s, struct strv *ret, struct err *err);
/* The directory of a run; a new one has a backup directory. The caller's fds. */
int state_new_run(const struct state *s, char ret_id[static TXN_RUN_ID_SIZE], int *ret_fd,
                  struct err *err);
int state_open_run(const struct state *s, const char *id, int *ret_fd, struct err *err);
/* The kept file: for writing (new), or for reading. */
int state_backup(int run_fd, size_t file, bool make, int *ret_fd, struct err *err);
char *state_backup_name(const char *id, size_t file); /* for people, below the volume's root */
/* The kept files are needed no more. */
int state_drop_backups(int run_fd, struct err *err);
/* A run that changed nothing, from before its journal said "prepared". */
int state_drop_run(const struct state *s, const char *id, struct err *err);
