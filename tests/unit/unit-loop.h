/*
 * Real file systems for tests that can have them: images, loop devices, and mounts in a mount
 * namespace of the test's own, so that nothing is left behind. Group fixtures: loop_setup and
 * loop_teardown; each test begins with loop_or_skip().
 */
#pragma once

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "base/fdio.h"
#include "base/str.h"

#define MIB (1u << 20)

static char *top;
static const char *no_mounts; /* why file systems cannot be mounted here, or NULL */
static struct strv kept;      /* a skip jumps out of functions: strings live as long as the tests */

static inline char *keep(char *s)
{
        strv_push_take(&kept, s);
        return s;
}

static inline int loop_setup(void **state _unused_)
{
        cleanup_fd int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);

        top = unit_temp_dir();
        if (geteuid() != 0)
                no_mounts = "only root mounts file systems";
        else if (control < 0)
                no_mounts = "no loop devices here";
        else if (unshare(CLONE_NEWNS) < 0 ||
                 mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
                no_mounts = "no right to make a mount namespace";
        return 0;
}

static inline int loop_teardown(void **state _unused_)
{
        unit_remove_tree(top);
        strv_done(&kept);
        return 0;
}

static inline void skip_because(const char *reason)
{
        print_message("# %s\n", reason);
        skip();
}

static inline void loop_or_skip(void)
{
        if (no_mounts)
                skip_because(no_mounts);
}

/* Whether the program ran and was content; a missing one is a reason to skip. */
static inline void run(const char *const *argv)
{
        pid_t pid = fork();
        int status;

        if (pid == 0) {
                int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

                dup2(null, STDOUT_FILENO);
                dup2(null, STDERR_FILENO);
                setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
                execvp(argv[0], (char *const *)argv);
                _exit(127);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) == 127) {
                print_message("# no %s here\n", argv[0]);
                skip();
        }
        assert_int_equal(WEXITSTATUS(status), 0);
}
#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL })

static inline char *make_image(const char *name, off_t size)
{
        char *path = keep(xasprintf("%s/%s", top, name));
        cleanup_fd int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        assert_true(fd >= 0);
        assert_int_equal(ftruncate(fd, size), 0);
        return path;
}

/* A loop device that goes away with its last user. Its descriptor, and its name. */
static inline int attach(const char *image, uint64_t offset, uint64_t size, char **ret_name)
{
        cleanup_fd int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
        cleanup_fd int file = open(image, O_RDWR | O_CLOEXEC);
        struct loop_config config = { 0 };

        *ret_name = NULL;
        assert_true(control >= 0 && file >= 0);
        config.fd = (uint32_t)file;
        config.info.lo_offset = offset;
        config.info.lo_sizelimit = size;
        config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
        for (int tries = 0; tries < 20; tries++) {
                char *name = keep(xasprintf("/dev/loop%d", ioctl(control, LOOP_CTL_GET_FREE)));
                cleanup_fd int fd = open(name, O_RDWR | O_CLOEXEC);

                if (fd >= 0 && ioctl(fd, LOOP_CONFIGURE, &config) == 0) {
                        *ret_name = name;
                        return TAKE_FD(fd);
                }
        }
        skip_because("no loop device can be had");
        return -EBADF;
}

static inline char *mount_at(const char *device, const char *type, const char *options)
{
        char *dir = keep(xasprintf("%s/mnt-%s", top, type));

        mkdir(dir, 0755);
        if (mount(device, dir, type, 0, options) < 0) {
                print_message("# the kernel does not mount %s: %s\n", type, strerror(errno));
                skip();
        }
        return dir;
}
