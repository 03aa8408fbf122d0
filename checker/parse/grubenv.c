#include "parse/grubenv.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"

#define SIGNATURE "# GRUB Environment Block\n"

/* The newline that ends the line at `p`, or `end`; a backslash protects the byte after it. */
static const char *line_end(const char *p, const char *end)
{
        while (p < end && *p != '\n')
                p += *p == '\\' && p + 1 < end ? 2 : 1;
        return p;
}

/* GRUB works on C strings: what follows a NUL byte is lost. */
static char *copy_name(const char *p, const char *end)
{
        return xmemdup0(p, strnlen(p, (size_t)(end - p)));
}

static char *copy_value(const char *p, const char *end)
{
        struct buf value = { 0 };

        for (; p < end; p++) {
                if (*p == '\\' && p + 1 < end)
                        p++;
                if (*p == '\0')
                        break;
                buf_putc(&value, *p);
        }
        return buf_take(&value);
}

int grubenv_parse(struct span block, struct grubenv *ret, struct err *err)
{
        cleanup_grubenv struct grubenv env = { 0 };
        const char *p = block.data, *end = block.data + block.len;

        /* GRUB compares the signature but wants one byte more than it. */
        if (block.len <= strlen(SIGNATURE) || memcmp(p, SIGNATURE, strlen(SIGNATURE)) != 0)
                return err_set(err, -EINVAL,
                               "no environment block: it does not begin with \"%.24s\"", SIGNATURE);
        p += strlen(SIGNATURE);
        while (p < end) {
                const char *name = p, *equals;

                if (*p == '#') {
                        p = line_end(p, end) + 1;
                        continue;
                }
                /* GRUB looks for the sign beyond the end of the line, too. */
                equals = memchr(p, '=', (size_t)(end - p));
                p = equals ? line_end(equals + 1, end) : end;
                if (p == end) {
                        env.broken = true;
                        break;
                }
                if (env.n == GRUBENV_VARS_MAX)
                        return err_set(err, -E2BIG, "more than %d variables", GRUBENV_VARS_MAX);
                *ARRAY_PUSH(&env.vars, &env.n, &env.cap) = (struct grubenv_var){
                        copy_name(name, equals),
                        copy_value(equals + 1, p),
                };
                p++;
        }
        *ret = env;
        env = (struct grubenv){ 0 };
        return 0;
}

void grubenv_done(struct grubenv *env)
{
        for (size_t i = 0; i < env->n; i++) {
                free(env->vars[i].name);
                free(env->vars[i].value);
        }
        free(env->vars);
        *env = (struct grubenv){ 0 };
}
