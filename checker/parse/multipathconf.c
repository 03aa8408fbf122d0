#include "parse/multipathconf.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"

struct parser {
        struct multipath_conf conf;
        char *sections[MULTIPATH_DEPTH_MAX];
        size_t depth;
};

static void parser_done(struct parser *p)
{
        multipath_done(&p->conf);
        for (size_t i = 0; i < p->depth; i++)
                free(p->sections[i]);
}

/* A word, or what stands between quotes, off the front; empty at the end or at a comment. */
static struct span take_word(struct span *rest)
{
        struct span word;
        const char *end;

        *rest = line_strip(*rest);
        if (rest->len == 0 || *rest->data == '#' || *rest->data == '!')
                return (struct span){ rest->data, 0 };
        if (*rest->data == '"') {
                end = memchr(rest->data + 1, '"', rest->len - 1);
                word.data = rest->data + 1;
                word.len = end ? (size_t)(end - word.data) : rest->len - 1;
                end = end ? end + 1 : rest->data + rest->len;
        } else {
                word = *rest;
                for (word.len = 0; word.len < rest->len; word.len++)
                        if (strchr(" \t\"{}", word.data[word.len]) && word.data[word.len])
                                break;
                if (word.len == 0)
                        word.len = 1; /* a brace */
                end = word.data + word.len;
        }
        *rest = (struct span){ end, (size_t)(rest->data + rest->len - end) };
        return word;
}

static int open_section(struct parser *p, struct span name, size_t line, struct err *err)
{
        if (p->depth == MULTIPATH_DEPTH_MAX)
                return err_set(err, -E2BIG, "line %zu: more than %d sections within each other",
                               line, MULTIPATH_DEPTH_MAX);
        p->sections[p->depth++] = span_dup(name);
        return 0;
}

static int close_section(struct parser *p, size_t line, struct err *err)
{
        if (p->depth == 0)
                return err_set(err, -EINVAL, "line %zu: a brace that closes nothing", line);
        free(p->sections[--p->depth]);
        return 0;
}

static int add_word(struct parser *p, struct span key, struct span value, const struct line *line,
                    struct err *err)
{
        struct multipath_word *w;

        if (p->conf.n == MULTIPATH_LINES_MAX)
                return err_set(err, -E2BIG, "more than %d settings", MULTIPATH_LINES_MAX);
        w = ARRAY_PUSH(&p->conf.v, &p->conf.n, &p->conf.cap);
        w->section = xstrdup(p->depth ? p->sections[p->depth - 1] : "");
        w->parent = xstrdup(p->depth > 1 ? p->sections[p->depth - 2] : "");
        w->key = span_dup(key);
        w->value = span_dup(value);
        w->line = line->number;
        w->text = line->text;
        return 0;
}

static int parse_line(struct parser *p, const struct line *line, struct err *err)
{
        struct span rest = line->text, key, value;
        int r = 0;

        while (r == 0 && (key = take_word(&rest)).len > 0) {
                if (span_eq(key, "}")) {
                        r = close_section(p, line->number, err);
                        continue;
                }
                value = take_word(&rest);
                r = span_eq(value, "{") ? open_section(p, key, line->number, err)
                                        : add_word(p, key, value, line, err);
        }
        return r;
}

int multipath_parse(struct span text, struct multipath_conf *ret, struct err *err)
{
        _cleanup_(parser_done) struct parser p = { 0 };
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line)) {
                int r = parse_line(&p, &line, err);

                if (r < 0)
                        return r;
        }
        if (p.depth > 0)
                return err_set(err, -EINVAL, "the section %s does not end",
                               p.sections[p.depth - 1]);
        *ret = p.conf;
        p.conf = (struct multipath_conf){ 0 };
        return 0;
}

void multipath_done(struct multipath_conf *c)
{
        for (size_t i = 0; i < c->n; i++) {
                free(c->v[i].section);
                free(c->v[i].parent);
                free(c->v[i].key);
                free(c->v[i].value);
        }
        free(c->v);
        *c = (struct multipath_conf){ 0 };
}

const struct multipath_word *multipath_find(const struct multipath_conf *c, const char *section,
                                            const char *key)
{
        for (size_t i = c->n; i > 0; i--)
                if (streq(c->v[i - 1].section, section) && streq(c->v[i - 1].key, key))
                        return &c->v[i - 1];
        return NULL;
}
