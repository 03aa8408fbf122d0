/*
 * The command blscfg of Red Hat's GRUB (grub-core/commands/blscfg.c of
 * https://github.com/rhboot/grub2; Amazon Linux 2023 and Oracle Linux have the same): a menu entry
 * for each Boot Loader Specification file. GRUB writes a small script for each, and so do we.
 *
 * RHEL 8 has an older command than RHEL 9 and Fedora. Where the two come to different answers the
 * entry, or its place in the menu, is not known.
 */
#include <errno.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/bls.h"
#include "parse/grubeval.h"

#define ENTRIES_DIRECTORY "/loader/entries"

struct blsfile {
        struct bls fields;
        struct blob text;
        char *file; /* for messages */
        char *id;   /* the file's name without .conf */
        struct bls_label label;
};

struct blsfiles {
        char *device; /* they are on */
        struct blsfile *v;
        size_t n, cap;
};

static void blsfiles_done(struct blsfiles *files)
{
        for (size_t i = 0; i < files->n; i++) {
                bls_done(&files->v[i].fields);
                blob_done(&files->v[i].text);
                free(files->v[i].file);
                free(files->v[i].id);
        }
        free(files->v);
        free(files->device);
}
#define cleanup_blsfiles _cleanup_(blsfiles_done)

/* ---- reading --------------------------------------------------------------------------------- */

static int read_entry(struct grubeval *e, const char *directory, const char *name,
                      struct blsfiles *files)
{
        cleanup_free char *path = xasprintf("%s/%s", directory, name);
        struct blsfile *f;
        struct err err = { 0 };
        const struct bls_field *version;
        int r;

        if (files->n == GRUBCFG_BLS_MAX)
                return grubeval_unknown(e, "more than %d files in %s", GRUBCFG_BLS_MAX, directory);
        f = ARRAY_PUSH(&files->v, &files->n, &files->cap);
        f->id = xmemdup0(name, strlen(name) - strlen(".conf"));
        r = e->input->host.read(e->input->host.data, files->device, path, &f->text, &f->file, &err);
        if (r < 0)
                return grubeval_unknown(e, "%s", err.text);
        if (r == 0)
                return grubeval_unknown(e, "%s is a link that leads nowhere", path);
        if (bls_parse(blob_span(&f->text), &f->fields, &err) < 0)
                return grubeval_unknown(e, "%s: %s", f->file, err.text);
        if (!grubword_is_known(f->text.data) || !grubword_is_known(name))
                return grubeval_unknown(e, "%s: control characters are not understood", path);
        version = bls_get(&f->fields, "version", NULL);
        f->label = (struct bls_label){ f->id, version ? version->value : NULL };
        return 0;
}

static bool is_entry_name(const char *name)
{
        return *name != '.' && strlen(name) > strlen(".conf") && str_endswith(name, ".conf");
}

/* 1: the directory is there. */
static int read_directory(struct grubeval *e, const char *directory, struct blsfiles *files)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };
        int r = e->input->host.list(e->input->host.data, files->device, directory, &names, &err);

        if (r < 0)
                return grubeval_unknown(e, "%s", err.text);
        for (size_t i = 0; i < names.n; i++)
                if (is_entry_name(names.v[i]) && read_entry(e, directory, names.v[i], files) < 0)
                        return -ENODATA;
        return r;
}

static int read_entries(struct grubeval *e, struct blsfiles *files)
{
        const struct grubvar *var = grubvars_get(&e->vars, "blsdir");
        const char *directory = var ? var->value : ENTRIES_DIRECTORY;
        const char *path;
        int r;

        if (!grubword_is_known(directory) || *directory != '/' ||
            grubeval_split_path(e, directory, &files->device, &path) < 0)
                return grubeval_unknown(e, "where the entries of \"blscfg\" are is not known");
        r = read_directory(e, directory, files);
        if (r < 0 || files->n)
                return r;
        if (read_directory(e, "/boot" ENTRIES_DIRECTORY, files) < 0)
                return -ENODATA;
        /* With RHEL 9 an empty directory is an answer, with RHEL 8 it is none. */
        if (r > 0 && files->n)
                return grubeval_unknown(e,
                                        "there are %s and /boot%s; which of them is read depends "
                                        "on the version of GRUB",
                                        directory, ENTRIES_DIRECTORY);
        return 0;
}

/* ---- order ----------------------------------------------------------------------------------- */

static int compare_files(const void *a, const void *b)
{
        return -bls_compare(&((const struct blsfile *)a)->label,
                            &((const struct blsfile *)b)->label);
}

/* Does RHEL 8 have entry `i` at another place? By the version only if all entries have one. */
static bool is_elsewhere(const struct blsfiles *files, size_t i, bool by_version)
{
        size_t before = 0;

        for (size_t j = 0; j < files->n; j++) {
                struct bls_label a = files->v[j].label, b = files->v[i].label;

                if (!by_version)
                        a.version = b.version = NULL;
                if (j != i)
                        before += bls_compare_rhel8(&a, &b) > 0;
        }
        return before != i;
}

static bool all_have_version(const struct blsfiles *files)
{
        for (size_t i = 0; i < files->n; i++)
                if (!files->v[i].label.version)
                        return false;
        return true;
}

/* ---- the script of an entry ------------------------------------------------------------------ */

/* Appends the variable; what GRUB does with the text behind it depends on the version. */
static const char *append_variable(struct grubeval *e, struct buf *out, const char *name, char next)
{
        const struct grubvar *var = grubvars_get(&e->vars, name);

        if (next == '$')
                return grubeval_reason(e, "$%.100s and a variable right behind it", name);
        if (!var)
                return NULL;
        if (!grubword_is_known(var->value))
                return var->why ? var->why : "a variable that is not known";
        if (next && next != ' ')
                return grubeval_reason(e, "$%.100s and text right behind it", name);
        buf_printf(out, "%s ", var->value);
        return NULL;
}

/*
 * The value of a field with its variables (expand_val). A single character before a variable or at
 * the end is lost, in GRUB too. NULL, or why the outcome is not known.
 */
static const char *expand_value(struct grubeval *e, const char *value, struct buf *out)
{
        const char *why = NULL;

        while (*value && !why) {
                size_t len = strcspn(value, "$");
                cleanup_free char *name = NULL;

                if (len > 1)
                        buf_append(out, value, len);
                value += len;
                if (!*value)
                        break;
                value++;
                for (len = 0; ascii_isalnum(value[len]) || value[len] == '_';)
                        len++;
                name = xmemdup0(value, len);
                value += len;
                why = *value || len > 1 ? append_variable(e, out, name, *value) : NULL;
                value += *value == ' ';
        }
        return why;
}

static const char *append_options(struct grubeval *e, struct buf *out, const struct bls *b)
{
        const struct bls_field *options = bls_get(b, "options", NULL);
        const struct grubvar *fallback = grubvars_get(&e->vars, "default_kernelopts");
        cleanup_buf struct buf text = { 0 };
        const char *why = options ? expand_value(e, options->value, &text) : NULL;

        if (!why && !text.len && fallback)
                why = grubword_is_known(fallback->value) ? expand_value(e, fallback->value, &text)
                                                         : "default_kernelopts, which is not known";
        if (!why && text.len)
                buf_printf(out, " %s", text.data);
        return why;
}

/* Images that are loaded before the entry's own are looked for beside them. */
static const char *append_early_initrds(struct grubeval *e, struct buf *out, const char *beside)
{
        const struct grubvar *early = grubvars_get(&e->vars, "early_initrd");
        const char *slash = strrchr(beside, '/');

        if (!early)
                return NULL;
        if (!grubword_is_known(early->value) || !*early->value || !slash)
                return "early_initrd, which is not understood";
        for (const char *p = early->value;; p++) {
                size_t len = strcspn(p, " ");

                buf_puts(out, " ($root)");
                buf_append(out, beside, (size_t)(slash - beside) + 1);
                buf_append(out, p, len);
                p += len;
                if (!*p)
                        return NULL;
        }
}

/* The lines `linux` and `initrd`; *lines says where each of them comes from. */
static const char *write_script(struct grubeval *e, struct buf *out, const struct bls *b,
                                size_t lines[2])
{
        const struct bls_field *linux_field = bls_get(b, "linux", NULL);
        const struct bls_field *initrd = bls_get(b, "initrd", NULL);
        cleanup_buf struct buf initrds = { 0 };
        const char *why;

        lines[0] = linux_field->line;
        lines[1] = initrd ? initrd->line : linux_field->line;
        buf_printf(out, "linux ($root)%s", linux_field->value);
        why = append_options(e, out, b);
        if (!why)
                why = append_early_initrds(e, &initrds,
                                           initrd ? initrd->value : linux_field->value);
        for (const struct bls_field *f = initrd; f; f = bls_get(b, "initrd", f + 1))
                buf_printf(&initrds, " ($root)%s", f->value);
        if (initrds.len)
                buf_printf(out, "\ninitrd%s", initrds.data);
        buf_putc(out, '\n');
        return why;
}

static const char *compile_script(struct grubeval *e, struct grubsource *source,
                                  const struct bls *b)
{
        cleanup_buf struct buf script = { 0 };
        struct err err = { 0 };
        size_t lines[2];
        const char *why = write_script(e, &script, b, lines);

        if (why)
                return grubeval_reason(e, "the command line depends on %s", why);
        if (grubscript_parse(buf_span(&script), &source->script, &err) < 0)
                return grubeval_reason(e, "the entry is no valid script: %s", err.text);
        for (struct grubscript_node *n = source->script.first; n; n = n->next)
                n->line = lines[n->line > 1];
        return NULL;
}

/* ---- menu entries ---------------------------------------------------------------------------- */

static bool is_restricted(struct grubeval *e, const struct bls *b)
{
        const struct bls_field *users = bls_get(b, "grub_users", NULL);
        cleanup_buf struct buf text = { 0 };

        return users && (expand_value(e, users->value, &text) || text.len);
}

static int add_entry(struct grubeval *e, struct blsfile *f, bool elsewhere)
{
        const struct bls_field *title = bls_get(&f->fields, "title", NULL);
        const struct bls_field *linux_field = bls_get(&f->fields, "linux", NULL);
        const char *unknown = NULL;
        struct grubsource *source;
        struct grubentry *entry;

        if (!linux_field)
                return 0;
        if (e->menu.n == GRUBCFG_ENTRIES_MAX)
                return grubeval_unknown(e, "too many menu entries");
        source = grubeval_add_source(e, TAKE_PTR(f->file), blob_span(&f->text));
        source->owned = f->text;
        f->text = (struct blob){ 0 };
        if (f->fields.stops_at)
                unknown = grubeval_reason(e,
                                          "line %zu is empty or has no value: GRUB reads no "
                                          "further",
                                          f->fields.stops_at);
        else if (f->fields.split_at)
                unknown = grubeval_reason(e,
                                          "line %zu: a tab after the key is understood by some "
                                          "versions of GRUB only",
                                          f->fields.split_at);
        else
                unknown = compile_script(e, source, &f->fields);
        if (!title)
                title = linux_field;
        entry = ARRAY_PUSH(&e->menu.v, &e->menu.n, &e->menu.cap);
        *entry = (struct grubentry){
                .title = xstrdup(title->value),
                .id = TAKE_PTR(f->id),
                .restricted = is_restricted(e, &f->fields),
                .bls = true,
                .line = title->line,
                .body = source->script.first,
                .source = source,
                .unknown = unknown,
                .elsewhere = elsewhere,
        };
        entry->label = (struct grubmenu_label){ entry->title, entry->id };
        ARRAY_PUSH(&entry->args.v, &entry->args.n, &entry->args.cap)->text = xstrdup(entry->title);
        return 0;
}

int grubeval_blscfg(struct grubeval *e, const struct grubscript_node *node _unused_,
                    const struct grubargs *args)
{
        cleanup_blsfiles struct blsfiles files = { 0 };
        bool by_version;
        int r;

        if (grubeval_certain(e, args->v[0].text) < 0)
                return -ENODATA;
        if (args->n > 1)
                return grubeval_unknown(e, "\"%s\" with an argument is not understood",
                                        args->v[0].text);
        r = read_entries(e, &files);
        if (r < 0)
                return r;
        if (files.n)
                qsort(files.v, files.n, sizeof(*files.v), compare_files);
        by_version = all_have_version(&files);
        for (size_t i = 0; i < files.n; i++) {
                r = add_entry(e, &files.v[i], is_elsewhere(&files, i, by_version));
                if (r < 0)
                        return r;
        }
        grubeval_set_status(e, GRUBTRI_YES, NULL);
        return 0;
}
