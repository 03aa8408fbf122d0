#include "parse/cmdplace.h"

#include <errno.h>
#include <strings.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"

/* ---- small pieces ---------------------------------------------------------------------------- */

static struct span skip_blanks(struct span s)
{
        while (s.len > 0 && ascii_isblank(*s.data))
                s.data++, s.len--;
        return s;
}

static struct span first_word(struct span s)
{
        size_t n = 0;

        while (n < s.len && !ascii_isspace(s.data[n]))
                n++;
        return (struct span){ s.data, n };
}

static struct span until(struct span s, const char *end)
{
        return (struct span){ s.data, (size_t)(end - s.data) };
}

static struct span behind(struct span s, const char *start)
{
        return (struct span){ start, (size_t)(s.data + s.len - start) };
}

/* A name of a list, or "" terminated list `names`; upper and lower case are one if `fold`. */
static bool is_one_of(struct span word, const char *const *names, bool fold)
{
        for (; *names; names++)
                if (strlen(*names) == word.len &&
                    (fold ? strncasecmp(*names, word.data, word.len) == 0
                          : memcmp(*names, word.data, word.len) == 0))
                        return true;
        return false;
}

static void add_place(struct cmdplaces *p, struct span name, struct span text,
                      enum param_quoting quoting, size_t line)
{
        *ARRAY_PUSH(&p->v, &p->n, &p->cap) =
                (struct cmdplace){ .text = text, .name = name, .quoting = quoting, .line = line };
}

/* ---- files of lines -------------------------------------------------------------------------- */

/* Whole lines that begin with a keyword. */
static void find_keywords(struct span text, const char *const *names, bool fold,
                          struct cmdplaces *p)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (p->n <= CMDPLACES_MAX && lines_next(&lines, &line)) {
                struct span s = skip_blanks(line.text), word = first_word(s);

                if (is_one_of(word, names, fold))
                        add_place(p, word, s, PARAM_RAW, line.number);
        }
}

/* What follows NAME= on a line, name and all that stands before it given. */
static void find_prefixed(struct span text, const char *const *prefixes, enum param_quoting quoting,
                          struct cmdplaces *p)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (p->n <= CMDPLACES_MAX && lines_next(&lines, &line))
                for (const char *const *prefix = prefixes; *prefix; prefix++) {
                        size_t n = strlen(*prefix);

                        if (line.text.len >= n && memcmp(line.text.data, *prefix, n) == 0)
                                add_place(p, (struct span){ line.text.data, n - 1 },
                                          behind(line.text, line.text.data + n), quoting,
                                          line.number);
                }
}

static int compare_lines(const void *a, const void *b)
{
        const struct cmdplace *x = a, *y = b;

        return (x->line > y->line) - (x->line < y->line);
}

static void find_legacy(struct span text, struct cmdplaces *p)
{
        static const char *const keywords[] = { "kernel", NULL };
        static const char *const prefixes[] = { "# kopt=", "# defoptions=", NULL };

        find_keywords(text, keywords, false, p);
        find_prefixed(text, prefixes, PARAM_RAW, p);
        if (p->n > 1)
                qsort(p->v, p->n, sizeof(*p->v), compare_lines);
}

/* Newlines are blanks there; a file with comments is read differently by different versions. */
static void find_whole(struct span text, struct cmdplaces *p)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line))
                if (skip_blanks(line.text).len > 0 && *skip_blanks(line.text).data == '#')
                        return;
        while (text.len > 0 && ascii_isspace(text.data[text.len - 1]))
                text.len--;
        add_place(p, (struct span){ 0 }, text, PARAM_RAW, 1);
}

/* ---- grub.cfg -------------------------------------------------------------------------------- */

/* Where the command ends: at a newline, semicolon or brace that is not quoted. */
static const char *command_end(struct span s)
{
        const char *p = s.data, *end = s.data + s.len;
        char open = 0;

        for (; p < end && (open || (*p != '\n' && *p != ';')); p++) {
                if (*p == '\\' && open != '\'' && p + 1 < end)
                        p++;
                else if (open ? *p == open : *p == '"' || *p == '\'')
                        open = open ? 0 : *p;
        }
        return p;
}

/* The text between the double quotes of `set NAME="..."`. */
static bool find_set(struct span command, const char *const *variables, struct span *ret_name,
                     struct span *ret)
{
        struct span s = first_word(command);
        const char *equals, *close;

        if (!span_eq(s, "set"))
                return false;
        s = skip_blanks(behind(command, s.data + s.len));
        equals = memchr(s.data, '=', s.len);
        if (!equals || !is_one_of(until(s, equals), variables, false))
                return false;
        *ret_name = until(s, equals);
        s = behind(s, equals + 1);
        if (s.len < 2 || *s.data != '"')
                return false;
        s = behind(s, s.data + 1);
        close = memchr(s.data, '"', s.len);
        if (!close || memchr(s.data, '\\', (size_t)(close - s.data)))
                return false;
        *ret = until(s, close);
        return true;
}

static void find_grub_commands(struct span text, struct cmdplaces *p)
{
        static const char *const commands[] = { "linux", "linux16", "linuxefi", NULL };
        static const char *const variables[] = { "kernelopts", "default_kernelopts", "tuned_params",
                                                 NULL };
        size_t number = 1;

        while (text.len > 0 && p->n <= CMDPLACES_MAX) {
                struct span s = skip_blanks(text), word = first_word(s), name, value;
                /* A comment has no quotes. */
                const char *newline = s.len > 0 && *s.data == '#' ? memchr(s.data, '\n', s.len)
                                                                  : NULL;
                const char *end = newline ? newline : command_end(s);

                if (is_one_of(word, commands, false))
                        add_place(p, word, until(s, end), PARAM_GRUB, number);
                else if (find_set(until(s, end), variables, &name, &value))
                        add_place(p, name, value, PARAM_IN_DOUBLE, number);
                end += end < text.data + text.len;
                for (const char *c = text.data; c < end; c++)
                        number += *c == '\n';
                text = behind(text, end);
        }
}

/* ---- /etc/default/grub ----------------------------------------------------------------------- */

/* The end of a word that a shell reads, and, when the whole of it is in quotes, what is between. */
static const char *shell_word(struct span s, struct span *ret_inside,
                              enum param_quoting *ret_quoting)
{
        const char *p = s.data, *end = s.data + s.len, *opened = NULL, *closed = NULL;
        char open = 0;

        for (; p < end && (open || (!ascii_isspace(*p) && *p != ';')); p++) {
                if (*p == '\\' && open != '\'' && p + 1 < end) {
                        p++;
                } else if (open && *p == open) {
                        open = 0;
                        closed = p;
                } else if (!open && (*p == '"' || *p == '\'')) {
                        open = *p;
                        opened = p;
                }
        }
        if (opened == s.data && closed && closed + 1 == p) {
                *ret_inside = until(behind(s, opened + 1), closed);
                *ret_quoting = *opened == '"' ? PARAM_IN_DOUBLE : PARAM_RAW;
        } else if (!opened) {
                *ret_inside = until(s, p);
                *ret_quoting = PARAM_GRUB;
        } else {
                *ret_inside = (struct span){ 0 };
        }
        return p;
}

static void find_assignments(struct span text, const char *const *variables, struct cmdplaces *p)
{
        size_t number = 1;

        while (text.len > 0 && p->n <= CMDPLACES_MAX) {
                struct span s = skip_blanks(text), inside = { 0 };
                const char *end, *equals;
                enum param_quoting quoting;

                if (s.len > 7 && memcmp(s.data, "export ", 7) == 0)
                        s = skip_blanks(behind(s, s.data + 7));
                equals = s.len > 0 ? memchr(s.data, '=', first_word(s).len) : NULL;
                if (!equals || *s.data == '#') {
                        end = s.len > 0 ? memchr(s.data, '\n', s.len) : NULL;
                        end = end ? end : text.data + text.len;
                } else {
                        end = shell_word(behind(s, equals + 1), &inside, &quoting);
                        if (inside.data && is_one_of(until(s, equals), variables, false))
                                add_place(p, until(s, equals), inside, quoting, number);
                }
                end += end < text.data + text.len;
                for (const char *c = text.data; c < end; c++)
                        number += *c == '\n';
                text = behind(text, end);
        }
}

/* ---------------------------------------------------------------------------------------------- */

/* Alpine's root=DEVICE is a parameter as it stands there. */
static void find_extlinux(struct span text, struct cmdplaces *p)
{
        static const char *const variables[] = { "EXTLINUX_PARAMETERS", "EXTLINUX_ROOT",
                                                 "default_kernel_opts", "root", NULL };

        find_assignments(text, variables, p);
        for (size_t i = 0; i < p->n; i++)
                if (span_eq(p->v[i].name, "root") && p->v[i].quoting == PARAM_GRUB)
                        p->v[i].text = until(behind(text, p->v[i].name.data),
                                             p->v[i].text.data + p->v[i].text.len);
}

static int check_number(struct cmdplaces *p, struct cmdplaces *ret, struct err *err)
{
        if (p->n > CMDPLACES_MAX) {
                cmdplaces_done(p);
                return err_set(err, -E2BIG, "more than %d kernel command lines", CMDPLACES_MAX);
        }
        *ret = *p;
        return 0;
}

int cmdplaces_find(struct span text, enum cmdplace_format format, struct cmdplaces *ret,
                   struct err *err)
{
        static const char *const options[] = { "options", NULL };
        static const char *const syslinux[] = { "append", "kernel", "linux", NULL };
        static const char *const environment[] = { "kernelopts=", "tuned_params=", NULL };
        static const char *const tuned[] = { "TUNED_BOOT_CMDLINE", NULL };
        static const char *const variables[] = { "GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT",
                                                 NULL };
        struct cmdplaces p = { 0 };

        switch (format) {
        case CMDPLACE_GRUB_CFG:
                find_grub_commands(text, &p);
                break;
        case CMDPLACE_BLS:
                find_keywords(text, options, false, &p);
                break;
        case CMDPLACE_GRUBENV:
                find_prefixed(text, environment, PARAM_IN_DOUBLE, &p);
                break;
        case CMDPLACE_KERNEL:
                find_whole(text, &p);
                break;
        case CMDPLACE_GRUB_LEGACY:
                find_legacy(text, &p);
                break;
        case CMDPLACE_SYSLINUX:
                find_keywords(text, syslinux, true, &p);
                break;
        case CMDPLACE_GRUB_DEFAULT:
                find_assignments(text, variables, &p);
                break;
        case CMDPLACE_EXTLINUX:
                find_extlinux(text, &p);
                break;
        case CMDPLACE_TUNED:
                find_assignments(text, tuned, &p);
                break;
        case _CMDPLACE_MAX:
                break;
        }
        return check_number(&p, ret, err);
}

int cmdplaces_find_variables(struct span text, const char *const *variables, struct cmdplaces *ret,
                             struct err *err)
{
        struct cmdplaces p = { 0 };

        find_assignments(text, variables, &p);
        return check_number(&p, ret, err);
}

void cmdplaces_done(struct cmdplaces *p)
{
        free(p->v);
        *p = (struct cmdplaces){ 0 };
}
