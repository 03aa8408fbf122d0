#include "parse/fstab.h"

#include <errno.h>
#include <limits.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/unitname.h"

const char *fstab_fault_text(enum fstab_fault fault)
{
        switch (fault) {
        case FSTAB_FEW_FIELDS:
                return "it has fewer than three fields";
        case FSTAB_BAD_NUMBER:
                return "field 5 or 6 is not a number";
        case FSTAB_LONG_LINE:
                return "it is longer than 4095 bytes";
        case FSTAB_GOOD:
                break;
        }
        return NULL;
}

bool fstab_type_is(const struct fstab_entry *e, const char *type)
{
        return streq(e->type.value, type) && !(e->cr_in_last_field && !e->options.value);
}

static void skip_blanks(struct span *s)
{
        while (s->len > 0 && ascii_isblank(s->data[0]))
                s->data++, s->len--;
}

static bool is_octal(char c)
{
        return c >= '0' && c <= '7';
}

/* \ooo becomes the byte it names. Like every reader, a decoded NUL ends the value. */
char *fstab_decode(struct span raw)
{
        char *value = xmalloc(raw.len + 1), *out = value;

        for (size_t i = 0; i < raw.len; i++) {
                const char *p = raw.data + i;

                if (*p == '\\' && raw.len - i > 3 && is_octal(p[1]) && is_octal(p[2]) &&
                    is_octal(p[3])) {
                        *out++ = (char)((p[1] & 7) << 6 | (p[2] & 7) << 3 | (p[3] & 7));
                        i += 3;
                } else {
                        *out++ = *p;
                }
        }
        *out = '\0';
        return value;
}

char *fstab_encode(const char *value)
{
        struct buf out = { 0 };

        for (; *value; value++) {
                if (strchr(" \t\n\\", *value))
                        buf_printf(&out, "\\%03o", (unsigned char)*value);
                else
                        buf_putc(&out, *value);
        }
        return buf_take(&out);
}

static void take_field(struct span *rest, struct fstab_field *ret)
{
        size_t n = 0;

        skip_blanks(rest);
        while (n < rest->len && !ascii_isblank(rest->data[n]))
                n++;
        if (n == 0)
                return;
        ret->raw = (struct span){ rest->data, n };
        ret->value = fstab_decode(ret->raw);
        rest->data += n;
        rest->len -= n;
}

/* Nothing left is 0 and good; what does not end in a blank is bad, and counts as far as it goes. */
static bool take_number(struct span *rest, int *ret)
{
        bool negative = false;
        long value = 0;
        size_t i = 0, digits = 0;

        skip_blanks(rest);
        if (rest->len == 0)
                return true;
        if (rest->data[0] == '-' || rest->data[0] == '+')
                negative = rest->data[i++] == '-';
        for (; i < rest->len && ascii_isdigit(rest->data[i]); i++, digits++)
                if (value <= INT_MAX)
                        value = value * 10 + (rest->data[i] - '0');
        if (value > INT_MAX || digits == 0)
                return false;
        *ret = (int)(negative ? -value : value);
        rest->data += i;
        rest->len -= i;
        return rest->len == 0 || ascii_isblank(rest->data[0]);
}

static void parse_line(struct span text, struct fstab_entry *e)
{
        struct span rest = text;

        take_field(&rest, &e->source);
        take_field(&rest, &e->target);
        take_field(&rest, &e->type);
        take_field(&rest, &e->options);
        e->cr_in_last_field = rest.len == 0;
        /* What stands after field 6 is nobody's business. */
        if (!take_number(&rest, &e->freq) || !take_number(&rest, &e->passno))
                e->fault = FSTAB_BAD_NUMBER;
        if (!e->type.value)
                e->fault = FSTAB_FEW_FIELDS;
        if (text.len > FSTAB_LINE_MAX)
                e->fault = FSTAB_LONG_LINE;
}

/* ---- lines that repeat another ---- */

struct unit {
        bool is_swap;
        char *name;
        size_t index;
};

/* "/srv//www/" becomes "/srv/www"; another text stays. */
static char *path_simplify(const char *path)
{
        char *simple = xstrdup(path), *out = simple;

        for (const char *p = path; *p; p++)
                if (*p != '/' || (p[1] != '/' && p[1] != '\0'))
                        *out++ = *p;
        *out = '\0';
        return simple;
}

/* The unit that systemd makes of the line; name is NULL when it makes none. */
static struct unit unit_of(const struct fstab_entry *e, size_t index)
{
        struct unit unit = { .is_swap = fstab_type_is(e, "swap"), .index = index };

        if (unit.is_swap)
                unit.name = xstrdup(e->source.value);
        else if (e->target.value && strchr(e->target.value, '/') && !fstab_type_is(e, "autofs"))
                unit.name = path_simplify(e->target.value);
        return unit;
}

static int compare_units(const void *pa, const void *pb)
{
        const struct unit *a = pa, *b = pb;
        int r = a->is_swap - b->is_swap;

        if (r == 0)
                r = strcmp(a->name, b->name);
        if (r == 0)
                r = a->index < b->index ? -1 : 1;
        return r;
}

static void mark_repeated(struct fstab *t)
{
        struct unit *units = xcalloc(t->n + 1, sizeof(*units));
        size_t n = 0;

        for (size_t i = 0; i < t->n; i++) {
                units[n] = unit_of(&t->v[i], i);
                n += units[n].name != NULL;
        }
        qsort(units, n, sizeof(*units), compare_units);
        for (size_t i = 1; i < n; i++)
                t->v[units[i].index].is_repeated = units[i].is_swap == units[i - 1].is_swap &&
                                                   streq(units[i].name, units[i - 1].name);
        for (size_t i = 0; i < n; i++)
                free(units[i].name);
        free(units);
}

int fstab_parse(struct span text, struct fstab *ret, struct err *err)
{
        cleanup_fstab struct fstab t = { 0 };
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line)) {
                struct span s = line.text;
                bool cr = line.ending.len == 2;
                struct fstab_entry *e;

                if (memchr(s.data, '\0', s.len))
                        return err_set(err, -EINVAL, "line %zu holds a NUL byte", line.number);
                if (line.ending.len == 0 && s.len > 0 && s.data[s.len - 1] == '\r')
                        s.len--, cr = true;
                skip_blanks(&s);
                if (s.len == 0 || s.data[0] == '#')
                        continue;
                if (t.n == FSTAB_ENTRIES_MAX)
                        return err_set(err, -E2BIG, "line %zu: more than %d entries", line.number,
                                       FSTAB_ENTRIES_MAX);
                e = ARRAY_PUSH(&t.v, &t.n, &t.cap);
                e->line = line.number;
                e->text =
                        (struct span){ line.text.data, (size_t)(s.data + s.len - line.text.data) };
                parse_line(s, e);
                e->cr_in_last_field &= cr;
        }
        mark_repeated(&t);
        *ret = t;
        t = (struct fstab){ 0 };
        return 0;
}

void fstab_done(struct fstab *t)
{
        for (size_t i = 0; i < t->n; i++) {
                free(t->v[i].source.value);
                free(t->v[i].target.value);
                free(t->v[i].type.value);
                free(t->v[i].options.value);
        }
        free(t->v);
        *t = (struct fstab){ 0 };
}

bool fstab_option_next(struct span *rest, struct fstab_option *ret)
{
        bool quoted = false;
        size_t n, equals = SIZE_MAX;

        while (rest->len > 0 && rest->data[0] == ',')
                rest->data++, rest->len--;
        if (rest->len == 0)
                return false;
        for (n = 0; n < rest->len; n++) {
                char c = rest->data[n];

                if (c == '"')
                        quoted = !quoted;
                else if (c == '\\' && n + 1 < rest->len)
                        n++;
                else if (c == ',' && !quoted)
                        break;
                else if (c == '=' && equals == SIZE_MAX)
                        equals = n;
        }
        ret->name = (struct span){ rest->data, equals == SIZE_MAX ? n : equals };
        ret->value = (struct span){ 0 };
        if (equals != SIZE_MAX)
                ret->value = (struct span){ rest->data + equals + 1, n - equals - 1 };
        rest->data += n;
        rest->len -= n;
        return true;
}

/* "dev-xvdf.device" -> "/dev/xvdf"; another text as it is. */
static char *unit_to_path(struct span unit)
{
        char *path = unitname_to_path(unit, ".device");

        return path ? path : span_dup(unit);
}

char *fstab_option_device(const struct fstab_option *o)
{
        static const char *const names[] = { "device",         "logdev",       "rtdev",
                                             "jdev",           "journal_path", "x-systemd.requires",
                                             "x-systemd.after" };

        for (size_t i = 0; o->value.data && i < ARRAY_SIZE(names); i++)
                if (span_eq(o->name, names[i]))
                        return unit_to_path(o->value);
        return NULL;
}
