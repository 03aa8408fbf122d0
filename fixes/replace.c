#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/xalloc.h"

#define COPY_SIZE (256u << 10)

static int fail(struct err *err, const char *path, const char *what)
{
        int code = -errno;

        return err_set(err, code, "%s: cannot %s: %s", path, what, strerror(-code));
}

int replace_copy(int from_fd, int to_fd, struct hash *h, const char *path, struct err *err)
{
        cleanup_free char *buffer = xmalloc(COPY_SIZE);
        ssize_t n;
        int r = 0;

        while ((n = fd_read_full(from_fd, buffer, COPY_SIZE)) > 0) {
                if (h)
                        hash_add(h, buffer, (size_t)n);
                if (to_fd >= 0)
                        r = fd_write_all(to_fd, buffer, (size_t)n);
                if (r < 0)
                        return err_set(err, r, "%s: cannot write: %s", path, strerror(-r));
        }
        return n < 0 ? err_set(err, (int)n, "%s: cannot read: %s", path, strerror((int)-n)) : 0;
}

int replace_digest(int fd, const char *path, struct digest *ret, struct err *err)
{
        struct hash h;
        int r;

        hash_init(&h);
        r = replace_copy(fd, -EBADF, &h, path, err);
        if (r == 0)
                hash_end(&h, ret);
        return r;
}

/* The new file, complete and on the disk, under its first name. */
static int fill(int fd, const struct place *p, const struct replace_content *c,
                const struct digest *want, const struct attrs *attrs, bool times, struct err *err)
{
        struct digest got;
        struct hash h;
        int r = 0;

        hash_init(&h);
        if (c->from_fd >= 0)
                r = replace_copy(c->from_fd, fd, &h, p->path, err);
        if (r < 0)
                return r;
        r = fd_write_all(fd, c->bytes.data, c->bytes.len);
        if (r < 0)
                return err_set(err, r, "%s: cannot write: %s", p->path, strerror(-r));
        hash_add(&h, c->bytes.data, c->bytes.len);
        hash_end(&h, &got);
        if (!digest_eq(&got, want))
                return err_set(err, -ESTALE, "%s: what was to be put there is not what it was",
                               p->path);
        r = attrs_write(fd, p->path, attrs, times, err);
        if (r == 0 && attrs->fresh)
                r = attrs_inherit_label(p->dir_fd, fd, p->path, err);
        if (r < 0)
                return r;
        return fsync(fd) < 0 ? fail(err, p->path, "sync") : 0;
}

static int check_still(const struct place *p, const struct stat *over, struct err *err)
{
        struct stat now;
        int r = fstatat(p->dir_fd, p->name, &now, AT_SYMLINK_NOFOLLOW);

        if (r < 0 && errno != ENOENT)
                return fail(err, p->path, "look at it");
        if (over ? r < 0 || !place_same_file(&now, over) : r == 0)
                return err_set(err, -ESTALE, "%s: somebody else changed it just now", p->path);
        return 0;
}

/* Where the kernel or the file system cannot refuse by itself, check_still() has looked. */
static int rename_new(const struct place *p, const char *temp)
{
        if (renameat2(p->dir_fd, temp, p->dir_fd, p->name, RENAME_NOREPLACE) == 0)
                return 0;
        if (errno != ENOSYS && errno != EINVAL)
                return -1;
        return renameat(p->dir_fd, temp, p->dir_fd, p->name);
}

int replace_file(const struct place *p, const char *temp, const struct replace_content *content,
                 const struct digest *want, const struct attrs *attrs, bool times,
                 const struct stat *over, struct err *err)
{
        cleanup_fd int fd =
                openat(p->dir_fd, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        int r;

        if (fd < 0)
                return fail(err, p->path, "make a new file beside it");
        r = fill(fd, p, content, want, attrs, times, err);
        if (r == 0)
                r = check_still(p, over, err);
        if (r == 0 && (over ? renameat(p->dir_fd, temp, p->dir_fd, p->name) : rename_new(p, temp)))
                r = fail(err, p->path, "put the new file in its place");
        if (r < 0) {
                if (unlinkat(p->dir_fd, temp, 0) == 0)
                        fsync(p->dir_fd);
                return r;
        }
        return fsync(p->dir_fd) < 0 ? fail(err, p->path, "sync its directory") : 0;
}

int replace_remove(const struct place *p, const struct stat *now, struct err *err)
{
        int r = check_still(p, now, err);

        if (r < 0)
                return r;
        if (unlinkat(p->dir_fd, p->name, 0) < 0)
                return fail(err, p->path, "remove");
        return fsync(p->dir_fd) < 0 ? fail(err, p->path, "sync its directory") : 0;
}

int replace_clean(const struct place *p, const char *temp, struct err *err)
{
        struct stat st;

        if (fstatat(p->dir_fd, temp, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
                return 0;
        if (unlinkat(p->dir_fd, temp, 0) < 0)
                return fail(err, p->path, "remove what a run left beside it");
        return fsync(p->dir_fd) < 0 ? fail(err, p->path, "sync its directory") : 0;
}
