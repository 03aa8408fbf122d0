/*
 * The patterns of LVM's filters, "a|^/dev/sd|" and "r|.*|": the first that matches anywhere in one
 * of the names of a device decides for that name. A name that is accepted makes the device
 * accepted; one that is rejected, and none accepted, rejected; none of both, accepted.
 *   lib/filters/filter-regex.c and libdm/regex/parse_rx.c of lvm2
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define LVMFILTER_PATTERNS_MAX 200
#define LVMFILTER_PATTERN_MAX  256 /* bytes */

struct lvmfilter;

/* -EINVAL, -E2BIG: one of them is not understood. */
int lvmfilter_compile(const char *const *patterns, size_t n, struct lvmfilter **ret,
                      struct err *err);
void lvmfilter_free(struct lvmfilter *f);
static inline void lvmfilter_freep(struct lvmfilter **f)
{
        lvmfilter_free(*f);
}
#define cleanup_lvmfilter _cleanup_(lvmfilter_freep)

/* Which pattern decides for a name: its index and *ret_accept, or -1: none does. */
int lvmfilter_match(const struct lvmfilter *f, const char *name, bool *ret_accept);
