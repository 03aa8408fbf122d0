/*
 * Bytes in three roles.
 *   span  bytes that belong to somebody else; may hold NULs, has no NUL after it
 *   blob  bytes we own, read once and never grown; one NUL stands after them, `len` rules
 *   buf   bytes we are still writing; always NUL-terminated once something was appended
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

struct span {
        const char *data;
        size_t len;
};

struct blob {
        char *data;
        size_t len;
};

struct buf {
        char *data;
        size_t len, cap;
};

#define SPAN(literal) ((struct span){ "" literal, sizeof(literal) - 1 })

static inline struct span span_of(const char *s)
{
        return (struct span){ s, strlen(s) };
}

static inline struct span blob_span(const struct blob *b)
{
        return (struct span){ b->data, b->len };
}

static inline struct span buf_span(const struct buf *b)
{
        return (struct span){ b->data, b->len };
}

bool span_eq(struct span a, const char *b);
/* A fresh NUL-terminated copy; the caller frees it. */
char *span_dup(struct span s);

static inline void blob_done(struct blob *b)
{
        free(b->data);
        *b = (struct blob){ 0 };
}
#define cleanup_blob _cleanup_(blob_done)

void buf_append(struct buf *b, const void *data, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) _printf_(2, 3);
/* Hand the bytes over as a string and leave the buf empty; never NULL. */
char *buf_take(struct buf *b);

static inline void buf_done(struct buf *b)
{
        free(b->data);
        *b = (struct buf){ 0 };
}
#define cleanup_buf _cleanup_(buf_done)
