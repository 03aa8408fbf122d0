/*
 * Runs a program and interferes with its system calls that write, counted from 1 over the program
 * and all that it starts, in the order they begin:
 *
 *     stop-at count - COMMAND...          lets it run
 *     stop-at kill N COMMAND...           kills the program (not what it started) at the Nth
 *     stop-at signal N COMMAND...         sends it SIGINT there
 *     stop-at fail:ENOSPC N COMMAND...    the Nth fails, if it is the program's own
 *     stop-at broken:EIO N COMMAND...     that one and all later ones of the program fail
 *
 * $STOP_AT_LOG names a file for one line per call: its name, and the paths it is about. The last
 * line on stderr is how many there were. Exits as the program did, 137 when it was killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/macro.h"

enum shape {
        FD,      /* fd, ... */
        PATH,    /* path, ... */
        AT,      /* dirfd, path, ... */
        AT_AT,   /* dirfd, path, dirfd, path */
        OPEN_AT, /* the same as AT, when it makes or truncates */
};

/* What the program and the usual shell tools write with; 64-bit x86 only, as Xen instances are. */
static const struct call {
        long number;
        const char *name;
        enum shape shape;
} calls[] = {
        { SYS_write, "write", FD },         { SYS_pwrite64, "write", FD },
        { SYS_writev, "write", FD },        { SYS_copy_file_range, "copy_file_range", FD },
        { SYS_sendfile, "sendfile", FD },   { SYS_ftruncate, "truncate", FD },
        { SYS_fallocate, "fallocate", FD }, { SYS_fsync, "fsync", FD },
        { SYS_fdatasync, "fsync", FD },     { SYS_syncfs, "syncfs", FD },
        { SYS_fchmod, "chmod", FD },        { SYS_fchown, "chown", FD },
        { SYS_fsetxattr, "setxattr", FD },  { SYS_fremovexattr, "removexattr", FD },
        { SYS_utimensat, "utimens", FD },   { SYS_openat, "create", OPEN_AT },
        { SYS_mkdirat, "mkdir", AT },       { SYS_unlinkat, "unlink", AT },
        { SYS_renameat, "rename", AT_AT },  { SYS_renameat2, "rename", AT_AT },
        { SYS_linkat, "link", AT_AT },      { SYS_unlink, "unlink", PATH },
        { SYS_rename, "rename", PATH },     { SYS_mkdir, "mkdir", PATH },
        { SYS_rmdir, "unlink", PATH },
};

static enum {
        COUNT,
        KILL,
        SIGNAL,
        FAIL,
        BROKEN
} mode;
static unsigned long at, count;
static int error_code;
static pid_t program;
static FILE *log_file;

static const struct call *find(const struct user_regs_struct *regs)
{
        for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
                if (calls[i].number != (long)regs->orig_rax)
                        continue;
                if (calls[i].shape == OPEN_AT && !(regs->rdx & (O_CREAT | O_TRUNC)))
                        return NULL;
                /* Pipes, and standard output. */
                if (calls[i].number == SYS_write && regs->rdi <= 2)
                        return NULL;
                return &calls[i];
        }
        return NULL;
}

/* Of the tracee: what a descriptor is. */
static void put_fd(pid_t pid, int fd)
{
        char name[64], target[PATH_MAX];
        ssize_t n;

        snprintf(name, sizeof(name), "/proc/%d/%s%.0d", pid, fd == AT_FDCWD ? "cwd" : "fd/",
                 fd == AT_FDCWD ? 0 : fd);
        if (fd == 0)
                strcat(name, "0");
        n = readlink(name, target, sizeof(target) - 1);
        target[n < 0 ? 0 : n] = '\0';
        fprintf(log_file, " %s", target);
}

static void put_text(pid_t pid, unsigned long address)
{
        for (;; address += sizeof(long)) {
                long word = ptrace(PTRACE_PEEKDATA, pid, address, 0);

                for (size_t i = 0; i < sizeof(word); i++) {
                        char c = (char)(word >> 8 * i);

                        if (!c)
                                return;
                        fputc(c, log_file);
                }
        }
}

static void put_at(pid_t pid, unsigned long fd, unsigned long path)
{
        put_fd(pid, (int)fd);
        fputc('/', log_file);
        put_text(pid, path);
}

static void put_call(pid_t pid, const struct call *call, const struct user_regs_struct *regs)
{
        if (!log_file)
                return;
        fprintf(log_file, "%s", call->name);
        switch (call->shape) {
        case FD:
                put_fd(pid, (int)regs->rdi);
                break;
        case PATH:
                fputc(' ', log_file);
                put_text(pid, regs->rdi);
                break;
        default:
                put_at(pid, regs->rdi, regs->rsi);
        }
        if (call->shape == AT_AT)
                put_at(pid, regs->rdx, regs->r10);
        /* What the journal says is short, and wanted whole. */
        if (call->number == SYS_write && regs->rdx < 8192) {
                fputc(' ', log_file);
                for (unsigned long i = 0; i < regs->rdx; i++) {
                        long word = ptrace(PTRACE_PEEKDATA, pid, regs->rsi + i, 0);

                        fputc((char)word == '\n' ? ' ' : (char)word, log_file);
                }
        }
        fputc('\n', log_file);
}

/* At the entry of a call. True: it is to fail. */
static bool enter(pid_t pid)
{
        struct user_regs_struct regs;
        const struct call *call;
        bool fails;

        if (ptrace(PTRACE_GETREGS, pid, 0, &regs) < 0)
                return false;
        call = find(&regs);
        if (!call)
                return false;
        put_call(pid, call, &regs);
        count++;
        if (mode == KILL && count == at)
                kill(program, SIGKILL);
        if (mode == SIGNAL && count == at)
                kill(program, SIGINT);
        fails = pid == program &&
                ((mode == FAIL && count == at) || (mode == BROKEN && count >= at));
        if (fails) {
                regs.orig_rax = (unsigned long)-1;
                ptrace(PTRACE_SETREGS, pid, 0, &regs);
        }
        return fails;
}

static void leave_failed(pid_t pid)
{
        struct user_regs_struct regs;

        if (ptrace(PTRACE_GETREGS, pid, 0, &regs) < 0)
                return;
        regs.rax = (unsigned long)-error_code;
        ptrace(PTRACE_SETREGS, pid, 0, &regs);
}

/* Which of the tracees are inside of a call, and whether that is to fail; few, so a list. */
#define TRACEES_MAX 256
static struct tracee {
        pid_t pid;
        bool inside, fails;
} tracees[TRACEES_MAX];

static struct tracee *tracee_of(pid_t pid)
{
        struct tracee *unused = NULL;

        for (size_t i = 0; i < TRACEES_MAX; i++) {
                if (tracees[i].pid == pid)
                        return &tracees[i];
                if (!tracees[i].pid && !unused)
                        unused = &tracees[i];
        }
        if (!unused)
                abort();
        *unused = (struct tracee){ .pid = pid };
        return unused;
}

/* One stop of one tracee; returns the signal that it is to get. */
static int handle(pid_t pid, int status)
{
        struct tracee *t = tracee_of(pid);
        int signal = WSTOPSIG(status);

        if (signal == (SIGTRAP | 0x80)) {
                if (!t->inside)
                        t->fails = enter(pid);
                else if (t->fails)
                        leave_failed(pid);
                t->inside = !t->inside;
                return 0;
        }
        /* Births, exec, and the stop that a new tracee begins with. */
        return status >> 16 || signal == SIGSTOP || signal == SIGTRAP ? 0 : signal;
}

static int trace(void)
{
        int status, code = 0;
        pid_t pid;

        while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
                if (pid < 0)
                        continue;
                if (!WIFSTOPPED(status)) {
                        tracee_of(pid)->pid = 0;
                        if (pid == program)
                                code = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                                           : WEXITSTATUS(status);
                        continue;
                }
                ptrace(PTRACE_SYSCALL, pid, 0, handle(pid, status));
        }
        return code;
}

static void parse_mode(const char *text)
{
        const char *colon = strchr(text, ':');

        if (strcmp(text, "kill") == 0)
                mode = KILL;
        else if (strcmp(text, "signal") == 0)
                mode = SIGNAL;
        else if (colon)
                mode = text[0] == 'f' ? FAIL : BROKEN;
        error_code = colon && strcmp(colon, ":ENOSPC") == 0 ? ENOSPC : EIO;
}

int main(int argc, char **argv)
{
        const char *log_name = getenv("STOP_AT_LOG");
        int status, code;

        if (argc < 4)
                return 2;
        parse_mode(argv[1]);
        at = strtoul(argv[2], NULL, 10);
        log_file = log_name ? fopen(log_name, "we") : NULL;
        program = fork();
        if (program == 0) {
                unsetenv("STOP_AT_LOG");
                ptrace(PTRACE_TRACEME, 0, 0, 0);
                raise(SIGSTOP);
                signal(SIGINT, SIG_DFL); /* whoever runs the tests may ignore it */
                execvp(argv[3], argv + 3);
                _exit(127);
        }
        if (waitpid(program, &status, 0) != program || !WIFSTOPPED(status) ||
            ptrace(PTRACE_SETOPTIONS, program, 0,
                   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                           PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL) < 0) {
                fprintf(stderr, "cannot trace: %s\n", strerror(errno));
                return 126;
        }
        ptrace(PTRACE_SYSCALL, program, 0, 0);
        code = trace();
        if (log_file)
                fclose(log_file);
        fprintf(stderr, "%lu\n", count);
        return code;
}
