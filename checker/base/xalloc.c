#include "base/xalloc.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* 3 is "inspection incomplete": no verdict was reached. */
static _noreturn_ void die_oom(void)
{
        static const char text[] = "xen2nitro: out of memory\n";

        if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
                _exit(3);
        _exit(3);
}

void *xmalloc(size_t size)
{
        void *p = malloc(size ? size : 1);

        if (!p)
                die_oom();
        return p;
}

void *xcalloc(size_t count, size_t size)
{
        void *p = calloc(count ? count : 1, size ? size : 1);

        if (!p)
                die_oom();
        return p;
}

void *xreallocarray(void *ptr, size_t count, size_t size)
{
        size_t bytes;

        if (__builtin_mul_overflow(count, size, &bytes))
                die_oom();
        ptr = realloc(ptr, bytes ? bytes : 1);
        if (!ptr)
                die_oom();
        return ptr;
}

char *xmemdup0(const void *data, size_t len)
{
        char *p = xmalloc(len + 1);

        if (len)
                memcpy(p, data, len);
        p[len] = '\0';
        return p;
}

char *xstrdup(const char *s)
{
        return xmemdup0(s, strlen(s));
}

char *xvasprintf(const char *fmt, va_list ap)
{
        char *s;

        if (vasprintf(&s, fmt, ap) < 0)
                die_oom();
        return s;
}

char *xasprintf(const char *fmt, ...)
{
        va_list ap;
        char *s;

        va_start(ap, fmt);
        s = xvasprintf(fmt, ap);
        va_end(ap);
        return s;
}

void *array_push(void **v, size_t *n, size_t *cap, size_t size)
{
        void *slot;

        if (*n == *cap) {
                *cap = *cap ? *cap * 2 : 8;
                *v = xreallocarray(*v, *cap, size);
        }
        slot = (char *)*v + *n * size;
        memset(slot, 0, size);
        (*n)++;
        return slot;
}
