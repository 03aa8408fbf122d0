#include "parse/modindexwrite.h"

#include <errno.h>

#include "base/xalloc.h"

#define MAGIC      0xb007f457u
#define VERSION    0x00020001u
#define HAS_PREFIX UINT32_C(0x80000000)
#define HAS_VALUES UINT32_C(0x40000000)
#define HAS_CHILDS UINT32_C(0x20000000)

#define CHILDS 128

static bool is_key(const char *key)
{
        size_t len = 0;

        for (; key[len]; len++)
                if ((unsigned char)key[len] >= CHILDS || len >= MODINDEX_KEY_MAX)
                        return false;
        return true;
}

int modindex_add(struct modindex_entries *l, const char *key, const char *value, uint32_t priority,
                 struct err *err)
{
        struct modindex_entry *e;

        if (!is_key(key))
                return err_set(err, -EINVAL, "a module index cannot have the key \"%s\"", key);
        if (l->n >= MODINDEX_ENTRIES_MAX)
                return err_set(err, -E2BIG, "the module index has more than %d entries",
                               MODINDEX_ENTRIES_MAX);
        e = ARRAY_PUSH(&l->v, &l->n, &l->cap);
        *e = (struct modindex_entry){ xstrdup(key), xstrdup(value), priority };
        return 0;
}

struct reading {
        struct modindex_entries *entries;
        struct err *err;
};

static int add_one(void *context, const char *key, const char *value, uint32_t priority)
{
        struct reading *r = context;

        return modindex_add(r->entries, key, value, priority, r->err);
}

int modindex_read(const struct modindex *x, struct modindex_entries *ret, struct err *err)
{
        struct reading r = { ret, err };

        return modindex_each(x, add_one, &r);
}

void modindex_remove(struct modindex_entries *l, const char *key)
{
        size_t kept = 0;

        for (size_t i = 0; i < l->n; i++) {
                if (streq(l->v[i].key, key)) {
                        free(l->v[i].key);
                        free(l->v[i].value);
                } else {
                        l->v[kept++] = l->v[i];
                }
        }
        l->n = kept;
}

static int compare(const void *a, const void *b)
{
        const struct modindex_entry *x = a, *y = b;
        int r = strcmp(x->key, y->key);

        if (r == 0)
                r = (x->priority > y->priority) - (x->priority < y->priority);
        return r ? r : strcmp(x->value, y->value);
}

static void put_u32(struct buf *out, uint32_t v)
{
        const char bytes[4] = { (char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v };

        buf_append(out, bytes, sizeof(bytes));
}

/* How far the keys of sorted entries agree: the first and the last differ most. */
static size_t common_length(const struct modindex_entry *v, size_t n, size_t depth)
{
        const char *first = v[0].key, *last = v[n - 1].key;

        while (first[depth] && first[depth] == last[depth])
                depth++;
        return depth;
}

static void put_values(struct buf *out, const struct modindex_entry *v, size_t n)
{
        size_t at = out->len;
        uint32_t count = 0;

        put_u32(out, 0);
        for (size_t i = 0; i < n; i++) {
                if (i > 0 && streq(v[i].value, v[i - 1].value))
                        continue;
                put_u32(out, v[i].priority);
                buf_append(out, v[i].value, strlen(v[i].value) + 1);
                count++;
        }
        for (int i = 0; i < 4; i++)
                out->data[at + (size_t)i] = (char)(count >> (24 - 8 * i));
}

/*
 * Writes the node of sorted entries whose keys agree in `depth` bytes, behind those below it.
 * Returns where it is, with its flags. As deep as the longest key, which has a cap.
 */
static uint32_t put_node(struct buf *out, const struct modindex_entry *v, size_t n, size_t depth)
{
        size_t end = common_length(v, n, depth), here = 0;
        uint32_t child[CHILDS] = { 0 }, flags = 0, where;
        int first = CHILDS, last = -1;

        while (here < n && !v[here].key[end])
                here++;
        for (size_t i = here, next; i < n; i = next) {
                int ch = v[i].key[end];

                for (next = i; next < n && v[next].key[end] == ch; next++)
                        ;
                child[ch] = put_node(out, v + i, next - i, end + 1);
                first = first < ch ? first : ch;
                last = ch;
        }
        where = (uint32_t)out->len;
        if (end > depth) {
                flags |= HAS_PREFIX;
                buf_append(out, v[0].key + depth, end - depth);
                buf_putc(out, '\0');
        }
        if (last >= first) {
                flags |= HAS_CHILDS;
                buf_putc(out, (char)first);
                buf_putc(out, (char)last);
                for (int ch = first; ch <= last; ch++)
                        put_u32(out, child[ch]);
        }
        if (here > 0) {
                flags |= HAS_VALUES;
                put_values(out, v, here);
        }
        return where | flags;
}

void modindex_write(struct modindex_entries *l, struct buf *out)
{
        uint32_t root;
        struct buf b = { 0 };

        if (l->n > 1)
                qsort(l->v, l->n, sizeof(*l->v), compare);
        put_u32(&b, MAGIC);
        put_u32(&b, VERSION);
        put_u32(&b, 0);
        /* Without a key the root has no byte, and no flag that would promise one. */
        root = l->n ? put_node(&b, l->v, l->n, 0) : (uint32_t)b.len;
        for (int i = 0; i < 4; i++)
                b.data[8 + i] = (char)(root >> (24 - 8 * i));
        buf_append(out, b.data, b.len);
        buf_done(&b);
}

void modindex_entries_done(struct modindex_entries *l)
{
        for (size_t i = 0; i < l->n; i++) {
                free(l->v[i].key);
                free(l->v[i].value);
        }
        free(l->v);
        *l = (struct modindex_entries){ 0 };
}
