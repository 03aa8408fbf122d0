/*
 * One file replaced so that whoever looks sees the old one or the new one, also after a power cut:
 * a new file beside it, complete and on the disk before it takes the name.
 */
#pragma once

#include "attrs.h"
#include "base/digest.h"
#include "place.h"

/* All from `from_fd` (negative: nothing), then `bytes`. */
struct replace_content {
        int from_fd; /* at its beginning */
        struct span bytes;
};

/*
 * `temp` is the name that the new file has before; it must not be there. The content must have the
 * digest `want`. `over` is the file that is there now, and still must be; NULL: none may be.
 * An error before the new name is there leaves nothing behind; after that it stays.
 */
int replace_file(const struct place *p, const char *temp, const struct replace_content *content,
                 const struct digest *want, const struct attrs *attrs, bool times,
                 const struct stat *over, struct err *err);
/* The file at the place goes; it must be `now`. Durable. */
int replace_remove(const struct place *p, const struct stat *now, struct err *err);
/* A temporary file that a run left; none is fine. */
int replace_clean(const struct place *p, const char *temp, struct err *err);

/* Copies to the end; `h` (may be NULL) sees every byte. `path` is for messages. */
int replace_copy(int from_fd, int to_fd, struct hash *h, const char *path, struct err *err);
/* What the file holds, from where the descriptor stands to the end. */
int replace_digest(int fd, const char *path, struct digest *ret, struct err *err);
