/*
 * Where a file of the volume is that is to be written: the directory, open, and the name in it.
 * Unlike reading (resolve.h), this follows no link: a plan names real paths, and what has become a
 * link since is refused. Every step is a single openat(2) below the one before, so it stays inside
 * the root.
 */
#pragma once

#include <errno.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fdio.h"
#include "base/str.h"

struct place {
        int dir_fd; /* O_RDONLY */
        char *name;
        char *path; /* the whole, for messages */
};

void place_done(struct place *p);
#define cleanup_place _cleanup_(place_done)
/* What a place is before it is opened. */
#define PLACE_NONE ((struct place){ .dir_fd = -EBADF })

/* Absolute, no empty part, no . or .., nothing over the kernel's lengths, UTF-8. */
int place_check_path(const char *path, struct err *err);
/*
 * 1: open; 0: a directory on the way is not there, then `ret_missing` (may be NULL) has the paths
 * of those that are to be made, the outermost first. A link, or what is not a directory, is an
 * error with a text.
 */
int place_open(int root_fd, const char *path, struct place *ret, struct strv *ret_missing,
               struct err *err);
/* The path still leads to that directory: nobody has moved or replaced one on the way. */
int place_check_still(int root_fd, const struct place *p, struct err *err);
/* Makes one directory, 0755, durable. -EEXIST is an error. */
int place_make_dir(int root_fd, const char *path, struct err *err);
/* Removes one if it is empty; gone already or in use by somebody is none of our concern. */
int place_remove_dir(int root_fd, const char *path, struct err *err);

/*
 * The file there, open for reading, its access time left alone: 1 and the caller's fd, 0 when there
 * is nothing, or an error with a text. Only a regular file whose name we may replace: no link, and
 * neither immutable nor append-only.
 */
int place_open_file(const struct place *p, int *ret_fd, struct stat *ret_st, struct err *err);
/* Nobody has written or replaced it between these two. */
bool place_same_file(const struct stat *a, const struct stat *b);
