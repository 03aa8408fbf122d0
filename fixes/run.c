#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/fdio.h"
#include "base/wrap.h"
#include "base/xalloc.h"
#include "interrupt.h"

#define TICK_MS 20
/* What the child says when it could not even begin; tools end with such numbers rarely. */
#define EXIT_SETUP 125

/* ---- the child --------------------------------------------------------------------------------
 */

static _noreturn_ void child_fail(const char *what)
{
        dprintf(STDERR_FILENO, "cannot %s: %s\n", what, strerror(errno));
        _exit(EXIT_SETUP);
}

/*
 * Below the root, without following a link: the volume does not say where we mount. `source` NULL:
 * a fresh file system of that type. What the volume has no directory for, it does without.
 */
static void mount_below(int root_fd, const char *name, const char *source, const char *type)
{
        cleanup_fd int fd = openat(root_fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        char target[64];

        if (fd < 0)
                return;
        snprintf(target, sizeof(target), "/proc/self/fd/%d", fd);
        if (mount(source ? source : type, target, type, source ? MS_BIND : 0, NULL) < 0)
                child_fail("mount what the tool needs");
}

/* The same directory as our own mount namespace has it: only there may we mount. */
static int open_again(int root_fd)
{
        char magic[64], path[PATH_MAX];
        struct stat a, b;
        ssize_t n;
        int fd;

        snprintf(magic, sizeof(magic), "/proc/self/fd/%d", root_fd);
        n = readlink(magic, path, sizeof(path) - 1);
        if (n < 0)
                child_fail("find the volume");
        path[n] = '\0';
        fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        errno = ESTALE;
        if (fd < 0 || fstat(root_fd, &a) < 0 || fstat(fd, &b) < 0 || a.st_dev != b.st_dev ||
            a.st_ino != b.st_ino)
                child_fail("find the volume");
        return fd;
}

static void enter_root(int old_root_fd)
{
        int root_fd = open_again(old_root_fd);

        mount_below(root_fd, "dev", "/dev", NULL);
        mount_below(root_fd, "sys", "/sys", NULL);
        mount_below(root_fd, "run", NULL, "tmpfs");
        mount_below(root_fd, "proc", NULL, "proc");
        if (fchdir(root_fd) < 0 || chroot(".") < 0 || chdir("/") < 0)
                child_fail("enter the volume");
}

static void reset_signals(void)
{
        sigset_t none;

        sigemptyset(&none);
        for (int s = 1; s < NSIG; s++)
                signal(s, SIG_DFL);
        sigprocmask(SIG_SETMASK, &none, NULL);
}

static _noreturn_ void execute(const struct run_tool *t)
{
        static char *const environment[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                                             (char *)"LC_ALL=C", NULL };
        cleanup_free char **argv = xcalloc(t->argv->n + 1, sizeof(*argv));

        memcpy(argv, t->argv->v, t->argv->n * sizeof(*argv));
        reset_signals();
        umask(022);
        if (t->held_fd >= 0)
                fcntl(t->held_fd, F_SETFD, 0);
        execve(argv[0], argv, environment);
        child_fail("start it");
}

/* As a shell says it; there is no other way out of process identifiers of their own. */
static int exit_code(int status)
{
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* The first process there: to be that is strange to a tool, so this is one of ours. */
static _noreturn_ void be_first(const struct run_tool *t)
{
        pid_t pid, ended;
        int status;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (t->root_fd >= 0)
                enter_root(t->root_fd);
        else if (mount("proc", "/proc", "proc", 0, NULL) < 0)
                child_fail("mount /proc");
        pid = fork();
        if (pid < 0)
                child_fail("fork");
        if (pid == 0)
                execute(t);
        do
                ended = wait(&status);
        while (ended != pid && (ended >= 0 || errno == EINTR));
        _exit(exit_code(status));
}

/* Process identifiers of its own need a parent outside; that one lives as long as the tool. */
static _noreturn_ void execute_apart(const struct run_tool *t)
{
        pid_t pid = fork();
        int status;

        if (pid < 0)
                child_fail("fork");
        if (pid == 0)
                be_first(t);
        signal(SIGTERM, SIG_IGN);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                ;
        _exit(exit_code(status));
}

static _noreturn_ void child(const struct run_tool *t, pid_t parent, int out, int null)
{
        setsid();
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
            dup2(out, STDERR_FILENO) < 0)
                _exit(EXIT_SETUP);
        if (unshare(CLONE_NEWNS | CLONE_NEWPID) == 0 &&
            mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
                execute_apart(t);
        if (t->root_fd >= 0)
                child_fail("make namespaces for a chroot");
        execute(t);
}

/* ---- the parent -------------------------------------------------------------------------------
 */

struct running {
        pid_t pid;
        int out;
        struct buf output;
        bool killed; /* by us */
};

static int64_t now_ms(void)
{
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* All that is there; keeps the end of it. */
static void drain(struct running *run)
{
        char chunk[4096];
        ssize_t n;

        while ((n = read(run->out, chunk, sizeof(chunk))) > 0) {
                if (run->output.len > RUN_OUTPUT_MAX) {
                        size_t half = run->output.len / 2;

                        memmove(run->output.data, run->output.data + half, run->output.len - half);
                        run->output.len -= half;
                }
                buf_append(&run->output, chunk, (size_t)n);
        }
}

/* Until it ended, or the time is over, or a signal came. True: it ended, and is not reaped yet. */
static bool wait_until(struct running *run, int64_t deadline, bool interruptible)
{
        for (;;) {
                struct pollfd p = { .fd = run->out, .events = POLLIN };
                siginfo_t info = { 0 };
                int r = waitid(P_PID, (id_t)run->pid, &info, WEXITED | WNOHANG | WNOWAIT);

                drain(run);
                if (r == 0 && info.si_pid == run->pid)
                        return true;
                if ((deadline && now_ms() >= deadline) || (interruptible && interrupt_pending()))
                        return false;
                /* Once nobody writes any more, poll() returns at once. */
                if (poll(&p, 1, TICK_MS) > 0 && !(p.revents & POLLIN))
                        poll(NULL, 0, TICK_MS);
        }
}

/* The last line that is not empty, for people. */
static char *last_line(struct running *run)
{
        struct buf *b = &run->output;
        size_t start;
        cleanup_free char *line = NULL, *text = NULL;

        while (b->len && ascii_isspace(b->data[b->len - 1]))
                b->len--;
        start = b->len;
        while (start && b->data[start - 1] != '\n' && b->len - start < 300)
                start--;
        line = str_to_utf8((struct span){ b->data + start, b->len - start });
        text = wrap_printable(line);
        return *text ? xasprintf(": %s", text) : xstrdup("");
}

static int judge(const struct run_tool *t, struct running *run, int status, struct err *err)
{
        const char *name = t->argv->v[0];
        cleanup_free char *said = last_line(run);
        int code = exit_code(status);

        if (run->killed && interrupt_pending())
                return err_set(err, -EINTR, "%s: stopped by a signal to us%s", name, said);
        if (run->killed)
                return err_set(err, -ETIMEDOUT, "%s: not done after %u seconds, killed%s", name,
                               t->timeout_s, said);
        if (code > 128 && code < 128 + NSIG)
                return err_set(err, -ECHILD, "%s: ended by signal %d%s", name, code - 128, said);
        return code ? err_set(err, -ECHILD, "%s: exit %d%s", name, code, said) : 0;
}

static int start(const struct run_tool *t, struct running *run)
{
        cleanup_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC), out = -EBADF;
        pid_t parent = getpid();
        int fds[2];

        if (null < 0 || pipe2(fds, O_CLOEXEC) < 0)
                return -errno;
        run->out = fds[0];
        out = fds[1];
        if (fcntl(run->out, F_SETFL, O_NONBLOCK) < 0)
                return -errno;
        run->pid = fork();
        if (run->pid == 0)
                child(t, parent, out, null);
        return run->pid < 0 ? -errno : 0;
}

/* Its group has its number as long as it is not reaped: nobody else is hit. */
static int finish(struct running *run, int64_t deadline)
{
        int status = 0;

        if (!wait_until(run, deadline, true)) {
                run->killed = true;
                kill(-run->pid, SIGTERM);
                wait_until(run, now_ms() + RUN_GRACE_MS, false);
        }
        kill(-run->pid, SIGKILL);
        while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
                ;
        drain(run);
        return status;
}

int run_tool(const struct run_tool *t, struct err *err)
{
        struct running run = { .out = -EBADF };
        int64_t deadline = t->timeout_s ? now_ms() + t->timeout_s * 1000LL : 0;
        int r = start(t, &run);

        r = r < 0 ? err_set(err, r, "%s: cannot start: %s", t->argv->v[0], strerror(-r))
                  : judge(t, &run, finish(&run, deadline), err);
        close_fd(&run.out);
        buf_done(&run.output);
        return r;
}
