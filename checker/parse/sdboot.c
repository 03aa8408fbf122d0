#include "parse/sdboot.h"

#include <errno.h>
#include <strings.h>

#include "base/xalloc.h"
#include "parse/lines.h"

/* ---- lines ----------------------------------------------------------------------------------- */

static bool split_line(struct span text, const char *separators, struct sdboot_line *ret)
{
        size_t at = 0;

        text = line_strip(text);
        if (!text.len || *text.data == '#')
                return false;
        while (at < text.len && !strchr(separators, text.data[at]))
                at++;
        if (at == text.len)
                return false;
        ret->key = (struct span){ text.data, at };
        while (at < text.len && strchr(separators, text.data[at]))
                at++;
        ret->value = (struct span){ text.data + at, text.len - at };
        if (ret->value.len > 1 && ret->value.data[0] == '"' && text.data[text.len - 1] == '"') {
                ret->value.data++;
                ret->value.len -= 2;
        }
        return true;
}

bool sdboot_next(struct sdboot_lines *l, struct sdboot_line *ret)
{
        while (l->rest.len) {
                size_t len = 0;
                struct span text;

                while (len < l->rest.len && l->rest.data[len] != '\n' && l->rest.data[len] != '\r')
                        len++;
                text = (struct span){ l->rest.data, len };
                ret->number = l->number + 1;
                if (len < l->rest.len)
                        l->number += l->rest.data[len++] == '\n';
                l->rest.data += len;
                l->rest.len -= len;
                if (split_line(text, l->separators, ret))
                        return true;
        }
        return false;
}

static void replace(char **to, struct span value)
{
        free(*to);
        *to = span_dup(value);
}

static void to_lower(char *s)
{
        for (; *s; s++)
                if (*s >= 'A' && *s <= 'Z')
                        *s = (char)(*s - 'A' + 'a');
}

/* ---- loader.conf ----------------------------------------------------------------------------- */

void sdboot_parse_conf(struct span text, struct sdboot_conf *ret)
{
        struct sdboot_lines lines = { text, " \t", 0 };
        struct sdboot_line line;

        while (sdboot_next(&lines, &line)) {
                if (span_eq(line.key, "timeout")) {
                        ret->waits = span_eq(line.value, "menu-force");
                } else if (span_eq(line.key, "default")) {
                        cleanup_free char *value = span_dup(line.value);

                        to_lower(value);
                        if (*value == '@' && !streq(value, "@saved"))
                                continue;
                        replace(&ret->pattern, span_of(value));
                        ret->saved = *value == '@';
                }
        }
}

void sdboot_conf_done(struct sdboot_conf *c)
{
        free(c->pattern);
        *c = (struct sdboot_conf){ 0 };
}

/* ---- entries --------------------------------------------------------------------------------- */

static bool take_number(const char **p, int64_t *ret)
{
        const char *start = *p;

        *ret = 0;
        for (; ascii_isdigit(**p) && *ret <= INT32_MAX; (*p)++)
                *ret = *ret * 10 + (**p - '0');
        return *p > start && *ret <= INT32_MAX;
}

/* "NAME+LEFT-DONE.conf", "NAME+LEFT.conf" */
void sdboot_name_entry(const char *name, struct sdboot_entry *ret)
{
        const char *plus = strrchr(name, '+'), *end = strrchr(name, '.'),
                   *p = plus ? plus + 1 : name;
        int64_t left, done = 0;

        ret->left = ret->done = -1;
        free(ret->id);
        if (plus && end && take_number(&p, &left) && (*p != '-' || (p++, take_number(&p, &done))) &&
            p == end) {
                ret->id = xasprintf("%.*s%s", (int)(plus - name), name, end);
                ret->left = left;
                ret->done = done;
        } else {
                ret->id = xstrdup(name);
        }
        to_lower(ret->id);
}

/* The loader's paths have slashes or backslashes, and may have none in front. */
static char *make_path(struct span value)
{
        char *path = xasprintf("/%.*s", (int)value.len, value.data);
        size_t skip;

        for (char *p = path; *p; p++)
                if (*p == '\\')
                        *p = '/';
        skip = strspn(path, "/") - 1;
        memmove(path, path + skip, strlen(path + skip) + 1);
        return path;
}

static void set_kernel(struct sdboot_entry *e, const struct sdboot_line *line, bool program)
{
        free(e->kernel.path);
        e->kernel = (struct sdboot_file){ make_path(line->value), line->number };
        e->program = program;
}

static int add_initrd(struct sdboot_entry *e, const struct sdboot_line *line, struct err *err)
{
        if (e->n_initrds == SDBOOT_INITRDS_MAX)
                return err_set(err, -E2BIG, "more than %d initrds", SDBOOT_INITRDS_MAX);
        e->initrds[e->n_initrds++] = (struct sdboot_file){ make_path(line->value), line->number };
        return 1;
}

static bool is_own_architecture(struct span value)
{
        cleanup_free char *name = span_dup(value);

        return strcasecmp(name, "x64") == 0;
}

/* 1, 0: the entry is none for this machine, or an error. */
static int take_line(struct sdboot_entry *e, const struct sdboot_line *line, struct buf *options,
                     struct err *err)
{
        bool kernel = span_eq(line->key, "linux"), program = span_eq(line->key, "efi");

        if (kernel || program) {
                if (e->kernel.path && e->program != program)
                        return 0;
                set_kernel(e, line, program);
        } else if (span_eq(line->key, "uki") || span_eq(line->key, "uki-url") ||
                   span_eq(line->key, "devicetree")) {
                return err_set(err, -ENOTSUP, "line %zu: \"%.*s\" is not understood", line->number,
                               (int)line->key.len, line->key.data);
        } else if (span_eq(line->key, "architecture")) {
                return is_own_architecture(line->value);
        } else if (span_eq(line->key, "initrd")) {
                return add_initrd(e, line, err);
        } else if (span_eq(line->key, "options")) {
                if (options->data)
                        buf_putc(options, ' ');
                else
                        e->options_line = line->number;
                buf_append(options, line->value.data, line->value.len);
        } else if (span_eq(line->key, "title")) {
                replace(&e->title, line->value);
                e->title_line = line->number;
        } else if (span_eq(line->key, "sort-key")) {
                replace(&e->sort_key, line->value);
        } else if (span_eq(line->key, "version")) {
                replace(&e->version, line->value);
        } else if (span_eq(line->key, "machine-id")) {
                replace(&e->machine_id, line->value);
        }
        return 1;
}

int sdboot_parse_entry(const char *name, struct span text, struct sdboot_entry *ret,
                       struct err *err)
{
        cleanup_sdboot_entry struct sdboot_entry e = { 0 };
        struct sdboot_lines lines = { text, " \t", 0 };
        cleanup_buf struct buf options = { 0 };
        struct sdboot_line line;

        if (text.len && memchr(text.data, '\0', text.len))
                return err_set(err, -EINVAL, "it is no text: it has a NUL byte");
        while (sdboot_next(&lines, &line)) {
                int r = take_line(&e, &line, &options, err);

                if (r <= 0)
                        return r;
        }
        if (!e.kernel.path)
                return 0;
        if (options.data)
                e.options = buf_take(&options);
        sdboot_name_entry(name, &e);
        *ret = e;
        e = (struct sdboot_entry){ 0 };
        return 1;
}

void sdboot_entry_done(struct sdboot_entry *e)
{
        free(e->id);
        free(e->title);
        free(e->sort_key);
        free(e->version);
        free(e->machine_id);
        free(e->kernel.path);
        for (size_t i = 0; i < e->n_initrds; i++)
                free(e->initrds[i].path);
        free(e->options);
        *e = (struct sdboot_entry){ 0 };
}

/* ---- order ----------------------------------------------------------------------------------- */

static int compare_numbers(int64_t a, int64_t b)
{
        return a < b ? -1 : a > b;
}

static int compare_texts(const char *a, const char *b)
{
        int r = strcmp(a ? a : "", b ? b : "");

        return r < 0 ? -1 : r > 0;
}

static bool is_version_char(char c)
{
        return ascii_isalnum(c) || strchr("~-^.", c);
}

/* One side has the mark: -1 or 1, `with` for the first; 0: both or none, and it is stepped over. */
static int compare_mark(const char **a, const char **b, char mark)
{
        bool in_a = **a == mark, in_b = **b == mark;

        if (in_a != in_b)
                return in_a ? -1 : 1;
        *a += in_a;
        *b += in_b;
        return 0;
}

static size_t count(const char *s, bool (*is)(char c))
{
        size_t n = 0;

        while (is(s[n]))
                n++;
        return n;
}

static int compare_segments(const char **a, const char **b)
{
        bool digits = ascii_isdigit(**a) || ascii_isdigit(**b);
        bool (*is)(char c) = digits ? ascii_isdigit : ascii_isalpha;
        size_t in_a = count(*a, is), in_b = count(*b, is);
        const char *start_a = *a, *start_b = *b;
        int r;

        *a += in_a;
        *b += in_b;
        if (digits && !in_a != !in_b)
                return in_a ? 1 : -1;
        for (; digits && in_a && *start_a == '0'; in_a--)
                start_a++;
        for (; digits && in_b && *start_b == '0'; in_b--)
                start_b++;
        if (digits && in_a != in_b)
                return in_a < in_b ? -1 : 1;
        r = strncmp(start_a, start_b, in_a < in_b ? in_a : in_b);
        return r ? (r < 0 ? -1 : 1) : compare_numbers((int64_t)in_a, (int64_t)in_b);
}

int sdboot_compare_versions(const char *a, const char *b)
{
        static const char marks[] = "-^.";

        a = a ? a : "";
        b = b ? b : "";
        for (;;) {
                int r;

                while (*a && !is_version_char(*a))
                        a++;
                while (*b && !is_version_char(*b))
                        b++;
                r = compare_mark(&a, &b, '~');
                if (r)
                        return r;
                if (!*a || !*b)
                        return !!*a - !!*b;
                for (const char *mark = marks; *mark; mark++) {
                        r = compare_mark(&a, &b, *mark);
                        if (r)
                                return r;
                }
                r = compare_segments(&a, &b);
                if (r)
                        return r;
        }
}

int sdboot_compare(const struct sdboot_entry *a, const struct sdboot_entry *b)
{
        int r = (a->left == 0) - (b->left == 0);

        if (!r)
                r = !a->sort_key - !b->sort_key;
        if (!r && a->sort_key) {
                r = compare_texts(a->sort_key, b->sort_key);
                if (!r)
                        r = compare_texts(a->machine_id, b->machine_id);
                if (!r)
                        r = -sdboot_compare_versions(a->version, b->version);
        }
        if (!r)
                r = -sdboot_compare_versions(a->id, b->id);
        if (r || a->left < 0 || b->left < 0)
                return r;
        r = -compare_numbers(a->left, b->left);
        return r ? r : compare_numbers(a->done, b->done);
}

/* ---- choice ---------------------------------------------------------------------------------- */

/* '*' and '?'. */
static bool matches(const char *pattern, const char *text)
{
        const char *star = NULL, *resume = NULL;

        while (*text) {
                if (*pattern == '*') {
                        star = ++pattern;
                        resume = text;
                } else if (*pattern == '?' || *pattern == *text) {
                        pattern++;
                        text++;
                } else if (star) {
                        pattern = star;
                        text = ++resume;
                } else {
                        return false;
                }
        }
        return pattern[strspn(pattern, "*")] == '\0';
}

/* Before version 247 an id had no ending. */
static size_t find(const char *pattern, const struct sdboot_entry *entries, size_t n, bool ending)
{
        for (size_t i = 0; i < n; i++) {
                const char *id = entries[i].id, *dot = strrchr(id, '.');
                cleanup_free char *text = ending || !dot ? xstrdup(id)
                                                         : xmemdup0(id, (size_t)(dot - id));

                if (matches(pattern, text))
                        return i;
        }
        return n;
}

int sdboot_select(const struct sdboot_conf *conf, const struct sdboot_entry *entries, size_t n,
                  size_t *ret_index, struct err *err)
{
        size_t i, old;

        *ret_index = 0;
        if (!conf->pattern || conf->saved)
                return 0;
        if (strpbrk(conf->pattern, "[]\\") || str_startswith(conf->pattern, "auto-") ||
            strlen(conf->pattern) > SDBOOT_PATTERN_MAX)
                return err_set(err, -ENODATA, "the default \"%.100s\" is not understood",
                               conf->pattern);
        i = find(conf->pattern, entries, n, true);
        old = i < n ? i : find(conf->pattern, entries, n, false);
        if (i == n && old > 0 && old < n)
                return err_set(err, -ENODATA,
                               "the default \"%.100s\" means different entries to versions of "
                               "systemd-boot: up to 246 an entry is known without the ending of "
                               "its file",
                               conf->pattern);
        if (i == n)
                return 0;
        *ret_index = i;
        return 1;
}
