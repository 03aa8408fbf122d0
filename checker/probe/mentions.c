#include "probe/mentions.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "probe/xensigns.h"

/* Its files are those that may ask where they run. */
#define SCRIPTS "/mentions/scripts"

void mentions_begin(struct probe_context *context, struct mentions_look *ret)
{
        *ret = (struct mentions_look){ .context = context };
        ret->etc_known = volume_list(context->volume, "/etc", &ret->etc, NULL) >= 0;
}

void mentions_end(struct mentions_look *l)
{
        strv_done(&l->etc);
        free(l->seen);
}

void mentions_incomplete(struct mentions_look *l, const char *list, const char *file,
                         const char *reason)
{
        facts_unknown(l->context->facts, list, file, "%s", reason);
        if (streq(list, SCRIPTS))
                xensigns_incomplete(l->context, file, reason);
}

/* ---- publishing ---- */

static void publish_act(struct facts *f, const char *path, const char *file,
                        const struct mention *m)
{
        facts_set_str(f, mention_act_name(m->act), "%s/act", path);
        facts_set_str(f, m->tool, "%s/tool", path);
        if (m->act_line != 0 && m->act_line != m->line) {
                cleanup_free char *at = xasprintf("%s/at", path);

                facts_set_evidence(f, at, file, m->act_line, m->act_text);
        } else {
                facts_set_null(f, "%s/at", path);
        }
}

char *mentions_publish(struct mentions_look *l, const struct mention_place *place, const char *file,
                       const struct mention *m, bool knows_nvme)
{
        const struct name_use use = { .list = place->list,
                                      .file = file,
                                      .line = m->line,
                                      .text = m->text,
                                      .value = m->value,
                                      .form = m->is_pattern ? NAME_AS_IS : NAME_AS_PATH };
        struct facts *f = l->context->facts;
        char *path = names_publish(l->context, &use);

        if (!path)
                return NULL;
        if (m->is_pattern) {
                facts_set_str(f, devname_kind_name(m->kind), "%s/kind", path);
                facts_set_str(f, "gone", "%s/state", path);
                facts_set_str(f, "on Nitro no disk has such a name", "%s/state_text", path);
        }
        facts_set_bool(f, m->is_pattern, "%s/is_pattern", path);
        facts_set_str(f, place->when, "%s/when", path);
        facts_set_bool(f, knows_nvme, "%s/knows_nvme", path);
        publish_act(f, path, file, m);
        return path;
}

/* ---- files ---- */

/* /etc/rc.local is a link to /etc/rc.d/rc.local, and /etc/init.d to /etc/rc.d/init.d. */
static bool was_seen(struct mentions_look *l, const struct stat *st)
{
        for (size_t i = 0; i < l->n_seen; i++)
                if (l->seen[i].ino == st->st_ino && l->seen[i].dev == st->st_dev)
                        return true;
        ARRAY_PUSH(&l->seen, &l->n_seen, &l->cap_seen);
        l->seen[l->n_seen - 1].dev = st->st_dev;
        l->seen[l->n_seen - 1].ino = st->st_ino;
        return false;
}

/* 1: `ret` is the text; 0: nothing to look at; or an error with a text. */
static int read_text(struct mentions_look *l, const struct mention_place *place, int fd,
                     const struct stat *st, struct blob *ret, struct err *err)
{
        char magic[2];
        int r;

        if (place->only_scripts) {
                if (pread(fd, magic, 2, 0) != 2 || memcmp(magic, "#!", 2) != 0)
                        return 0;
        }
        if (st->st_size > MENTION_FILE_MAX)
                return err_set(err, -EFBIG, "more than %u bytes", MENTION_FILE_MAX);
        if (l->files >= MENTIONS_FILES_MAX || l->bytes + (size_t)st->st_size > MENTIONS_BYTES_MAX)
                return err_set(err, -E2BIG, "there are more files than are looked at");
        r = fd_read_all(fd, MENTION_FILE_MAX, ret);
        if (r < 0)
                return err_set(err, r, "%s", strerror(-r));
        l->files++;
        l->bytes += ret->len;
        return 1;
}

static void look_at_text(struct mentions_look *l, const struct mention_place *place,
                         const char *path, struct span text)
{
        cleanup_mentions struct mentions found = { 0 };
        struct err err = { 0 };

        if (streq(place->list, SCRIPTS))
                xensigns_look_at(l->context, path, text);
        if (mentions_parse(text, place->syntax, &found, &err) < 0) {
                mentions_incomplete(l, place->list, path, err.text);
                return;
        }
        for (size_t i = 0; i < found.n; i++)
                free(mentions_publish(l, place, path, &found.v[i], found.knows_nvme));
        if (found.cut)
                mentions_incomplete(l, place->list, path, "it names more disks than are looked at");
}

/* In a directory are also directories, sockets and the like, which are no files of its kind. */
static bool is_other(const struct mentions_look *l, const char *path)
{
        struct stat st;

        return volume_stat(l->context->volume, path, &st, NULL) > 0 && !S_ISREG(st.st_mode);
}

static void look_at_file(struct mentions_look *l, const struct mention_place *place,
                         const char *path, bool is_named)
{
        cleanup_blob struct blob text = { 0 };
        cleanup_free char *target = NULL;
        cleanup_fd int fd = -EBADF;
        struct err err = { 0 };
        struct stat st;
        int r;

        if (place->no_links && volume_readlink(l->context->volume, path, &target, NULL) > 0)
                return;
        fd = volume_open_file(l->context->volume, path, &st, &err);
        if (fd == -ENOENT)
                return;
        if (fd < 0) {
                if (is_named || !is_other(l, path))
                        mentions_incomplete(l, place->list, path, err.text);
                return;
        }
        if (was_seen(l, &st))
                return;
        r = read_text(l, place, fd, &st, &text, &err);
        if (r < 0)
                mentions_incomplete(l, place->list, path, err.text);
        if (r > 0)
                look_at_text(l, place, path, blob_span(&text));
}

/* ---- places ---- */

static int compare_names(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Whether what /etc has says that the place cannot be there. */
static bool is_absent(const struct mentions_look *l, const struct mention_place *place)
{
        cleanup_free char *path = xasprintf("%s/%s", place->dir, place->name);
        const char *below = str_after(path, "/etc/");
        cleanup_free char *first = NULL;

        if (!below || !l->etc_known)
                return false;
        first = xmemdup0(below, strcspn(below, "/"));
        if (strpbrk(first, "*?["))
                return false;
        return l->etc.n == 0 ||
               !bsearch(&first, l->etc.v, l->etc.n, sizeof(*l->etc.v), compare_names);
}

/* Left behind by editors and package managers; nothing reads them. */
static bool is_leftover(const char *name)
{
        static const char *const ends[] = { "~",         ".bak",       ".orig",     ".old",
                                            ".dpkg-old", ".dpkg-dist", ".dpkg-new", ".dpkg-bak",
                                            ".rpmsave",  ".rpmnew",    ".rpmorig",  ".disabled",
                                            ".swp" };

        for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
                if (str_endswith(name, ends[i]))
                        return true;
        return name[0] == '.';
}

void mentions_look_at(struct mentions_look *l, const struct mention_place *place)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (is_absent(l, place))
                return;
        if (!strpbrk(place->name, "*?[")) {
                cleanup_free char *path = xasprintf("%s/%s", place->dir, place->name);

                look_at_file(l, place, path, true);
                return;
        }
        if (volume_list(l->context->volume, place->dir, &names, &err) < 0)
                mentions_incomplete(l, place->list, place->dir, err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", place->dir, names.v[i]);

                if (!is_leftover(names.v[i]) && fnmatch(place->name, names.v[i], 0) == 0)
                        look_at_file(l, place, path, false);
        }
}
