#include "parse/shellvar.h"

#include "base/str.h"

/* The name before `=`; rest is what follows it. */
static bool take_name(struct span *rest, struct span *ret)
{
        size_t n = 0;

        while (n < rest->len && (ascii_isalnum(rest->data[n]) || rest->data[n] == '_'))
                n++;
        if (n == 0 || ascii_isdigit(rest->data[0]) || n == rest->len || rest->data[n] != '=')
                return false;
        *ret = (struct span){ rest->data, n };
        rest->data += n + 1;
        rest->len -= n + 1;
        return true;
}

/* Length of the quoted or escaped piece at s, appended to `out`; 0: it does not end. */
static size_t append_quoted(struct span s, struct buf *out)
{
        char quote = s.data[0];

        if (quote == '\\') {
                if (s.len < 2)
                        return 0;
                buf_putc(out, s.data[1]);
                return 2;
        }
        for (size_t i = 1; i < s.len; i++) {
                if (s.data[i] == quote)
                        return i + 1;
                if (quote == '"' && s.data[i] == '\\' && i + 1 < s.len &&
                    memchr("\"\\$`", s.data[i + 1], 4))
                        i++;
                buf_putc(out, s.data[i]);
        }
        return 0;
}

/* The value a shell would assign, or NULL when the text is more than an assignment. */
static char *unquote(struct span s)
{
        cleanup_buf struct buf out = { 0 };
        size_t i = 0;

        while (i < s.len && !ascii_isblank(s.data[i])) {
                size_t n = 1;

                if (memchr("$`;&|<>()", s.data[i], 9))
                        return NULL;
                if (memchr("\\'\"", s.data[i], 3))
                        n = append_quoted((struct span){ s.data + i, s.len - i }, &out);
                else
                        buf_putc(&out, s.data[i]);
                if (n == 0)
                        return NULL;
                i += n;
        }
        s = line_strip((struct span){ s.data + i, s.len - i });
        if (s.len > 0 && s.data[0] != '#')
                return NULL;
        return buf_take(&out);
}

bool shellvar_next(struct lines *lines, struct shellvar *ret)
{
        struct line line;

        while (lines_next(lines, &line)) {
                struct span s = line_strip(line.text), name = { 0 };

                if (s.len == 0 || s.data[0] == '#')
                        continue;
                *ret = (struct shellvar){ .line = line.number, .text = line.text };
                if (!memchr(s.data, '\0', s.len) && take_name(&s, &name))
                        ret->value = unquote(s);
                ret->name = name;
                return true;
        }
        return false;
}
