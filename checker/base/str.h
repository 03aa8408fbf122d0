/* Strings of the C locale: bytes of a target are never classified by the user's locale. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

static inline bool ascii_isdigit(char c)
{
        return c >= '0' && c <= '9';
}

static inline bool ascii_isalpha(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_isalnum(char c)
{
        return ascii_isdigit(c) || ascii_isalpha(c);
}

/* Blank within a line. */
static inline bool ascii_isblank(char c)
{
        return c == ' ' || c == '\t';
}

static inline bool ascii_isspace(char c)
{
        return c == ' ' || (c >= '\t' && c <= '\r');
}

bool streq(const char *a, const char *b); /* NULL equals only NULL */
bool str_startswith(const char *s, const char *prefix);
bool str_endswith(const char *s, const char *suffix);
/* What follows `prefix` in `s`, or NULL. */
const char *str_after(const char *s, const char *prefix);

/* All of `s` as a decimal number; -EINVAL when it is not one, -ERANGE when it does not fit. */
int str_to_u64(struct span s, uint64_t *ret);

/* Offset of the first byte that is not part of well-formed UTF-8, NUL included; s.len when all is.
 */
size_t str_utf8_length(struct span s);
/* Well-formed UTF-8 as it is; every other byte, and NUL, as \xNN text. The caller frees it. */
char *str_to_utf8(struct span s);

/* Levenshtein distance, for "did you mean"; strings over 64 bytes count as far apart. */
size_t str_distance(const char *a, const char *b);

/* A list of strings it owns. */
struct strv {
        char **v;
        size_t n, cap;
};

void strv_push(struct strv *l, const char *s);
void strv_push_take(struct strv *l, char *s);
bool strv_contains(const struct strv *l, const char *s);
void strv_sort(struct strv *l);
void strv_done(struct strv *l);
#define cleanup_strv _cleanup_(strv_done)
