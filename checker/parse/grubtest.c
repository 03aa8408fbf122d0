#include "parse/grubtest.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "parse/grubnumber.h"

struct test {
        const struct grubword *words;
        size_t n, i;
        unsigned depth;
        grubtest_file file;
        void *data;
        const char *why;
};

static enum grubtri tri_of(bool b)
{
        return b ? GRUBTRI_YES : GRUBTRI_NO;
}

static enum grubtri tri_and(enum grubtri a, enum grubtri b)
{
        if (a == GRUBTRI_NO || b == GRUBTRI_NO)
                return GRUBTRI_NO;
        return a == GRUBTRI_YES && b == GRUBTRI_YES ? GRUBTRI_YES : GRUBTRI_MAYBE;
}

static enum grubtri tri_or(enum grubtri a, enum grubtri b)
{
        return grubtri_not(tri_and(grubtri_not(a), grubtri_not(b)));
}

static enum grubtri maybe(struct test *t, const char *why)
{
        if (!t->why)
                t->why = why;
        return GRUBTRI_MAYBE;
}

/* A known byte makes it non-empty, whatever the rest is; a device has a name. */
static enum grubtri is_text(struct test *t, const struct grubword *w)
{
        for (const char *p = w->text; *p; p++)
                if (*p != GRUBSCRIPT_MARK_ANY)
                        return GRUBTRI_YES;
        return *w->text ? maybe(t, w->why) : GRUBTRI_NO;
}

/* GRUB takes what is no number for 0. False: not the same on every platform. */
static bool read_number(const char *text, int64_t *ret)
{
        bool negative = *text == '-';
        uint32_t n = 0;

        if (grubnumber_parse(text + negative, &n, NULL) == -ERANGE || n > INT32_MAX)
                return false;
        *ret = negative ? -(int64_t)n : (int64_t)n;
        return true;
}

static enum grubtri compare(struct test *t, const char *op, const struct grubword *a,
                            const struct grubword *b)
{
        static const char *const ops[][2] = {
                { "=", "-eq" },  { "==", NULL }, { "!=", "-ne" }, { "<", "-lt" },
                { "<=", "-le" }, { ">", "-gt" }, { ">=", "-ge" },
        };
        int64_t x = 0, y = 0;
        size_t which = 0;
        bool numbers;
        int order;

        while (!streq(op, ops[which][0]) && !streq(op, ops[which][1]))
                which++;
        numbers = streq(op, ops[which][1]);
        if (!grubword_is_known(a->text) || !grubword_is_known(b->text))
                return maybe(t, grubword_is_known(a->text) ? b->why : a->why);
        if (numbers && (!read_number(a->text, &x) || !read_number(b->text, &y)))
                return maybe(t, NULL);
        order = numbers ? (x > y) - (x < y) : strcmp(a->text, b->text);
        switch (which) {
        case 0:
        case 1:
                return tri_of(order == 0);
        case 2:
                return tri_of(order != 0);
        case 3:
                return tri_of(order < 0);
        case 4:
                return tri_of(order <= 0);
        case 5:
                return tri_of(order > 0);
        default:
                return tri_of(order >= 0);
        }
}

static bool is_comparison(const char *op)
{
        static const char *const ops[] = { "=",   "==",  "!=",  "<",   "<=",  ">",  ">=",
                                           "-eq", "-ne", "-lt", "-le", "-gt", "-ge" };

        for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
                if (streq(op, ops[i]))
                        return true;
        return false;
}

/* Times and numbers within names: rarely used, and not worth a guess. */
static bool is_odd_comparison(const char *op)
{
        return streq(op, "-pgt") || streq(op, "-plt") || str_startswith(op, "-nt") ||
               str_startswith(op, "-ot");
}

static bool is_file_test(const char *op)
{
        return op[0] == '-' && op[1] && strchr("defs", op[1]) && !op[2];
}

/* One term at t->i; true when there was one (else an operator or a parenthesis follows). */
static bool evaluate_term(struct test *t, enum grubtri *ret)
{
        const struct grubword *w = t->words + t->i;
        size_t left = t->n - t->i;

        if (left > 2 && is_comparison(w[1].text)) {
                *ret = compare(t, w[1].text, w, w + 2);
                t->i += 3;
                return true;
        }
        if (left > 2 && is_odd_comparison(w[1].text)) {
                *ret = maybe(t, NULL);
                t->i += 3;
                return true;
        }
        if (left < 2)
                return false;
        if (is_file_test(w[0].text))
                *ret = t->file(t->data, w[0].text[1], w + 1);
        else if (streq(w[0].text, "-n"))
                *ret = is_text(t, w + 1);
        else if (streq(w[0].text, "-z"))
                *ret = grubtri_not(is_text(t, w + 1));
        else
                return false;
        t->i += 2;
        return true;
}

static enum grubtri evaluate(struct test *t)
{
        enum grubtri either = GRUBTRI_NO, all = GRUBTRI_YES;
        bool invert = false;

        while (t->i < t->n) {
                const char *word = t->words[t->i].text;
                enum grubtri value;

                if (!evaluate_term(t, &value)) {
                        t->i++;
                        if (streq(word, ")")) {
                                t->depth -= t->depth > 0;
                                break;
                        }
                        if (streq(word, "!")) {
                                invert = !invert;
                                continue;
                        }
                        if (streq(word, "-a"))
                                continue;
                        if (streq(word, "-o")) {
                                either = tri_or(either, all);
                                all = GRUBTRI_YES;
                                continue;
                        }
                        if (!streq(word, "("))
                                value = is_text(t, &t->words[t->i - 1]);
                        else if (++t->depth > GRUBTEST_DEPTH_MAX)
                                return maybe(t, NULL);
                        else
                                value = evaluate(t);
                }
                all = tri_and(all, invert ? grubtri_not(value) : value);
                invert = false;
        }
        return tri_or(either, all);
}

enum grubtri grubtest_evaluate(const struct grubword *words, size_t n, grubtest_file file,
                               void *data, const char **ret_why)
{
        struct test t = { .words = words, .n = n, .file = file, .data = data };
        enum grubtri result;

        for (size_t i = 0; i < n; i++) {
                if (words[i].ragged) {
                        *ret_why = words[i].why;
                        return GRUBTRI_MAYBE;
                }
        }
        result = evaluate(&t);
        *ret_why = t.why;
        return result;
}
