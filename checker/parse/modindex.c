#include "parse/modindex.h"

#include <errno.h>
#include <fnmatch.h>

#define MAGIC         0xb007f457u
#define VERSION_MAJOR 2

#define HAS_PREFIX UINT32_C(0x80000000)
#define HAS_VALUES UINT32_C(0x40000000)
#define HAS_CHILDS UINT32_C(0x20000000)
#define OFFSET     UINT32_C(0x0fffffff)

#define CHILD_MAX 128 /* keys are ASCII, without NULs */

struct node {
        struct span prefix;
        const char *children; /* 4 bytes for each character from first to last */
        int first, last;      /* last < first: none */
        const char *values;   /* 4 bytes of priority and a string, `count` times */
        uint32_t count;
        const char *end; /* of the node */
};

/* The only ways to read: each checks that the bytes are there. */
struct cursor {
        const char *at, *end;
};

static int read_u32(struct cursor *c, uint32_t *ret)
{
        const unsigned char *p = (const unsigned char *)c->at;

        if (c->end - c->at < 4)
                return -EBADMSG;
        *ret = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        c->at += 4;
        return 0;
}

static int read_string(struct cursor *c, struct span *ret)
{
        const char *nul = memchr(c->at, '\0', (size_t)(c->end - c->at));

        if (!nul)
                return -EBADMSG;
        *ret = (struct span){ c->at, (size_t)(nul - c->at) };
        c->at = nul + 1;
        return 0;
}

static int read_children(struct cursor *c, struct node *n)
{
        size_t bytes;

        if (c->end - c->at < 2)
                return -EBADMSG;
        n->first = (unsigned char)c->at[0];
        n->last = (unsigned char)c->at[1];
        c->at += 2;
        if (n->first == 0 || n->first > n->last || n->last >= CHILD_MAX)
                return -EBADMSG;
        bytes = 4 * (size_t)(n->last - n->first + 1);
        if ((size_t)(c->end - c->at) < bytes)
                return -EBADMSG;
        n->children = c->at;
        c->at += bytes;
        return 0;
}

static int read_values(struct cursor *c, struct node *n)
{
        if (read_u32(c, &n->count) < 0)
                return -EBADMSG;
        n->values = c->at;
        for (uint32_t i = 0; i < n->count; i++) {
                struct span value;
                uint32_t priority;

                if (read_u32(c, &priority) < 0 || read_string(c, &value) < 0)
                        return -EBADMSG;
        }
        return 0;
}

/* 1: read, 0: there is no node at that offset, -EBADMSG. */
static int read_node(const struct modindex *x, uint32_t where, struct node *ret)
{
        uint32_t offset = where & OFFSET;
        struct cursor c = { x->bytes.data + offset, x->bytes.data + x->bytes.len };

        *ret = (struct node){ .prefix = SPAN(""), .first = 0, .last = -1 };
        if (offset == 0)
                return 0;
        /* An index without a key has a root without a byte, at the end of the file. */
        if (offset > x->bytes.len)
                return -EBADMSG;
        if (where & HAS_PREFIX && read_string(&c, &ret->prefix) < 0)
                return -EBADMSG;
        if (where & HAS_CHILDS && read_children(&c, ret) < 0)
                return -EBADMSG;
        if (where & HAS_VALUES && read_values(&c, ret) < 0)
                return -EBADMSG;
        ret->end = c.at;
        return 1;
}

static uint32_t child_of(const struct node *n, unsigned char ch)
{
        struct cursor c = { n->children, NULL };
        uint32_t where = 0;

        if (ch < n->first || ch > n->last)
                return 0;
        c.at += 4 * (ch - n->first);
        c.end = c.at + 4;
        read_u32(&c, &where);
        return where;
}

/*
 * In a true trie no byte belongs to two nodes, so all nodes together are at most as long as the
 * file. Whatever is longer shares nodes or goes in circles, and could take for ever to walk. The
 * depth is capped by the length of keys, as each step down is one character of them.
 */
static int check_node(const struct modindex *x, uint32_t where, size_t depth, size_t *left)
{
        struct node n;
        int r = read_node(x, where, &n);
        size_t len;

        if (r <= 0)
                return r;
        len = (size_t)(n.end - (x->bytes.data + (where & OFFSET)));
        if (len > *left || depth + n.prefix.len > MODINDEX_KEY_MAX)
                return -EBADMSG;
        *left -= len;
        for (int ch = n.first; ch <= n.last; ch++) {
                r = check_node(x, child_of(&n, (unsigned char)ch), depth + n.prefix.len + 1, left);
                if (r < 0)
                        return r;
        }
        return 0;
}

int modindex_open(struct span bytes, struct modindex *ret, struct err *err)
{
        struct modindex x = { .bytes = bytes };
        struct cursor c = { bytes.data, bytes.data + bytes.len };
        uint32_t magic, version;
        size_t left = bytes.len;

        if (read_u32(&c, &magic) < 0 || read_u32(&c, &version) < 0 || read_u32(&c, &x.root) < 0 ||
            magic != MAGIC)
                return err_set(err, -EBADMSG, "this is no module index");
        if (version >> 16 != VERSION_MAJOR)
                return err_set(err, -EBADMSG, "a module index of version %u, not %d", version >> 16,
                               VERSION_MAJOR);
        if (check_node(&x, x.root, 0, &left) < 0)
                return err_set(err, -EBADMSG, "the module index is damaged");
        *ret = x;
        return 0;
}

int modindex_find(const struct modindex *x, const char *key, struct span *ret)
{
        struct node n;
        struct cursor c;
        uint32_t priority, where = x->root;

        for (;;) {
                if (read_node(x, where, &n) <= 0 || strncmp(key, n.prefix.data, n.prefix.len) != 0)
                        return 0;
                key += n.prefix.len;
                if (!*key)
                        break;
                where = child_of(&n, (unsigned char)*key++);
        }
        c = (struct cursor){ n.values, n.end };
        if (n.count == 0 || read_u32(&c, &priority) < 0 || read_string(&c, ret) < 0)
                return 0;
        return 1;
}

/* A walk down the trie: the key so far, and the name it is matched with. */
struct walk {
        const struct modindex *x;
        const char *name;
        struct strv *ret;
        size_t len;
        char key[MODINDEX_KEY_MAX + 2];
};

static void add_values(const struct node *n, struct strv *ret)
{
        struct cursor c = { n->values, n->end };
        struct span value;
        uint32_t priority;

        for (uint32_t i = 0; i < n->count; i++) {
                if (read_u32(&c, &priority) < 0 || read_string(&c, &value) < 0)
                        return;
                if (!strv_contains(ret, value.data))
                        strv_push(ret, value.data);
        }
}

/*
 * Keys without a wildcard so far must agree with the name byte by byte; behind the first wildcard
 * every key below is compared as a whole.
 */
static void match_node(struct walk *w, uint32_t where, bool wild)
{
        size_t len = w->len;
        struct node n;

        if (read_node(w->x, where, &n) <= 0 || len + n.prefix.len > MODINDEX_KEY_MAX)
                return;
        memcpy(w->key + len, n.prefix.data, n.prefix.len);
        for (size_t i = 0; i < n.prefix.len && !wild; i++) {
                wild = strchr("*?[", n.prefix.data[i]);
                if (!wild && w->name[len + i] != n.prefix.data[i])
                        return;
        }
        w->len += n.prefix.len;
        w->key[w->len] = '\0';
        if (n.count > 0 && fnmatch(w->key, w->name, 0) == 0)
                add_values(&n, w->ret);
        for (int ch = n.first; ch <= n.last; ch++) {
                bool special = ch == '*' || ch == '?' || ch == '[';

                if (!wild && !special && ch != w->name[w->len])
                        continue;
                w->key[w->len++] = (char)ch;
                match_node(w, child_of(&n, (unsigned char)ch), wild || special);
                w->len--;
        }
        w->len = len;
}

void modindex_match(const struct modindex *x, const char *name, struct strv *ret)
{
        struct walk w = { .x = x, .name = name, .ret = ret };

        match_node(&w, x->root, false);
}

/* A walk over all of it. */
struct visit {
        const struct modindex *x;
        int (*each)(void *context, const char *key, const char *value, uint32_t priority);
        void *context;
        char key[MODINDEX_KEY_MAX + 2];
};

static int visit_values(struct visit *v, const struct node *n)
{
        struct cursor c = { n->values, n->end };
        int r = 0;

        for (uint32_t i = 0; i < n->count && r == 0; i++) {
                struct span value;
                uint32_t priority;

                if (read_u32(&c, &priority) < 0 || read_string(&c, &value) < 0)
                        return -EBADMSG;
                r = v->each(v->context, v->key, value.data, priority);
        }
        return r;
}

static int visit_node(struct visit *v, uint32_t where, size_t len)
{
        struct node n;
        int r = read_node(v->x, where, &n);

        if (r <= 0)
                return r;
        if (len + n.prefix.len > MODINDEX_KEY_MAX)
                return -EBADMSG;
        memcpy(v->key + len, n.prefix.data, n.prefix.len);
        len += n.prefix.len;
        v->key[len] = '\0';
        r = visit_values(v, &n);
        for (int ch = n.first; ch <= n.last && r == 0; ch++) {
                v->key[len] = (char)ch;
                r = visit_node(v, child_of(&n, (unsigned char)ch), len + 1);
        }
        return r;
}

int modindex_each(const struct modindex *x,
                  int (*each)(void *context, const char *key, const char *value, uint32_t priority),
                  void *context)
{
        struct visit v = { .x = x, .each = each, .context = context };

        return visit_node(&v, x->root, 0);
}
