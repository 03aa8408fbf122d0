/*
 * A unified diff as `diff -u` prints it, with three lines of context: something that patch(1) takes
 * and a person can judge. Lines are separated by "\n" alone; a carriage return is a byte of its
 * line. Nothing is escaped here: who prints to a terminal does that.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/* It holds a NUL byte, and has no lines to compare. */
bool diff_is_binary(struct span bytes);
/*
 * Appends the heads and hunks, or nothing when both are the same. A NULL `before_name` is that of a
 * file that was not there. Neither may be binary. As few lines as possible are shown as changed,
 * unless there are more than DIFF_CHANGES_MAX: then a part of them is shown as all replaced.
 */
#define DIFF_CHANGES_MAX 10000
void diff_unified(const char *before_name, const char *after_name, struct span before,
                  struct span after, struct buf *out);
