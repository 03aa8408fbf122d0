/*
 * os-release(5): KEY=value lines with the quoting of a shell, but none of its expansions.
 * https://www.freedesktop.org/software/systemd/man/latest/os-release.html
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/* Owns its strings; NULL where the file does not say. */
struct osrelease {
        char *id;
        char *version_id;
        char *pretty_name;
        size_t odd_line; /* the first line that is neither blank, comment nor assignment; 0: none */
};

/* Never fails: a line that is not understood is skipped and counted in `odd_line`. */
void osrelease_parse(struct span text, struct osrelease *ret);
void osrelease_done(struct osrelease *o);
#define cleanup_osrelease _cleanup_(osrelease_done)
