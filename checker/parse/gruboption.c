#include "parse/gruboption.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

static const struct gruboption *find_letter(const struct gruboption *list, char letter)
{
        for (; list->name; list++)
                if (list->letter == letter && letter)
                        return list;
        return NULL;
}

static const struct gruboption *find_name(const struct gruboption *list, struct span name)
{
        for (; list->name; list++)
                if (span_eq(name, list->name))
                        return list;
        return NULL;
}

static int take_option(struct gruboptions *o, const struct gruboption *list,
                       const struct gruboption *found, const char *value)
{
        if (found->kind == GRUBOPTION_FLAG ? value != NULL
                                           : found->kind == GRUBOPTION_VALUE && !value)
                return -EINVAL;
        o->set[found - list] = true;
        o->value[found - list] = value;
        return 0;
}

/* "-s root", "-nu": only the last letter can have a value. 0: not an option here. */
static int take_letters(struct gruboptions *o, const struct gruboption *list, const char *arg,
                        const char *next, bool accept_dash, bool *ret_used_next)
{
        const char *last = arg + strlen(arg) - 1;
        const struct gruboption *found;

        for (const char *p = arg + 1; *p; p++) {
                found = find_letter(list, *p);
                if (!found)
                        return accept_dash ? 0 : -EINVAL;
                if (p < last && found->kind == GRUBOPTION_VALUE)
                        return -EINVAL;
        }
        for (const char *p = arg + 1; p < last; p++)
                if (take_option(o, list, find_letter(list, *p), NULL) < 0)
                        return -EINVAL;
        found = find_letter(list, *last);
        *ret_used_next = next &&
                         (found->kind == GRUBOPTION_VALUE ||
                          (found->kind == GRUBOPTION_MAYBE_VALUE && !(next[0] == '-' && next[1])));
        return take_option(o, list, found, *ret_used_next ? next : NULL) < 0 ? -EINVAL : 1;
}

static int take_name(struct gruboptions *o, const struct gruboption *list, const char *arg,
                     const char *next, bool accept_dash, bool *ret_used_next)
{
        const char *equals = strchr(arg, '=');
        size_t len = equals ? (size_t)(equals - arg - 2) : strlen(arg) - 2;
        const struct gruboption *found = find_name(list, (struct span){ arg + 2, len });

        if (!found)
                return accept_dash ? 0 : -EINVAL;
        *ret_used_next = !equals && next && next[0] != '-' && found->kind != GRUBOPTION_FLAG;
        return take_option(o, list, found,
                           equals           ? equals + 1
                           : *ret_used_next ? next
                                            : NULL) < 0
                       ? -EINVAL
                       : 1;
}

int gruboption_parse(const struct grubargs *args, const struct gruboption *list, bool accept_dash,
                     struct gruboptions *o)
{
        bool only_rest = false;

        for (size_t i = 1; i < args->n; i++) {
                const char *arg = args->v[i].text;
                const char *next = i + 1 < args->n ? args->v[i + 1].text : NULL;
                bool used_next = false;
                int r = 0;

                if (!only_rest && streq(arg, "--")) {
                        only_rest = true;
                        continue;
                }
                if (!only_rest && arg[0] == '-' && arg[1])
                        r = arg[1] == '-'
                                    ? take_name(o, list, arg, next, accept_dash, &used_next)
                                    : take_letters(o, list, arg, next, accept_dash, &used_next);
                if (r < 0)
                        return r;
                if (r == 0)
                        *ARRAY_PUSH(&o->rest.v, &o->rest.n, &o->rest.cap) = args->v[i];
                i += used_next;
        }
        return 0;
}

void gruboptions_done(struct gruboptions *o)
{
        free(o->rest.v);
        *o = (struct gruboptions){ 0 };
}
