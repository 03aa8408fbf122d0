#include "parse/crypttab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"

/* The next word of a line, empty at its end. */
static struct span take_word(struct span *rest)
{
        struct span word;

        while (rest->len > 0 && strchr(" \t\r\v\f", *rest->data))
                rest->data++, rest->len--;
        word = (struct span){ rest->data, 0 };
        while (word.len < rest->len && !strchr(" \t\r\v\f", rest->data[word.len]))
                word.len++;
        rest->data += word.len;
        rest->len -= word.len;
        return word;
}

static bool take_entry(struct span rest, struct crypttab_entry *e)
{
        e->name = take_word(&rest);
        e->source = take_word(&rest);
        e->key = take_word(&rest);
        e->options = take_word(&rest);
        return e->source.len > 0;
}

/* The next of a list with commas between; false at its end. */
static bool take_option(struct span *rest, struct span *ret_name, struct span *ret_value)
{
        const char *equals;
        size_t n = 0;

        if (rest->len == 0)
                return false;
        while (n < rest->len && rest->data[n] != ',')
                n++;
        *ret_name = (struct span){ rest->data, n };
        equals = memchr(rest->data, '=', n);
        *ret_value = (struct span){ 0 };
        if (equals) {
                ret_name->len = (size_t)(equals - rest->data);
                *ret_value = (struct span){ equals + 1, n - ret_name->len - 1 };
        }
        rest->data += n;
        rest->len -= n;
        if (rest->len > 0)
                rest->data++, rest->len--;
        return true;
}

/* All but the three fields that have a name of their own count as options. */
static bool take_cryptroot(struct span rest, struct crypttab_entry *e)
{
        struct span name, value;

        e->options = rest;
        while (take_option(&rest, &name, &value)) {
                if (span_eq(name, "target"))
                        e->name = value;
                else if (span_eq(name, "source"))
                        e->source = value;
                else if (span_eq(name, "key"))
                        e->key = value;
        }
        return e->name.len > 0 && e->source.len > 0;
}

static int parse(struct span text, bool (*take)(struct span rest, struct crypttab_entry *e),
                 struct crypttab *ret, struct err *err)
{
        struct lines lines = lines_of(text);
        struct crypttab t = { 0 };
        struct line line;

        if (text.len > 0 && memchr(text.data, '\0', text.len))
                return err_set(err, -EINVAL, "there is a NUL byte in it");
        while (lines_next(&lines, &line)) {
                struct span stripped = line_strip(line.text);
                struct crypttab_entry e = { .line = line.number, .text = line.text };

                if (stripped.len == 0 || *stripped.data == '#' || *stripped.data == '\r')
                        continue;
                if (!take(stripped, &e)) {
                        if (!t.odd_line)
                                t.odd_line = line.number;
                        continue;
                }
                if (t.n == CRYPTTAB_ENTRIES_MAX) {
                        crypttab_done(&t);
                        return err_set(err, -E2BIG, "it has more than %d entries",
                                       CRYPTTAB_ENTRIES_MAX);
                }
                *ARRAY_PUSH(&t.v, &t.n, &t.cap) = e;
        }
        *ret = t;
        return 0;
}

int crypttab_parse(struct span text, struct crypttab *ret, struct err *err)
{
        return parse(text, take_entry, ret, err);
}

int crypttab_parse_cryptroot(struct span text, struct crypttab *ret, struct err *err)
{
        return parse(text, take_cryptroot, ret, err);
}

void crypttab_done(struct crypttab *t)
{
        free(t->v);
        *t = (struct crypttab){ 0 };
}

bool crypttab_has_option(const struct crypttab_entry *e, const char *name, struct span *ret_value)
{
        struct span rest = e->options, option, value;

        while (take_option(&rest, &option, &value))
                if (span_eq(option, name)) {
                        if (ret_value)
                                *ret_value = value;
                        return true;
                }
        return false;
}
