#include "parse/lvmfilter.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/xalloc.h"

#define NESTED_MAX 16
#define STEPS_MAX  (4 * LVMFILTER_PATTERN_MAX)

/* As LVM does it, a name begins and ends with bytes of their own, which "^" and "$" stand for. */
#define BEGIN '\2'
#define END   '\3'

/*
 * An expression as steps of a machine that is in several places at once, so that no expression
 * takes longer than its length times that of the name.
 */
enum kind {
        STEP_SET,  /* a byte of the set, then the next step */
        STEP_FORK, /* here and there at once */
        STEP_DONE,
};

struct step {
        enum kind kind;
        int a, b; /* of a fork: how many steps from here */
        uint32_t set[8];
};

struct pattern {
        bool accept;
        struct step *steps;
        size_t n;
};

struct lvmfilter {
        struct pattern *v;
        size_t n;
};

static void set_add(uint32_t set[static 8], uint8_t c)
{
        set[c / 32] |= UINT32_C(1) << c % 32;
}

static bool set_has(const uint32_t set[static 8], uint8_t c)
{
        return set[c / 32] >> c % 32 & 1;
}

/* ---- expressions ---- */

struct compiler {
        const char *at;
        struct step *steps;
        size_t n;
        unsigned depth;
        bool failed;
};

static struct step *add_step(struct compiler *c, struct step step)
{
        static struct step spare;

        if (c->n == STEPS_MAX) {
                c->failed = true;
                return &spare;
        }
        c->steps[c->n] = step;
        return &c->steps[c->n++];
}

/* A fork in front of the steps from `first`. */
static void insert_fork(struct compiler *c, size_t first, int a, int b)
{
        add_step(c, (struct step){ STEP_DONE });
        if (c->failed)
                return;
        memmove(c->steps + first + 1, c->steps + first, (c->n - 1 - first) * sizeof(*c->steps));
        c->steps[first] = (struct step){ STEP_FORK, a, b, { 0 } };
}

static uint8_t unescape(char c)
{
        return (uint8_t)(c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c);
}

static void negate(uint32_t set[static 8])
{
        for (size_t i = 0; i < 8; i++)
                set[i] = ~set[i];
        set[0] &= ~UINT32_C(1);
}

/* What follows "[", up to and with the "]". */
static void take_set(struct compiler *c)
{
        struct step *step = add_step(c, (struct step){ STEP_SET });
        bool negated = *c->at == '^';
        uint8_t last = 0, to;

        for (c->at += negated; *c->at && *c->at != ']'; c->at++) {
                to = (uint8_t)*c->at;
                if (*c->at == '\\' && c->at[1]) {
                        to = unescape(*++c->at);
                } else if (*c->at == '-' && last) {
                        to = (uint8_t) * ++c->at;
                        if (!to)
                                break;
                        for (unsigned i = last < to ? last : to; i <= (last < to ? to : last); i++)
                                set_add(step->set, (uint8_t)i);
                }
                set_add(step->set, to);
                last = to;
        }
        if (!*c->at) {
                c->failed = true;
                return;
        }
        c->at++;
        if (negated)
                negate(step->set);
}

static void take_alternatives(struct compiler *c);

static void take_byte(struct compiler *c)
{
        struct step *step = add_step(c, (struct step){ STEP_SET });
        char byte = *c->at++;

        if (byte == '.') {
                set_add(step->set, '\n');
                set_add(step->set, '\r');
                negate(step->set);
        } else if (byte == '\\' && *c->at) {
                set_add(step->set, unescape(*c->at++));
        } else if (byte == '\\') {
                c->failed = true;
        } else {
                set_add(step->set, (uint8_t)(byte == '^' ? BEGIN : byte == '$' ? END : byte));
        }
}

static void take_term(struct compiler *c)
{
        if (*c->at == '[') {
                c->at++;
                take_set(c);
        } else if (*c->at == '(') {
                c->at++;
                if (++c->depth > NESTED_MAX)
                        c->failed = true;
                else
                        take_alternatives(c);
                c->depth--;
                if (*c->at != ')')
                        c->failed = true;
                else
                        c->at++;
        } else {
                take_byte(c);
        }
}

/* A term and the marks behind it that repeat it. */
static void take_repeated(struct compiler *c)
{
        size_t first = c->n;

        take_term(c);
        for (; !c->failed && *c->at && strchr("*+?", *c->at); c->at++) {
                int len = (int)(c->n - first);

                if (*c->at == '+') {
                        add_step(c, (struct step){ STEP_FORK, -len, 1, { 0 } });
                } else if (*c->at == '?') {
                        insert_fork(c, first, 1, len + 1);
                } else {
                        insert_fork(c, first, 1, len + 2);
                        add_step(c, (struct step){ STEP_FORK, -len - 1, -len - 1, { 0 } });
                }
        }
}

static void take_alternatives(struct compiler *c)
{
        size_t first = c->n, behind;
        int len;

        if (!*c->at || strchr("|)*+?", *c->at))
                c->failed = true; /* LVM takes nothing for an error, too */
        while (!c->failed && *c->at && *c->at != '|' && *c->at != ')')
                take_repeated(c);
        if (c->failed || *c->at != '|')
                return;
        c->at++;
        insert_fork(c, first, 1, (int)(c->n - first) + 2);
        behind = c->n;
        add_step(c, (struct step){ STEP_FORK });
        take_alternatives(c);
        len = (int)(c->n - behind);
        if (!c->failed)
                c->steps[behind].a = c->steps[behind].b = len;
}

/* ---- patterns ---- */

static bool compile_expression(const char *text, struct pattern *p)
{
        struct compiler c = { .at = text, .steps = xcalloc(STEPS_MAX, sizeof(*c.steps)) };

        take_alternatives(&c);
        add_step(&c, (struct step){ STEP_DONE });
        if (c.failed || *c.at) {
                free(c.steps);
                return false;
        }
        p->n = c.n;
        p->steps = xreallocarray(c.steps, c.n, sizeof(*c.steps));
        return true;
}

/* "a", a separator, the expression, and the separator, or its partner, again. */
static bool compile(const char *pattern, struct pattern *ret)
{
        static const char opening[] = "([{", closing[] = ")]}";
        size_t len = strlen(pattern);
        cleanup_free char *inner = NULL;
        const char *pair;

        if (len < 3 || len > LVMFILTER_PATTERN_MAX || (pattern[0] != 'a' && pattern[0] != 'r'))
                return false;
        pair = strchr(opening, pattern[1]);
        if (pattern[len - 1] != (pair ? closing[pair - opening] : pattern[1]))
                return false;
        inner = xmemdup0(pattern + 2, len - 3);
        ret->accept = pattern[0] == 'a';
        return compile_expression(inner, ret);
}

int lvmfilter_compile(const char *const *patterns, size_t n, struct lvmfilter **ret,
                      struct err *err)
{
        cleanup_lvmfilter struct lvmfilter *f = NULL;

        if (n > LVMFILTER_PATTERNS_MAX)
                return err_set(err, -E2BIG, "a filter has more than %d patterns",
                               LVMFILTER_PATTERNS_MAX);
        f = xcalloc(1, sizeof(*f));
        f->v = xcalloc(n + 1, sizeof(*f->v));
        for (; f->n < n; f->n++)
                if (!compile(patterns[f->n], &f->v[f->n]))
                        return err_set(err, -EINVAL, "the pattern \"%s\" is not understood",
                                       patterns[f->n]);
        *ret = TAKE_PTR(f);
        return 0;
}

void lvmfilter_free(struct lvmfilter *f)
{
        if (!f)
                return;
        for (size_t i = 0; i < f->n; i++)
                free(f->v[i].steps);
        free(f->v);
        free(f);
}

/* ---- matching ---- */

/* Enters a step, and all that are reached from it without a byte; true when that is the end. */
static bool enter(const struct pattern *p, size_t first, bool in[static STEPS_MAX])
{
        uint16_t stack[2 * STEPS_MAX];
        size_t depth = 0;
        bool done = false;

        stack[depth++] = (uint16_t)first;
        while (depth > 0) {
                size_t at = stack[--depth];
                const struct step *s = &p->steps[at];

                if (in[at])
                        continue;
                in[at] = true;
                done |= s->kind == STEP_DONE;
                if (s->kind == STEP_FORK) {
                        stack[depth++] = (uint16_t)((int)at + s->a);
                        stack[depth++] = (uint16_t)((int)at + s->b);
                }
        }
        return done;
}

static bool matches(const struct pattern *p, const char *name)
{
        bool in[STEPS_MAX] = { 0 }, next[STEPS_MAX];
        size_t len = strlen(name);

        if (enter(p, 0, in))
                return true;
        for (size_t i = 0; i < len + 2; i++) {
                uint8_t c = (uint8_t)(i == 0 ? BEGIN : i == len + 1 ? END : name[i - 1]);

                memset(next, 0, p->n);
                for (size_t s = 0; s < p->n; s++)
                        if (in[s] && p->steps[s].kind == STEP_SET && set_has(p->steps[s].set, c) &&
                            enter(p, s + 1, next))
                                return true;
                /* It may begin anywhere. */
                enter(p, 0, next);
                memcpy(in, next, p->n);
        }
        return false;
}

int lvmfilter_match(const struct lvmfilter *f, const char *name, bool *ret_accept)
{
        for (size_t i = 0; i < f->n; i++)
                if (matches(&f->v[i], name)) {
                        *ret_accept = f->v[i].accept;
                        return (int)i;
                }
        return -1;
}
