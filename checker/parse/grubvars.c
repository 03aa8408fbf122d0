#include "parse/grubvars.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

static const char anything[] = { GRUBSCRIPT_MARK_ANY, '\0' };
static const char marks[] = { GRUBSCRIPT_MARK_ANY, GRUBSCRIPT_MARK_DEVICE, '\0' };

/* Where `name` is, or would be. */
static size_t find_place(const struct grubvars *vars, const char *name, bool *ret_there)
{
        size_t low = 0, high = vars->n;

        *ret_there = false;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = strcmp(vars->v[middle].name, name);

                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
                *ret_there = *ret_there || order == 0;
        }
        return low;
}

const struct grubvar *grubvars_get(const struct grubvars *vars, const char *name)
{
        bool there;
        size_t at = find_place(vars, name, &there);

        return there ? &vars->v[at] : NULL;
}

static void insert_var(struct grubvars *vars, size_t at, struct grubvar var)
{
        ARRAY_PUSH(&vars->v, &vars->n, &vars->cap);
        memmove(vars->v + at + 1, vars->v + at, (vars->n - 1 - at) * sizeof(*vars->v));
        vars->v[at] = var;
        vars->bytes += strlen(var.value);
}

int grubvars_set(struct grubvars *vars, const char *name, const char *value, const char *why,
                 const char *from)
{
        bool there;
        size_t at = find_place(vars, name, &there), len = strlen(value);

        if (len > GRUBVARS_VALUE_MAX || strlen(name) > GRUBVARS_VALUE_MAX ||
            vars->bytes + len > GRUBVARS_BYTES_MAX || (!there && vars->n == GRUBVARS_MAX))
                return -E2BIG;
        if (there) {
                vars->bytes -= strlen(vars->v[at].value);
                free(vars->v[at].value);
                vars->v[at].value = xstrdup(value);
                vars->bytes += len;
        } else {
                insert_var(vars, at,
                           (struct grubvar){ xstrdup(name), xstrdup(value), NULL, NULL, false });
        }
        vars->v[at].why = why;
        vars->v[at].from = from;
        return 0;
}

void grubvars_unset(struct grubvars *vars, const char *name)
{
        bool there;
        size_t at = find_place(vars, name, &there);

        if (!there)
                return;
        vars->bytes -= strlen(vars->v[at].value);
        free(vars->v[at].name);
        free(vars->v[at].value);
        vars->n--;
        memmove(vars->v + at, vars->v + at + 1, (vars->n - at) * sizeof(*vars->v));
}

int grubvars_export(struct grubvars *vars, const char *name)
{
        bool there;
        size_t at = find_place(vars, name, &there);
        int r = there ? 0 : grubvars_set(vars, name, "", NULL, NULL);

        if (r == 0)
                vars->v[at].exported = true;
        return r;
}

struct grubvars grubvars_copy(const struct grubvars *vars, bool exported_only)
{
        struct grubvars copy = { 0 };

        for (size_t i = 0; i < vars->n; i++) {
                struct grubvar var = vars->v[i];

                if (exported_only && !var.exported)
                        continue;
                var.name = xstrdup(var.name);
                var.value = xstrdup(var.value);
                insert_var(&copy, copy.n, var);
        }
        return copy;
}

/*
 * Ubuntu sets vt_handoff to "vt.handoff=7" or to nothing, depending on the graphics adapter
 * (util/grub.d/10_linux.in). It only says who clears the console: not worth an unknown command
 * line.
 */
static bool is_cosmetic(const char *name, const char *value)
{
        return streq(name, "vt_handoff") &&
               (!*value || (str_startswith(value, "vt.handoff=") && !strpbrk(value, " \t")));
}

void grubvars_join(struct grubvars *a, const struct grubvars *b, const char *why)
{
        struct grubvars joined = { 0 };

        for (size_t i = 0, k = 0; i < a->n || k < b->n;) {
                int order = i == a->n ? 1 : k == b->n ? -1 : strcmp(a->v[i].name, b->v[k].name);
                const struct grubvar *one = order <= 0 ? &a->v[i] : &b->v[k];
                struct grubvar var = *one;
                const char *other = order == 0 ? b->v[k].value : "";

                var.name = xstrdup(one->name);
                if (order == 0 && streq(one->value, other)) {
                        var.value = xstrdup(one->value);
                } else if (is_cosmetic(one->name, one->value) && is_cosmetic(one->name, other)) {
                        var.value = xstrdup("");
                } else {
                        var.value = xstrdup(anything);
                        var.why = why;
                        var.from = NULL;
                }
                insert_var(&joined, joined.n, var);
                i += order <= 0;
                k += order >= 0;
        }
        grubvars_done(a);
        *a = joined;
}

void grubvars_done(struct grubvars *vars)
{
        for (size_t i = 0; i < vars->n; i++) {
                free(vars->v[i].name);
                free(vars->v[i].value);
        }
        free(vars->v);
        *vars = (struct grubvars){ 0 };
}

bool grubword_is_known(const char *text)
{
        return !strpbrk(text, marks);
}

void grubargs_done(struct grubargs *args)
{
        for (size_t i = 0; i < args->n; i++)
                free(args->v[i].text);
        free(args->v);
        *args = (struct grubargs){ 0 };
}
