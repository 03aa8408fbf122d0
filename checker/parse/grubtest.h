/*
 * GRUB's `test` and `[` (grub-core/commands/test.c) over words that are not all known. -a binds
 * like no operator at all, -o separates, there is no precedence but that; an unknown operator is
 * just a text that is not empty.
 */
#pragma once

#include <stddef.h>

#include "parse/grubvars.h"

#define GRUBTEST_DEPTH_MAX 100 /* parentheses; GRUB's own limit */

enum grubtri {
        GRUBTRI_NO,
        GRUBTRI_YES,
        GRUBTRI_MAYBE,
};

static inline enum grubtri grubtri_not(enum grubtri t)
{
        return t == GRUBTRI_MAYBE ? t : t == GRUBTRI_NO ? GRUBTRI_YES : GRUBTRI_NO;
}

/* Answers -d -e -f -s of a path, with its device if it has one. */
typedef enum grubtri (*grubtest_file)(void *data, char op, const struct grubword *path);

/* Without the closing bracket. *ret_why says what a MAYBE depends on, where that is known. */
enum grubtri grubtest_evaluate(const struct grubword *words, size_t n, grubtest_file file,
                               void *data, const char **ret_why);
