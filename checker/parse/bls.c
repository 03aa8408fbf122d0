#include "parse/bls.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/rpmvercmp.h"

/* ---- fields ---------------------------------------------------------------------------------- */

/* GRUB leaves out carriage returns wherever they are. */
static char *copy_line(struct span text)
{
        char *copy = xmemdup0(text.data, text.len), *to = copy;

        for (const char *p = copy; *p; p++)
                if (*p != '\r')
                        *to++ = *p;
        *to = '\0';
        return copy;
}

/* False: no key and value. */
static bool add_field(struct bls *b, const char *text, size_t line)
{
        size_t len = strcspn(text, " \t");
        const char *value = text + len + strspn(text + len, " \t");
        struct bls_field *field;

        if (!*value)
                return false;
        if (text[len] == '\t' && strchr(text, ' ') && !b->split_at)
                b->split_at = line;
        field = ARRAY_PUSH(&b->fields, &b->n, &b->cap);
        field->key = xmemdup0(text, len);
        field->value = xstrdup(value);
        field->line = line;
        return true;
}

static bool is_field(const char *text)
{
        return *text && *text != '#';
}

int bls_parse(struct span text, struct bls *ret, struct err *err)
{
        cleanup_bls struct bls b = { 0 };
        struct lines lines = lines_of(text);
        size_t stopped = 0;
        struct line line;

        if (memchr(text.data ? text.data : "", '\0', text.len))
                return err_set(err, -EINVAL, "it is no text: it has a NUL byte");
        while (lines_next(&lines, &line)) {
                cleanup_free char *copy = copy_line(line.text);
                const char *start = copy + strspn(copy, " \t");

                if (*start == '#')
                        continue;
                if (b.n == BLS_FIELDS_MAX)
                        return err_set(err, -E2BIG, "more than %d fields", BLS_FIELDS_MAX);
                if (stopped && is_field(start))
                        b.stops_at = stopped;
                else if (!stopped && !add_field(&b, start, line.number))
                        stopped = line.number;
        }
        *ret = b;
        b = (struct bls){ 0 };
        return 0;
}

const struct bls_field *bls_get(const struct bls *b, const char *key, const struct bls_field *from)
{
        for (size_t i = from ? (size_t)(from - b->fields) : 0; i < b->n; i++)
                if (streq(b->fields[i].key, key))
                        return &b->fields[i];
        return NULL;
}

void bls_done(struct bls *b)
{
        for (size_t i = 0; i < b->n; i++) {
                free(b->fields[i].key);
                free(b->fields[i].value);
        }
        free(b->fields);
        *b = (struct bls){ 0 };
}

/* ---- order ----------------------------------------------------------------------------------- */

struct parts {
        char *text;
        const char *name, *version, *release;
};

static void parts_done(struct parts *p)
{
        free(p->text);
}
#define cleanup_parts _cleanup_(parts_done)

static char *cut_at_last_dash(char *text)
{
        char *dash = strrchr(text, '-');

        if (!dash)
                return NULL;
        *dash = '\0';
        return dash + 1;
}

/* NAME-VERSION-RELEASE; what is missing is taken from the end, "a-b" is NAME-VERSION. */
static struct parts split_name(const char *text)
{
        struct parts p = { .text = xstrdup(text) };

        p.release = cut_at_last_dash(p.text);
        p.version = cut_at_last_dash(p.text);
        p.name = p.text;
        if (!p.version) {
                p.version = p.release;
                p.release = NULL;
        }
        return p;
}

static struct parts split_version(const char *text)
{
        struct parts p = { .text = xstrdup(text) };

        p.release = cut_at_last_dash(p.text);
        p.version = p.text;
        return p;
}

static int compare_part(const char *a, const char *b, bool plus)
{
        return rpmvercmp(a ? a : "", b ? b : "", plus);
}

static int compare_parts(const struct parts *a, const struct parts *b, bool plus)
{
        int r = compare_part(a->name, b->name, plus);

        if (r == 0)
                r = compare_part(a->version, b->version, plus);
        return r ? r : compare_part(a->release, b->release, plus);
}

static int compare_names(const struct bls_label *a, const struct bls_label *b, bool plus)
{
        cleanup_parts struct parts pa = split_name(a->name), pb = split_name(b->name);

        return compare_parts(&pa, &pb, plus);
}

int bls_compare(const struct bls_label *a, const struct bls_label *b)
{
        return compare_names(a, b, true);
}

int bls_compare_rhel8(const struct bls_label *a, const struct bls_label *b)
{
        int r = 0;

        if (a->version && b->version) {
                cleanup_parts struct parts pa = split_version(a->version),
                                           pb = split_version(b->version);

                r = compare_parts(&pa, &pb, false);
        }
        return r ? r : compare_names(a, b, false);
}
