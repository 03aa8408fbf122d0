#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/sdboot.h"

/* The input is a loader.conf, and after lines "%%" entry files, the first line of each its name. */
#define ENTRIES 8

struct menu {
        struct sdboot_entry v[ENTRIES];
        size_t n;
};

static int compare(const void *a, const void *b)
{
        int r = sdboot_compare(a, b);

        assert(r == -sdboot_compare(b, a));
        return r;
}

static void add(struct menu *m, struct span part)
{
        const char *newline = part.len ? memchr(part.data, '\n', part.len) : NULL;
        size_t len = newline ? (size_t)(newline - part.data) : part.len;
        cleanup_free char *name = xmemdup0(part.len ? part.data : "", len);
        struct span text = { part.data + len, part.len - len };
        struct err err = { 0 };
        int r = sdboot_parse_entry(name, text, &m->v[m->n], &err);

        assert(r <= 1 && (r >= 0 || *err.text));
        if (r <= 0)
                return;
        assert(m->v[m->n].id && *m->v[m->n].kernel.path == '/');
        assert(m->v[m->n].left >= -1 && (m->v[m->n].left < 0) == (m->v[m->n].done < 0));
        m->n++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_sdboot_conf struct sdboot_conf conf = { 0 };
        struct span rest = { (const char *)data, len };
        struct menu m = { 0 };
        struct err err = { 0 };
        size_t index = 0;

        for (size_t i = 0; i <= ENTRIES; i++) {
                const char *at = rest.len ? memmem(rest.data, rest.len, "\n%%\n", 4) : NULL;
                struct span part = { rest.data, at ? (size_t)(at - rest.data) : rest.len };

                if (i)
                        add(&m, part);
                else
                        sdboot_parse_conf(part, &conf);
                if (!at)
                        break;
                rest = (struct span){ at + 4, rest.len - (size_t)(at + 4 - rest.data) };
        }
        if (m.n) {
                int r;

                qsort(m.v, m.n, sizeof(*m.v), compare);
                r = sdboot_select(&conf, m.v, m.n, &index, &err);
                assert(r == -ENODATA ? *err.text != '\0' : r >= 0 && index < m.n);
        }
        for (size_t i = 0; i < m.n; i++)
                sdboot_entry_done(&m.v[i]);
        return 0;
}
