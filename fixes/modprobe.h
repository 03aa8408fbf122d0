/* Lines of modprobe.d, in the root or, as bytes, inside an initramfs. */
#pragma once

#include "fixes/fix.h"

/* The line, continuation lines included, that this evidence shows: false when it is another. */
bool modprobe_find_line(struct span text, const struct evidence *evidence, struct span *ret);
/* The text with other bytes in place of that line; the caller's. */
void modprobe_replace_line(struct span text, struct span line, struct span with, struct blob *ret);
/*
 * Plans other bytes for a file of modprobe.d of the root. A file of a package is not edited, for
 * the next update of the package brings it back: a changed copy in /etc takes its place. `edit`
 * gets the text and makes the new one: 1, or 0 when there is nothing it could change, which is
 * returned, too; else 1, or an error with a text.
 */
int modprobe_plan(struct fix_context *context, const char *const *rules, const char *file,
                  int (*edit)(void *data, struct span text, struct blob *ret), void *data,
                  struct err *err);
