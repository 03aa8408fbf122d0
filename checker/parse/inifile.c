#include "parse/inifile.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"

static struct span strip(struct span s)
{
        while (s.len > 0 && ascii_isspace(s.data[0]))
                s.data++, s.len--;
        while (s.len > 0 && ascii_isspace(s.data[s.len - 1]))
                s.len--;
        return s;
}

static bool is_comment(struct span s, enum inifile_syntax syntax)
{
        return s.len == 0 || s.data[0] == '#' || (s.data[0] == ';' && syntax == INIFILE_SYSTEMD);
}

/* Lines after a backslash joined by a blank; comments between them do not count. */
static bool next_logical(struct lines *lines, enum inifile_syntax syntax, struct line *ret_first,
                         struct buf *ret)
{
        struct line line;

        if (!lines_next(lines, ret_first))
                return false;
        ret->len = 0;
        if (is_comment(strip(ret_first->text), syntax))
                return true;
        line = *ret_first;
        for (;;) {
                struct span s = line.text;
                bool more = syntax == INIFILE_SYSTEMD && s.len > 0 && s.data[s.len - 1] == '\\';

                buf_append(ret, s.data, more ? s.len - 1 : s.len);
                if (!more)
                        return true;
                buf_putc(ret, ' ');
                do {
                        if (!lines_next(lines, &line))
                                return true;
                } while (strip(line.text).len > 0 && is_comment(strip(line.text), syntax));
        }
}

static bool read_pair(struct span s, struct inifile_pair *p)
{
        const char *equals = memchr(s.data, '=', s.len);
        size_t n;

        if (!equals || memchr(s.data, '\0', s.len))
                return false;
        n = (size_t)(equals - s.data);
        p->key = span_dup(strip((struct span){ s.data, n }));
        p->value = span_dup(strip((struct span){ equals + 1, s.len - n - 1 }));
        return true;
}

int inifile_parse(struct span text, enum inifile_syntax syntax, struct inifile *ret,
                  struct err *err)
{
        cleanup_inifile struct inifile ini = { 0 };
        cleanup_free char *section = xstrdup("");
        cleanup_buf struct buf logical = { 0 };
        struct lines lines = lines_of(text);
        struct line first;

        if (text.len > INIFILE_MAX)
                return err_set(err, -E2BIG, "longer than %u bytes", INIFILE_MAX);
        while (next_logical(&lines, syntax, &first, &logical)) {
                struct inifile_pair pair = { .line = first.number, .text = first.text };
                struct span s = strip(buf_span(&logical));

                if (s.len == 0)
                        continue;
                if (s.data[0] == '[' && s.data[s.len - 1] == ']') {
                        free(section);
                        section = span_dup((struct span){ s.data + 1, s.len - 2 });
                } else if (read_pair(s, &pair)) {
                        if (ini.n == INIFILE_PAIRS_MAX) {
                                free(pair.key);
                                free(pair.value);
                                return err_set(err, -E2BIG, "more than %d settings",
                                               INIFILE_PAIRS_MAX);
                        }
                        pair.section = xstrdup(section);
                        *ARRAY_PUSH(&ini.v, &ini.n, &ini.cap) = pair;
                } else if (ini.odd_line == 0) {
                        ini.odd_line = first.number;
                }
        }
        *ret = ini;
        ini = (struct inifile){ 0 };
        return 0;
}

void inifile_done(struct inifile *i)
{
        for (size_t p = 0; p < i->n; p++) {
                free(i->v[p].section);
                free(i->v[p].key);
                free(i->v[p].value);
        }
        free(i->v);
        *i = (struct inifile){ 0 };
}

const struct inifile_pair *inifile_find(const struct inifile *i, const char *section,
                                        const char *key)
{
        for (size_t p = i->n; p > 0; p--)
                if (streq(i->v[p - 1].section, section) && streq(i->v[p - 1].key, key))
                        return &i->v[p - 1];
        return NULL;
}
