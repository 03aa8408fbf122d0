#include "volume/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fdio.h"
#include "base/str.h"
#include "base/xalloc.h"

/* <linux/openat2.h> is missing on systems that we still build on; these are its numbers. */
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#define HOW_NO_MAGICLINKS 0x02u
#define HOW_IN_ROOT       0x10u

struct how {
        uint64_t flags, mode, resolve;
};

int resolve_by_openat2(int root_fd, const char *path, int flags)
{
        struct how how = {
                .flags = (uint64_t)(flags | O_CLOEXEC),
                .resolve = HOW_IN_ROOT | HOW_NO_MAGICLINKS,
        };
        long fd = -1;

        for (int i = 0; i < RESOLVE_TRIES_MAX; i++) {
                fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
                if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
                        break;
        }
        return fd < 0 ? -errno : (int)fd;
}

/*
 * The walk. `todo` is the text that is still to be walked; `fds` are the directories from the root
 * to where we stand, one O_PATH fd each, so that `..` goes back to a directory we came through and
 * not to wherever that one has been moved. `here` is the path of the last of them, "" at the root.
 */
struct walk {
        char *todo;
        const char *rest; /* within todo */
        unsigned links;
        size_t depth;
        int fds[RESOLVE_DEPTH_MAX + 1];
        struct buf here;
        size_t lens[RESOLVE_DEPTH_MAX + 1]; /* of `here` at each depth */
};

static void walk_done(struct walk *w)
{
        for (size_t i = 0; i <= w->depth; i++)
                close(w->fds[i]);
        free(w->todo);
        buf_done(&w->here);
}

static int walk_here(const struct walk *w)
{
        return w->fds[w->depth];
}

/* Back to the directory `depth` levels below the root. */
static void walk_back(struct walk *w, size_t depth)
{
        while (w->depth > depth)
                close(w->fds[w->depth--]);
        w->here.len = w->lens[depth];
}

/* The next name of the path: 1, or 0 at the end. *ret_last: nothing follows, not even a slash. */
static int walk_next(struct walk *w, char name[static NAME_MAX + 1], bool *ret_last)
{
        size_t n;

        w->rest += strspn(w->rest, "/");
        n = strcspn(w->rest, "/");
        if (n == 0)
                return 0;
        if (n > NAME_MAX)
                return -ENAMETOOLONG;
        memcpy(name, w->rest, n);
        name[n] = '\0';
        w->rest += n;
        *ret_last = *w->rest == '\0';
        return 1;
}

/* Put the text of the link `fd` before what is still to be walked. */
static int walk_into_link(struct walk *w, int fd)
{
        char text[PATH_MAX];
        char *todo;
        ssize_t n;

        if (w->links++ >= RESOLVE_LINKS_MAX)
                return -ELOOP;
        n = readlinkat(fd, "", text, sizeof(text));
        if (n < 0)
                return -errno;
        if (n == 0)
                return -ENOENT;
        if ((size_t)n == sizeof(text))
                return -ENAMETOOLONG;
        text[n] = '\0';
        if (text[0] == '/')
                walk_back(w, 0);
        /* What is left begins with its slash, so that "link/" still asks for a directory. */
        todo = xasprintf("%s%s", text, w->rest);
        free(w->todo);
        w->rest = w->todo = todo;
        return 0;
}

/*
 * The name in the directory where we stand, itself when it is a link. O_DIRECTORY, where it holds,
 * makes an automount point show what it stands for.
 */
static int walk_open(const struct walk *w, const char *name, bool last)
{
        int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
        int fd = openat(walk_here(w), name, last ? flags : flags | O_DIRECTORY);

        if (fd < 0 && errno == ENOTDIR && !last)
                fd = openat(walk_here(w), name, flags);
        return fd < 0 ? -errno : fd;
}

/* One name further. 1: it is the end and *ret_fd the caller's; 0: go on. */
static int walk_step(struct walk *w, const char *name, bool last, int flags, int *ret_fd)
{
        cleanup_fd int fd = -EBADF;
        struct stat st;

        if (streq(name, ".") || streq(name, "..")) {
                if (name[1] && w->depth > 0)
                        walk_back(w, w->depth - 1);
                return 0;
        }
        fd = walk_open(w, name, last);
        if (fd < 0)
                return fd;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (S_ISLNK(st.st_mode) && !(last && (flags & O_NOFOLLOW)))
                return walk_into_link(w, fd);
        if (last) {
                if ((flags & ~O_NOFOLLOW) != O_PATH) {
                        close_fd(&fd);
                        fd = openat(walk_here(w), name, flags | O_NOFOLLOW | O_CLOEXEC);
                        if (fd < 0)
                                return -errno;
                }
                *ret_fd = TAKE_FD(fd);
                return 1;
        }
        if (!S_ISDIR(st.st_mode))
                return -ENOTDIR;
        if (w->depth == RESOLVE_DEPTH_MAX)
                return -ENAMETOOLONG;
        w->fds[++w->depth] = TAKE_FD(fd);
        buf_printf(&w->here, "/%s", name);
        w->lens[w->depth] = w->here.len;
        return 0;
}

static int walk_begin(struct walk *w, int root_fd, const char *path)
{
        w->rest = w->todo = xstrdup(path);
        w->fds[0] = openat(root_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (w->fds[0] < 0)
                return -errno;
        if (!*path)
                return -ENOENT;
        return strlen(path) >= PATH_MAX ? -ENAMETOOLONG : 0;
}

int resolve_by_walk(int root_fd, const char *path, int flags)
{
        _cleanup_(walk_done) struct walk w = { 0 };
        char name[NAME_MAX + 1];
        bool last;
        int fd, r = walk_begin(&w, root_fd, path);

        while (r == 0 && (r = walk_next(&w, name, &last)) > 0) {
                r = walk_step(&w, name, last, flags, &fd);
                if (r > 0)
                        return fd;
        }
        if (r < 0)
                return r;
        fd = openat(walk_here(&w), ".", flags | O_CLOEXEC);
        return fd < 0 ? -errno : fd;
}

int resolve_real_path(int root_fd, const char *path, char **ret)
{
        _cleanup_(walk_done) struct walk w = { 0 };
        char name[NAME_MAX + 1];
        bool last;
        int fd, r = walk_begin(&w, root_fd, path);

        while (r == 0 && (r = walk_next(&w, name, &last)) > 0) {
                r = walk_step(&w, name, last, O_PATH, &fd);
                if (r > 0)
                        close(fd);
                if (r > 0 || (r == -ENOENT && last)) {
                        *ret = xasprintf("%.*s/%s", (int)w.here.len, w.here.data ? w.here.data : "",
                                         name);
                        return r > 0;
                }
        }
        if (r < 0)
                return r;
        *ret = w.here.len ? span_dup(buf_span(&w.here)) : xstrdup("/");
        return 1;
}

int resolve_path(int root_fd, const char *path, int flags)
{
        int r = resolve_by_openat2(root_fd, path, flags);

        /* EPERM is how some container sandboxes refuse a call they do not know. */
        if (r == -ENOSYS || r == -EPERM || r == -EAGAIN)
                return resolve_by_walk(root_fd, path, flags);
        return r;
}
