#include "parse/grublegacy.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "base/str.h"
#include "base/xalloc.h"

#define LINE_MAX_BYTES 1500 /* NEW_HEAPSIZE; GRUB drops what is beyond */
/* SUSE's grubonce marks the number in the file "default". */
#define SAVED_MAX 0x3fff

/* The commands of GRUB 0.97; it skips lines that begin with anything else. */
static const char *const commands[] = {
        "blocklist",  "boot",       "bootp",    "cat",          "chainloader",   "cmp",
        "color",      "configfile", "debug",    "default",      "device",        "dhcp",
        "displayapm", "displaymem", "embed",    "fallback",     "find",          "fstest",
        "geometry",   "halt",       "help",     "hiddenmenu",   "hide",          "ifconfig",
        "impsprobe",  "initrd",     "install",  "ioprobe",      "kernel",        "lock",
        "makeactive", "map",        "md5crypt", "module",       "modulenounzip", "pager",
        "partnew",    "parttype",   "password", "pause",        "quit",          "rarp",
        "read",       "reboot",     "root",     "rootnoverify", "savedefault",   "serial",
        "setkey",     "setup",      "terminal", "terminfo",     "testload",      "testvbe",
        "tftpserver", "timeout",    "title",    "unhide",       "uppermem",      "vbeprobe",
};

/* ---- words ----------------------------------------------------------------------------------- */

static size_t command_length(const char *line)
{
        return strcspn(line, " =");
}

const char *grublegacy_argument(const char *line)
{
        line += command_length(line);
        return line + strspn(line, " =");
}

bool grublegacy_is_command(const char *line, const char *name)
{
        size_t len = strlen(name);

        return command_length(line) == len && memcmp(line, name, len) == 0;
}

static bool is_foreign(const char *line)
{
        for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
                if (grublegacy_is_command(line, commands[i]))
                        return false;
        return true;
}

static int digit_of(char c, uint32_t base)
{
        if (ascii_isdigit(c))
                return c - '0';
        if (base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
                return (c | 0x20) - 'a' + 10;
        return -1;
}

bool grublegacy_number(const char **p, uint32_t *ret)
{
        const char *s = *p, *first;
        uint32_t base = 10, value = 0;
        int digit;

        if (s[0] == '0' && (s[1] | 0x20) == 'x') {
                base = 16;
                s += 2;
        }
        for (first = s; (digit = digit_of(*s, base)) >= 0; s++) {
                if (value > (INT_MAX - (uint32_t)digit) / base)
                        return false;
                value = value * base + (uint32_t)digit;
        }
        if (s == first)
                return false;
        *p = s;
        *ret = value;
        return true;
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct reader {
        struct span rest;
        size_t line; /* of the next byte */
        struct buf buf;
};

/*
 * The next line that is not empty and no comment. A backslash before the end of a line joins the
 * next to it, in comments too; carriage returns are nothing.
 */
static bool read_line(struct reader *r, size_t *ret_number)
{
        bool literal = false, comment = false;

        r->buf.len = 0;
        for (; r->rest.len > 0; r->rest.data++, r->rest.len--) {
                char c = *r->rest.data;
                size_t number = r->line;

                r->line += c == '\n';
                if (c == '\r')
                        continue;
                if (c == '\t')
                        c = ' ';
                if (literal && c == '\n') {
                        c = ' ';
                        r->buf.len -= r->buf.len > 0;
                }
                literal = c == '\\';
                if (comment) {
                        comment = c != '\n';
                } else if (r->buf.len == 0) {
                        comment = c == '#';
                        *ret_number = number;
                        if (!comment && c != ' ' && c != '\n')
                                buf_putc(&r->buf, c);
                } else if (c == '\n') {
                        r->rest.data++, r->rest.len--;
                        return true;
                } else if (r->buf.len < LINE_MAX_BYTES) {
                        buf_putc(&r->buf, c);
                }
        }
        return r->buf.len > 0;
}

/* ---- the menu -------------------------------------------------------------------------------- */

struct parser {
        const struct grublegacy_input *input;
        struct grublegacy *menu;
        uint32_t chosen;
        uint32_t fallbacks[GRUBLEGACY_FALLBACKS_MAX];
        size_t n_fallbacks;
        bool has_default, from_saved, has_timeout, has_title;
        size_t lines;
};

static void line_done(struct grublegacy_line *line)
{
        free(line->text);
        *line = (struct grublegacy_line){ 0 };
}

static void entry_done(struct grublegacy_entry *e)
{
        line_done(&e->title);
        for (size_t i = 0; i < e->n; i++)
                line_done(&e->commands[i]);
        free(e->commands);
        *e = (struct grublegacy_entry){ 0 };
}

/* What is neither "saved" nor a number changes nothing. */
static int set_default(struct parser *p, const char *argument, size_t line, struct err *err)
{
        const struct grublegacy_saved *saved = &p->input->saved;

        if (!saved->once && !streq(argument, "saved")) {
                if (grublegacy_number(&argument, &p->chosen)) {
                        p->has_default = true;
                        p->from_saved = false;
                }
                return 0;
        }
        if (saved->unknown)
                return err_set(err, -ENODATA, "line %zu: the saved entry is not known: %s", line,
                               saved->unknown);
        p->chosen = saved->entry;
        p->has_default = p->from_saved = true;
        return 0;
}

/* One word that is no number makes the command do nothing. */
static void set_fallbacks(struct parser *p, const char *argument)
{
        uint32_t found[GRUBLEGACY_FALLBACKS_MAX], entry;
        size_t n = 0;

        while (*argument && n < GRUBLEGACY_FALLBACKS_MAX) {
                bool known = false;

                if (!grublegacy_number(&argument, &entry))
                        return;
                for (size_t i = 0; i < n; i++)
                        known = known || found[i] == entry;
                if (known)
                        continue;
                found[n++] = entry;
                argument += strcspn(argument, " ");
                argument += strspn(argument, " ");
        }
        memcpy(p->fallbacks, found, n * sizeof(found[0]));
        p->n_fallbacks = n;
}

/* Commands before the first title; most do nothing that matters here. */
static int run_global(struct parser *p, const char *line, size_t number, struct err *err)
{
        const char *argument = grublegacy_argument(line);
        uint32_t seconds;

        if (grublegacy_is_command(line, "default"))
                return set_default(p, argument, number, err);
        if (grublegacy_is_command(line, "fallback"))
                set_fallbacks(p, argument);
        else if (grublegacy_is_command(line, "timeout"))
                p->has_timeout |= grublegacy_number(&argument, &seconds);
        else if (grublegacy_is_command(line, "password"))
                p->menu->password = true;
        return 0;
}

static int add_title(struct parser *p, const char *line, size_t number, struct err *err)
{
        struct grublegacy *menu = p->menu;
        struct grublegacy_entry *last = menu->n > 0 ? &menu->entries[menu->n - 1] : NULL;

        /* A title without a command is no entry. */
        if (last && last->n == 0) {
                entry_done(last);
        } else {
                if (menu->n == GRUBLEGACY_ENTRIES_MAX)
                        return err_set(err, -E2BIG, "more than %d entries", GRUBLEGACY_ENTRIES_MAX);
                last = ARRAY_PUSH(&menu->entries, &menu->n, &menu->cap);
        }
        last->title = (struct grublegacy_line){ number, xstrdup(line), false };
        return 0;
}

static int add_line(struct parser *p, const char *line, size_t number, struct err *err)
{
        struct grublegacy *menu = p->menu;
        struct grublegacy_entry *entry;

        if (++p->lines > GRUBLEGACY_LINES_MAX)
                return err_set(err, -E2BIG, "more than %d lines", GRUBLEGACY_LINES_MAX);
        if (grublegacy_is_command(line, "title"))
                return add_title(p, line, number, err);
        if (menu->n == 0)
                return run_global(p, line, number, err);
        entry = &menu->entries[menu->n - 1];
        *ARRAY_PUSH(&entry->commands, &entry->n, &entry->cap) =
                (struct grublegacy_line){ number, xstrdup(line), is_foreign(line) };
        return 0;
}

/* Whether an entry counts depends on the build where it has foreign commands only. */
static int check_entries(struct grublegacy *menu, struct err *err)
{
        if (menu->n > 0 && menu->entries[menu->n - 1].n == 0)
                entry_done(&menu->entries[--menu->n]);
        for (size_t i = 0; i < menu->n; i++) {
                const struct grublegacy_entry *e = &menu->entries[i];
                size_t foreign = 0;

                for (size_t j = 0; j < e->n; j++)
                        foreign += e->commands[j].foreign;
                if (foreign == e->n)
                        return err_set(err, -ENODATA,
                                       "line %zu: \"%.64s\" has no command that is understood",
                                       e->title.number, e->title.text);
        }
        if (menu->n == 0)
                return err_set(err, -ENODATA, "it has no entries: GRUB waits for commands");
        return 0;
}

static char *explain_choice(const struct parser *p)
{
        const char *base = p->input->base;

        if (!p->has_default)
                return xasprintf("no default in %s", base);
        if (p->from_saved && p->input->saved.once)
                return xasprintf("%u for one start in %s", p->chosen, p->input->saved.by);
        if (p->from_saved)
                return xasprintf("default=saved in %s, %u in %s", base, p->chosen,
                                 p->input->saved.by);
        return xasprintf("default=%u in %s", p->chosen, base);
}

/* An entry that is not there: the first fallback that is, or the first entry. */
static void choose(struct parser *p)
{
        struct grublegacy *menu = p->menu;
        cleanup_free char *why = explain_choice(p);
        size_t first = 0;

        for (size_t i = 0; i < p->n_fallbacks; i++)
                if (p->fallbacks[i] < menu->n)
                        menu->fallbacks[menu->n_fallbacks++] = p->fallbacks[i];
        if (p->chosen < menu->n) {
                menu->chosen = p->chosen;
                menu->chosen_by = TAKE_PTR(why);
                return;
        }
        if (menu->n_fallbacks > 0) {
                first = menu->fallbacks[0];
                menu->n_fallbacks--;
                memmove(menu->fallbacks, menu->fallbacks + 1,
                        menu->n_fallbacks * sizeof(menu->fallbacks[0]));
        }
        menu->chosen = first;
        menu->chosen_by = xasprintf("%s, which there is not", why);
}

/* The choice once more, as it is when what was for one start is gone. */
static int choose_after(const struct grublegacy_input *input, struct grublegacy *menu,
                        struct err *err)
{
        cleanup_grublegacy struct grublegacy later = { 0 };
        struct grublegacy_input input_later = *input;
        int r;

        input_later.saved.once = false;
        input_later.saved.entry = input->saved.after;
        r = grublegacy_parse(&input_later, &later, err);
        if (r < 0)
                return r;
        menu->is_once = true;
        menu->after = later.chosen;
        menu->after_by = TAKE_PTR(later.chosen_by);
        return 0;
}

int grublegacy_parse(const struct grublegacy_input *input, struct grublegacy *ret, struct err *err)
{
        cleanup_grublegacy struct grublegacy menu = { 0 };
        struct parser p = { .input = input, .menu = &menu };
        struct reader reader = { .rest = input->text, .line = 1 };
        size_t number = 0;
        int r = 0;

        if (memchr(input->text.data, 0, input->text.len))
                return err_set(err, -EINVAL, "it is no text: it has a NUL byte");
        if (!input->saved.unknown && !input->red_hat && input->saved.entry > SAVED_MAX)
                return err_set(err, -ENODATA, "%s: %u may stand for one start only",
                               input->saved.by, input->saved.entry);
        while (r >= 0 && read_line(&reader, &number))
                r = add_line(&p, reader.buf.data, number, err);
        buf_done(&reader.buf);
        if (r >= 0)
                r = check_entries(&menu, err);
        if (r < 0)
                return r;
        choose(&p);
        if (p.from_saved && input->saved.once)
                r = choose_after(input, &menu, err);
        if (r < 0)
                return r;
        menu.waits = !p.has_timeout && !menu.is_once;
        *ret = menu;
        menu = (struct grublegacy){ 0 };
        return 0;
}

void grublegacy_done(struct grublegacy *menu)
{
        for (size_t i = 0; i < menu->n; i++)
                entry_done(&menu->entries[i]);
        free(menu->entries);
        free(menu->chosen_by);
        free(menu->after_by);
        *menu = (struct grublegacy){ 0 };
}
