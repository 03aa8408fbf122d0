#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include "attrs.h"
#include "base/xalloc.h"

void place_done(struct place *p)
{
        close_fd(&p->dir_fd);
        free(p->name);
        free(p->path);
        *p = PLACE_NONE;
}

int place_check_path(const char *path, struct err *err)
{
        if (path[0] != '/' || strlen(path) >= PATH_MAX)
                return err_set(err, -EINVAL, "%.64s: not an absolute path, or too long", path);
        if (path[str_utf8_length(span_of(path))])
                return err_set(err, -EILSEQ, "%s: a name that is not UTF-8; not touched", path);
        for (const char *at = path; *at;) {
                size_t n = strcspn(++at, "/");

                if (n == 0 || n > NAME_MAX || (n == 1 && at[0] == '.') ||
                    (n == 2 && at[0] == '.' && at[1] == '.'))
                        return err_set(err, -EINVAL, "%s: not a plain path", path);
                at += n;
        }
        return 0;
}

static int fail(struct err *err, const char *path, const char *what)
{
        int code = -errno;

        return err_set(err, code, "%s: cannot %s: %s", path, what, strerror(-code));
}

/* One directory further: the caller's fd, -ENOENT without a text, or an error with one. */
static int step(int fd, const char *name, struct span so_far, struct err *err)
{
        int next = openat(fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct stat st;

        if (next >= 0 || errno == ENOENT)
                return next >= 0 ? next : -ENOENT;
        if (errno == ENOTDIR && fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISLNK(st.st_mode))
                return err_set(err, -ELOOP, "%.*s: a link, where a directory was; not followed",
                               (int)so_far.len, so_far.data);
        return err_set(err, -errno, "%.*s: %s", (int)so_far.len, so_far.data, strerror(errno));
}

static void list_missing(const char *path, const char *from, struct strv *ret)
{
        for (const char *slash = strchr(from, '/'); slash; slash = strchr(slash + 1, '/'))
                strv_push_take(ret, xmemdup0(path, (size_t)(slash - path)));
}

int place_open(int root_fd, const char *path, struct place *ret, struct strv *ret_missing,
               struct err *err)
{
        cleanup_fd int fd = openat(root_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
        const char *at = path + 1, *slash;
        int dir_fd;

        if (fd < 0)
                return fail(err, path, "open the root");
        for (; (slash = strchr(at, '/')); at = slash + 1) {
                cleanup_free char *name = xmemdup0(at, (size_t)(slash - at));
                int next = step(fd, name, (struct span){ path, (size_t)(slash - path) }, err);

                if (next == -ENOENT && ret_missing)
                        list_missing(path, at, ret_missing);
                if (next < 0)
                        return next == -ENOENT ? 0 : next;
                close(fd);
                fd = next;
        }
        dir_fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (dir_fd < 0)
                return fail(err, path, "open its directory");
        *ret = (struct place){ .dir_fd = dir_fd, .name = xstrdup(at), .path = xstrdup(path) };
        return 1;
}

int place_check_still(int root_fd, const struct place *p, struct err *err)
{
        cleanup_place struct place again = PLACE_NONE;
        int r = place_open(root_fd, p->path, &again, NULL, err);
        struct stat a, b;

        if (r < 0)
                return r;
        if (r == 0 || fstat(p->dir_fd, &a) < 0 || fstat(again.dir_fd, &b) < 0 ||
            a.st_dev != b.st_dev || a.st_ino != b.st_ino)
                return err_set(err, -ESTALE, "%s: somebody else moved its directory just now",
                               p->path);
        return 0;
}

int place_make_dir(int root_fd, const char *path, struct err *err)
{
        cleanup_place struct place p = PLACE_NONE;
        cleanup_fd int fd = -EBADF;
        int r = place_open(root_fd, path, &p, NULL, err);

        if (r <= 0)
                return r < 0 ? r : err_set(err, -ENOENT, "%s: its directory is gone", path);
        if (mkdirat(p.dir_fd, p.name, 0755) < 0)
                return fail(err, path, "make the directory");
        fd = openat(p.dir_fd, p.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
                return fail(err, path, "open the new directory");
        r = attrs_inherit_label(p.dir_fd, fd, path, err);
        if (r < 0)
                return r;
        /* The mode as said, whatever the umask. */
        if (fchmod(fd, 0755) < 0 || fsync(fd) < 0 || fsync(p.dir_fd) < 0)
                return fail(err, path, "make the directory");
        return 0;
}

int place_remove_dir(int root_fd, const char *path, struct err *err)
{
        cleanup_place struct place p = PLACE_NONE;
        int r = place_open(root_fd, path, &p, NULL, err);

        if (r <= 0)
                return r;
        if (unlinkat(p.dir_fd, p.name, AT_REMOVEDIR) < 0)
                return errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
                               ? 0
                               : fail(err, path, "remove the directory");
        return fsync(p.dir_fd) < 0 ? fail(err, path, "sync its directory") : 0;
}

static const char *wrong_kind(const struct stat *st)
{
        if (S_ISLNK(st->st_mode))
                return "a link, where a file was; not followed";
        return S_ISDIR(st->st_mode) ? "a directory, not a file" : "not a regular file";
}

/* File systems without such flags say ENOTTY or so. */
static const char *locked_by_flag(int fd)
{
        int flags = 0;

        if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0)
                return NULL;
        if (flags & FS_IMMUTABLE_FL)
                return "immutable (`chattr -i` allows changes)";
        return flags & FS_APPEND_FL ? "append-only (`chattr -a` allows changes)" : NULL;
}

static int open_quietly(const struct place *p)
{
        int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
        int fd = openat(p->dir_fd, p->name, flags | O_NOATIME);

        /* Only its owner and root may leave the access time alone. */
        return fd < 0 && errno == EPERM ? openat(p->dir_fd, p->name, flags) : fd;
}

int place_open_file(const struct place *p, int *ret_fd, struct stat *ret_st, struct err *err)
{
        cleanup_fd int fd = -EBADF;
        struct stat st;
        const char *why;

        if (fstatat(p->dir_fd, p->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return errno == ENOENT ? 0 : fail(err, p->path, "look at it");
        if (!S_ISREG(st.st_mode))
                return err_set(err, -EINVAL, "%s: %s", p->path, wrong_kind(&st));
        fd = open_quietly(p);
        if (fd < 0)
                return fail(err, p->path, "read it");
        if (fstat(fd, &st) < 0)
                return fail(err, p->path, "look at it");
        if (!S_ISREG(st.st_mode))
                return err_set(err, -EINVAL, "%s: %s", p->path, wrong_kind(&st));
        why = locked_by_flag(fd);
        if (why)
                return err_set(err, -EPERM, "%s: %s", p->path, why);
        *ret_fd = TAKE_FD(fd);
        *ret_st = st;
        return 1;
}

bool place_same_file(const struct stat *a, const struct stat *b)
{
        return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
               a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
               a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}
