#include "volume/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/xalloc.h"

#define COPY_CHUNK 65536

/* Neither the headers nor the C library of old systems know it; nor do their kernels. */
#ifndef SYS_memfd_create
#define SYS_memfd_create 319
#endif
#define MEMFD_CLOEXEC 1u

struct overlay_file *overlay_put(struct overlay *o, const char *real_path)
{
        struct overlay_file *f;

        for (size_t i = 0; i < o->n; i++)
                if (streq(o->v[i].path, real_path))
                        return &o->v[i];
        f = ARRAY_PUSH(&o->v, &o->n, &o->cap);
        f->path = xstrdup(real_path);
        return f;
}

const struct overlay_file *overlay_find(const struct overlay *o, const char *real_path)
{
        for (size_t i = 0; i < o->n; i++)
                if (streq(o->v[i].path, real_path))
                        return &o->v[i];
        return NULL;
}

void overlay_add_names(const struct overlay *o, const char *real_dir, struct strv *names)
{
        size_t n = streq(real_dir, "/") ? 0 : strlen(real_dir);

        for (size_t i = 0; i < o->n; i++) {
                const char *path = o->v[i].path;

                if (strncmp(path, real_dir, n) == 0 && path[n] == '/' &&
                    !strchr(path + n + 1, '/') && !strv_contains(names, path + n + 1))
                        strv_push(names, path + n + 1);
        }
}

/*
 * A file without a name: in memory, or on kernels before 3.17 one that was unlinked at once, in
 * memory, too, where there is such a place.
 */
static int open_nameless(void)
{
        static const char *const templates[] = { "/dev/shm/xen2nitro.XXXXXX",
                                                 "/run/xen2nitro.XXXXXX", "/tmp/xen2nitro.XXXXXX" };
        int fd = (int)syscall(SYS_memfd_create, "planned", MEMFD_CLOEXEC);

        for (size_t i = 0; fd < 0 && i < ARRAY_SIZE(templates); i++) {
                cleanup_free char *name = xstrdup(templates[i]);

                fd = mkostemp(name, O_CLOEXEC);
                if (fd >= 0)
                        unlink(name);
        }
        return fd < 0 ? -errno : fd;
}

static int copy_all(int from, int to)
{
        char chunk[COPY_CHUNK];
        ssize_t n;
        int r = 0;

        if (lseek(from, 0, SEEK_SET) < 0)
                return -errno;
        while (r == 0 && (n = fd_read_full(from, chunk, sizeof(chunk))) != 0)
                r = n < 0 ? (int)n : fd_write_all(to, chunk, (size_t)n);
        return r;
}

int overlay_open(const struct overlay_file *f, int below, struct err *err)
{
        cleanup_fd int fd = open_nameless();
        int r = fd;

        if (r >= 0)
                r = f->append ? copy_all(below, fd) : 0;
        if (r >= 0)
                r = fd_write_all(fd, f->bytes.data, f->bytes.len);
        if (r >= 0 && lseek(fd, 0, SEEK_SET) < 0)
                r = -errno;
        if (r < 0)
                return err_set(err, r, "%s: the planned file cannot be laid out in memory: %s",
                               f->path, strerror(-r));
        return TAKE_FD(fd);
}

void overlay_stat(const struct overlay_file *f, struct stat *st)
{
        if (!S_ISREG(st->st_mode)) {
                st->st_mode = S_IFREG | f->mode;
                st->st_nlink = 1;
        }
        st->st_size = (f->append ? st->st_size : 0) + (off_t)f->bytes.len;
}

void overlay_done(struct overlay *o)
{
        for (size_t i = 0; i < o->n; i++)
                free(o->v[i].path);
        free(o->v);
        *o = (struct overlay){ 0 };
}
