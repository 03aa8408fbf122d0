/*
 * Variables and words of GRUB script of which not everything is known. What is not known stands in
 * the text as a mark:
 *   GRUBSCRIPT_MARK_ANY     any text, also none, also several words
 *   GRUBSCRIPT_MARK_DEVICE  the name of a device, the bytes after it say how it was found
 * Texts that explain (`why`, `from`) are borrowed from the evaluator, which keeps them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "parse/grubscript.h"

#define GRUBVARS_MAX       1000       /* variables */
#define GRUBVARS_VALUE_MAX 65536      /* bytes of one value or word */
#define GRUBVARS_BYTES_MAX (1u << 20) /* bytes of all values */
#define GRUBVARS_WORDS_MAX 10000      /* words of one command */

struct grubvar {
        char *name, *value;
        const char *why;  /* why the value is not known, where it has a mark */
        const char *from; /* where the value comes from ("grubenv saved_entry"), may be NULL */
        bool exported;    /* also there in a submenu */
};

struct grubvars {
        struct grubvar *v; /* sorted by name */
        size_t n, cap, bytes;
};

struct grubword {
        char *text;
        const char *why, *from;
        bool ragged; /* may be any number of words, or none */
};

struct grubargs {
        struct grubword *v;
        size_t n, cap;
};

/* NULL: not set. */
const struct grubvar *grubvars_get(const struct grubvars *vars, const char *name);
/* -E2BIG: over one of the caps. */
int grubvars_set(struct grubvars *vars, const char *name, const char *value, const char *why,
                 const char *from);
void grubvars_unset(struct grubvars *vars, const char *name);
/* A variable that is not set becomes an empty one, as in GRUB. */
int grubvars_export(struct grubvars *vars, const char *name);
struct grubvars grubvars_copy(const struct grubvars *vars, bool exported_only);
/* One of `a` and `b` is true: what differs is no longer known, because of `why`. */
void grubvars_join(struct grubvars *a, const struct grubvars *b, const char *why);
void grubvars_done(struct grubvars *vars);

bool grubword_is_known(const char *text);
void grubargs_done(struct grubargs *args);
#define cleanup_grubargs _cleanup_(grubargs_done)
