/*
 * The volume under inspection: the only door to the target. Everything is read below one root
 * descriptor, and links are followed inside that root only, whatever they say.
 *
 * Nothing found there is trusted to be what its name says: reading a FIFO, a device, a directory or
 * a file over the cap is an error with a sentence, never a hang and never a partial answer.
 * "Not there" (also a dangling link) is 0 or -ENOENT as stated, and not an error with a text.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Ordinary configuration files; larger ones are refused with a sentence. */
#define VOLUME_CONFIG_MAX (4u << 20)
#define VOLUME_LIST_MAX   20000 /* names in one directory */

enum volume_mode {
        VOLUME_LIVE,    /* the machine we run on: /proc and /sys mean something */
        VOLUME_OFFLINE, /* a volume mounted or unpacked somewhere */
};

struct volume;
struct overlay;

int volume_open(const char *path, enum volume_mode mode, struct volume **ret, struct err *err);
/*
 * The same volume with planned files on top (overlay.h), which every function below sees like those
 * on disk, but for the names in a directory opened with volume_open_dir. Both are borrowed.
 */
struct volume *volume_over(const struct volume *below, const struct overlay *planned);
void volume_free(struct volume *v);
static inline void volume_freep(struct volume **v)
{
        volume_free(*v);
}
#define cleanup_volume _cleanup_(volume_freep)

enum volume_mode volume_mode(const struct volume *v);
/* As given to volume_open; for messages only. */
const char *volume_path(const struct volume *v);
/* Borrowed. For resolve.h and blkids.h. */
int volume_root_fd(const struct volume *v);

/* 1: read, *ret is the caller's; 0: not there; negative: error with a text. */
int volume_read(const struct volume *v, const char *path, size_t max, struct blob *ret,
                struct err *err);
/* A regular file for reading, positioned at 0. Fd of the caller, -ENOENT without a text, or an
 * error. */
int volume_open_file(const struct volume *v, const char *path, struct stat *ret_st,
                     struct err *err);
/* A directory, O_RDONLY. Same returns. */
int volume_open_dir(const struct volume *v, const char *path, struct err *err);
/* Sorted names without . and ..; 1, 0 not there, or an error. */
int volume_list(const struct volume *v, const char *path, struct strv *ret, struct err *err);
/* What a path leads to (links followed, nothing opened): 1, 0 not there, or an error. */
int volume_stat(const struct volume *v, const char *path, struct stat *ret_st, struct err *err);
/*
 * What a link says (the last component is not followed): 1 and the text, 0 not there or not a link,
 * or an error. Shows a file masked by a link to /dev/null also where there is no /dev.
 */
int volume_readlink(const struct volume *v, const char *path, char **ret, struct err *err);
/*
 * The absolute path of the file that `path` leads to, links followed: 1; 0 when its last name is
 * not there, then where it would be; -ENOENT without a text when a directory on the way is missing;
 * or an error. The caller frees it.
 */
int volume_real_path(const struct volume *v, const char *path, char **ret, struct err *err);
