/* Text for a terminal of 80 columns; bytes of a target never reach it raw. */
#pragma once

#include "base/buf.h"

#define WRAP_WIDTH 80

/* Control bytes, C1 included, as \xNN, a tab as a blank; the caller frees it. */
char *wrap_printable(const char *text);
/* Columns of UTF-8, one per character. */
size_t wrap_columns(const char *s, size_t len);
/*
 * `label` at `indent`, then the text, broken at blanks and continued under its own beginning. A
 * word longer than a line stands whole, so that it can be copied. Ends with a newline.
 */
void wrap_text(struct buf *out, size_t indent, const char *label, const char *text);
