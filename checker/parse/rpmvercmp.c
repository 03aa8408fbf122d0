#include "parse/rpmvercmp.h"

#include "base/str.h"

/* Over what only separates. */
static const char *skip_separators(const char *s, bool plus)
{
        while (*s && !ascii_isalnum(*s) && *s != '~' && !(plus && *s == '+'))
                s++;
        return s;
}

static struct span take_run(const char *s, bool digits)
{
        size_t len = 0;

        while (digits ? ascii_isdigit(s[len]) : ascii_isalpha(s[len]))
                len++;
        return (struct span){ s, len };
}

static struct span skip_zeros(struct span s)
{
        while (s.len && *s.data == '0')
                s.data++, s.len--;
        return s;
}

static int compare_runs(struct span a, struct span b, bool digits)
{
        size_t shorter;
        int r;

        if (digits) {
                a = skip_zeros(a);
                b = skip_zeros(b);
                if (a.len != b.len)
                        return a.len > b.len ? 1 : -1;
        }
        shorter = a.len < b.len ? a.len : b.len;
        r = memcmp(a.data, b.data, shorter);
        return r ? r : (a.len > b.len) - (a.len < b.len);
}

int rpmvercmp(const char *a, const char *b, bool plus)
{
        for (;;) {
                struct span run, other;
                bool digits;
                int r;

                a = skip_separators(a, plus);
                b = skip_separators(b, plus);
                if (*a == '~' || *b == '~') {
                        if (*a != *b)
                                return *a == '~' ? -1 : 1;
                        a++, b++;
                        continue;
                }
                if (!*a || !*b)
                        return (*a != 0) - (*b != 0);
                if (*a == '+' || *b == '+') {
                        if (*a != *b)
                                return *a == '+' ? -1 : 1;
                        a++, b++;
                        continue;
                }
                digits = ascii_isdigit(*a);
                run = take_run(a, digits);
                other = take_run(b, digits);
                if (!other.len)
                        return digits ? 1 : -1;
                r = compare_runs(run, other, digits);
                if (r)
                        return r;
                a += run.len;
                b += other.len;
        }
}
