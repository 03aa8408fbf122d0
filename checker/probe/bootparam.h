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
/* True when the parameter is there before "--", with or without a value. */
bool bootparam_has(const struct facts *f, const char *name);
