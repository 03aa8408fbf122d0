#include "space.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/macro.h"
#include "base/xalloc.h"

void space_done(struct space *s)
{
        for (size_t i = 0; i < s->n; i++)
                free(s->needs[i].path);
        free(s->needs);
        *s = (struct space){ 0 };
}

static struct space_need *find(struct space *s, dev_t dev)
{
        for (size_t i = 0; i < s->n; i++)
                if (s->needs[i].dev == dev)
                        return &s->needs[i];
        return NULL;
}

static int need_at(struct space *s, int dir_fd, const char *path, struct space_need **ret,
                   struct err *err)
{
        struct space_need *need;
        struct statvfs fs;
        struct stat st;

        if (fstat(dir_fd, &st) < 0 || fstatvfs(dir_fd, &fs) < 0)
                return err_set(err, -errno, "%s: cannot ask its file system: %s", path,
                               strerror(errno));
        if (fs.f_flag & ST_RDONLY)
                return err_set(err, -EROFS, "%s: its file system is mounted read-only", path);
        need = find(s, st.st_dev);
        if (!need) {
                need = ARRAY_PUSH(&s->needs, &s->n, &s->cap);
                need->dev = st.st_dev;
                need->path = xstrdup(path);
                need->block = fs.f_frsize ? fs.f_frsize : 4096;
                /* Some file systems make inodes as they go, and say 0. */
                need->free_files = fs.f_files ? fs.f_favail : UINT64_MAX;
                if (__builtin_mul_overflow(fs.f_bavail, need->block, &need->free_bytes))
                        need->free_bytes = UINT64_MAX;
        }
        *ret = need;
        return 0;
}

/* Whole blocks, and one for its name and the like. Sizes of files are below 2^63 by far. */
static uint64_t on_disk(const struct space_need *need, uint64_t size)
{
        return (size / need->block + 2) * need->block;
}

int space_keep(struct space *s, int dir_fd, const char *path, uint64_t size, struct err *err)
{
        struct space_need *need;
        int r = need_at(s, dir_fd, path, &need, err);

        if (r < 0)
                return r;
        need->kept += on_disk(need, size);
        need->files++;
        return 0;
}

int space_replace(struct space *s, int dir_fd, const char *path, uint64_t old_size,
                  uint64_t new_size, struct err *err)
{
        struct space_need *need;
        int r = need_at(s, dir_fd, path, &need, err);
        int64_t old_bytes, new_bytes;

        if (r < 0)
                return r;
        old_bytes = (int64_t)on_disk(need, old_size);
        new_bytes = (int64_t)on_disk(need, new_size);
        if (need->grown + new_bytes > (int64_t)need->peak)
                need->peak = (uint64_t)(need->grown + new_bytes);
        need->grown += new_bytes - old_bytes;
        need->files++;
        return 0;
}

int space_check(const struct space *s, struct err *err)
{
        for (size_t i = 0; i < s->n; i++) {
                const struct space_need *n = &s->needs[i];
                uint64_t bytes = n->kept + n->peak;

                if (bytes > n->free_bytes)
                        return err_set(err, -ENOSPC,
                                       "%s: its file system has %llu KiB free, %llu KiB are needed",
                                       n->path, (unsigned long long)n->free_bytes / 1024,
                                       (unsigned long long)(bytes + 1023) / 1024);
                if (n->files > n->free_files)
                        return err_set(err, -ENOSPC,
                                       "%s: its file system has %llu inodes free, %llu are needed",
                                       n->path, (unsigned long long)n->free_files,
                                       (unsigned long long)n->files);
        }
        return 0;
}
