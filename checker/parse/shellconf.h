/*
 * Configuration that a shell sources and that is assignments in the main: dracut.conf(5),
 * initramfs.conf(5), /etc/sysconfig/kernel. Of these NAME=VALUE and NAME+=VALUE, quoted or not, are
 * understood; what needs a shell is not, and whoever cares for that name, or for anything behind a
 * line that may be a condition, does not know.
 */
#pragma once

#include "parse/lines.h"

struct shellconf {
        struct span name; /* empty: the line is no assignment at all */
        char *value;      /* the caller frees it; NULL: not understood */
        bool append;      /* += */
        size_t line;
        struct span text; /* the line as written */
};

/* The next line that is not empty and no comment; false at the end. Spans point into the text. */
bool shellconf_next(struct lines *lines, struct shellconf *ret);
