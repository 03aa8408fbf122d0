/* Writes module indexes as depmod does, from "key value" lines. Keys are sorted by the caller. */
#pragma once

#include "unit.h"

#include "base/buf.h"

static inline void unit_index_u32(struct buf *b, uint32_t v)
{
        char bytes[4] = { (char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v };

        buf_append(b, bytes, 4);
}

struct unit_index_line {
        char *key, *value;
};

/* The node for lines lo to hi, which agree in their first `depth` bytes; where it is, with flags.
 */
static inline uint32_t unit_index_node(struct buf *b, const struct unit_index_line *l, size_t lo,
                                       size_t hi, size_t depth)
{
        uint32_t child[128] = { 0 }, flags = 0, values = 0, where;
        int first = 128, last = -1;

        while (lo + values < hi && !l[lo + values].key[depth])
                values++;
        for (size_t i = lo + values, end; i < hi; i = end) {
                int ch = l[i].key[depth];

                for (end = i; end < hi && l[end].key[depth] == ch; end++)
                        ;
                child[ch] = unit_index_node(b, l, i, end, depth + 1);
                first = first == 128 ? ch : first;
                last = ch;
        }
        where = (uint32_t)b->len;
        if (last >= first) {
                flags |= 0x20000000;
                buf_putc(b, (char)first);
                buf_putc(b, (char)last);
                for (int ch = first; ch <= last; ch++)
                        unit_index_u32(b, child[ch]);
        }
        if (values) {
                flags |= 0x40000000;
                unit_index_u32(b, values);
                for (uint32_t i = 0; i < values; i++) {
                        unit_index_u32(b, i);
                        buf_append(b, l[lo + i].value, strlen(l[lo + i].value) + 1);
                }
        }
        return where | flags;
}

static inline int unit_index_compare(const void *a, const void *b)
{
        return strcmp(((const struct unit_index_line *)a)->key,
                      ((const struct unit_index_line *)b)->key);
}

/* `text`: lines of a key, a blank, and a value that may be empty. */
static inline void unit_index_make(struct buf *b, const char *text)
{
        struct unit_index_line lines[64];
        char *copy = xstrdup(text), *at = copy, *line;
        uint32_t root;
        size_t n = 0;

        while ((line = strsep(&at, "\n"))) {
                if (!*line)
                        continue;
                assert_true(n < 64);
                lines[n].key = strsep(&line, " ");
                lines[n++].value = line ? line : (char *)"";
        }
        qsort(lines, n, sizeof(*lines), unit_index_compare);
        b->len = 0;
        unit_index_u32(b, 0xb007f457);
        unit_index_u32(b, 0x20001);
        unit_index_u32(b, 0);
        root = unit_index_node(b, lines, 0, n, 0);
        for (int i = 0; i < 4; i++)
                b->data[8 + i] = (char)(root >> (24 - 8 * i));
        free(copy);
}
