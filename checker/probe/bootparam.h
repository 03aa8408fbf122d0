/* The command line of the boot entry, as the boot probe published it. */
#pragma once

#include "facts.h"

/*
 * 1: the line is known; 0: it is not, and *ret_why (the caller frees it) and *ret_file (borrowed,
 * may be NULL) say why.
 */
int bootparam_known(const struct facts *f, char **ret_why, const char **ret_file);
/*
 * The last value of a parameter before "--", which ends what is for the kernel; NULL: it is not
 * there, or only without a value. Borrowed.
 */
const char *bootparam_last(const struct facts *f, const char *name);
/* The line that they are written in; file NULL: not known. */
struct bootparam_place {
        const char *file, *text; /* borrowed */
        size_t line;
};
struct bootparam_place bootparam_place(const struct facts *f);
/* True when the parameter is there before "--", with or without a value. */
bool bootparam_has(const struct facts *f, const char *name);
/*
 * The parameters before "--", in order; *at starts at 0. False at the end. *ret_value is NULL where
 * there is none. Both are borrowed.
 */
bool bootparam_next(const struct facts *f, size_t *at, const char **ret_name,
                    const char **ret_value);
/* Whether it is that parameter: to the kernel hyphen and underscore are one letter. */
bool bootparam_is(const char *name, const char *want);
/* file, line and text below `path`: where the command line is written. */
void bootparam_set_evidence(struct facts *f, const char *path);
