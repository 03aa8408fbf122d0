#include "parse/paramedit.h"

#include "base/str.h"
#include "base/xalloc.h"

/* A word where it is written, and what it means. */
struct word {
        struct span before; /* blanks */
        struct span text;
        struct buf meaning; /* without quotes; empty when it is not a plain text */
        bool unclosed;      /* what is put behind it would become part of it */
};

static bool is_quote(enum param_quoting quoting, char c)
{
        return c == '"' || (c == '\'' && quoting == PARAM_GRUB);
}

static bool is_escape(enum param_quoting quoting, char open, char c)
{
        return c == '\\' && quoting != PARAM_RAW && open != '\'';
}

/* Something that stands for another text; to the kernel everything is text. */
static bool is_variable(enum param_quoting quoting, char open, char c)
{
        return quoting != PARAM_RAW && open != '\'' && (c == '$' || c == '`');
}

/* Takes the next word off `text`; false: there is none, and `before` are the blanks at the end. */
static bool take_word(struct span *text, enum param_quoting quoting, struct word *ret)
{
        const char *p = text->data, *end = p + text->len, *start;
        bool plain = true;
        char open = 0;

        ret->meaning.len = 0;
        ret->unclosed = false;
        while (p < end && ascii_isspace(*p))
                p++;
        ret->before = (struct span){ text->data, (size_t)(p - text->data) };
        for (start = p; p < end && (open || !ascii_isspace(*p)); p++) {
                if (is_variable(quoting, open, *p))
                        plain = false;
                if (is_escape(quoting, open, *p)) {
                        if (p + 1 == end)
                                ret->unclosed = true;
                        else if (*++p != '\n')
                                buf_putc(&ret->meaning, *p);
                } else if (open ? *p == open : is_quote(quoting, *p))
                        open = open ? 0 : *p;
                else
                        buf_putc(&ret->meaning, *p);
        }
        ret->unclosed |= open != 0;
        ret->text = (struct span){ start, (size_t)(p - start) };
        if (!plain || ret->unclosed)
                ret->meaning.len = 0;
        *text = (struct span){ p, (size_t)(end - p) };
        return ret->text.len > 0;
}

static char fold(char c)
{
        return c == '-' ? '_' : c;
}

/* Whether the word is this parameter; ret is its value, data NULL when it has none. */
static bool is_parameter(const struct word *w, const char *name, struct span *ret)
{
        struct span s = buf_span(&w->meaning);
        size_t n = strlen(name);

        if (s.len < n || (s.len > n && s.data[n] != '='))
                return false;
        for (size_t i = 0; i < n; i++)
                if (fold(s.data[i]) != fold(name[i]))
                        return false;
        *ret = s.len > n ? (struct span){ s.data + n + 1, s.len - n - 1 } : (struct span){ 0 };
        return true;
}

static void append_span(struct buf *out, struct span s)
{
        if (s.len > 0)
                buf_append(out, s.data, s.len);
}

static void append_parameter(struct buf *out, const struct paramedit *edit)
{
        buf_puts(out, edit->name);
        buf_putc(out, '=');
        buf_puts(out, edit->value);
}

/* The same up to the first comma. */
static bool is_alike(struct span value, const char *other)
{
        size_t len = strcspn(other, ",");

        return value.len >= len && len > 0 && memcmp(value.data, other, len) == 0 &&
               (value.len == len || value.data[len] == ',');
}

static bool matches(struct span word, const char *pattern)
{
        size_t n = strlen(pattern);
        bool open = n > 0 && pattern[n - 1] == '*';

        n -= open;
        if (word.len < n || (word.len > n && !open))
                return false;
        for (size_t i = 0; i < n; i++)
                if (fold(word.data[i]) != fold(pattern[i]))
                        return false;
        return true;
}

/* The list without the words that match, appended to `out`. True when there is one that does. */
static bool drop_word(struct span list, const char *pattern, struct buf *out)
{
        size_t start = out->len;
        bool dropped = false;

        for (;;) {
                const char *comma = list.len ? memchr(list.data, ',', list.len) : NULL;
                struct span word = { list.data, comma ? (size_t)(comma - list.data) : list.len };

                if (matches(word, pattern)) {
                        dropped = true;
                } else {
                        if (out->len > start)
                                buf_putc(out, ',');
                        append_span(out, word);
                }
                if (!comma)
                        return dropped;
                list = (struct span){ comma + 1, list.len - word.len - 1 };
        }
}

/* What needs no quotes in any of the files. */
static bool is_plain(struct span s)
{
        for (size_t i = 0; i < s.len; i++)
                if (!ascii_isalnum(s.data[i]) && !strchr("-_.,:=/", s.data[i]))
                        return false;
        return true;
}

/* Whether the edit is for a parameter of this name that has this value. */
static bool wants(const struct paramedit *edit, struct span value)
{
        cleanup_buf struct buf rest = { 0 };

        if (edit->drop)
                return value.data && drop_word(value, edit->drop, &rest) &&
                       is_plain(buf_span(&rest));
        return !edit->old || (value.data && span_eq(value, edit->old));
}

/* The edit that concerns this word, or NULL; marks those whose parameter is there. */
static const struct paramedit *find_edit(const struct word *w, const struct paramedit *edits,
                                         size_t n, bool *there)
{
        const struct paramedit *found = NULL;

        for (size_t i = 0; i < n; i++) {
                struct span value;

                if (!is_parameter(w, edits[i].name, &value))
                        continue;
                if (edits[i].beside && !is_alike(value, edits[i].value))
                        continue;
                there[i] = true;
                if (!found && !edits[i].beside && wants(&edits[i], value))
                        found = &edits[i];
        }
        return found;
}

/* `blank`: there is a word before. True when something was added. */
static bool append_missing(struct buf *out, bool blank, const struct paramedit *edits, size_t n,
                           const bool *there)
{
        bool added = false;

        for (size_t i = 0; i < n; i++) {
                if (!edits[i].add || there[i])
                        continue;
                if (blank || added)
                        buf_putc(out, ' ');
                append_parameter(out, &edits[i]);
                added = true;
        }
        return added;
}

static void append_edited(struct buf *out, const struct word *w, const struct paramedit *edit)
{
        cleanup_buf struct buf rest = { 0 };
        struct span value;

        if (!edit->drop) {
                append_parameter(out, edit);
                return;
        }
        is_parameter(w, edit->name, &value);
        drop_word(value, edit->drop, &rest);
        buf_printf(out, "%s=%s", edit->name, rest.data);
}

/* Whether the edit takes the whole word out. */
static bool removes(const struct word *w, const struct paramedit *edit)
{
        cleanup_buf struct buf rest = { 0 };
        struct span value;

        if (!edit->drop)
                return !edit->value;
        is_parameter(w, edit->name, &value);
        drop_word(value, edit->drop, &rest);
        return rest.len == 0;
}

static void skip_blanks(struct span *text)
{
        while (text->len > 0 && ascii_isspace(*text->data))
                text->data++, text->len--;
}

bool paramedit_apply(struct span text, enum param_quoting quoting, const struct paramedit *edits,
                     size_t n, struct buf *out)
{
        cleanup_free bool *there = xcalloc(n + 1, sizeof(*there));
        struct span whole = text;
        size_t start = out->len;
        struct word w = { 0 };
        bool kept = false; /* a word */
        bool unclosed = false;

        while (take_word(&text, quoting, &w)) {
                const struct paramedit *edit;

                if (span_eq(buf_span(&w.meaning), "--"))
                        break;
                unclosed = w.unclosed;
                edit = find_edit(&w, edits, n, there);
                if (edit && removes(&w, edit)) {
                        /* The blanks before it go with it; before the first word, those behind. */
                        if (!kept) {
                                append_span(out, w.before);
                                skip_blanks(&text);
                        }
                        continue;
                }
                append_span(out, w.before);
                if (edit)
                        append_edited(out, &w, edit);
                else
                        append_span(out, w.text);
                kept = true;
        }
        if (!unclosed && append_missing(out, kept, edits, n, there) && w.text.len > 0 &&
            w.before.len == 0)
                buf_putc(out, ' ');
        append_span(out, w.before);
        append_span(out, w.text);
        append_span(out, text);
        buf_done(&w.meaning);
        return out->len - start != whole.len ||
               (whole.len && memcmp(out->data + start, whole.data, whole.len) != 0);
}

bool paramedit_finds(struct span text, enum param_quoting quoting, const struct paramedit *edit)
{
        struct word w = { 0 };
        struct span value;
        bool found = false;

        while (!found && take_word(&text, quoting, &w) && !span_eq(buf_span(&w.meaning), "--"))
                found = is_parameter(&w, edit->name, &value) &&
                        (!edit->beside || is_alike(value, edit->value));
        buf_done(&w.meaning);
        return found;
}
