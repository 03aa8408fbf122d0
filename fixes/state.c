#include "state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/xalloc.h"
#include "volume/resolve.h"

#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

void state_done(struct state *s)
{
        close_fd(&s->fd);
        close_fd(&s->runs_fd);
        close_fd(&s->lock_fd);
        *s = STATE_NONE;
}

static int fail(struct err *err, const char *what, const char *name)
{
        int code = -errno;

        return err_set(err, code, "%s/%s: cannot %s: %s", STATE_DIR, name, what, strerror(-code));
}

/* A directory of ours: the caller's fd, or a negative errno. */
static int open_dir(int at_fd, const char *name, bool make, mode_t mode)
{
        int fd;

        if (make && mkdirat(at_fd, name, mode) == 0) {
                if (fsync(at_fd) < 0)
                        return -errno;
        } else if (make && errno != EEXIST)
                return -errno;
        fd = openat(at_fd, name, DIR_FLAGS);
        return fd < 0 ? -errno : fd;
}

/* /var/lib, by whatever links, inside the root. */
static int open_var_lib(int root_fd, bool make)
{
        cleanup_fd int var = -EBADF;
        int fd = resolve_path(root_fd, "/var/lib", O_RDONLY | O_DIRECTORY);

        if (fd != -ENOENT || !make)
                return fd;
        var = resolve_path(root_fd, "/var", O_RDONLY | O_DIRECTORY);
        if (var == -ENOENT) {
                cleanup_fd int root = openat(root_fd, ".", DIR_FLAGS);

                var = root < 0 ? -errno : open_dir(root, "var", true, 0755);
        }
        return var < 0 ? var : open_dir(var, "lib", true, 0755);
}

int state_open_nearest(int root_fd)
{
        static const char *const dirs[] = { STATE_DIR "/runs", STATE_DIR, "/var/lib", "/var", "/" };
        int fd = -ENOENT;

        for (size_t i = 0; fd == -ENOENT && i < ARRAY_SIZE(dirs); i++)
                fd = resolve_path(root_fd, dirs[i], O_RDONLY | O_DIRECTORY);
        return fd;
}

/* What stands there is believed: only we and root may have written it. */
static int check_owner(int fd, struct err *err)
{
        struct stat st;

        if (fstat(fd, &st) < 0)
                return fail(err, "look at it", "");
        if ((st.st_uid != 0 && st.st_uid != geteuid()) || (st.st_mode & 022))
                return err_set(err, -EPERM,
                               "%s: others than root may write there; what stands there is not "
                               "believed",
                               STATE_DIR);
        return 0;
}

int state_open(int root_fd, bool make, struct state *ret, struct err *err)
{
        cleanup_state struct state s = STATE_NONE;
        cleanup_fd int lib = open_var_lib(root_fd, make);
        int r;

        if (lib < 0)
                return lib == -ENOENT && !make
                               ? 0
                               : err_set(err, lib, "%s: %s", "/var/lib", strerror(-lib));
        s.fd = open_dir(lib, "xen2nitro", make, 0700);
        if (s.fd == -ENOENT && !make)
                return 0;
        if (s.fd < 0)
                return err_set(err, s.fd, "%s: %s", STATE_DIR, strerror(-s.fd));
        r = check_owner(s.fd, err);
        if (r < 0)
                return r;
        s.runs_fd = open_dir(s.fd, "runs", make, 0700);
        if (s.runs_fd == -ENOENT && !make)
                return 0;
        if (s.runs_fd < 0)
                return err_set(err, s.runs_fd, "%s/runs: %s", STATE_DIR, strerror(-s.runs_fd));
        *ret = s;
        s = STATE_NONE;
        return 1;
}

int state_lock(struct state *s, struct err *err)
{
        int fd = openat(s->fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

        if (fd < 0)
                return fail(err, "open", "lock");
        s->lock_fd = fd;
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
                return 0;
        if (errno == EWOULDBLOCK)
                return err_set(err, -EBUSY,
                               "%s/lock: another xen2nitro, or a tool that it started, is at work "
                               "on this volume",
                               STATE_DIR);
        return fail(err, "lock", "lock");
}

/* A number of at least four digits, as state_new_run() makes them. */
static bool is_id(const char *s)
{
        size_t n = strspn(s, "0123456789");

        return n >= 4 && n <= 9 && !s[n] && (n == 4 || s[0] != '0');
}

static int compare_ids(const void *a, const void *b)
{
        const char *x = *(char *const *)a, *y = *(char *const *)b;
        size_t m = strlen(x), n = strlen(y);

        return m != n ? (m > n) - (m < n) : strcmp(x, y);
}

static int list_ids(DIR *dir, struct strv *ids)
{
        struct dirent *d;

        while (errno = 0, (d = readdir(dir))) {
                if (is_id(d->d_name))
                        strv_push(ids, d->d_name);
                if (ids->n > STATE_RUNS_MAX)
                        return -EFBIG;
        }
        return -errno;
}

int state_list(const struct state *s, struct strv *ret, struct err *err)
{
        cleanup_strv struct strv ids = { 0 };
        int r, fd = openat(s->runs_fd, ".", DIR_FLAGS);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);

        if (!dir) {
                r = fail(err, "list", "runs");
                close_fd(&fd);
                return r;
        }
        r = list_ids(dir, &ids);
        closedir(dir);
        if (r < 0)
                return err_set(err, r, "%s/runs: cannot list: %s", STATE_DIR, strerror(-r));
        if (ids.n)
                qsort(ids.v, ids.n, sizeof(*ids.v), compare_ids);
        *ret = ids;
        ids = (struct strv){ 0 };
        return 0;
}

int state_new_run(const struct state *s, char ret_id[static TXN_RUN_ID_SIZE], int *ret_fd,
                  struct err *err)
{
        cleanup_strv struct strv ids = { 0 };
        cleanup_fd int fd = -EBADF, backup = -EBADF;
        char id[TXN_RUN_ID_SIZE];
        uint64_t last = 0;
        int r = state_list(s, &ids, err);

        if (r < 0)
                return r;
        if (ids.n)
                str_to_u64(span_of(ids.v[ids.n - 1]), &last);
        snprintf(id, sizeof(id), "%04u", (unsigned)last + 1);
        if (mkdirat(s->runs_fd, id, 0700) < 0)
                return fail(err, "make the directory of a run", "runs");
        fd = openat(s->runs_fd, id, DIR_FLAGS);
        backup = fd < 0 ? -errno : open_dir(fd, "backup", true, 0700);
        if (backup < 0 || fsync(s->runs_fd) < 0) {
                r = fail(err, "make the directory of a run", "runs");
                state_drop_run(s, id, NULL);
                return r;
        }
        memcpy(ret_id, id, sizeof(id));
        *ret_fd = TAKE_FD(fd);
        return 0;
}

int state_open_run(const struct state *s, const char *id, int *ret_fd, struct err *err)
{
        int fd = is_id(id) ? openat(s->runs_fd, id, DIR_FLAGS) : -1;

        if (!is_id(id) || (fd < 0 && errno == ENOENT))
                return err_set(err, -ENOENT, "there is no run %.32s", id);
        if (fd < 0)
                return fail(err, "open the directory of a run", "runs");
        *ret_fd = fd;
        return 0;
}

static void backup_path(char name[static 32], size_t file)
{
        snprintf(name, 32, "backup/%zu", file);
}

int state_backup(int run_fd, size_t file, bool make, int *ret_fd, struct err *err)
{
        int flags = make ? O_RDWR | O_CREAT | O_EXCL : O_RDONLY;
        char name[32];
        int fd;

        backup_path(name, file);
        fd = openat(run_fd, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
        if (fd < 0)
                return err_set(err, -errno, "cannot %s the kept file %s: %s",
                               make ? "make" : "open", name, strerror(errno));
        *ret_fd = fd;
        return 0;
}

char *state_backup_name(const char *id, size_t file)
{
        return xasprintf("%s/runs/%s/backup/%zu", STATE_DIR, id, file);
}

int state_drop_backups(int run_fd, struct err *err)
{
        int r = 0, fd = openat(run_fd, "backup", DIR_FLAGS);
        DIR *dir = fd < 0 ? NULL : fdopendir(fd);
        struct dirent *d;

        if (!dir) {
                close_fd(&fd);
                return fd < 0 && errno == ENOENT ? 0 : fail(err, "list", "kept files");
        }
        while (r == 0 && (d = readdir(dir)))
                if (ascii_isdigit(d->d_name[0]) && unlinkat(fd, d->d_name, 0) < 0)
                        r = fail(err, "remove a kept file", d->d_name);
        closedir(dir);
        return r;
}

int state_drop_run(const struct state *s, const char *id, struct err *err)
{
        cleanup_fd int fd = openat(s->runs_fd, id, DIR_FLAGS);
        int r = 0;

        if (fd >= 0)
                r = state_drop_backups(fd, err);
        if (r < 0)
                return r;
        if (fd >= 0 && ((unlinkat(fd, JOURNAL_NAME, 0) < 0 && errno != ENOENT) ||
                        (unlinkat(fd, "backup", AT_REMOVEDIR) < 0 && errno != ENOENT)))
                return fail(err, "remove an unused run", "runs");
        if (unlinkat(s->runs_fd, id, AT_REMOVEDIR) < 0 && errno != ENOENT)
                return fail(err, "remove an unused run", "runs");
        return 0;
}
