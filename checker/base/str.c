#include "base/str.h"

#include <errno.h>
#include <string.h>

#include "base/xalloc.h"

bool streq(const char *a, const char *b)
{
        if (!a || !b)
                return a == b;
        return strcmp(a, b) == 0;
}

const char *str_after(const char *s, const char *prefix)
{
        size_t n = strlen(prefix);

        return strncmp(s, prefix, n) == 0 ? s + n : NULL;
}

bool str_startswith(const char *s, const char *prefix)
{
        return str_after(s, prefix) != NULL;
}

bool str_endswith(const char *s, const char *suffix)
{
        size_t n = strlen(s), m = strlen(suffix);

        return n >= m && strcmp(s + n - m, suffix) == 0;
}

int str_to_u64(struct span s, uint64_t *ret)
{
        uint64_t value = 0;

        if (s.len == 0)
                return -EINVAL;
        for (size_t i = 0; i < s.len; i++) {
                if (!ascii_isdigit(s.data[i]))
                        return -EINVAL;
                if (__builtin_mul_overflow(value, 10, &value) ||
                    __builtin_add_overflow(value, (uint64_t)(s.data[i] - '0'), &value))
                        return -ERANGE;
        }
        *ret = value;
        return 0;
}

/* Length of the well-formed UTF-8 sequence at s, 0 when there is none (RFC 3629, no surrogates). */
static size_t utf8_sequence(const unsigned char *s, size_t len)
{
        size_t n;
        uint32_t code;

        if (s[0] < 0x80)
                return s[0] ? 1 : 0;
        if (s[0] >= 0xc2 && s[0] <= 0xdf)
                n = 2, code = s[0] & 0x1f;
        else if ((s[0] & 0xf0) == 0xe0)
                n = 3, code = s[0] & 0x0f;
        else if (s[0] >= 0xf0 && s[0] <= 0xf4)
                n = 4, code = s[0] & 0x07;
        else
                return 0;
        if (n > len)
                return 0;
        for (size_t i = 1; i < n; i++) {
                if ((s[i] & 0xc0) != 0x80)
                        return 0;
                code = code << 6 | (s[i] & 0x3f);
        }
        if ((n == 3 && code < 0x800) || (n == 4 && (code < 0x10000 || code > 0x10ffff)) ||
            (code >= 0xd800 && code <= 0xdfff))
                return 0;
        return n;
}

size_t str_utf8_length(struct span s)
{
        size_t i = 0, n;

        while (i < s.len && (n = utf8_sequence((const unsigned char *)s.data + i, s.len - i)))
                i += n;
        return i;
}

char *str_to_utf8(struct span s)
{
        const unsigned char *p = (const unsigned char *)s.data;
        struct buf out = { 0 };

        for (size_t i = 0; i < s.len;) {
                size_t n = utf8_sequence(p + i, s.len - i);

                if (n)
                        buf_append(&out, p + i, n);
                else
                        buf_printf(&out, "\\x%02x", p[i]);
                i += n ? n : 1;
        }
        return buf_take(&out);
}

size_t str_distance(const char *a, const char *b)
{
        size_t n = strlen(a), m = strlen(b), row[65];

        if (n > 64 || m > 64)
                return 64;
        for (size_t j = 0; j <= m; j++)
                row[j] = j;
        for (size_t i = 1; i <= n; i++) {
                size_t diagonal = row[0];

                row[0] = i;
                for (size_t j = 1; j <= m; j++) {
                        size_t best = diagonal + (a[i - 1] != b[j - 1]);

                        diagonal = row[j];
                        if (row[j] + 1 < best)
                                best = row[j] + 1;
                        if (row[j - 1] + 1 < best)
                                best = row[j - 1] + 1;
                        row[j] = best;
                }
        }
        return row[m];
}

void strv_push_take(struct strv *l, char *s)
{
        *ARRAY_PUSH(&l->v, &l->n, &l->cap) = s;
}

void strv_push(struct strv *l, const char *s)
{
        strv_push_take(l, xstrdup(s));
}

bool strv_contains(const struct strv *l, const char *s)
{
        for (size_t i = 0; i < l->n; i++)
                if (streq(l->v[i], s))
                        return true;
        return false;
}

static int compare_strings(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

void strv_sort(struct strv *l)
{
        if (l->n > 1)
                qsort(l->v, l->n, sizeof(*l->v), compare_strings);
}

void strv_done(struct strv *l)
{
        for (size_t i = 0; i < l->n; i++)
                free(l->v[i]);
        free(l->v);
        *l = (struct strv){ 0 };
}
