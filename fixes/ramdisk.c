#include "fixes/ramdisk.h"

#include <errno.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "parse/cpiowrite.h"
#include "parse/initramfs.h"

#define IMAGES_MAX 32
#define LINKS_MAX  40

/* ---- reading --------------------------------------------------------------------------------- */

struct part {
        int fd;
        uint64_t left, padding;
};

struct source {
        struct part v[IMAGES_MAX];
        size_t n, current;
};

static void source_done(struct source *s)
{
        for (size_t i = 0; i < s->n; i++)
                close_fd(&s->v[i].fd);
}

/* The files one after the other, each filled up with zeros to a multiple of 4, as GRUB does. */
static ssize_t read_source(void *context, void *data, size_t len)
{
        struct source *s = context;

        for (; s->current < s->n; s->current++) {
                struct part *p = &s->v[s->current];
                ssize_t n;

                if (p->left > 0) {
                        n = fd_read_full(p->fd, data, p->left < len ? (size_t)p->left : len);
                        if (n <= 0)
                                return n < 0 ? n : -EIO;
                        p->left -= (uint64_t)n;
                        return n;
                }
                if (p->padding > 0) {
                        n = (ssize_t)(p->padding < len ? p->padding : len);
                        memset(data, 0, (size_t)n);
                        p->padding -= (uint64_t)n;
                        return n;
                }
        }
        return 0;
}

int ramdisk_check_files(const struct facts *facts, struct err *err)
{
        size_t n = facts_count(facts, "/boot/entry/initrd");

        for (size_t i = 0; i < n; i++) {
                cleanup_free char *bytes = xasprintf("/boot/entry/initrd/%zu/bytes", i);
                cleanup_free char *path = xasprintf("/boot/entry/initrd/%zu/path", i);

                if (facts_int(facts, bytes, 0) > 0)
                        return err_set(err, -ENOTSUP,
                                       "it is a part of the unified kernel image %s, which is made "
                                       "as a whole",
                                       facts_str(facts, path));
        }
        return 0;
}

static int open_images(const struct volume *volume, const struct facts *facts, struct source *s,
                       struct ramdisk *ret, struct err *err)
{
        size_t n = facts_count(facts, "/boot/entry/initrd");
        uint64_t total = 0;

        if (ramdisk_check_files(facts, err) < 0)
                return -ENOTSUP;
        for (size_t i = 0; i < n; i++) {
                cleanup_free char *where = xasprintf("/boot/entry/initrd/%zu/path", i);
                const char *path = facts_str(facts, where);
                struct stat st;
                int fd;

                if (!path || i >= IMAGES_MAX)
                        return err_set(err, -EINVAL, "an image file of the entry is not known");
                fd = volume_open_file(volume, path, &st, err);
                if (fd < 0)
                        return fd == -ENOENT ? err_set(err, fd, "%s is not there", path) : fd;
                s->v[s->n++] = (struct part){ fd, (uint64_t)st.st_size, -(uint64_t)st.st_size & 3 };
                if ((uint64_t)st.st_size > RAMDISK_BYTES_MAX - total)
                        return err_set(err, -EFBIG, "%s: %lld bytes are more than are read", path,
                                       (long long)st.st_size);
                total += (uint64_t)st.st_size;
                ret->path = path;
                ret->size = (uint64_t)st.st_size;
        }
        return n ? 0 : err_set(err, -ENOENT, "the entry names no initramfs");
}

static const char *stored_path(const char *name)
{
        while (*name == '/' || (name[0] == '.' && name[1] == '/'))
                name++;
        return name;
}

static const char *plain_path(const char *path)
{
        const char *merged = str_after(path, "usr/");

        return merged && str_startswith(merged, "lib/") ? merged : path;
}

static bool on_member(void *context, const struct cpio_member *m)
{
        struct ramdisk *r = context;
        const char *path = stored_path(m->name);
        bool wanted = S_ISLNK(m->mode) || strv_contains(r->wanted, plain_path(path));
        struct ramdisk_file *f;

        if (r->n >= RAMDISK_FILES_MAX) {
                r->overflow = true;
                return false;
        }
        wanted = wanted && m->size <= RAMDISK_CONTENT_MAX;
        f = ARRAY_PUSH(&r->v, &r->n, &r->cap);
        *f = (struct ramdisk_file){
                .path = xstrdup(path),
                .mode = m->mode,
                .here = m->size > 0 || m->nlink > 1,
                .whole = wanted && (m->size > 0 || m->nlink < 2),
                .order = r->n,
        };
        r->current = r->n - 1;
        return wanted;
}

static void on_content(void *context, struct span piece)
{
        struct ramdisk *r = context;

        buf_append(&r->v[r->current].content, piece.data, piece.len);
}

static void file_done(struct ramdisk_file *f)
{
        free(f->path);
        buf_done(&f->content);
}

static int compare_paths(const void *a, const void *b)
{
        return strcmp(((const struct ramdisk_file *)a)->path,
                      ((const struct ramdisk_file *)b)->path);
}

static int compare_files(const void *a, const void *b)
{
        const struct ramdisk_file *x = a, *y = b;
        int r = compare_paths(a, b);

        return r ? r : (x->order > y->order) - (x->order < y->order);
}

/* Of members with the same name the last one stays. */
static void sort_files(struct ramdisk *r)
{
        size_t kept = 0;

        if (r->n > 1)
                qsort(r->v, r->n, sizeof(*r->v), compare_files);
        for (size_t i = 0; i < r->n; i++) {
                if (kept > 0 && streq(r->v[kept - 1].path, r->v[i].path))
                        file_done(&r->v[--kept]);
                r->v[kept++] = r->v[i];
        }
        r->n = kept;
}

static int read_images(struct source *s, struct ramdisk *r, struct err *err)
{
        const struct initramfs_source source = { s, read_source };
        const struct cpio_events events = { r, on_member, on_content };
        cleanup_initramfs struct initramfs result = { 0 };
        int code = initramfs_read(&source, &events, &result, err);

        if (code < 0)
                return err_wrap(err, code, "%s", r->path);
        sort_files(r);
        if (result.state != INITRAMFS_OK || result.n == 0)
                return err_set(err, -EBADMSG, "%s: %s", r->path,
                               result.why.text[0] ? result.why.text : "it is empty");
        if (r->overflow)
                return err_set(err, -E2BIG, "%s: more than %d files inside", r->path,
                               RAMDISK_FILES_MAX);
        r->last = result.segments[result.n - 1].compression;
        return 0;
}

int ramdisk_read(const struct volume *volume, const struct facts *facts, const struct strv *wanted,
                 struct ramdisk *ret, struct err *err)
{
        _cleanup_(source_done) struct source s = { 0 };
        struct ramdisk r = { .wanted = wanted };
        int code = open_images(volume, facts, &s, &r, err);

        if (code >= 0)
                code = read_images(&s, &r, err);
        if (code < 0) {
                ramdisk_done(&r);
                return code;
        }
        *ret = r;
        return 0;
}

void ramdisk_done(struct ramdisk *r)
{
        for (size_t i = 0; i < r->n; i++)
                file_done(&r->v[i]);
        free(r->v);
        strv_done(&r->directories);
        buf_done(&r->added);
        *r = (struct ramdisk){ 0 };
}

/* ---- paths ----------------------------------------------------------------------------------- */

static const struct ramdisk_file *find_exact(const struct ramdisk *r, const char *path)
{
        struct ramdisk_file key = { .path = (char *)path };

        return r->n ? bsearch(&key, r->v, r->n, sizeof(*r->v), compare_paths) : NULL;
}

/* One name further; ".." goes back. */
static void step(struct buf *at, const char *name)
{
        char *slash;

        if (!*name || streq(name, "."))
                return;
        if (!streq(name, "..")) {
                buf_printf(at, "%s%s", at->len ? "/" : "", name);
                return;
        }
        slash = at->len ? strrchr(at->data, '/') : NULL;
        at->len = slash ? (size_t)(slash - at->data) : 0;
        if (at->data)
                at->data[at->len] = '\0';
}

/* The true path, with every link followed; the last name is not when `keep_last`. NULL: a loop. */
static char *true_path(const struct ramdisk *r, const char *path, bool keep_last)
{
        cleanup_free char *todo = xstrdup(path);
        struct buf at = { 0 };
        int links = 0;

        while (*todo) {
                size_t len = strcspn(todo, "/"), before = at.len;
                cleanup_free char *name = xmemdup0(todo, len);
                char *rest = xstrdup(todo[len] ? todo + len + 1 : "");
                const struct ramdisk_file *f;

                step(&at, name);
                f = at.len ? find_exact(r, at.data) : NULL;
                if (f && S_ISLNK(f->mode) && f->content.len > 0 && (*rest || !keep_last)) {
                        char *joined = xasprintf("%s/%s", f->content.data, rest);

                        free(rest);
                        rest = joined;
                        at.len = *f->content.data == '/' ? 0 : before;
                        at.data[at.len] = '\0';
                        links++;
                }
                free(todo);
                todo = rest;
                if (links > LINKS_MAX || strlen(todo) > CPIO_NAME_MAX) {
                        buf_done(&at);
                        return NULL;
                }
        }
        return buf_take(&at);
}

const struct ramdisk_file *ramdisk_find(const struct ramdisk *r, const char *path)
{
        cleanup_free char *real = true_path(r, path, false);
        const struct ramdisk_file *f = real ? find_exact(r, real) : NULL;

        return f && S_ISREG(f->mode) ? f : NULL;
}

/* ---- laying files over it -------------------------------------------------------------------- */

static int put_directories(struct ramdisk *r, const char *path, struct err *err)
{
        for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
                cleanup_free char *dir = xmemdup0(path, (size_t)(slash - path));
                const struct ramdisk_file *f = find_exact(r, dir);

                if (f && !S_ISDIR(f->mode))
                        return err_set(err, -ENOTDIR, "%s: /%s inside is no directory", r->path,
                                       dir);
                if (f || strv_contains(&r->directories, dir))
                        continue;
                strv_push(&r->directories, dir);
                cpio_write(&r->added, dir, S_IFDIR | 0755, SPAN(""));
        }
        return 0;
}

int ramdisk_put(struct ramdisk *r, const char *path, struct span content, struct err *err)
{
        cleanup_free char *real = true_path(r, path, true);
        const struct ramdisk_file *f = real ? find_exact(r, real) : NULL;
        int code;

        if (!real || !*real || (f && S_ISDIR(f->mode)))
                return err_set(err, -EINVAL, "%s: /%s inside cannot be a file", r->path, path);
        if (content.len > RAMDISK_ADDED_MAX - r->added.len)
                return err_set(err, -EFBIG, "more than %u MiB would have to be added to %s",
                               RAMDISK_ADDED_MAX >> 20, r->path);
        code = put_directories(r, real, err);
        if (code < 0)
                return code;
        cpio_write(&r->added, real, S_IFREG | 0644, content);
        return 0;
}

/* ---- what the kernel does behind an archive -------------------------------------------------- */

static bool is_at_least(const char *release, unsigned long major, unsigned long minor)
{
        char *end;
        unsigned long have = strtoul(release, &end, 10);

        if (have != major || *end != '.')
                return have > major;
        return strtoul(end + 1, NULL, 10) >= minor;
}

/*
 * Every decompressor of the kernel says where its stream ended. The one of lz4 took what followed
 * for another block until 5.14 (2c484419efc0), and which kernels of distributions have that change
 * is not told by their release. lzma and lzo were not tried.
 */
static int check_compression(const struct ramdisk *r, const char *release, struct err *err)
{
        switch (r->last) {
        case COMPRESSION_NONE:
        case COMPRESSION_GZIP:
        case COMPRESSION_BZIP2:
        case COMPRESSION_XZ:
        case COMPRESSION_ZSTD:
                return 0;
        case COMPRESSION_LZ4:
                if (is_at_least(release, 5, 14))
                        return 0;
                break;
        default:
                break;
        }
        return err_set(err, -ENOTSUP,
                       "%s is compressed with %s, and whether kernel %s reads what is added behind "
                       "that is not certain",
                       r->path, compression_name(r->last), release);
}

int ramdisk_plan(struct ramdisk *r, struct plan *plan, const struct plan_reason *why,
                 const char *release, struct err *err)
{
        /* lz4 ends at four zeros; an archive begins at a multiple of 4. */
        static const char zeros[8];
        cleanup_buf struct buf bytes = { 0 };
        int code = check_compression(r, release, err);

        if (code < 0)
                return code;
        buf_append(&bytes, zeros, 4 + (-r->size & 3));
        buf_append(&bytes, r->added.data, r->added.len);
        cpio_write_end(&bytes);
        return plan_append(plan, why, r->path, r->size, buf_span(&bytes), err);
}
