/*
 * The order of versions rpm has, in the form GRUB's blscfg command sorts by (vercmp in
 * grub-core/commands/blscfg.c of https://github.com/rhboot/grub2): runs of digits and of letters
 * are compared one by one, digits are newer than letters, "~" is older than the end of the text.
 * rpm's "^" is not known there.
 */
#pragma once

#include <stdbool.h>

/*
 * Negative, 0, positive: `a` is older, the same, newer. `plus`: a "+" has a meaning of its own, as
 * in the GRUB of RHEL 9; in that of RHEL 8 it is one more separator.
 */
int rpmvercmp(const char *a, const char *b, bool plus);
