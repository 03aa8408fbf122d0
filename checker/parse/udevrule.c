#include "parse/udevrule.h"

#include <errno.h>
#include <fnmatch.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"

#define PATTERN_MAX 256

/* The next line that is no comment, continuation lines joined. */
static bool next_logical(struct lines *lines, struct line *ret_first, struct buf *ret)
{
        struct line line;

        if (!lines_next(lines, ret_first))
                return false;
        ret->len = 0;
        for (line = *ret_first;;) {
                struct span s = line.text;
                bool more = s.len > 0 && s.data[s.len - 1] == '\\';

                if (line.number == ret_first->number && line_strip(s).len > 0 &&
                    line_strip(s).data[0] == '#')
                        return true;
                buf_append(ret, s.data, more ? s.len - 1 : s.len);
                if (!more || !lines_next(lines, &line))
                        return true;
        }
}

static void skip_between(struct span *rest)
{
        while (rest->len > 0 && (ascii_isspace(rest->data[0]) || rest->data[0] == ','))
                rest->data++, rest->len--;
}

static bool take_operator(struct span *rest, char *ret_op)
{
        static const char *const operators[] = { "==", "!=", "+=", "-=", ":=", "=" };

        for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
                size_t n = strlen(operators[i]);

                if (rest->len < n || memcmp(rest->data, operators[i], n) != 0)
                        continue;
                memcpy(ret_op, operators[i], n + 1);
                rest->data += n;
                rest->len -= n;
                return true;
        }
        return false;
}

/* "..." with \" inside; NULL when it does not begin or end. */
static char *take_value(struct span *rest)
{
        cleanup_buf struct buf out = { 0 };

        if (rest->len == 0 || rest->data[0] != '"')
                return NULL;
        for (size_t i = 1; i < rest->len; i++) {
                if (rest->data[i] == '"') {
                        rest->data += i + 1;
                        rest->len -= i + 1;
                        return buf_take(&out);
                }
                if (rest->data[i] == '\\' && i + 1 < rest->len && rest->data[i + 1] == '"')
                        i++;
                buf_putc(&out, rest->data[i]);
        }
        return NULL;
}

static bool take_pair(struct span *rest, struct udevrule *r)
{
        size_t n = 0;
        struct udevrule_pair pair = { 0 };
        bool braces = false;

        while (n < rest->len && (braces || !strchr("=!+-: \t\"", rest->data[n]))) {
                if (rest->data[n] == '{')
                        braces = true;
                else if (rest->data[n] == '}')
                        braces = false;
                n++;
        }
        if (n == 0)
                return false;
        pair.key = xmemdup0(rest->data, n);
        rest->data += n;
        rest->len -= n;
        skip_between(rest);
        if (take_operator(rest, pair.op)) {
                skip_between(rest);
                pair.value = take_value(rest);
        }
        if (!pair.value) {
                free(pair.key);
                return false;
        }
        *ARRAY_PUSH(&r->v, &r->n, &r->cap) = pair;
        return true;
}

static void read_rule(struct span rest, struct udevrule *r)
{
        if (rest.len > 0 && memchr(rest.data, '\0', rest.len)) {
                r->malformed = true;
                return;
        }
        for (skip_between(&rest); rest.len > 0; skip_between(&rest))
                if (!take_pair(&rest, r)) {
                        r->malformed = true;
                        return;
                }
}

int udevrules_parse(struct span text, struct udevrules *ret, struct err *err)
{
        cleanup_udevrules struct udevrules rules = { 0 };
        cleanup_buf struct buf logical = { 0 };
        struct lines lines = lines_of(text);
        struct line first;

        if (text.len > UDEVRULE_MAX)
                return err_set(err, -E2BIG, "longer than %u bytes", UDEVRULE_MAX);
        while (next_logical(&lines, &first, &logical)) {
                struct udevrule *r;

                if (line_strip(buf_span(&logical)).len == 0)
                        continue;
                if (rules.n == UDEVRULE_RULES_MAX)
                        return err_set(err, -E2BIG, "line %zu: more than %d rules", first.number,
                                       UDEVRULE_RULES_MAX);
                r = ARRAY_PUSH(&rules.v, &rules.n, &rules.cap);
                r->line = first.number;
                r->text = first.text;
                read_rule(buf_span(&logical), r);
        }
        *ret = rules;
        rules = (struct udevrules){ 0 };
        return 0;
}

void udevrules_done(struct udevrules *r)
{
        for (size_t i = 0; i < r->n; i++) {
                for (size_t p = 0; p < r->v[i].n; p++) {
                        free(r->v[i].v[p].key);
                        free(r->v[i].v[p].value);
                }
                free(r->v[i].v);
        }
        free(r->v);
        *r = (struct udevrules){ 0 };
}

const struct udevrule_pair *udevrule_find(const struct udevrule *r, const char *key)
{
        for (size_t i = 0; i < r->n; i++)
                if (streq(r->v[i].key, key))
                        return &r->v[i];
        return NULL;
}

bool udevrule_glob(const char *patterns, const char *name)
{
        for (const char *p = patterns;; p++) {
                size_t n = strcspn(p, "|");
                cleanup_free char *pattern = xmemdup0(p, n);

                if (n <= PATTERN_MAX && fnmatch(pattern, name, 0) == 0)
                        return true;
                p += n;
                if (!*p)
                        return false;
        }
}
