#include "probe/netconfig.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>

#include "base/xalloc.h"

#define RUN_DIRECTORY "/run/network/interfaces.d"

void netreason_set(struct netreason *r, const char *file, const char *fmt, ...)
{
        va_list ap;

        if (r->text)
                return;
        va_start(ap, fmt);
        r->text = xvasprintf(fmt, ap);
        va_end(ap);
        r->file = file ? xstrdup(file) : NULL;
}

void netreason_done(struct netreason *r)
{
        free(r->file);
        free(r->text);
        *r = (struct netreason){ 0 };
}

/* ---- loading ---- */

struct load {
        const struct volume *volume;
        struct netconfig *config;
};

static void load_file(struct load *l, const char *path, int depth);

/* The kernel makes /run anew at every boot: what is there now says nothing. */
static bool is_run(struct load *l, const char *path)
{
        const char *rest = str_after(path, RUN_DIRECTORY);

        if (rest && (*rest == '\0' || *rest == '/'))
                l->config->includes_run = true;
        return str_startswith(path, "/run/") || str_startswith(path, "/var/run/");
}

/* Relative to the directory of the file that names it. */
static char *join(const char *from, const char *path)
{
        const char *slash = strrchr(from, '/');

        return path[0] == '/' ? xstrdup(path)
                              : xasprintf("%.*s/%s", (int)(slash - from), from, path);
}

/* Names that source-directory takes. */
static bool is_plain_name(const char *name)
{
        for (; *name; name++)
                if (!ascii_isalnum(*name) && *name != '_' && *name != '-')
                        return false;
        return true;
}

/* The files of `dir` whose names match, in the order of the names. */
static void load_dir(struct load *l, const char *dir, const char *pattern, const char *from,
                     int depth)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(l->volume, dir, &names, &err) < 0)
                netreason_set(&l->config->broken, from, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);
                struct stat st;

                if (pattern ? fnmatch(pattern, names.v[i], FNM_PERIOD) != 0
                            : !is_plain_name(names.v[i]))
                        continue;
                if (volume_stat(l->volume, path, &st, NULL) > 0 && S_ISDIR(st.st_mode))
                        continue;
                load_file(l, path, depth + 1);
        }
}

/* Shell words: only a pattern in the last part is understood. */
static void load_source(struct load *l, const char *from, size_t line, const char *word, int depth)
{
        cleanup_free char *path = join(from, word), *dir = NULL;
        char *slash = strrchr(path, '/');

        dir = xmemdup0(path, (size_t)(slash - path));
        if (is_run(l, path))
                return;
        if (strpbrk(path, "$`~\"'\\{") || strpbrk(dir, "*?[")) {
                netreason_set(&l->config->broken, from,
                              "line %zu includes files in a way that is not understood", line);
                return;
        }
        if (strpbrk(slash + 1, "*?["))
                load_dir(l, dir, slash + 1, from, depth);
        else
                load_file(l, path, depth + 1);
}

static void load_source_directory(struct load *l, const char *from, size_t line, const char *word,
                                  int depth)
{
        cleanup_free char *path = join(from, word);

        if (is_run(l, path))
                return;
        if (strpbrk(path, "$`~\"'\\{*?["))
                netreason_set(&l->config->broken, from,
                              "line %zu includes files in a way that is not understood", line);
        else
                load_dir(l, path, NULL, from, depth);
}

static void load_file(struct load *l, const char *path, int depth)
{
        struct netfile *file;
        struct err err = { 0 };
        size_t index = l->config->n;
        int r;

        if (l->config->broken.text)
                return;
        if (depth > NETCONFIG_DEPTH_MAX || index == NETCONFIG_FILES_MAX) {
                netreason_set(&l->config->broken, path, "too many files include one another");
                return;
        }
        file = ARRAY_PUSH(&l->config->v, &l->config->n, &l->config->cap);
        file->path = xstrdup(path);
        r = volume_read(l->volume, path, IFUPDOWN_MAX, &file->blob, &err);
        if (r < 0)
                netreason_set(&l->config->broken, path, "%s", err.text);
        if (r <= 0)
                return;
        if (ifupdown_parse(blob_span(&file->blob), &file->config, &err) < 0) {
                netreason_set(&l->config->broken, path,
                              "%s; for one wrong line ifup refuses the whole configuration",
                              err.text);
                return;
        }
        for (size_t i = 0; i < file->config.n; i++)
                l->config->words += 1 + file->config.v[i].words.n;
        if (l->config->words > NETCONFIG_WORDS_MAX) {
                netreason_set(&l->config->broken, path,
                              "it names more than %d interfaces and files", NETCONFIG_WORDS_MAX);
                return;
        }
        /* The vector moves when files are added. */
        for (size_t i = 0; i < l->config->v[index].config.n; i++)
                for (size_t w = 0; w < l->config->v[index].config.v[i].words.n; w++) {
                        const struct ifupdown_stanza *s = &l->config->v[index].config.v[i];

                        if (s->kind == IFUPDOWN_SOURCE)
                                load_source(l, path, s->line, s->words.v[w], depth);
                        if (s->kind == IFUPDOWN_SOURCE_DIRECTORY)
                                load_source_directory(l, path, s->line, s->words.v[w], depth);
                }
}

void netconfig_load(const struct volume *v, const char *path, struct netconfig *ret)
{
        struct load l = { .volume = v, .config = ret };

        load_file(&l, path, 0);
}

void netconfig_done(struct netconfig *c)
{
        for (size_t i = 0; i < c->n; i++) {
                free(c->v[i].path);
                ifupdown_done(&c->v[i].config);
                blob_done(&c->v[i].blob);
        }
        free(c->v);
        netreason_done(&c->broken);
        *c = (struct netconfig){ 0 };
}

/* ---- asking ---- */

struct cursor {
        size_t file, stanza;
};

/* All stanzas of all files. */
static const struct ifupdown_stanza *next_stanza(const struct netconfig *c, struct cursor *at,
                                                 const char **ret_path)
{
        for (; at->file < c->n; at->file++, at->stanza = 0) {
                const struct netfile *f = &c->v[at->file];

                if (at->stanza < f->config.n) {
                        *ret_path = f->path;
                        return &f->config.v[at->stanza++];
                }
        }
        return NULL;
}

static const struct ifupdown_stanza *find_iface(const struct netconfig *c, const char *logical,
                                                struct cursor *at, const char **ret_path)
{
        const struct ifupdown_stanza *s;

        while ((s = next_stanza(c, at, ret_path)))
                if (s->kind == IFUPDOWN_IFACE && streq(s->words.v[0], logical))
                        return s;
        return NULL;
}

bool netconfig_has_iface(const struct netconfig *c, const char *logical)
{
        struct cursor at = { 0 };
        const char *path;

        return find_iface(c, logical, &at, &path) != NULL;
}

/* The method of a stanza, or of the first one above it that has one; NULL: none. */
static const char *find_method(const struct netconfig *c, const struct ifupdown_stanza *s)
{
        for (int depth = 0; s && depth < NETCONFIG_DEPTH_MAX; depth++) {
                struct cursor at = { 0 };
                const char *path;

                if (s->method)
                        return s->method;
                s = find_iface(c, s->inherits, &at, &path);
        }
        return NULL;
}

/* 1: a stanza of this logical name sets an address, 0: there is no stanza, -1: not to be told. */
static int sets_address(const struct netconfig *c, const char *logical, struct netreason *reason)
{
        const struct ifupdown_stanza *s;
        struct cursor at = { 0 };
        const char *path;
        int found = 0;

        while ((s = find_iface(c, logical, &at, &path))) {
                const char *method = find_method(c, s);

                if (method && !streq(method, "manual") && !streq(method, "loopback"))
                        return 1;
                found = -1;
                netreason_set(reason, path, "line %zu leaves %s to commands (method %s)", s->line,
                              logical, method ? method : "unknown");
        }
        return found;
}

/* Scripts and renaming come before everything else and may make anything of any name. */
static bool is_left_to_scripts(const struct netconfig *c, const char *name,
                               struct netreason *reason)
{
        const struct ifupdown_stanza *s;
        struct cursor at = { 0 };
        const char *path;
        bool found = false;

        while ((s = next_stanza(c, &at, &path))) {
                if (s->kind != IFUPDOWN_RENAME && s->kind != IFUPDOWN_MAPPING)
                        continue;
                for (size_t w = 0; w < s->words.n; w++) {
                        const char *word = s->words.v[w];

                        if (s->kind == IFUPDOWN_MAPPING && strlen(word) <= IFUPDOWN_PATTERN_MAX &&
                            fnmatch(word, name, 0) != 0)
                                continue;
                        netreason_set(reason, path,
                                      "line %zu: what %s makes of %s is not understood", s->line,
                                      s->kind == IFUPDOWN_RENAME ? "renaming" : "a mapping script",
                                      name);
                        found = true;
                }
        }
        return found;
}

/* Bridges, bonds, VLANs: which card they take is not looked into. */
static bool builds_on_others(const struct netconfig *c, struct netreason *reason)
{
        static const char *const options[] = { "bridge_ports",    "bridge-ports",   "bond-slaves",
                                               "bond_slaves",     "slaves",         "bond-primary",
                                               "vlan-raw-device", "vlan_raw_device" };
        const struct ifupdown_stanza *s;
        struct cursor at = { 0 };
        const char *path;
        bool found = false;

        while ((s = next_stanza(c, &at, &path)))
                for (size_t o = 0; s->kind == IFUPDOWN_IFACE && o < s->options.n; o++)
                        for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
                                const char *rest = str_after(s->options.v[o], options[i]);

                                if (!rest || !ascii_isspace(*rest))
                                        continue;
                                netreason_set(reason, path,
                                              "line %zu makes an interface out of others (%s), "
                                              "which is not understood",
                                              s->line, options[i]);
                                found = true;
                        }
        return found;
}

static int word_covers(const struct netconfig *c, const char *word, const char *name, size_t line,
                       const char *path, struct netreason *reason)
{
        cleanup_free char *logical = NULL;
        int r = ifupdown_match(word, name, &logical);

        if (r > 0)
                return sets_address(c, logical, reason);
        if (r == 0)
                return 0;
        netreason_set(reason, path, "line %zu: only the running machine can tell what %s is", line,
                      word);
        return -1;
}

int netconfig_covers(const struct netconfig *c, const char *name, bool autos,
                     struct netreason *reason)
{
        const struct ifupdown_stanza *s;
        struct cursor at = { 0 };
        const char *path;
        int r = 0;

        if (is_left_to_scripts(c, name, reason))
                return -1;
        while ((s = next_stanza(c, &at, &path))) {
                if (s->kind != IFUPDOWN_HOTPLUG && (s->kind != IFUPDOWN_AUTO || !autos))
                        continue;
                for (size_t w = 0; w < s->words.n; w++) {
                        int word = word_covers(c, s->words.v[w], name, s->line, path, reason);

                        if (word > 0)
                                return 1;
                        if (word < 0)
                                r = -1;
                }
        }
        return builds_on_others(c, reason) ? -1 : r;
}
