/*
 * multipath.conf(5): sections in braces, in each lines of a keyword and a value, quoted or not;
 * "#" and "!" at the beginning of a word start a comment. Of it only what says which disks
 * multipathd takes.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define MULTIPATH_DEPTH_MAX 8    /* sections within sections */
#define MULTIPATH_LINES_MAX 4096 /* keywords */

struct multipath_word {
        char *section; /* the innermost: "defaults", "blacklist", "device" ... */
        char *parent;  /* the one around it, "" for none */
        char *key, *value;
        size_t line; /* from 1 */
        struct span text;
};

/* Spans point into the text parsed, which must outlive it. */
struct multipath_conf {
        struct multipath_word *v;
        size_t n, cap;
};

/* -E2BIG: over a limit; -EINVAL: braces that do not match. */
int multipath_parse(struct span text, struct multipath_conf *ret, struct err *err);
void multipath_done(struct multipath_conf *c);
#define cleanup_multipath _cleanup_(multipath_done)

/* The last value of a keyword in a section of that name, or NULL. */
const struct multipath_word *multipath_find(const struct multipath_conf *c, const char *section,
                                            const char *key);
