/*
 * Files of NAME=VALUE lines that a shell reads: os-release(5), ifcfg-eth0, /etc/sysconfig. Only
 * plain assignments are understood, quoted or not; what needs a shell is odd.
 */
#pragma once

#include "parse/lines.h"

struct shellvar {
        struct span name;
        char *value; /* the caller frees it; NULL: the line is no plain assignment */
        size_t line;
        struct span text; /* the line as written */
};

/* The next line that is not empty and no comment; false at the end. Spans point into the text. */
bool shellvar_next(struct lines *lines, struct shellvar *ret);
