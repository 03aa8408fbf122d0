#include "parse/syslinux.h"

#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/sysconfig.h"

static size_t word_length(const char *p)
{
        size_t len = 0;

        while ((unsigned char)p[len] > ' ')
                len++;
        return len;
}

static const char *rest_of(const char *p)
{
        p += word_length(p);
        while (*p && (unsigned char)*p <= ' ')
                p++;
        return p;
}

static bool is_label(const struct sysentry *e, const char *command)
{
        size_t len = word_length(command);

        return strlen(e->label.argument) == len && memcmp(e->label.argument, command, len) == 0;
}

/* The first entry with that label; c->n: none. What is disabled has no label. */
static size_t find_label(const struct sysconfig *c, const char *command)
{
        size_t i = 0;

        while (i < c->n && (c->entries[i].disabled || !is_label(&c->entries[i], command)))
                i++;
        return i;
}

/* ---- which entry ----------------------------------------------------------------------------- */

struct choice {
        size_t entry;
        const char *more; /* arguments after the label */
        char *why;
        bool waits;
};

static bool is_menu(const char *command)
{
        cleanup_free char *path = xmemdup0(command, word_length(command));
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

        return streq(name, "menu.c32") || streq(name, "vesamenu.c32");
}

static int choose_label(const struct sysconfig *c, const struct sysline *line, const char *keyword,
                        struct choice *ret, struct err *err)
{
        ret->entry = find_label(c, line->argument);
        ret->more = rest_of(line->argument);
        if (ret->entry == c->n)
                return err_set(err, -ENODATA, "line %zu: \"%.64s\" is no label", line->number,
                               line->text);
        ret->why = xasprintf("%s in %s", keyword, strrchr(line->file, '/') + 1);
        return 0;
}

/* The entry a menu is at when it appears. */
static int choose_in_menu(const struct sysconfig *c, struct choice *ret, struct err *err)
{
        size_t first = c->n, marked = c->n, preset = c->n;

        if (c->saves && c->input->saved)
                return err_set(err, -ENODATA,
                               "the menu starts the entry it has saved, which is not understood");
        if (c->preset.file)
                preset = find_label(c, c->preset.argument);
        if (preset < c->n && !c->entries[preset].hidden)
                return choose_label(c, &c->preset, "DEFAULT", ret, err);
        if (c->has_submenu)
                return err_set(err, -ENODATA, "which of its menus appears is not understood");
        for (size_t i = c->n; i-- > 0;) {
                const struct sysentry *e = &c->entries[i];

                if (!e->hidden)
                        first = i;
                if (marked == c->n && e->is_default && !e->hidden && !e->disabled)
                        marked = i;
        }
        ret->entry = marked < c->n ? marked : first;
        ret->more = "";
        if (ret->entry == c->n || c->entries[ret->entry].disabled)
                return err_set(err, -ENODATA, "its menu has no first entry that can be started");
        ret->why = xstrdup(marked < c->n ? "MENU DEFAULT" : "the first of the menu");
        return 0;
}

static int choose(const struct sysconfig *c, struct choice *ret, struct err *err)
{
        const struct sysline *command = c->ui.file ? &c->ui : &c->preset;
        bool menu = command->file && is_menu(command->argument);

        if (!command->file)
                return err_set(err, -ENODATA, "neither DEFAULT nor UI: it waits for commands");
        if (c->ui.file && (!menu || *rest_of(command->argument)))
                return err_set(err, -ENODATA, "line %zu: what \"%.64s\" does is not understood",
                               command->number, command->text);
        if (menu && *rest_of(command->argument))
                return err_set(err, -ENODATA, "line %zu: \"%.64s\" is not understood",
                               command->number, command->text);
        ret->waits = (menu ? !c->shiftkey : c->prompt) && !c->has_timeout;
        if (c->on_timeout.file && c->has_timeout && (menu ? !c->shiftkey : c->prompt))
                return choose_label(c, &c->on_timeout, "ONTIMEOUT", ret, err);
        if (menu)
                return choose_in_menu(c, ret, err);
        return choose_label(c, &c->preset, "DEFAULT", ret, err);
}

/* ---- what it starts -------------------------------------------------------------------------- */

static void set_place(struct bootentry_place *place, const struct sysline *line)
{
        *place = (struct bootentry_place){ xstrdup(line->file), line->number, xstrdup(line->text) };
}

static void add_arguments(struct buf *out, const char *arguments)
{
        if (*arguments && out->len > 0)
                buf_putc(out, ' ');
        buf_puts(out, arguments);
}

/* Behind KERNEL, from APPEND, from INITRD, behind the label where it is named. */
static char *make_cmdline(const struct sysentry *e, const char *more)
{
        const char *append = e->append.file ? e->append.argument : "";
        struct buf out = { 0 };

        add_arguments(&out, rest_of(e->kernel.argument));
        add_arguments(&out, streq(append, "-") ? "" : append);
        if (e->initrd.file) {
                add_arguments(&out, "initrd=");
                buf_puts(&out, e->initrd.argument);
        }
        add_arguments(&out, more);
        return buf_take(&out);
}

/* The line initrd= of the command line comes from. */
static const struct sysline *initrd_line(const struct sysentry *e)
{
        if (strstr(e->kernel.argument, "initrd="))
                return &e->kernel;
        if (e->append.file && strstr(e->append.argument, "initrd="))
                return &e->append;
        return e->initrd.file ? &e->initrd : &e->label;
}

/* initrd=A,B of the command line; where two are, versions differ. */
static int take_initrds(const struct sysconfig *c, const struct sysentry *e, struct bootentry *ret,
                        struct err *err)
{
        const struct sysline *line = initrd_line(e);
        const char *p = strstr(ret->cmdline, "initrd=");

        if (!p)
                return 0;
        p += strlen("initrd=");
        if (strstr(p, "initrd=") ||
            (p - strlen("initrd=") > ret->cmdline && p[-1 - (int)strlen("initrd=")] != ' '))
                return err_set(err, -ENODATA, "line %zu: which initrd= counts is not known",
                               e->label.number);
        for (;; p++) {
                struct span path = { p, strcspn(p, " ,") };
                struct bootentry_file *file =
                        ARRAY_PUSH(&ret->initrds, &ret->n_initrds, &ret->cap_initrds);

                set_place(&file->place, line);
                file->path = sysconfig_path(c, path);
                file->device = xstrdup("");
                p += path.len;
                if (path.len == 0)
                        return err_set(err, -ENODATA, "line %zu: an initrd without a name",
                                       e->label.number);
                if (*p != ',')
                        return 0;
        }
}

/* KERNEL means what the end of the name says. */
static enum syskind kind_of(const struct sysentry *e)
{
        static const char *const others[] = { ".img", ".bss", ".bin", ".bs", ".0" };
        cleanup_free char *name = xmemdup0(e->kernel.argument, word_length(e->kernel.argument));

        if (e->kind != SYSKIND_KERNEL)
                return e->kind;
        for (size_t i = 0; i < ARRAY_SIZE(others); i++)
                if (str_endswith(name, others[i]))
                        return SYSKIND_OTHER;
        return str_endswith(name, ".c32") ? SYSKIND_MODULE : SYSKIND_LINUX;
}

/* mboot.c32 loads the Xen hypervisor and its modules. */
static enum bootentry_starts starts_of(const struct sysentry *e)
{
        enum syskind kind = kind_of(e);

        if (kind == SYSKIND_LINUX)
                return BOOTENTRY_LINUX;
        return kind == SYSKIND_MODULE && strstr(e->kernel.argument, "mboot") ? BOOTENTRY_HYPERVISOR
                                                                             : BOOTENTRY_OTHER;
}

/* Label, place and index are known in any case. */
static int fill(const struct sysconfig *c, size_t entry, const char *more, struct bootentry *ret,
                struct err *err)
{
        const struct sysentry *e = &c->entries[entry];
        struct span kernel = { e->kernel.argument, word_length(e->kernel.argument) };

        set_place(&ret->place, &e->label);
        ret->title = xstrdup(e->title);
        ret->id = xstrdup(e->label.argument);
        ret->index = xasprintf("%zu", entry);
        ret->starts = starts_of(e);
        if (ret->starts != BOOTENTRY_LINUX)
                return err_set(err, -ENODATA, "line %zu: \"%.64s\" starts no Linux itself",
                               e->kernel.number, e->kernel.text);
        if (kernel.len == 0)
                return err_set(err, -ENODATA, "line %zu: no kernel is named", e->kernel.number);
        set_place(&ret->kernel.place, &e->kernel);
        ret->kernel.path = sysconfig_path(c, kernel);
        ret->kernel.device = xstrdup("");
        ret->cmdline = make_cmdline(e, more);
        if (e->append.file && !streq(e->append.argument, "-"))
                set_place(&ret->args, &e->append);
        return take_initrds(c, e, ret, err);
}

static void drop_files(struct bootentry *b)
{
        bootentry_file_done(&b->kernel);
        for (size_t i = 0; i < b->n_initrds; i++)
                bootentry_file_done(&b->initrds[i]);
        b->n_initrds = 0;
        free(TAKE_PTR(b->cmdline));
}

static void list_others(const struct sysconfig *c, size_t chosen, struct bootmenu *ret)
{
        for (size_t i = 0; i < c->n; i++) {
                bool fallback = c->on_error.file && is_label(&c->entries[i], c->on_error.argument);
                struct bootentry *other;
                struct err err = { 0 };

                if (i == chosen || c->entries[i].disabled)
                        continue;
                other = bootmenu_add(ret, fallback ? BOOTENTRY_FALLBACK : BOOTENTRY_MENU);
                if (!other)
                        return;
                if (fallback)
                        other->chosen_by = xstrdup("ONERROR");
                if (fill(c, i, "", other, &err) >= 0)
                        continue;
                drop_files(other);
                if (other->starts == BOOTENTRY_LINUX)
                        other->unknown = xstrdup(err.text);
        }
}

int syslinux_evaluate(const struct syslinux_input *input, struct bootmenu *ret, struct err *err)
{
        cleanup_sysconfig struct sysconfig c = { .input = input };
        cleanup_bootmenu struct bootmenu menu = { 0 };
        struct choice choice = { 0 };
        int r = sysconfig_read(&c, err);

        if (r >= 0)
                r = choose(&c, &choice, err);
        if (r < 0)
                return r;
        menu.next.chosen_by = choice.why;
        menu.next.waits = choice.waits;
        r = fill(&c, choice.entry, choice.more, &menu.next, err);
        if (r < 0)
                return r;
        list_others(&c, choice.entry, &menu);
        *ret = menu;
        menu = (struct bootmenu){ 0 };
        return 0;
}

/* ---- the end of ldlinux.sys ------------------------------------------------------------------ */

/* libinstaller/setadv.c: two copies of magic, checksum, items of tag, length and data, magic. */
enum {
        ADV_COPY = 512,
        ADV_ONCE = 1,
        ADV_MENUSAVE = 2,
};

static bool is_adv(const char *copy)
{
        return memcmp(copy, "\xa5\x2f\x2d\x5a", 4) == 0 &&
               memcmp(copy + ADV_COPY - 4, "\x64\xbf\x28\xdd", 4) == 0;
}

/* An empty item is none. */
static void read_copy(const unsigned char *copy, bool *once, bool *saved)
{
        size_t pos = 8, end = ADV_COPY - 4;

        while (pos + 2 <= end && copy[pos] != 0 && pos + 2 + copy[pos + 1] <= end) {
                *once |= copy[pos] == ADV_ONCE && copy[pos + 1] > 0;
                *saved |= copy[pos] == ADV_MENUSAVE && copy[pos + 1] > 0;
                pos += 2 + (size_t)copy[pos + 1];
        }
}

void syslinux_read_adv(struct span tail, bool *ret_once, bool *ret_saved)
{
        bool once = false, saved = false;

        for (size_t at = 0; at + ADV_COPY <= tail.len; at += ADV_COPY)
                if (is_adv(tail.data + at))
                        read_copy((const unsigned char *)tail.data + at, &once, &saved);
        *ret_once = once;
        *ret_saved = saved;
}
