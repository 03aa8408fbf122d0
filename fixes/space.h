/* Whether the file systems of a volume have room for a run, asked before anything is written. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct space_need {
        dev_t dev;
        char *path; /* something on that file system, for messages */
        uint64_t block, free_bytes, free_files;
        uint64_t kept;  /* copies, which stay */
        int64_t grown;  /* by what was replaced so far */
        uint64_t peak;  /* the most of that, old and new beside each other */
        uint64_t files; /* new names */
};

struct space {
        struct space_need *needs;
        size_t n, cap;
};

void space_done(struct space *s);
#define cleanup_space _cleanup_(space_done)

/* Below that directory: a copy that is kept first, -EROFS when nothing can be written there; */
int space_keep(struct space *s, int dir_fd, const char *path, uint64_t size, struct err *err);
/* then, in their order, new files that take the place of old ones, or of none. */
int space_replace(struct space *s, int dir_fd, const char *path, uint64_t old_size,
                  uint64_t new_size, struct err *err);
/* -ENOSPC, with how much is missing where. */
int space_check(const struct space *s, struct err *err);
