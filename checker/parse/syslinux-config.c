#include "parse/sysconfig.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/lines.h"

#define DEPTH_MAX 8 /* INCLUDE within each other */

/* ---- words ----------------------------------------------------------------------------------- */

/* Syslinux takes every control character for a blank. */
static bool is_blank(char c)
{
        return (unsigned char)c <= ' ';
}

static const char *skip_blanks(const char *p)
{
        while (*p && is_blank(*p))
                p++;
        return p;
}

/* What follows `keyword` at the beginning of `p`, in any case; NULL: does not begin so. */
static const char *take_keyword(const char *p, const char *keyword)
{
        for (; *keyword; p++, keyword++)
                if (((*p ^ *keyword) & ~0x20) != 0)
                        return NULL;
        return is_blank(*p) ? skip_blanks(p) : NULL;
}

static size_t word_length(const char *p)
{
        size_t len = 0;

        while (p[len] && !is_blank(p[len]))
                len++;
        return len;
}

char *sysconfig_path(const struct sysconfig *c, struct span path)
{
        if (path.len > 0 && path.data[0] == '/')
                return xmemdup0(path.data, path.len);
        return xasprintf("%s/%.*s", c->input->directory, (int)path.len, path.data);
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct reader {
        struct sysconfig *config;
        const char *name; /* of the file */
        struct lines lines;
        size_t number; /* of the line at hand */
        const char *text;
        size_t depth;
        bool from_text; /* inside TEXT ... ENDTEXT */
};

static void sysline_done(struct sysline *l)
{
        free(l->file);
        free(l->text);
        free(l->argument);
        *l = (struct sysline){ 0 };
}

static void set_line(const struct reader *r, struct sysline *l, const char *argument)
{
        sysline_done(l);
        *l = (struct sysline){ xstrdup(r->name), r->number, xstrdup(skip_blanks(r->text)),
                               xstrdup(argument) };
}

/* ---- entries --------------------------------------------------------------------------------- */

static struct sysentry *current(struct sysconfig *c)
{
        return c->in_label ? &c->entries[c->n - 1] : NULL;
}

/* The entry is recorded: the APPEND for all labels counts as it is now. */
static void end_entry(struct sysconfig *c)
{
        struct sysentry *e = current(c);

        if (e && !e->append.file && c->append.file)
                e->append = (struct sysline){ xstrdup(c->append.file), c->append.number,
                                              xstrdup(c->append.text),
                                              xstrdup(c->append.argument) };
        c->in_label = false;
}

static int begin_entry(const struct reader *r, const char *argument, struct err *err)
{
        struct sysconfig *c = r->config;
        cleanup_free char *label = xmemdup0(argument, word_length(argument));
        struct sysentry *e;

        end_entry(c);
        if (c->n == SYSLINUX_ENTRIES_MAX)
                return err_set(err, -E2BIG, "more than %d labels", SYSLINUX_ENTRIES_MAX);
        e = ARRAY_PUSH(&c->entries, &c->n, &c->cap);
        set_line(r, &e->label, label);
        set_line(r, &e->kernel, label);
        e->title = TAKE_PTR(label);
        c->in_label = true;
        return 0;
}

static int read_text(struct sysconfig *c, const char *name, struct span text, size_t depth,
                     struct err *err);

/* A file that is not there is passed over. */
static int include(const struct reader *r, const char *argument, struct err *err)
{
        struct sysconfig *c = r->config;
        struct span word = { argument, word_length(argument) };
        cleanup_free char *path = sysconfig_path(c, word), *name = NULL;
        cleanup_blob struct blob text = { 0 };
        int n;

        if (r->depth == DEPTH_MAX || ++c->includes > SYSLINUX_INCLUDES_MAX)
                return err_set(err, -E2BIG, "line %zu: too many files are included", r->number);
        n = c->input->host.read(c->input->host.data, path, &text, &name, err);
        if (n <= 0)
                return n;
        return read_text(c, name, blob_span(&text), r->depth + 1, err);
}

/* ---- keywords -------------------------------------------------------------------------------- */

/* The caret that marks a key is not shown. */
static void set_title(struct sysentry *e, const char *argument)
{
        struct buf title = { 0 };

        for (; *argument; argument++)
                if (*argument != '^')
                        buf_putc(&title, *argument);
        free(e->title);
        e->title = buf_take(&title);
}

/* An entry that cannot be started. */
static int add_separator(const struct reader *r, struct err *err)
{
        struct sysconfig *c = r->config;
        int n = begin_entry(r, "", err);

        if (n < 0)
                return n;
        c->entries[c->n - 1].disabled = true;
        c->in_label = false;
        return 0;
}

static int run_menu(const struct reader *r, const char *p, struct err *err)
{
        static const char *const submenus[] = { "begin", "end", "goto", "exit", "start" };
        struct sysconfig *c = r->config;
        struct sysentry *e = current(c);
        const char *argument;

        for (size_t i = 0; i < ARRAY_SIZE(submenus); i++)
                if (take_keyword(p, submenus[i])) {
                        c->has_submenu = true;
                        if (i < 2)
                                end_entry(c);
                        else if (e)
                                e->disabled = true;
                        return 0;
                }
        if ((argument = take_keyword(p, "include"))) {
                c->has_submenu |= *skip_blanks(argument + word_length(argument)) != '\0';
                return include(r, argument, err);
        }
        c->saves |= take_keyword(p, "save") != NULL;
        c->shiftkey |= take_keyword(p, "shiftkey") != NULL;
        if (take_keyword(p, "separator"))
                return add_separator(r, err);
        if (!e)
                return 0;
        if ((argument = take_keyword(p, "label")))
                set_title(e, argument);
        e->is_default |= take_keyword(p, "default") != NULL;
        e->hidden |= take_keyword(p, "hide") != NULL;
        e->disabled |= take_keyword(p, "disable") || take_keyword(p, "disabled") ||
                       take_keyword(p, "quit");
        return 0;
}

static void set_kernel(const struct reader *r, enum syskind kind, const char *argument)
{
        struct sysentry *e = current(r->config);

        if (!e)
                return;
        set_line(r, &e->kernel, argument);
        e->kind = kind;
}

static bool run_kernel(const struct reader *r, const char *p)
{
        static const struct {
                const char *keyword;
                enum syskind kind;
        } kinds[] = {
                { "kernel", SYSKIND_KERNEL }, { "linux", SYSKIND_LINUX },
                { "com32", SYSKIND_MODULE },  { "config", SYSKIND_OTHER },
                { "boot", SYSKIND_OTHER },    { "bss", SYSKIND_OTHER },
                { "pxe", SYSKIND_OTHER },     { "fdimage", SYSKIND_OTHER },
                { "comboot", SYSKIND_OTHER }, { "localboot", SYSKIND_OTHER },
                { "none", SYSKIND_OTHER },
        };

        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
                const char *argument = take_keyword(p, kinds[i].keyword);

                if (argument) {
                        set_kernel(r, kinds[i].kind, argument);
                        return true;
                }
        }
        return false;
}

/* Keywords that set one line, of the label if there is one. */
static bool run_setting(const struct reader *r, const char *p)
{
        struct sysconfig *c = r->config;
        struct sysentry *e = current(c);
        const struct {
                const char *keyword;
                struct sysline *line; /* NULL: it is ignored here */
        } settings[] = {
                { "append", e ? &e->append : &c->append },
                { "initrd", e ? &e->initrd : NULL },
                { "default", &c->preset },
                { "ui", &c->ui },
                { "ontimeout", &c->on_timeout },
                { "onerror", &c->on_error },
        };

        for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
                const char *argument = take_keyword(p, settings[i].keyword);

                if (argument && settings[i].line)
                        set_line(r, settings[i].line, argument);
                if (argument)
                        return true;
        }
        return false;
}

static int run_line(struct reader *r, struct err *err)
{
        struct sysconfig *c = r->config;
        const char *p = skip_blanks(r->text), *argument;

        if (r->from_text) {
                r->from_text = !take_keyword(p, "endtext");
                return 0;
        }
        if ((argument = take_keyword(p, "menu")))
                return run_menu(r, argument, err);
        if ((argument = take_keyword(p, "include")))
                return include(r, argument, err);
        if ((argument = take_keyword(p, "label")))
                return begin_entry(r, argument, err);
        if (run_setting(r, p) || run_kernel(r, p))
                return 0;
        if (take_keyword(p, "text"))
                r->from_text = true;
        else if ((argument = take_keyword(p, "prompt")))
                c->prompt = strtol(argument, NULL, 10) != 0;
        else if ((argument = take_keyword(p, "timeout")))
                c->has_timeout = strtol(argument, NULL, 10) > 0;
        else if ((argument = take_keyword(p, "totaltimeout")))
                c->has_timeout |= strtol(argument, NULL, 10) > 0;
        return 0;
}

static int read_text(struct sysconfig *c, const char *name, struct span text, size_t depth,
                     struct err *err)
{
        struct reader r = { .config = c, .name = name, .lines = lines_of(text), .depth = depth };
        struct line line;
        int n = 0;

        if (text.len > 0 && memchr(text.data, 0, text.len))
                return err_set(err, -EINVAL, "%s is no text: it has a NUL byte", name);
        while (n >= 0 && lines_next(&r.lines, &line)) {
                const char *cr = memchr(line.text.data, '\r', line.text.len);
                cleanup_free char *copy = NULL;

                if (line.text.len > SYSLINUX_LINE_MAX)
                        return err_set(err, -ENODATA, "line %zu is longer than %d bytes",
                                       line.number, SYSLINUX_LINE_MAX);
                copy = xmemdup0(line.text.data, cr ? (size_t)(cr - line.text.data) : line.text.len);
                r.text = copy;
                r.number = line.number;
                n = run_line(&r, err);
        }
        return n;
}

int sysconfig_read(struct sysconfig *c, struct err *err)
{
        int r = read_text(c, c->input->name, c->input->text, 0, err);

        end_entry(c);
        return r;
}

void sysconfig_done(struct sysconfig *c)
{
        for (size_t i = 0; i < c->n; i++) {
                struct sysentry *e = &c->entries[i];

                sysline_done(&e->label);
                sysline_done(&e->kernel);
                sysline_done(&e->append);
                sysline_done(&e->initrd);
                free(e->title);
        }
        free(c->entries);
        sysline_done(&c->append);
        sysline_done(&c->ui);
        sysline_done(&c->preset);
        sysline_done(&c->on_timeout);
        sysline_done(&c->on_error);
        *c = (struct sysconfig){ 0 };
}
