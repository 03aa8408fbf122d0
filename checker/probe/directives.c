#include "probe/directives.h"

#include <stdio.h>

#include "base/xalloc.h"
#include "probe/bootparam.h"
#include "probe/modules.h"

struct reader {
        struct probe_context *context;
        struct facts *facts;
        const char *const *paths;
        struct directives *list;
        bool full; /* there are more */
};

/* The lists are short of something, and `file` is why. */
static void note_incomplete(struct reader *l, const char *file, const char *text)
{
        for (const char *const *path = l->paths; *path; path++)
                facts_unknown(l->facts, *path, file, "%s", text);
}

static struct directive *add(struct reader *l, enum directive_where where, enum directive_kind kind,
                             const char *word, const char *file, size_t line)
{
        struct directive *d;

        if (l->list->n >= DIRECTIVES_MAX) {
                if (!l->full)
                        note_incomplete(l, file, "more lines about modules than are read");
                l->full = true;
                return NULL;
        }
        d = ARRAY_PUSH(&l->list->v, &l->list->n, &l->list->cap);
        d->where = where;
        d->kind = kind;
        d->word = word;
        d->file = file ? xstrdup(file) : NULL;
        d->line = line;
        return d;
}

/* ---- modprobe.d of the root ------------------------------------------------------------------ */

static const struct {
        const char *word;
        enum directive_kind kind;
} verbs[] = {
        { "blacklist", KIND_BLACKLIST }, { "install", KIND_INSTALL },
        { "alias", KIND_ALIAS },         { "softdep", KIND_SOFTDEP },
        { "options", KIND_OPTIONS },     { "allow_unsupported_modules", KIND_ALLOW_UNSUPPORTED },
};

static void add_modprobe(struct reader *l, enum directive_where where, const char *file,
                         size_t line, struct span text, const char *verb, const char *name,
                         const char *value)
{
        for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
                struct directive *d;

                if (!streq(verb, verbs[i].word))
                        continue;
                d = add(l, where, verbs[i].kind, verbs[i].word, file, line);
                if (!d)
                        return;
                d->text = span_dup(text);
                d->name = xstrdup(name);
                d->value = xstrdup(value ? value : "");
        }
}

static void read_conf(struct reader *l, const char *path)
{
        cleanup_modprobe struct modprobe_conf conf = { 0 };
        cleanup_blob struct blob blob = { 0 };
        cleanup_free char *link = NULL;
        struct err err = { 0 };
        struct stat st;

        /* Masked, also where there is no /dev. */
        if (volume_readlink(l->context->volume, path, &link, NULL) > 0 &&
            str_endswith(link, "/dev/null"))
                return;
        if (volume_stat(l->context->volume, path, &st, NULL) > 0 && S_ISDIR(st.st_mode))
                return;
        if (volume_read(l->context->volume, path, VOLUME_CONFIG_MAX, &blob, &err) < 0) {
                note_incomplete(l, path, err.text);
                return;
        }
        modprobe_parse(blob_span(&blob), &conf);
        for (size_t i = 0; i < conf.n; i++)
                add_modprobe(l, WHERE_ROOT, path, conf.v[i].number, conf.v[i].text,
                             modprobe_verb_name(conf.v[i].verb), conf.v[i].name, conf.v[i].value);
}

/* Also a masked one: it hides a file of the same name further down. A link that leads nowhere does
 * not. */
static bool is_listed(struct reader *l, const char *path)
{
        cleanup_free char *link = NULL;
        struct stat st;

        return volume_stat(l->context->volume, path, &st, NULL) != 0 ||
               (volume_readlink(l->context->volume, path, &link, NULL) > 0 &&
                str_endswith(link, "/dev/null"));
}

/* /run is empty when the machine starts, whatever is there now. */
static void read_root(struct reader *l)
{
        static const char *const dirs[] = { "/etc/modprobe.d", "/usr/local/lib/modprobe.d",
                                            "/usr/lib/modprobe.d", "/lib/modprobe.d" };
        cleanup_strv struct strv paths = { 0 };
        const char *modules = facts_str(l->facts, "/drivers/dir");

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_strv struct strv names = { 0 };
                struct err err = { 0 };

                if (volume_list(l->context->volume, dirs[i], &names, &err) < 0)
                        note_incomplete(l, dirs[i], err.text);
                for (size_t n = 0; n < names.n; n++) {
                        cleanup_free char *path = xasprintf("%s/%s", dirs[i], names.v[n]);

                        if (*names.v[n] != '.' && str_endswith(path, ".conf") && is_listed(l, path))
                                strv_push(&paths, path);
                }
        }
        modules_order_conf(&paths);
        if (modules)
                strv_push_take(&paths, xasprintf("%s/modules.softdep", modules));
        for (size_t i = 0; i < paths.n; i++)
                read_conf(l, paths.v[i]);
}

/* ---- inside the initramfs -------------------------------------------------------------------- */

static const char *fact(struct reader *l, const char *list, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf("%s/%zu/%s", list, i, key);

        return facts_str(l->facts, path);
}

static void read_initramfs(struct reader *l)
{
        static const char list[] = "/initramfs/directives";
        size_t n = facts_count(l->facts, list);

        for (size_t i = 0; i < n; i++) {
                cleanup_free char *line = xasprintf("%s/%zu/line", list, i);
                const char *text = fact(l, list, i, "text");

                add_modprobe(l, WHERE_INITRAMFS, fact(l, list, i, "file"),
                             (size_t)facts_int(l->facts, line, 0), span_of(text ? text : ""),
                             fact(l, list, i, "kind"), fact(l, list, i, "name"),
                             fact(l, list, i, "value"));
        }
}

/* ---- the kernel command line ----------------------------------------------------------------- */

static const struct {
        const char *name;
        enum directive_kind kind;
        bool kernel; /* read by the kernel: `-` and `_` are the same, and it stops at "--" */
        bool dracut; /* of no meaning to other images */
} params[] = {
        { "modprobe.blacklist", KIND_BLACKLIST, false, false },
        { "module_blacklist", KIND_MODULE_BLACKLIST, true, false },
        { "initcall_blacklist", KIND_INITCALL_BLACKLIST, true, false },
        { "rd.driver.blacklist", KIND_BLACKLIST, false, true },
        { "rdblacklist", KIND_BLACKLIST, false, true },
};

static void add_param(struct reader *l, size_t i, const char *name, const char *value)
{
        cleanup_free char *copy = xstrdup(value), *text = xasprintf("%s=%s", name, value);
        struct bootparam_place place = bootparam_place(l->facts);
        char *at = copy, *word;

        while ((word = strsep(&at, ","))) {
                struct directive *d;

                if (!*word)
                        continue;
                d = add(l, WHERE_CMDLINE, params[i].kind, params[i].name, place.file, place.line);
                if (!d)
                        return;
                d->text = xstrdup(text);
                d->name = xstrdup(word);
                d->value = xstrdup("");
                d->early = params[i].dracut;
        }
}

/* Of a parameter the kernel keeps as one string the last counts. */
static void forget_earlier(struct reader *l, enum directive_kind kind)
{
        for (size_t i = 0; kind == KIND_MODULE_BLACKLIST && i < l->list->n; i++)
                if (l->list->v[i].kind == kind)
                        *l->list->v[i].name = '\0';
}

static void read_cmdline(struct reader *l)
{
        static const char list[] = "/boot/entry/params";
        bool dracut = streq(facts_str(l->facts, "/initramfs/generator"), "dracut");
        bool ended = false;
        size_t n = facts_count(l->facts, list);

        for (size_t i = 0; i < n; i++) {
                const char *name = fact(l, list, i, "name"), *value = fact(l, list, i, "value");
                cleanup_free char *plain = xstrdup(name ? name : "");

                ended |= streq(name, "--");
                modprobe_normalise(plain);
                for (size_t p = 0; p < ARRAY_SIZE(params) && value; p++) {
                        if (!streq(params[p].kernel ? plain : name, params[p].name) ||
                            (params[p].kernel && ended) || (params[p].dracut && !dracut))
                                continue;
                        forget_earlier(l, params[p].kind);
                        add_param(l, p, name, value);
                }
        }
}
/* ---------------------------------------------------------------------------------------------- */

void directives_read(struct probe_context *context, const char *const *paths,
                     struct directives *ret)
{
        struct reader l = { context, context->facts, paths, ret };

        read_root(&l);
        read_initramfs(&l);
        read_cmdline(&l);
}

void directives_done(struct directives *l)
{
        for (size_t i = 0; i < l->n; i++) {
                free(l->v[i].file);
                free(l->v[i].text);
                free(l->v[i].name);
                free(l->v[i].value);
        }
        free(l->v);
}
