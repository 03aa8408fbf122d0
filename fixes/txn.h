/*
 * A transaction: planned operations happen to a volume all together or not at all, whatever stops
 * us, and are undone on request. What is done is told beforehand to a journal on the volume itself
 * (journal.h), and every file is kept there before it changes (state.h):
 *
 *     check everything, write nothing      refused from here on: nothing has happened
 *     keep a copy of each file, journal     -> prepared
 *     for each operation                    -> applying
 *             "intent"; a new file beside the old one, synced; renamed over it; directory synced;
 *             "done"
 *     "committed"                           -> committed
 *
 * Every line of the journal is on the disk before what it tells of. When an operation fails or a
 * signal comes, what was done is undone at once (-> rolled-back); what a kill or a power cut left
 * unfinished is undone by rollback (rollback.h), and no other run begins before that.
 */
#pragma once

#include <sys/types.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "volume/volume.h"

#define TXN_OPS_MAX     4096 /* operations, and files, of one run */
#define TXN_RUN_ID_SIZE 16

enum txn_op_kind {
        TXN_WRITE,  /* a file gets these bytes; it may be new */
        TXN_APPEND, /* an existing file, of any size, gets these bytes at its end */
        TXN_RUN,    /* a tool is run */
};

struct txn_op {
        enum txn_op_kind kind;
        const char *fix;          /* why, for journal and history; NULL: none */
        const struct strv *rules; /* the same; NULL: none */

        /*
         * A file, in the volume, absolute, without links on the way or at the end, without . and
         * .. ; directories that are not there are made. No two operations write one file; a tool
         * that runs later may.
         */
        const char *path;
        bool existed;         /* false: it must not be there */
        struct digest before; /* what the plan was made from: another content now refuses all */
        struct span bytes;    /* the whole new content, or what is appended */
        mode_t mode;          /* permissions of a new file, owned by root; an old one keeps its */

        /*
         * A tool of the volume: an absolute path and arguments, no shell. `outputs` are the files
         * that it may change or make, named as above: kept before, put back by rollback. Without
         * `chroot` it runs on this machine, so the volume must be live.
         */
        const struct strv *argv, *outputs;
        unsigned timeout_s; /* 0: none */
        bool chroot;
};

/* In the order of their life; what a run is in stands in its journal. */
enum txn_state {
        TXN_NEW,         /* nothing of the volume was changed, nor will be */
        TXN_PREPARED,    /* everything kept, nothing changed yet */
        TXN_APPLYING,    /* unfinished: needs rollback */
        TXN_COMMITTED,   /* all of it is done */
        TXN_ROLLED_BACK, /* all of it is undone */
        TXN_STUCK,       /* needs a person */
};
const char *txn_state_name(enum txn_state s); /* "rolled-back" */

struct txn_result {
        enum txn_state state;      /* where it ended: NEW, COMMITTED, ROLLED_BACK or STUCK */
        char run[TXN_RUN_ID_SIZE]; /* its id, as rollback takes it; "" when it never began */
};

/* The checks alone: 0, or why nothing would be written as things are, room included. */
int txn_check(const struct volume *v, const struct txn_op *ops, size_t n, struct err *err);
/*
 * 0: committed. Negative: `err` says what failed and where, and ret->state what became of it; when
 * it is TXN_STUCK, `err` says what a person has to do. `ret` is always written.
 */
int txn_apply(const struct volume *v, const struct txn_op *ops, size_t n, struct txn_result *ret,
              struct err *err);
