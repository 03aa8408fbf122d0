#include "parse/shellconf.h"

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/shellvar.h"

/* Length of the name at the front, when "=" or "+=" follows it. */
static size_t name_length(struct span s)
{
        size_t n = 0;

        while (n < s.len && (ascii_isalnum(s.data[n]) || s.data[n] == '_'))
                n++;
        if (n == 0 || ascii_isdigit(s.data[0]))
                return 0;
        if (n < s.len && s.data[n] == '=')
                return n;
        return n + 1 < s.len && s.data[n] == '+' && s.data[n + 1] == '=' ? n : 0;
}

/*
 * What shellvar makes of "NAME=VALUE", without the "+". It has no expansions, so a value that may
 * have one is not understood.
 */
static char *read_value(struct span assignment, size_t name, bool append)
{
        cleanup_buf struct buf plain = { 0 };
        struct shellvar var;
        struct lines lines;

        buf_append(&plain, assignment.data, name);
        buf_append(&plain, assignment.data + name + append, assignment.len - name - append);
        lines = lines_of(buf_span(&plain));
        if (!shellvar_next(&lines, &var) || !var.value)
                return NULL;
        if (strpbrk(var.value, "$`")) {
                free(var.value);
                return NULL;
        }
        return var.value;
}

bool shellconf_next(struct lines *lines, struct shellconf *ret)
{
        struct line line;

        while (lines_next(lines, &line)) {
                struct span s = line_strip(line.text);
                size_t n;

                if (s.len == 0 || s.data[0] == '#')
                        continue;
                *ret = (struct shellconf){ .line = line.number, .text = line.text };
                n = name_length(s);
                if (n > 0) {
                        ret->name = (struct span){ s.data, n };
                        ret->append = s.data[n] == '+';
                        ret->value = read_value(s, n, ret->append);
                }
                return true;
        }
        return false;
}
