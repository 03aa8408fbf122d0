#include "base/buf.h"

#include <stdarg.h>

#include "base/xalloc.h"

bool span_eq(struct span a, const char *b)
{
        size_t n = strlen(b);

        return a.len == n && (n == 0 || memcmp(a.data, b, n) == 0);
}

char *span_dup(struct span s)
{
        return xmemdup0(s.data, s.len);
}

static void buf_reserve(struct buf *b, size_t more)
{
        size_t need = b->len + more + 1;

        if (need <= b->cap)
                return;
        b->cap = need < 64 ? 64 : need + need / 2;
        b->data = xreallocarray(b->data, b->cap, 1);
}

void buf_append(struct buf *b, const void *data, size_t len)
{
        buf_reserve(b, len);
        if (len)
                memcpy(b->data + b->len, data, len);
        b->len += len;
        b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
        buf_append(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
        buf_append(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
        cleanup_free char *text = NULL;
        va_list ap;

        va_start(ap, fmt);
        text = xvasprintf(fmt, ap);
        va_end(ap);
        buf_puts(b, text);
}

char *buf_take(struct buf *b)
{
        char *s = b->data ? TAKE_PTR(b->data) : xstrdup("");

        *b = (struct buf){ 0 };
        return s;
}
