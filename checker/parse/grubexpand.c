/* Words of a command, as grub_script_arglist_to_argv of grub-core/script/execute.c makes them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubeval.h"

/* A word being put together. */
struct draft {
        struct buf text;
        bool there; /* a word of no bytes is one only when it was quoted */
        bool wild;  /* a bare * or ? */
        bool ragged;
        const char *why, *from;
        unsigned n_vars;
};

struct expansion {
        struct grubeval *e;
        struct grubargs *args;
        struct draft draft;
};

static const char anything[] = { GRUBSCRIPT_MARK_ANY, '\0' };

static void draft_reset(struct draft *d)
{
        buf_done(&d->text);
        *d = (struct draft){ 0 };
}

static int append(struct expansion *x, const char *text, size_t len)
{
        x->draft.there = true;
        x->e->expanded += len + 1;
        if (x->draft.text.len + len > GRUBVARS_VALUE_MAX)
                return grubeval_unknown(x->e, "a word is too long");
        if (x->e->expanded > GRUBCFG_EXPANDED_MAX)
                return grubeval_unknown(x->e, "the configuration makes too many words");
        buf_append(&x->draft.text, text, len);
        return 0;
}

/* With the regexp module GRUB takes these for file names, the ones that exist. */
static bool is_pattern(const struct draft *d)
{
        return d->wild && strchr("/(*", d->text.data[0]);
}

static int end_word(struct expansion *x)
{
        struct draft *d = &x->draft;
        struct grubword *word;

        if (!d->there)
                return 0;
        if (x->args->n == GRUBVARS_WORDS_MAX)
                return grubeval_unknown(x->e, "too many words");
        word = ARRAY_PUSH(&x->args->v, &x->args->n, &x->args->cap);
        word->why = d->why;
        word->from = d->n_vars == 1 ? d->from : NULL;
        word->ragged = d->ragged;
        word->text = buf_take(&d->text);
        draft_reset(d);
        return 0;
}

/* Bare text: a backslash protects what follows it and goes away. */
static int append_bare(struct expansion *x, const char *s)
{
        int r = 0;

        for (; *s && r == 0; s++) {
                if (*s == '\\' && s[1])
                        s++;
                else if (*s == '*' || *s == '?')
                        x->draft.wild = true;
                r = append(x, s, 1);
        }
        return r;
}

/* The value of a bare $name ends words at its blanks, but not before its first or after its last.
 */
static int append_split(struct expansion *x, const char *s)
{
        int r = 0;

        while (ascii_isspace(*s))
                s++;
        while (*s && r == 0) {
                size_t n = 0;

                while (s[n] && !ascii_isspace(s[n])) {
                        x->draft.wild = x->draft.wild || s[n] == '*' || s[n] == '?';
                        n++;
                }
                r = append(x, s, n);
                for (s += n; ascii_isspace(*s);)
                        s++;
                if (*s && r == 0)
                        r = end_word(x);
        }
        return r;
}

static int append_value(struct expansion *x, const struct grubword *value, bool quoted)
{
        struct draft *d = &x->draft;

        d->n_vars++;
        d->from = value->from;
        if (!*value->text)
                return 0;
        if (!grubword_is_known(value->text))
                d->why = value->why;
        if (!quoted && (value->ragged || strchr(value->text, GRUBSCRIPT_MARK_ANY))) {
                d->ragged = true;
                return append(x, value->text, strlen(value->text));
        }
        return quoted ? append(x, value->text, strlen(value->text)) : append_split(x, value->text);
}

/* $* joins with blanks when quoted, $@ never; both are several words when bare. */
static int append_all_parameters(struct expansion *x, const struct grubargs *args, bool joined,
                                 bool quoted)
{
        int r = 0;

        for (size_t i = 0; i < args->n && r == 0; i++) {
                if (i && quoted && joined)
                        r = append(x, " ", 1);
                else if (i)
                        r = end_word(x);
                if (r == 0)
                        r = append_value(x, &args->v[i], quoted);
                if (args->v[i].ragged)
                        x->draft.ragged = true;
        }
        return r;
}

/* Which words there are is no longer known from a ragged one on. */
static bool parameter_is_certain(const struct grubargs *args, size_t number)
{
        for (size_t i = 0; i < args->n && i < number; i++)
                if (args->v[i].ragged)
                        return false;
        return true;
}

static int append_parameter(struct expansion *x, const char *name, bool quoted)
{
        const struct grubargs *args = x->e->parameters;
        struct grubword unknown = { (char *)anything, "a parameter that is not known", NULL, true };
        size_t number = 0;

        if (!args)
                return 0;
        if (streq(name, "*") || streq(name, "@"))
                return append_all_parameters(x, args, *name == '*', quoted);
        if (streq(name, "#")) {
                char text[32];

                if (!parameter_is_certain(args, args->n))
                        return append_value(x, &unknown, quoted);
                snprintf(text, sizeof(text), "%zu", args->n);
                return append(x, text, strlen(text));
        }
        for (const char *p = name; *p && number <= args->n; p++)
                number = number * 10 + (size_t)(*p - '0');
        if (number == 0)
                return 0;
        if (!parameter_is_certain(args, number))
                return append_value(x, &unknown, quoted);
        return number <= args->n ? append_value(x, &args->v[number - 1], quoted) : 0;
}

static int append_variable(struct expansion *x, const char *name, bool quoted)
{
        const struct grubvar *var;

        if (ascii_isdigit(*name) || strchr("#*@", *name))
                return append_parameter(x, name, quoted);
        if (streq(name, "?")) {
                const struct grubword status = { x->e->status == GRUBTRI_YES ? (char *)"0"
                                                                             : (char *)anything,
                                                 x->e->why ? x->e->why : "the status of a command",
                                                 NULL, false };

                return append_value(x, &status, true);
        }
        var = grubvars_get(&x->e->vars, name);
        if (!var)
                return 0;
        return append_value(x, &(struct grubword){ var->value, var->why, var->from, false },
                            quoted);
}

static int append_part(struct expansion *x, const struct grubscript_part *part)
{
        switch (part->type) {
        case GRUBSCRIPT_TEXT:
                return append_bare(x, part->text);
        case GRUBSCRIPT_QUOTED:
                return append(x, part->text, strlen(part->text));
        case GRUBSCRIPT_VAR:
        case GRUBSCRIPT_QVAR:
                return append_variable(x, part->text, part->type == GRUBSCRIPT_QVAR);
        case GRUBSCRIPT_GETTEXT:
                x->draft.why = grubeval_reason(x->e, "a text that GRUB translates");
                return append(x, anything, 1);
        }
        return 0;
}

int grubeval_expand(struct grubeval *e, const struct grubscript_word *words, struct grubargs *ret)
{
        struct expansion x = { .e = e, .args = ret };
        int r = 0;

        for (; words && r == 0; words = words->next) {
                for (const struct grubscript_part *p = words->parts; p && r == 0; p = p->next)
                        r = append_part(&x, p);
                if (r == 0 && is_pattern(&x.draft)) {
                        draft_reset(&x.draft);
                        r = append(&x, anything, 1);
                        x.draft.ragged = true;
                        x.draft.why = grubeval_reason(e, "a pattern of file names");
                }
                if (r == 0)
                        r = end_word(&x);
        }
        draft_reset(&x.draft);
        return r;
}

/* The boot disk under one of the names it has under a PC's BIOS, or what was searched for. */
static bool is_own_device(const char *device)
{
        static const char *const own[] = { "lvm/", "lvmid/", "md/", "mduuid/" };

        if (*device == GRUBSCRIPT_MARK_DEVICE)
                return true;
        if (str_startswith(device, "hd0"))
                return device[3] == '\0' || device[3] == ',';
        for (size_t i = 0; i < ARRAY_SIZE(own); i++)
                if (str_startswith(device, own[i]))
                        return true;
        return false;
}

int grubeval_split_path(const struct grubeval *e, const char *text, char **ret_device,
                        const char **ret_path)
{
        const struct grubvar *root = grubvars_get(&e->vars, "root");
        const char *end = *text == '(' ? strchr(text, ')') : NULL;
        const char *path = end ? end + 1 : text;
        cleanup_free char *device = end    ? xmemdup0(text + 1, (size_t)(end - text - 1))
                                    : root ? xstrdup(root->value)
                                           : xstrdup("");

        if (!grubword_is_known(path) || strchr(device, GRUBSCRIPT_MARK_ANY))
                return -ENODATA;
        if (*path != '/')
                return -EINVAL;
        if (!is_own_device(device))
                return -ENODEV;
        if (*device == GRUBSCRIPT_MARK_DEVICE)
                memmove(device, device + 1, strlen(device));
        *ret_path = path;
        *ret_device = TAKE_PTR(device);
        return 0;
}

const struct grubword *grubeval_find_unknown(const struct grubargs *args, size_t from)
{
        for (size_t i = from; i < args->n; i++)
                if (args->v[i].ragged || !grubword_is_known(args->v[i].text))
                        return &args->v[i];
        return NULL;
}

const char *grubeval_why(const struct grubword *w)
{
        return w->why ? w->why : "something that is not known";
}
