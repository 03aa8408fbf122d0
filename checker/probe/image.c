#include "probe/image.h"

#include <sys/stat.h>

#include "base/xalloc.h"

#define LINKS_MAX 16

void image_init(struct image *im, const char *release)
{
        *im = (struct image){ .release = release, .current = SIZE_MAX };
}

/* ---- which members matter -------------------------------------------------------------------- */

static const char *const conf_dirs[] = {
        "etc/modprobe.d/",
        "usr/local/lib/modprobe.d/",
        "lib/modprobe.d/",
        "etc/cmdline.d/",
};

static const char *const waits[] = {
        "lib/dracut/hooks/initqueue/finished/devexists-",
        "var/lib/dracut/hooks/initqueue/finished/devexists-",
};

static const char *const small_files[] = { "conf/modules", "conf/initramfs.conf", "etc/cmdline" };

const char *const image_configs[] = {
        "etc/crypttab",          "cryptroot/crypttab",
        "conf/conf.d/cryptroot", "etc/mdadm.conf",
        "etc/mdadm/mdadm.conf",  "etc/lvm/lvm.conf",
        "etc/lvm/lvmlocal.conf", "etc/lvm/devices/system.devices",
        "etc/zfs/zpool.cache",   NULL,
};

/* dracut's squash modules put most of the image into one of these. */
static const char *const packed_files[] = {
        "squashfs-root.img",
        "squash-root.img",
        "squash/root.img",
        "erofs-root.img",
};

static const struct {
        const char *prefix, *generator;
} traces[] = {
        { "lib/dracut/", "dracut" },
        { "lib/dracut-lib.sh", "dracut" },
        { "conf/initramfs.conf", "initramfs-tools" },
        { "scripts/functions", "initramfs-tools" },
};

static const char *plain_path(const char *name)
{
        const char *merged;

        for (;;) {
                if (*name == '/')
                        name++;
                else if (name[0] == '.' && name[1] == '/')
                        name += 2;
                else
                        break;
        }
        merged = str_after(name, "usr/");
        return merged && str_startswith(merged, "lib/") ? merged : name;
}

/* Of the modules of the release that matters: its indexes. */
static bool is_index(const struct image *im, const char *below_modules)
{
        const char *file = im->release ? str_after(below_modules, im->release) : NULL;

        return file && str_startswith(file, "/modules.") && !strchr(file + 1, '/') &&
               (str_endswith(file, ".bin") || streq(file, "/modules.softdep"));
}

static bool is_small_file(const char *path)
{
        for (size_t i = 0; i < ARRAY_SIZE(small_files); i++)
                if (streq(path, small_files[i]))
                        return true;
        for (const char *const *p = image_configs; *p; p++)
                if (streq(path, *p))
                        return true;
        for (size_t i = 0; i < ARRAY_SIZE(conf_dirs); i++)
                if (str_startswith(path, conf_dirs[i]) && str_endswith(path, ".conf"))
                        return true;
        for (size_t i = 0; i < ARRAY_SIZE(waits); i++)
                if (str_startswith(path, waits[i]) && str_endswith(path, ".sh"))
                        return true;
        return str_startswith(path, "conf/conf.d/");
}

/* Files of which it is enough to know that they are there. */
static bool is_name_enough(const char *path)
{
        return (str_startswith(path, "lib/dracut/") || str_startswith(path, "var/lib/dracut/")) &&
               str_endswith(path, IMAGE_PARSE_RESUME);
}

static void note_traces(struct image *im, const char *path)
{
        if (streq(path, "init"))
                im->has_init = true;
        if (streq(path, "sbin/fsck") || streq(path, "usr/sbin/fsck"))
                im->has_fsck = true;
        for (size_t i = 0; i < ARRAY_SIZE(packed_files) && !im->packed; i++)
                if (streq(path, packed_files[i]))
                        im->packed = xstrdup(path);
        for (size_t i = 0; i < ARRAY_SIZE(traces) && !im->generator; i++)
                if (str_startswith(path, traces[i].prefix))
                        im->generator = traces[i].generator;
}

static void note_release(struct image *im, const char *below_modules, bool inside)
{
        size_t len = strcspn(below_modules, "/");
        cleanup_free char *release = xmemdup0(below_modules, len);

        if (inside && len > 0 && !strv_contains(&im->releases, release) && im->releases.n < 100)
                strv_push(&im->releases, release);
}

/* ---- collecting ------------------------------------------------------------------------------ */

static bool same_inode(const struct image_file *f, const struct cpio_member *m)
{
        return m->nlink > 1 && f->nlink > 1 && f->ino == m->ino && f->major == m->major &&
               f->minor == m->minor && f->archive == m->archive && S_ISREG(f->mode) &&
               S_ISREG(m->mode);
}

/* A name of the same file that waits for its content, or has it. */
static struct image_file *find_twin(struct image *im, const struct cpio_member *m)
{
        for (size_t i = im->n_linked; m->nlink > 1 && i-- > 0;)
                if (same_inode(&im->v[im->linked[i]], m))
                        return &im->v[im->linked[i]];
        return NULL;
}

static bool keep(struct image *im, const char *path, const struct cpio_member *m, bool wanted)
{
        struct image_file *twin = find_twin(im, m), *f;
        bool linked;

        wanted |= twin != NULL;
        linked = wanted && m->nlink > 1 && S_ISREG(m->mode);
        if (im->n >= IMAGE_FILES_MAX || (linked && im->n_linked >= IMAGE_LINKED_MAX)) {
                im->overflow = true;
                return false;
        }
        if (linked)
                im->linked[im->n_linked++] = im->n;
        f = ARRAY_PUSH(&im->v, &im->n, &im->cap);
        *f = (struct image_file){
                .path = xstrdup(path),
                .mode = m->mode,
                .ino = m->ino,
                .major = m->major,
                .minor = m->minor,
                .archive = m->archive,
                .nlink = m->nlink,
                .size = m->size,
                .order = im->n,
                .wanted = wanted,
                .unread = wanted && (m->size > 0 || m->nlink > 1),
        };
        if (!wanted || m->size > IMAGE_CONTENT_MAX || m->size > IMAGE_KEPT_MAX - im->kept)
                return false;
        im->kept += m->size;
        im->current = im->n - 1;
        return true;
}

static bool on_member(void *context, const struct cpio_member *m)
{
        struct image *im = context;
        const char *path = plain_path(m->name), *below = str_after(path, "lib/modules/");
        bool link = S_ISLNK(m->mode);

        note_traces(im, path);
        if (below) {
                note_release(im, below, strchr(below, '/') && !S_ISDIR(m->mode));
                if (S_ISDIR(m->mode))
                        return false;
                return keep(im, path, m, link || is_index(im, below));
        }
        if (is_small_file(path) || find_twin(im, m))
                return keep(im, path, m, true);
        if (is_name_enough(path))
                return keep(im, path, m, false);
        return link && (str_startswith(path, "lib/") || str_startswith(path, "etc/")) &&
               keep(im, path, m, true);
}

/* All names of the file have what one of them brought. */
static void share_content(struct image *im, size_t from)
{
        struct image_file *f = &im->v[from];
        struct cpio_member m = { .mode = f->mode,
                                 .nlink = f->nlink,
                                 .ino = f->ino,
                                 .major = f->major,
                                 .minor = f->minor,
                                 .archive = f->archive };

        for (size_t i = 0; i < im->n_linked && f->nlink > 1; i++) {
                struct image_file *other = &im->v[im->linked[i]];
                struct image_file *source = f->size ? f : other, *target = f->size ? other : f;

                if (other == f || !same_inode(other, &m) || !source->size || target->size ||
                    source->content.len > IMAGE_KEPT_MAX - im->kept)
                        continue;
                im->kept += source->content.len;
                buf_append(&target->content, source->content.data, source->content.len);
                target->size = source->size;
                target->unread = source->unread;
        }
}

static void on_content(void *context, struct span piece)
{
        struct image *im = context;
        struct image_file *f = &im->v[im->current];

        if (piece.len > 0) {
                buf_append(&f->content, piece.data, piece.len);
                return;
        }
        f->unread = f->nlink > 1 && f->size == 0;
        share_content(im, im->current);
}

struct cpio_events image_events(struct image *im)
{
        return (struct cpio_events){ im, on_member, on_content };
}

static void file_done(struct image_file *f)
{
        free(f->path);
        buf_done(&f->content);
}

static int compare_paths(const void *a, const void *b)
{
        return strcmp(((const struct image_file *)a)->path, ((const struct image_file *)b)->path);
}

static int compare_files(const void *a, const void *b)
{
        const struct image_file *x = a, *y = b;
        int r = compare_paths(a, b);

        return r ? r : (x->order > y->order) - (x->order < y->order);
}

void image_finish(struct image *im)
{
        size_t kept = 0;

        if (im->n > 1)
                qsort(im->v, im->n, sizeof(*im->v), compare_files);
        for (size_t i = 0; i < im->n; i++) {
                if (kept > 0 && streq(im->v[kept - 1].path, im->v[i].path))
                        file_done(&im->v[--kept]);
                im->v[kept++] = im->v[i];
        }
        im->n = kept;
        strv_sort(&im->releases);
}

void image_done(struct image *im)
{
        for (size_t i = 0; i < im->n; i++)
                file_done(&im->v[i]);
        free(im->v);
        strv_done(&im->releases);
        free(im->packed);
}

/* ---- asking ---------------------------------------------------------------------------------- */

static const struct image_file *find_exact(const struct image *im, const char *path)
{
        struct image_file key = { .path = (char *)path };

        return im->n ? bsearch(&key, im->v, im->n, sizeof(*im->v), compare_paths) : NULL;
}

/* Removes `.` and `..`, then takes "usr" off "usr/lib". */
static char *clean_path(const char *path)
{
        cleanup_strv struct strv parts = { 0 };
        cleanup_free char *copy = xstrdup(path);
        char *at = copy, *part;
        struct buf b = { 0 };

        while ((part = strsep(&at, "/"))) {
                if (streq(part, "..") && parts.n > 0)
                        free(parts.v[--parts.n]);
                else if (*part && !streq(part, ".") && !streq(part, ".."))
                        strv_push(&parts, part);
        }
        for (size_t i = 0; i < parts.n; i++) {
                if (i == 0 && parts.n > 1 && streq(parts.v[0], "usr") && streq(parts.v[1], "lib"))
                        continue;
                buf_printf(&b, "%s%s", b.len ? "/" : "", parts.v[i]);
        }
        return buf_take(&b);
}

/* What a link at the first `len` bytes of a path makes of it; NULL when there is none. */
static char *follow_link(const struct image *im, const char *path, size_t len)
{
        cleanup_free char *front = xmemdup0(path, len), *whole = NULL;
        const struct image_file *f = find_exact(im, front);
        char *slash = strrchr(front, '/');

        if (!f || !S_ISLNK(f->mode) || f->content.len == 0)
                return NULL;
        *(slash ? slash : front) = '\0';
        whole = xasprintf("%s/%s%s", *f->content.data == '/' ? "" : front, f->content.data,
                          path + len);
        return clean_path(whole);
}

/* The first link on the way followed, or NULL. */
static char *follow_one(const struct image *im, const char *path)
{
        size_t len = strcspn(path, "/");
        char *next = follow_link(im, path, len);

        while (!next && path[len]) {
                len += 1 + strcspn(path + len + 1, "/");
                next = follow_link(im, path, len);
        }
        return next;
}

const struct image_file *image_find(const struct image *im, const char *path)
{
        cleanup_free char *at = clean_path(path);

        for (int i = 0; i < LINKS_MAX; i++) {
                const struct image_file *f = find_exact(im, at);
                char *next;

                if (f && !S_ISLNK(f->mode))
                        return f;
                next = follow_one(im, at);
                if (!next)
                        return NULL;
                free(at);
                at = next;
        }
        return NULL;
}

void image_list(const struct image *im, const char *dir, const char *suffix, struct strv *ret)
{
        for (size_t i = 0; i < im->n; i++) {
                const char *name = str_after(im->v[i].path, dir);

                if (name && *name == '/' && !strchr(name + 1, '/') && str_endswith(name, suffix) &&
                    name[1] != '.')
                        strv_push(ret, im->v[i].path);
        }
}
