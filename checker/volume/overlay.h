/*
 * Files as they are planned to be, laid over a volume without touching it: probes and rules then
 * run over the plan as they do over a disk.
 *
 * A file is known by its real path (volume_real_path), so that each link to it shows the planned
 * bytes. Bytes are borrowed and may be set anew at any time; descriptors given out before keep what
 * they had. Where only bytes are added to a big file, the overlay holds these alone, and the whole
 * exists only within an open descriptor.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"

struct overlay_file {
        char *path;
        struct span bytes;
        bool append; /* `bytes` stand behind those of the file below, which there is */
        mode_t mode; /* permission bits of a file that is new */
};

struct overlay {
        struct overlay_file *v;
        size_t n, cap;
};

/* The planned file of that real path, made when there is none; valid until the next one is made. */
struct overlay_file *overlay_put(struct overlay *o, const char *real_path);
const struct overlay_file *overlay_find(const struct overlay *o, const char *real_path);
/* The names of planned files in that directory, added where `names` does not have them. */
void overlay_add_names(const struct overlay *o, const char *real_dir, struct strv *names);
/*
 * The planned file as a descriptor for reading, positioned at 0, the caller's. `below` is the file
 * on disk, or negative when there is none. Never leaves a trace in the file system.
 */
int overlay_open(const struct overlay_file *f, int below, struct err *err);
/* What stat says of it; *st is that of the file below, or all 0. */
void overlay_stat(const struct overlay_file *f, struct stat *st);
void overlay_done(struct overlay *o);
#define cleanup_overlay _cleanup_(overlay_done)
