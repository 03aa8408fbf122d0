/*
 * The journal of a run, on the volume. One record per line: the first 16 digits of the SHA-256 of
 * the rest, a blank, and a JSON object. It only ever grows, and each step is synced before the next
 * begins, so that after a power cut at most its end is torn. A torn end is not there; anything else
 * that is wrong makes the journal unreadable, and a person has to look.
 *
 *     run           who began, when
 *     file ...      each file that the run may change: whether it was there, digest, attributes
 *     op ...        each operation, on which of those files
 *     prepared      all copies are kept
 *     intent, done  around each operation; for a tool, `done` tells what it left in its files
 *     committed     the end, or ...
 *     undo          ... undoing began, and why; then rolled-back, or stuck and why
 */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "attrs.h"
#include "base/digest.h"
#include "txn.h"

#define JOURNAL_NAME "journal"
#define JOURNAL_MAX  (64u << 20)

struct journal_file {
        char *path;
        bool existed;
        struct digest before;
        uint64_t size;
        struct attrs attrs;
        struct strv made; /* directories that were made for it, the outermost first */
};

/* A file after an operation. */
struct journal_after {
        bool exists;
        struct digest digest;
};

struct journal_op {
        enum txn_op_kind kind;
        char *fix; /* NULL: none */
        struct strv rules, argv;
        size_t *files; /* indexes; one, unless a tool */
        struct journal_after *after;
        size_t n;
        bool intent, done; /* `after` of a tool holds once it is done */
};

struct journal {
        char *version;   /* of the program that wrote it */
        int64_t started; /* seconds since 1970, for people */
        struct journal_file *files;
        size_t n_files, files_cap;
        struct journal_op *ops;
        size_t n_ops, ops_cap;
        enum txn_state state;
        bool ended_once; /* it was committed, whatever came then */
        char *why;       /* of undo or stuck; or NULL */
        /* For writing. */
        int fd;
        struct buf pending;
};
#define JOURNAL_NONE ((struct journal){ .fd = -EBADF })

void journal_done(struct journal *j);
#define cleanup_journal _cleanup_(journal_done)

/* A new one in the directory of its run, with room for what will be added to `j` yet. */
int journal_create(struct journal *j, int run_fd, struct err *err);
/* Files, operations and "prepared", from what `j` holds; synced. */
int journal_prepared(struct journal *j, struct err *err);
/* Each synced, and then true of `j`. */
int journal_intent(struct journal *j, size_t op, struct err *err);
int journal_op_done(struct journal *j, size_t op, struct err *err);
int journal_state(struct journal *j, enum txn_state state, const char *why, struct err *err);

/* From a directory of a run; `for_writing` also cuts off a torn end. An error has a text. */
int journal_load(int run_fd, bool for_writing, struct journal *ret, struct err *err);
/* The same from bytes; *ret_good: how many of them count. Knows no descriptor. */
int journal_parse(struct span text, struct journal *ret, size_t *ret_good, struct err *err);
