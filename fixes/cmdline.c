#include "fixes/cmdline.h"

#include <errno.h>

#include "base/xalloc.h"
#include "fixes/rewrite.h"
#include "parse/cmdplace.h"

#define GRUB_DEFAULT   "/etc/default/grub"
#define GRUB_DROP_INS  "/etc/default/grub.d"
#define KERNEL_CMDLINE "/etc/kernel/cmdline"
#define TUNED_CMDLINE  "/etc/tuned/bootcmdline"
#define ESP_VENDORS    "/boot/efi/EFI"
#define GRUB_ENTRIES   "/boot/loader/entries"
#define FILES_MAX      1000

/* ---- which files ----------------------------------------------------------------------------- */

struct file {
        char *path;
        enum cmdplace_format format;
        enum plan_phase phase;
        struct cmdplaces places;
        struct blob after; /* data NULL: not edited yet */
};

struct files {
        struct fix_context *context;
        struct file *v;
        size_t n, cap;
        bool kernelopts; /* one of the files sets this variable, for entries that say $kernelopts */
        const char *unified; /* image whose command line is a part of it; NULL: none */
        /* Of /etc/default/grub and its drop-ins: a later assignment wins. NULL: there is none. */
        const struct cmdplace *last_linux, *last_default;
};

static void files_done(struct files *l)
{
        for (size_t i = 0; i < l->n; i++) {
                free(l->v[i].path);
                cmdplaces_done(&l->v[i].places);
                blob_done(&l->v[i].after);
        }
        free(l->v);
}
#define cleanup_files _cleanup_(files_done)

static void note_place(struct files *l, enum cmdplace_format format, const struct cmdplace *p)
{
        l->kernelopts |= span_eq(p->name, "kernelopts");
        if (format == CMDPLACE_GRUB_DEFAULT)
                *(span_eq(p->name, "GRUB_CMDLINE_LINUX") ? &l->last_linux : &l->last_default) = p;
}

/* 1 added, 0 there is none, or an error. */
static int add_file(struct files *l, const char *path, enum cmdplace_format format,
                    enum plan_phase phase, struct err *err)
{
        struct file f = { .format = format, .phase = phase };
        struct span text;
        int r = plan_read(l->context->plan, path, VOLUME_CONFIG_MAX, &text, err);

        if (r <= 0)
                return r;
        if (l->n == FILES_MAX)
                return err_set(err, -E2BIG, "more than %d files with command lines", FILES_MAX);
        r = cmdplaces_find(text, format, &f.places, err);
        if (r < 0)
                return err_wrap(err, r, "%s", path);
        f.path = xstrdup(path);
        for (size_t i = 0; i < f.places.n; i++)
                note_place(l, format, &f.places.v[i]);
        *ARRAY_PUSH(&l->v, &l->n, &l->cap) = f;
        return 1;
}

/* The files of a directory whose names end like this. */
static int add_files(struct files *l, const char *dir, const char *suffix,
                     enum cmdplace_format format, enum plan_phase phase, struct err *err)
{
        cleanup_strv struct strv names = { 0 };
        int r = volume_list(l->context->volume, dir, &names, err);

        for (size_t i = 0; r >= 0 && i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);

                if (str_endswith(path, suffix))
                        r = add_file(l, path, format, phase, err);
        }
        return r;
}

/* Every vendor's grub.cfg on the EFI system partition. */
static int add_esp(struct files *l, struct err *err)
{
        cleanup_strv struct strv names = { 0 };
        int r = volume_list(l->context->volume, ESP_VENDORS, &names, err);

        for (size_t i = 0; r >= 0 && i < names.n; i++) {
                cleanup_free char *vendor = xasprintf(ESP_VENDORS "/%s", names.v[i]);
                cleanup_free char *path = xasprintf("%s/grub.cfg", vendor);
                struct stat st;

                r = volume_stat(l->context->volume, vendor, &st, err);
                if (r > 0 && S_ISDIR(st.st_mode))
                        r = add_file(l, path, CMDPLACE_GRUB_CFG, PLAN_LOADER, err);
        }
        return r;
}

/* A file beside the boot loader's configuration, or with `name` NULL its directory. */
static char *beside(const char *config, const char *name)
{
        int n = (int)(strrchr(config, '/') - config);

        return name ? xasprintf("%.*s/%s", n, config, name) : xasprintf("%.*s", n, config);
}

static int add_sources(struct files *l, struct err *err)
{
        int r = add_file(l, GRUB_DEFAULT, CMDPLACE_GRUB_DEFAULT, PLAN_SOURCES, err);

        if (r >= 0)
                r = add_files(l, GRUB_DROP_INS, ".cfg", CMDPLACE_GRUB_DEFAULT, PLAN_SOURCES, err);
        if (r >= 0)
                r = add_file(l, "/etc/grub.d/40_custom", CMDPLACE_GRUB_CFG, PLAN_SOURCES, err);
        return r;
}

static int add_grub2(struct files *l, const char *config, struct err *err)
{
        cleanup_free char *custom = beside(config, "custom.cfg"), *env = beside(config, "grubenv");
        int r = add_sources(l, err);

        if (r >= 0)
                r = add_file(l, KERNEL_CMDLINE, CMDPLACE_KERNEL, PLAN_SOURCES, err);
        if (r >= 0)
                r = add_file(l, TUNED_CMDLINE, CMDPLACE_TUNED, PLAN_SOURCES, err);
        if (r >= 0)
                r = add_files(l, GRUB_ENTRIES, ".conf", CMDPLACE_BLS, PLAN_SOURCES, err);
        if (r >= 0)
                r = add_file(l, env, CMDPLACE_GRUBENV, PLAN_SOURCES, err);
        if (r >= 0)
                r = add_file(l, config, CMDPLACE_GRUB_CFG, PLAN_LOADER, err);
        if (r >= 0)
                r = add_file(l, custom, CMDPLACE_GRUB_CFG, PLAN_LOADER, err);
        if (r >= 0 && !str_startswith(config, ESP_VENDORS))
                r = add_esp(l, err);
        return r;
}

static int add_systemd_boot(struct files *l, const char *entry, struct err *err)
{
        cleanup_free char *dir = beside(entry, NULL);
        int r = add_file(l, KERNEL_CMDLINE, CMDPLACE_KERNEL, PLAN_SOURCES, err);

        l->unified = facts_str(l->context->facts, "/boot/unified");
        return r < 0 || l->unified ? r : add_files(l, dir, ".conf", CMDPLACE_BLS, PLAN_LOADER, err);
}

/* 1 when there is such a file and it is not among ours yet. */
static int add_once(struct files *l, const char *path, struct err *err)
{
        for (size_t i = 0; i < l->n; i++)
                if (streq(l->v[i].path, path))
                        return 0;
        return add_file(l, path, CMDPLACE_SYSLINUX, PLAN_LOADER, err);
}

/* The configuration, and what it includes: where its entries are. */
static int add_syslinux(struct files *l, const char *config, struct err *err)
{
        const struct facts *f = l->context->facts;
        const char *file = facts_str(f, "/boot/entry/kernel/file");
        size_t n = facts_count(f, "/boot/others");
        int r = add_file(l, "/etc/default/extlinux", CMDPLACE_EXTLINUX, PLAN_SOURCES, err);

        if (r >= 0)
                r = add_file(l, "/etc/update-extlinux.conf", CMDPLACE_EXTLINUX, PLAN_SOURCES, err);
        if (r >= 0)
                r = add_once(l, config, err);
        if (r >= 0 && file)
                r = add_once(l, file, err);
        for (size_t i = 0; r >= 0 && i < n; i++) {
                cleanup_free char *path = xasprintf("/boot/others/%zu/kernel/file", i);

                file = facts_str(f, path);
                r = file ? add_once(l, file, err) : 0;
        }
        return r;
}

static int find_files(struct files *l, struct err *err)
{
        const struct facts *f = l->context->facts;
        const char *loader = facts_str(f, "/boot/loader"), *config = facts_str(f, "/boot/config");
        const char *entry = facts_str(f, "/boot/entry/file");

        if (!loader || !config || !entry)
                return err_set(err, -ENOENT,
                               "what the boot loader starts is not known, so neither is where its "
                               "command lines are");
        if (streq(loader, "grub2"))
                return add_grub2(l, config, err);
        if (streq(loader, "grub-legacy"))
                return add_file(l, config, CMDPLACE_GRUB_LEGACY, PLAN_LOADER, err);
        if (streq(loader, "syslinux"))
                return add_syslinux(l, config, err);
        if (streq(loader, "systemd-boot"))
                return add_systemd_boot(l, entry, err);
        return err_set(err, -ENOTSUP, "where %s has its command lines is not known", loader);
}

/* ---- where something is added ---------------------------------------------------------------- */

static bool same_span(struct span a, struct span b)
{
        return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static bool mentions(struct span text, const char *what)
{
        return text.len > 0 && memmem(text.data, text.len, what, strlen(what));
}

/* No Linux kernel, or a line that gets it from elsewhere. */
static bool is_for_others(const struct files *l, const struct file *f, const struct cmdplace *p)
{
        switch (f->format) {
        case CMDPLACE_GRUB_CFG:
                return span_eq(p->name, "tuned_params") || mentions(p->text, "memtest") ||
                       (l->kernelopts && mentions(p->text, "$kernelopts"));
        case CMDPLACE_BLS:
                /* GRUB takes the first such line of a file, systemd-boot all. */
                return p != &f->places.v[0] || (l->kernelopts && mentions(p->text, "$kernelopts"));
        case CMDPLACE_GRUBENV:
                return !span_eq(p->name, "kernelopts");
        case CMDPLACE_TUNED:
                return true;
        case CMDPLACE_EXTLINUX:
                return !span_eq(p->name, "EXTLINUX_PARAMETERS") &&
                       !span_eq(p->name, "default_kernel_opts");
        case CMDPLACE_GRUB_LEGACY:
                return span_eq(p->name, "# defoptions") || mentions(p->text, "/xen") ||
                       mentions(p->text, "memtest");
        case CMDPLACE_SYSLINUX:
                return (*p->name.data | 0x20) != 'a' || p->text.data[p->text.len - 1] == '-';
        default:
                return false;
        }
}

/* Whether that variable brings the parameter, through earlier assignments that it names, too. */
static bool is_assigned(const struct files *l, const struct cmdplace *last,
                        const struct paramedit *edit)
{
        if (!last || paramedit_finds(last->text, last->quoting, edit))
                return last != NULL;
        for (size_t i = 0; mentions(last->text, "$") && i < l->n; i++)
                for (size_t k = 0; k < l->v[i].places.n; k++) {
                        const struct cmdplace *p = &l->v[i].places.v[k];

                        if (l->v[i].format == CMDPLACE_GRUB_DEFAULT &&
                            same_span(p->name, last->name) &&
                            paramedit_finds(p->text, p->quoting, edit))
                                return true;
                }
        return false;
}

/* Whether this place is the one where the source for GRUB's menus gets the parameter. */
static bool is_for_addition(const struct files *l, const struct file *f, const struct cmdplace *p,
                            const struct paramedit *edit)
{
        if (f->format != CMDPLACE_GRUB_DEFAULT)
                return !is_for_others(l, f, p);
        return p == l->last_linux && !is_assigned(l, l->last_linux, edit) &&
               !is_assigned(l, l->last_default, edit);
}

/* ---- editing --------------------------------------------------------------------------------- */

static bool edit_place(const struct files *l, const struct file *f, const struct cmdplace *p,
                       const struct paramedit *edits, size_t n, struct buf *out)
{
        cleanup_free struct paramedit *here = xcalloc(n, sizeof(*here));

        for (size_t i = 0; i < n; i++) {
                here[i] = edits[i];
                here[i].add = edits[i].add && is_for_addition(l, f, p, &edits[i]);
        }
        return paramedit_apply(p->text, p->quoting, here, n, out);
}

/* GRUB's environment block keeps its size: what follows the variables is filled with #. */
static int fit_block(struct blob *block, size_t size, struct err *err)
{
        size_t n = block->len;

        while (n > 0 && block->data[n - 1] == '#')
                n--;
        if (n > size)
                return err_set(err, -ENOSPC, "its %zu bytes have no room for %zu", size, n);
        block->data = xreallocarray(block->data, size + 1, 1);
        memset(block->data + n, '#', size - n);
        block->data[size] = '\0';
        block->len = size;
        return 0;
}

/* A source that assigns the variable nowhere gets a line of its own. */
static void append_assignment(struct files *l, struct file *f, const struct paramedit *edits,
                              size_t n)
{
        cleanup_buf struct buf words = { 0 }, text = { 0 };

        if (!streq(f->path, GRUB_DEFAULT) || l->last_linux)
                return;
        for (size_t i = 0; i < n; i++)
                if (edits[i].add && !is_assigned(l, l->last_default, &edits[i]))
                        buf_printf(&words, "%s%s=%s", words.len ? " " : "", edits[i].name,
                                   edits[i].value);
        if (words.len == 0)
                return;
        buf_append(&text, f->after.data, f->after.len);
        if (text.len > 0 && text.data[text.len - 1] != '\n')
                buf_putc(&text, '\n');
        buf_printf(&text, "GRUB_CMDLINE_LINUX=\"%s\"\n", words.data);
        blob_done(&f->after);
        f->after.len = text.len;
        f->after.data = buf_take(&text);
}

static int edit_file(struct files *l, struct file *f, const struct paramedit *edits, size_t n,
                     struct err *err)
{
        cleanup_rewrite struct rewrite w = { 0 };
        struct span text = { 0 };
        int r = plan_read(l->context->plan, f->path, VOLUME_CONFIG_MAX, &text, err);

        if (r <= 0)
                return r;
        w = rewrite_of(text);
        for (size_t i = 0; i < f->places.n; i++) {
                const struct cmdplace *p = &f->places.v[i];
                cleanup_buf struct buf out = { 0 };

                if (edit_place(l, f, p, edits, n, &out))
                        rewrite_replace(&w, p->text, buf_span(&out));
        }
        rewrite_finish(&w, &f->after);
        append_assignment(l, f, edits, n);
        return f->format == CMDPLACE_GRUBENV ? fit_block(&f->after, text.len, err) : 0;
}

/* 1: planned; 0: the bytes are what they were. */
static int plan_edited(struct files *l, const char *const *rules, const struct file *f,
                       struct err *err)
{
        const struct plan_reason why = { l->context->fix->id, rules, f->phase };
        struct span text;
        int r = plan_read(l->context->plan, f->path, VOLUME_CONFIG_MAX, &text, err);

        if (r <= 0 || (text.len == f->after.len &&
                       (text.len == 0 || memcmp(text.data, f->after.data, text.len) == 0)))
                return r < 0 ? r : 0;
        r = plan_write(l->context->plan, &why, f->path, blob_span(&f->after), err);
        return r < 0 ? r : 1;
}

int cmdline_plan(struct fix_context *context, const char *const *rules,
                 const struct paramedit *edits, size_t n, struct err *err)
{
        cleanup_files struct files l = { .context = context };
        int r = find_files(&l, err);
        bool planned = false;

        /* Every place is looked at before the first is written: the spans stay valid till then. */
        for (size_t i = 0; r >= 0 && i < l.n; i++) {
                r = edit_file(&l, &l.v[i], edits, n, err);
                if (r < 0)
                        err_wrap(err, r, "%s", l.v[i].path);
        }
        for (size_t i = 0; r >= 0 && i < l.n; i++) {
                r = plan_edited(&l, rules, &l.v[i], err);
                planned |= r > 0;
        }
        if (r >= 0 && l.unified)
                return err_set(err, -ENOTSUP,
                               "the command line is a part of the unified kernel image %s, which "
                               "is made as a whole",
                               l.unified);
        return r < 0 ? r : planned;
}

/* ---- GRUB_DISABLE_LINUX_UUID ----------------------------------------------------------------- */

static int allow_uuid(struct fix_context *context, const char *const *rules, const char *path,
                      struct err *err)
{
        static const char *const variables[] = { "GRUB_DISABLE_LINUX_UUID", "GRUB_DISABLE_UUID",
                                                 NULL };
        const struct plan_reason why = { context->fix->id, rules, PLAN_SOURCES };
        cleanup_cmdplaces struct cmdplaces places = { 0 };
        cleanup_rewrite struct rewrite w = { 0 };
        cleanup_blob struct blob after = { 0 };
        struct span text;
        bool edited = false;
        int r = plan_read(context->plan, path, VOLUME_CONFIG_MAX, &text, err);

        if (r > 0 && cmdplaces_find_variables(text, variables, &places, err) < 0)
                return err_wrap(err, -E2BIG, "%s", path);
        if (r <= 0)
                return r;
        w = rewrite_of(text);
        for (size_t i = 0; i < places.n; i++)
                if (span_eq(places.v[i].text, "true")) {
                        rewrite_replace(&w, places.v[i].text, SPAN("false"));
                        edited = true;
                }
        if (!edited)
                return 0;
        rewrite_finish(&w, &after);
        r = plan_write(context->plan, &why, path, blob_span(&after), err);
        return r < 0 ? r : 1;
}

int cmdline_plan_uuid(struct fix_context *context, const char *const *rules, struct err *err)
{
        cleanup_strv struct strv names = { 0 };
        int r = allow_uuid(context, rules, GRUB_DEFAULT, err);
        bool planned = r > 0;

        if (r >= 0)
                r = volume_list(context->volume, GRUB_DROP_INS, &names, err);
        for (size_t i = 0; r >= 0 && i < names.n; i++) {
                cleanup_free char *path = xasprintf(GRUB_DROP_INS "/%s", names.v[i]);

                if (!str_endswith(path, ".cfg"))
                        continue;
                r = allow_uuid(context, rules, path, err);
                planned |= r > 0;
        }
        return r < 0 ? r : planned;
}

void cmdline_plan_or_leave(struct fix_context *c, const struct finding *f,
                           const struct paramedit *edits, size_t n)
{
        const char *const rules[] = { f->rule, NULL };
        struct err err = { 0 };
        int r = cmdline_plan(c, rules, edits, n, &err);

        if (r == 0)
                fix_leave(c, f, f->fix, "it is written in a way that is not edited");
        else if (r < 0)
                fix_leave(c, f, f->fix, "%s", err.text);
}
