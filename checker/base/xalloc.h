/*
 * Memory that cannot fail: out of memory ends the program (exit 3, one line on stderr). Whoever
 * allocates for bytes of a target has met a named cap before (see the *_MAX beside each parser).
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/macro.h"

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *ptr, size_t count, size_t size);
char *xstrdup(const char *s);
/* Copy of `len` bytes with a NUL after them; the bytes may hold NULs. */
char *xmemdup0(const void *data, size_t len);
char *xasprintf(const char *fmt, ...) _printf_(1, 2);
char *xvasprintf(const char *fmt, va_list ap) _printf_(1, 0);

/* `free` for a cleanup attribute: cleanup_free char *name = xstrdup("x"); */
static inline void free_ptr(void *p)
{
        free(*(void **)p);
}
#define cleanup_free _cleanup_(free_ptr)

/*
 * Make room for one more element of a vector {v, n, cap} and return it zeroed:
 *     struct entry *e = ARRAY_PUSH(&list->v, &list->n, &list->cap);
 */
void *array_push(void **v, size_t *n, size_t *cap, size_t size);
#define ARRAY_PUSH(v, n, cap) \
        ((__typeof__(*(v)))array_push((void **)(v), (n), (cap), sizeof(**(v))))
