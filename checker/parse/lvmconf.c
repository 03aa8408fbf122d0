#include "parse/lvmconf.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"

struct parser {
        struct span text;
        size_t at, line, line_begin;
        size_t prefix[LVMCONF_DEPTH_MAX]; /* lengths of `section` outside each open section */
        size_t depth;
        struct buf section; /* "devices/", or empty */
        struct lvmconf *conf;
        struct err *err;
};

static int fail(struct parser *p, const char *what)
{
        return err_set(p->err, -EINVAL, "line %zu: %s", p->line, what);
}

static bool at_end(const struct parser *p)
{
        return p->at >= p->text.len;
}

static char peek(const struct parser *p)
{
        return at_end(p) ? '\0' : p->text.data[p->at];
}

static void step(struct parser *p)
{
        if (p->text.data[p->at++] == '\n') {
                p->line++;
                p->line_begin = p->at;
        }
}

/* Blanks, newlines and comments. */
static void skip(struct parser *p)
{
        while (!at_end(p)) {
                if (peek(p) == '#')
                        while (!at_end(p) && peek(p) != '\n')
                                step(p);
                else if (ascii_isspace(peek(p)))
                        step(p);
                else
                        return;
        }
}

static struct span line_text(const struct parser *p)
{
        const char *begin = p->text.data + p->line_begin;
        const char *end = memchr(begin, '\n', p->text.len - p->line_begin);

        return (struct span){ begin, end ? (size_t)(end - begin) : p->text.len - p->line_begin };
}

/* A run of bytes that ends a word of this language. */
static struct span take_bare(struct parser *p)
{
        size_t begin = p->at;

        while (!at_end(p) && !ascii_isspace(peek(p)) && !strchr("=#{}[],\"'", peek(p)))
                step(p);
        return (struct span){ p->text.data + begin, p->at - begin };
}

/* A string between `quote`s; a backslash before a quote or a backslash makes it an ordinary one. */
static char *take_string(struct parser *p, char quote)
{
        struct buf b = { 0 };

        step(p);
        while (!at_end(p) && peek(p) != quote && peek(p) != '\n') {
                if (quote == '"' && peek(p) == '\\' && p->at + 1 < p->text.len &&
                    strchr("\"\\", p->text.data[p->at + 1]))
                        step(p);
                buf_putc(&b, peek(p));
                step(p);
        }
        if (peek(p) != quote || at_end(p)) {
                buf_done(&b);
                return NULL;
        }
        step(p);
        return buf_take(&b);
}

static int take_value(struct parser *p)
{
        struct lvmconf *c = p->conf;
        size_t begin = p->at;
        char quote = peek(p), *text;

        if (c->n_values == LVMCONF_VALUES_MAX)
                return err_set(p->err, -E2BIG, "it has more than %d values", LVMCONF_VALUES_MAX);
        if (quote == '"' || quote == '\'')
                text = take_string(p, quote);
        else
                text = span_dup(take_bare(p));
        if (!text || p->at == begin) {
                free(text);
                return fail(p, text ? "a value is missing" : "a string has no end");
        }
        *ARRAY_PUSH(&c->values, &c->n_values, &c->cap_values) = (struct lvmconf_value){
                .raw = { p->text.data + begin, p->at - begin },
                .text = text,
        };
        return 0;
}

static int take_array(struct parser *p)
{
        int r;

        step(p);
        for (;;) {
                skip(p);
                if (peek(p) == ']') {
                        step(p);
                        return 0;
                }
                r = take_value(p);
                if (r < 0)
                        return r;
                skip(p);
                if (peek(p) == ',')
                        step(p);
                else if (peek(p) != ']')
                        return fail(p, "an array has no end");
        }
}

static int take_setting(struct parser *p, struct span key, size_t line, struct span text)
{
        struct lvmconf *c = p->conf;
        struct lvmconf_setting *s = ARRAY_PUSH(&c->v, &c->n, &c->cap);
        int r;

        s->path = xasprintf("%.*s%.*s", (int)p->section.len, p->section.data ? p->section.data : "",
                            (int)key.len, key.data);
        s->line = line;
        s->text = text;
        s->first = c->n_values;
        skip(p);
        s->is_array = peek(p) == '[';
        r = s->is_array ? take_array(p) : take_value(p);
        s = &c->v[c->n - 1];
        s->n = c->n_values - s->first;
        return r;
}

static int open_section(struct parser *p, struct span key)
{
        if (p->depth == LVMCONF_DEPTH_MAX || key.len > 256)
                return fail(p, "sections are nested too deep");
        p->prefix[p->depth++] = p->section.len;
        buf_append(&p->section, key.data, key.len);
        buf_putc(&p->section, '/');
        return 0;
}

static int take_item(struct parser *p)
{
        size_t line = p->line;
        struct span text = line_text(p), key;
        int r = 0;

        if (peek(p) == '}') {
                if (p->depth == 0)
                        return fail(p, "a brace closes nothing");
                p->section.len = p->prefix[--p->depth];
                step(p);
                return 0;
        }
        key = take_bare(p);
        if (key.len == 0)
                return fail(p, "a name is missing");
        skip(p);
        if (peek(p) == '{')
                r = open_section(p, key);
        else if (peek(p) != '=')
                return fail(p, "neither a section nor a setting");
        step(p);
        return r < 0 || p->text.data[p->at - 1] == '{' ? r : take_setting(p, key, line, text);
}

int lvmconf_parse(struct span text, struct lvmconf *ret, struct err *err)
{
        struct lvmconf conf = { 0 };
        struct parser p = { .text = text, .line = 1, .conf = &conf, .err = err };
        int r = 0;

        if (text.len > 0 && memchr(text.data, '\0', text.len))
                return err_set(err, -EINVAL, "there is a NUL byte in it");
        for (skip(&p); !at_end(&p) && r >= 0; skip(&p))
                r = take_item(&p);
        if (r >= 0 && p.depth > 0)
                r = fail(&p, "a section has no end");
        buf_done(&p.section);
        if (r < 0) {
                lvmconf_done(&conf);
                return r;
        }
        *ret = conf;
        return 0;
}

void lvmconf_done(struct lvmconf *c)
{
        for (size_t i = 0; i < c->n; i++)
                free(c->v[i].path);
        for (size_t i = 0; i < c->n_values; i++)
                free(c->values[i].text);
        free(c->v);
        free(c->values);
        *c = (struct lvmconf){ 0 };
}

const struct lvmconf_setting *lvmconf_find(const struct lvmconf *c, const char *path)
{
        for (size_t i = c->n; i-- > 0;)
                if (streq(c->v[i].path, path))
                        return &c->v[i];
        return NULL;
}
