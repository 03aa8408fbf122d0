/*
 * Sections of KEY=VALUE lines, as systemd reads its units and network files (systemd.syntax(7)) and
 * GLib reads NetworkManager's files (nm-settings-keyfile(5)). They differ in little: systemd's
 * lines go on after a backslash, and ";" begins a comment there, too.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define INIFILE_MAX       (256u << 10) /* bytes of a file */
#define INIFILE_PAIRS_MAX 4096

enum inifile_syntax {
        INIFILE_SYSTEMD,
        INIFILE_GLIB,
};

struct inifile_pair {
        char *section; /* without brackets; "" before the first */
        char *key, *value;
        size_t line;
        struct span text; /* its first line as written */
};

/* Spans point into the text parsed, which must outlive it. */
struct inifile {
        struct inifile_pair *v;
        size_t n, cap;
        size_t odd_line; /* the first line that is neither; 0: none. systemd ignores such lines */
};

/* -E2BIG: over a limit. */
int inifile_parse(struct span text, enum inifile_syntax syntax, struct inifile *ret,
                  struct err *err);
void inifile_done(struct inifile *i);
#define cleanup_inifile _cleanup_(inifile_done)

/* The last pair with this key in any section of that name, or NULL. */
const struct inifile_pair *inifile_find(const struct inifile *i, const char *section,
                                        const char *key);
