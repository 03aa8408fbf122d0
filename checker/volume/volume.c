#include "volume/volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "volume/overlay.h"
#include "volume/resolve.h"

/* A stranger's file: never wait for it, never get a terminal from it. */
#define READ_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

struct volume {
        char *path;
        enum volume_mode mode;
        int root_fd;
        const struct overlay *planned; /* NULL: nothing is */
};

int volume_open(const char *path, enum volume_mode mode, struct volume **ret, struct err *err)
{
        int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        struct volume *v;

        if (fd < 0)
                return err_set(err, -errno, "%s: %s", path, strerror(errno));
        v = xcalloc(1, sizeof(*v));
        v->path = xstrdup(path);
        v->mode = mode;
        v->root_fd = fd;
        *ret = v;
        return 0;
}

struct volume *volume_over(const struct volume *below, const struct overlay *planned)
{
        struct volume *v = xcalloc(1, sizeof(*v));

        *v = (struct volume){ xstrdup(below->path), below->mode, below->root_fd, planned };
        return v;
}

void volume_free(struct volume *v)
{
        if (!v)
                return;
        if (!v->planned)
                close(v->root_fd);
        free(v->path);
        free(v);
}

enum volume_mode volume_mode(const struct volume *v)
{
        return v->mode;
}

const char *volume_path(const struct volume *v)
{
        return v->path;
}

int volume_root_fd(const struct volume *v)
{
        return v->root_fd;
}

static int fail(struct err *err, int code, const char *path)
{
        switch (-code) {
        case ELOOP:
                return err_set(err, code, "%s: a loop of links, or too many of them; not read",
                               path);
        case ENAMETOOLONG:
                return err_set(err, code,
                               "%s: a name on the way is longer than any file's; not read", path);
        case ENOTDIR:
                return err_set(err, code, "%s: something on the way is not a directory; not read",
                               path);
        case EACCES:
                return err_set(err, code, "%s: permission denied; run as root to read it", path);
        default:
                return err_set(err, code, "%s: %s", path, strerror(-code));
        }
}

static const char *kind_of(mode_t mode)
{
        switch (mode & S_IFMT) {
        case S_IFREG:
                return "a file";
        case S_IFDIR:
                return "a directory";
        case S_IFIFO:
                return "a FIFO";
        case S_IFSOCK:
                return "a socket";
        case S_IFCHR:
                return "a character device";
        case S_IFBLK:
                return "a block device";
        default:
                return "of an unknown kind";
        }
}

/* The planned file that a path leads to, or NULL; what cannot be resolved leads to none. */
static const struct overlay_file *find_planned(const struct volume *v, const char *path)
{
        cleanup_free char *real = NULL;

        if (!v->planned || resolve_real_path(v->root_fd, path, &real) < 0)
                return NULL;
        return overlay_find(v->planned, real);
}

/* Fd of the caller, -ENOENT without a text, or an error. */
static int resolve(const struct volume *v, const char *path, int flags, struct err *err)
{
        int fd = resolve_path(v->root_fd, path, flags);

        return fd >= 0 || fd == -ENOENT ? fd : fail(err, fd, path);
}

/*
 * What `fd` (O_PATH) stands for, opened for reading. Through /proc it is that very file; where
 * there is no /proc, the path is resolved once more and must lead to the same file.
 */
static int reopen(const struct volume *v, int fd, const char *path, const struct stat *st)
{
        char magic[sizeof("/proc/self/fd/") + 3 * sizeof(fd)];
        cleanup_fd int again = -EBADF;
        struct stat now;

        snprintf(magic, sizeof(magic), "/proc/self/fd/%d", fd);
        again = open(magic, READ_FLAGS);
        if (again < 0 && errno != ENOENT && errno != ENOTDIR)
                return -errno;
        if (again < 0)
                again = resolve_path(v->root_fd, path, READ_FLAGS);
        if (again < 0)
                return again;
        if (fstat(again, &now) < 0)
                return -errno;
        if (now.st_dev != st->st_dev || now.st_ino != st->st_ino)
                return -ESTALE;
        return TAKE_FD(again);
}

static int open_below(const struct volume *v, const char *path, struct stat *ret_st,
                      struct err *err)
{
        cleanup_fd int fd = resolve(v, path, O_PATH, err);
        struct stat st;
        int file;

        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                return fail(err, -errno, path);
        if (!S_ISREG(st.st_mode))
                return err_set(err, S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL,
                               "%s: %s, not a file; not read", path, kind_of(st.st_mode));
        file = reopen(v, fd, path, &st);
        if (file < 0)
                return fail(err, file == -ENOENT ? -ESTALE : file, path);
        *ret_st = st;
        return file;
}

int volume_open_file(const struct volume *v, const char *path, struct stat *ret_st, struct err *err)
{
        const struct overlay_file *planned = find_planned(v, path);
        cleanup_fd int below = -EBADF;
        struct stat st = { 0 };
        int file;

        if (!planned)
                return open_below(v, path, ret_st, err);
        below = open_below(v, path, &st, err);
        if (below < 0 && below != -ENOENT)
                return below;
        file = overlay_open(planned, below, err);
        if (file < 0)
                return file;
        overlay_stat(planned, &st);
        *ret_st = st;
        return file;
}

int volume_read(const struct volume *v, const char *path, size_t max, struct blob *ret,
                struct err *err)
{
        cleanup_fd int fd = -EBADF;
        struct stat st;
        int r;

        fd = volume_open_file(v, path, &st, err);
        if (fd < 0)
                return fd == -ENOENT ? 0 : fd;
        /* Files of /proc and /sys say 0 and have bytes all the same, so the cap counts twice. */
        r = st.st_size > 0 && (uint64_t)st.st_size > max ? -EFBIG : fd_read_all(fd, max, ret);
        if (r == -EFBIG)
                return err_set(err, r, "%s: larger than %zu bytes; not read", path, max);
        if (r < 0)
                return fail(err, r, path);
        return 1;
}

int volume_open_dir(const struct volume *v, const char *path, struct err *err)
{
        int fd = resolve_path(v->root_fd, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
        struct stat st;

        if (fd == -ENOENT && find_planned(v, path))
                fd = -ENOTDIR;
        if (fd >= 0 || fd == -ENOENT)
                return fd;
        if (fd == -ENOTDIR && volume_stat(v, path, &st, NULL) > 0)
                return err_set(err, fd, "%s: %s, not a directory; not read", path,
                               kind_of(st.st_mode));
        return fail(err, fd, path);
}

int volume_list(const struct volume *v, const char *path, struct strv *ret, struct err *err)
{
        cleanup_strv struct strv names = { 0 };
        cleanup_free char *real = NULL;
        int r = 0, fd = volume_open_dir(v, path, err);
        struct dirent *d;
        DIR *dir;

        if (fd < 0)
                return fd == -ENOENT ? 0 : fd;
        dir = fdopendir(fd);
        if (!dir) {
                r = -errno;
                close(fd);
                return fail(err, r, path);
        }
        while (errno = 0, r == 0 && (d = readdir(dir))) {
                if (streq(d->d_name, ".") || streq(d->d_name, ".."))
                        continue;
                strv_push(&names, d->d_name);
                if (names.n > VOLUME_LIST_MAX)
                        r = err_set(err, -EFBIG, "%s: over %d names; not read", path,
                                    VOLUME_LIST_MAX);
        }
        if (r == 0 && errno)
                r = fail(err, -errno, path);
        closedir(dir);
        if (r < 0)
                return r;
        if (v->planned && resolve_real_path(v->root_fd, path, &real) > 0)
                overlay_add_names(v->planned, real, &names);
        strv_sort(&names);
        *ret = names;
        names = (struct strv){ 0 };
        return 1;
}

int volume_stat(const struct volume *v, const char *path, struct stat *ret_st, struct err *err)
{
        const struct overlay_file *planned = find_planned(v, path);
        cleanup_fd int fd = resolve(v, path, O_PATH, err);
        struct stat st = { 0 };

        if (fd < 0 && !(planned && fd == -ENOENT))
                return fd == -ENOENT ? 0 : fd;
        if (fd >= 0 && fstat(fd, &st) < 0)
                return fail(err, -errno, path);
        if (planned)
                overlay_stat(planned, &st);
        *ret_st = st;
        return 1;
}

int volume_readlink(const struct volume *v, const char *path, char **ret, struct err *err)
{
        cleanup_fd int fd = resolve(v, path, O_PATH | O_NOFOLLOW, err);
        char text[PATH_MAX];
        struct stat st;
        ssize_t n;

        if (fd < 0)
                return fd == -ENOENT ? 0 : fd;
        if (fstat(fd, &st) < 0)
                return fail(err, -errno, path);
        if (!S_ISLNK(st.st_mode))
                return 0;
        n = readlinkat(fd, "", text, sizeof(text));
        if (n < 0)
                return fail(err, -errno, path);
        *ret = xmemdup0(text, (size_t)n);
        return 1;
}

int volume_real_path(const struct volume *v, const char *path, char **ret, struct err *err)
{
        int r = resolve_real_path(v->root_fd, path, ret);

        if (r == 0 && v->planned && overlay_find(v->planned, *ret))
                return 1;
        return r >= 0 || r == -ENOENT ? r : fail(err, r, path);
}
