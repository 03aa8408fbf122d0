#include "parse/ifupdown.h"

#include <errno.h>
#include <fnmatch.h>

#include "base/xalloc.h"
#include "parse/lines.h"

static struct span trim(struct span s)
{
        while (s.len > 0 && ascii_isspace(s.data[0]))
                s.data++, s.len--;
        while (s.len > 0 && ascii_isspace(s.data[s.len - 1]))
                s.len--;
        return s;
}

/*
 * The next line that says something, continuation lines joined; comments have none. Blanks at its
 * ends are cut, and with them the \r of \r\n.
 */
static bool next_logical(struct lines *lines, struct line *ret_first, struct buf *ret)
{
        struct span s;

        do {
                if (!lines_next(lines, ret_first))
                        return false;
                s = trim(ret_first->text);
        } while (s.len == 0 || s.data[0] == '#');

        ret->len = 0;
        s = ret_first->text;
        while (s.len > 0 && s.data[s.len - 1] == '\\') {
                struct line more;

                buf_append(ret, s.data, s.len - 1);
                if (!lines_next(lines, &more))
                        return true;
                s = more.text;
        }
        buf_append(ret, s.data, s.len);
        return true;
}

static char *take_word(struct span *rest)
{
        size_t n = 0;
        char *word;

        *rest = trim(*rest);
        while (n < rest->len && !ascii_isspace(rest->data[n]))
                n++;
        if (n == 0)
                return NULL;
        word = xmemdup0(rest->data, n);
        rest->data += n;
        rest->len -= n;
        return word;
}

static void take_words(struct span rest, struct strv *ret)
{
        char *word;

        while ((word = take_word(&rest)))
                strv_push_take(ret, word);
}

/* -1: not a keyword. */
static int find_kind(const char *word)
{
        static const struct {
                const char *word;
                enum ifupdown_kind kind;
        } keywords[] = {
                { "auto", IFUPDOWN_AUTO },
                { "allow-auto", IFUPDOWN_AUTO },
                { "allow-hotplug", IFUPDOWN_HOTPLUG },
                { "iface", IFUPDOWN_IFACE },
                { "mapping", IFUPDOWN_MAPPING },
                { "rename", IFUPDOWN_RENAME },
                { "source", IFUPDOWN_SOURCE },
                { "source-dir", IFUPDOWN_SOURCE_DIRECTORY },
                { "source-directory", IFUPDOWN_SOURCE_DIRECTORY },
                { "no-auto-down", IFUPDOWN_OTHER },
                { "no-scripts", IFUPDOWN_OTHER },
        };
        const char *class = str_after(word, "allow-");

        for (size_t i = 0; i < ARRAY_SIZE(keywords); i++)
                if (streq(word, keywords[i].word))
                        return (int)keywords[i].kind;
        return class && *class ? IFUPDOWN_OTHER : -1;
}

/* iface NAME [FAMILY METHOD] [inherits OTHER]; both may be left out only when one inherits. */
static int read_iface(struct ifupdown_stanza *s, struct span rest, size_t line, struct err *err)
{
        static const char *const families[] = { "inet", "inet6", "ipx", "can", "link" };
        cleanup_strv struct strv words = { 0 };
        size_t i = 1;

        take_words(rest, &words);
        if (words.n < 2)
                return err_set(err, -EINVAL, "line %zu: iface without a name and a method", line);
        strv_push(&s->words, words.v[0]);
        for (size_t f = 0; f < ARRAY_SIZE(families); f++)
                if (streq(words.v[1], families[f]))
                        i = 2;
        if (i == 2 && i < words.n && !streq(words.v[i], "inherits"))
                s->method = xstrdup(words.v[i++]);
        if (i + 1 < words.n && streq(words.v[i], "inherits")) {
                s->inherits = xstrdup(words.v[i + 1]);
                i += 2;
        }
        if (i < words.n || (!s->method && !s->inherits))
                return err_set(err, -EINVAL, "line %zu: iface with an unknown family or method",
                               line);
        return 0;
}

/* A line that starts no stanza belongs to the iface or mapping above it. */
static int add_option(struct ifupdown_stanza *s, struct span text, size_t line, struct err *err)
{
        struct span rest = text;
        cleanup_free char *name = take_word(&rest);

        if (!s || (s->kind != IFUPDOWN_IFACE && s->kind != IFUPDOWN_MAPPING))
                return err_set(err, -EINVAL, "line %zu: \"%.40s\" outside of a stanza", line, name);
        if (s->kind == IFUPDOWN_MAPPING && !streq(name, "script") && !streq(name, "map"))
                return err_set(err, -EINVAL, "line %zu: \"%.40s\" in a mapping", line, name);
        if (trim(rest).len == 0)
                return err_set(err, -EINVAL, "line %zu: option \"%.40s\" without a value", line,
                               name);
        strv_push_take(&s->options, xmemdup0(text.data, text.len));
        return 0;
}

static int read_line(struct ifupdown *config, const struct line *first, struct span text,
                     struct err *err)
{
        struct span rest = text;
        cleanup_free char *word = take_word(&rest);
        struct ifupdown_stanza *s;
        int kind;

        if (!word)
                return 0; /* nothing but a backslash */
        kind = find_kind(word);
        if (kind < 0)
                return add_option(config->n ? &config->v[config->n - 1] : NULL, trim(text),
                                  first->number, err);
        if (config->n == IFUPDOWN_STANZAS_MAX)
                return err_set(err, -E2BIG, "line %zu: more than %d stanzas", first->number,
                               IFUPDOWN_STANZAS_MAX);
        s = ARRAY_PUSH(&config->v, &config->n, &config->cap);
        s->kind = (enum ifupdown_kind)kind;
        s->line = first->number;
        s->text = first->text;
        if (s->kind == IFUPDOWN_IFACE)
                return read_iface(s, rest, first->number, err);
        take_words(rest, &s->words);
        return 0;
}

int ifupdown_parse(struct span text, struct ifupdown *ret, struct err *err)
{
        cleanup_ifupdown struct ifupdown config = { 0 };
        cleanup_buf struct buf logical = { 0 };
        struct lines lines = lines_of(text);
        struct line first;

        if (text.len > IFUPDOWN_MAX)
                return err_set(err, -E2BIG, "longer than %u bytes", IFUPDOWN_MAX);
        while (next_logical(&lines, &first, &logical)) {
                int r;

                if (logical.len > 0 && memchr(logical.data, '\0', logical.len))
                        return err_set(err, -EINVAL, "line %zu: a NUL byte", first.number);
                r = read_line(&config, &first, buf_span(&logical), err);
                if (r < 0)
                        return r;
        }
        *ret = config;
        config = (struct ifupdown){ 0 };
        return 0;
}

void ifupdown_done(struct ifupdown *i)
{
        for (size_t n = 0; n < i->n; n++) {
                strv_done(&i->v[n].words);
                strv_done(&i->v[n].options);
                free(i->v[n].method);
                free(i->v[n].inherits);
        }
        free(i->v);
        *i = (struct ifupdown){ 0 };
}

int ifupdown_match(const char *word, const char *name, char **ret_logical)
{
        cleanup_free char *physical = NULL, *value = NULL;
        const char *equals = strchr(word, '='), *slash, *options;

        physical = xmemdup0(word, equals ? (size_t)(equals - word) : strlen(word));
        slash = str_startswith(physical, "/dev/") ? NULL : strchr(physical, '/');
        if (!slash) {
                if (!streq(physical, name))
                        return 0;
        } else {
                options = strchr(slash + 1, '/');
                value = xmemdup0(slash + 1,
                                 options ? (size_t)(options - slash - 1) : strlen(slash + 1));
                if (slash != physical || strlen(value) > IFUPDOWN_PATTERN_MAX)
                        return -ENOTSUP;
                if (fnmatch(value, name, 0) != 0)
                        return 0;
                if (options && options[1] && !streq(options, "/1"))
                        return -ENOTSUP;
        }
        *ret_logical = xstrdup(equals ? equals + 1 : name);
        return 1;
}
