/*
 * A text file line by line, every byte accounted for: the texts and endings of all lines, put one
 * after the other, are the file again. Nothing is copied; spans point into the bytes given.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

struct line {
        struct span text;   /* without its ending; may hold NULs and stray carriage returns */
        struct span ending; /* "\n", "\r\n", or "" for a last line without one */
        size_t number;      /* from 1 */
};

struct lines {
        struct span rest;
        size_t number;
};

static inline struct lines lines_of(struct span text)
{
        return (struct lines){ .rest = text };
}

/* The next line, or false at the end. A file that ends in a newline has no empty line after it. */
bool lines_next(struct lines *l, struct line *ret);

/* Without blanks and tabs (and nothing else) at its ends. */
struct span line_strip(struct span text);
