#include "parse/kcmdline.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"

/* The kernel's table of character classes counts the no-break space of Latin-1, too. */
static bool is_blank(char c)
{
        return ascii_isspace(c) || (unsigned char)c == 0xa0;
}

/* One argument, quotes and all; `s` begins with no blank. */
static size_t argument_length(struct span s)
{
        bool quoted = false;
        size_t i;

        for (i = 0; i < s.len && (quoted || !is_blank(s.data[i])); i++)
                if (s.data[i] == '"')
                        quoted = !quoted;
        return i;
}

/*
 * The kernel drops a quote at the beginning of the argument or of the value, and then one at the
 * end; quotes in other places stay.
 */
static struct kcmdline_param split_argument(struct span s)
{
        struct kcmdline_param param = { 0 };
        bool opened = s.len && s.data[0] == '"';
        const char *equals;

        if (opened)
                s.data++, s.len--;
        equals = s.len ? memchr(s.data, '=', s.len) : NULL;
        /* An equals sign in the first place belongs to the name. */
        if (equals == s.data)
                equals = s.len > 1 ? memchr(s.data + 1, '=', s.len - 1) : NULL;
        if (!equals) {
                if (opened && s.len && s.data[s.len - 1] == '"')
                        s.len--;
                param.name = span_dup(s);
                return param;
        }
        param.name = span_dup((struct span){ s.data, (size_t)(equals - s.data) });
        s.len -= (size_t)(equals + 1 - s.data);
        s.data = equals + 1;
        if (s.len && s.data[0] == '"') {
                s.data++, s.len--;
                opened = true;
        }
        if (opened && s.len && s.data[s.len - 1] == '"')
                s.len--;
        param.value = span_dup(s);
        return param;
}

int kcmdline_parse(struct span line, struct kcmdline *ret, struct err *err)
{
        cleanup_kcmdline struct kcmdline c = { 0 };

        if (line.len > KCMDLINE_MAX)
                return err_set(err, -E2BIG, "a command line of more than %d bytes", KCMDLINE_MAX);
        if (line.len && memchr(line.data, '\0', line.len))
                return err_set(err, -EINVAL, "a command line with a NUL byte");
        for (;;) {
                struct kcmdline_param *param;
                size_t n;

                while (line.len && is_blank(*line.data))
                        line.data++, line.len--;
                if (!line.len)
                        break;
                n = argument_length(line);
                if (c.n == KCMDLINE_PARAMS_MAX)
                        return err_set(err, -E2BIG, "more than %d parameters", KCMDLINE_PARAMS_MAX);
                param = ARRAY_PUSH(&c.params, &c.n, &c.cap);
                *param = split_argument((struct span){ line.data, n });
                if (streq(param->name, "--") && !param->value) {
                        free(param->name);
                        c.n--;
                        break;
                }
                line.data += n;
                line.len -= n;
        }
        *ret = c;
        c = (struct kcmdline){ 0 };
        return 0;
}

void kcmdline_done(struct kcmdline *c)
{
        for (size_t i = 0; i < c->n; i++) {
                free(c->params[i].name);
                free(c->params[i].value);
        }
        free(c->params);
        *c = (struct kcmdline){ 0 };
}
