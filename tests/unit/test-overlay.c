/* A volume with planned files on top shows what the same volume shows once they are written. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fdio.h"
#include "volume/overlay.h"
#include "volume/volume.h"

static char *dir;

static void make_link(const char *target, const char *path)
{
        cleanup_free char *full = xasprintf("%s/%s", dir, path);

        assert_int_equal(symlink(target, full), 0);
}

static int setup(void **state _unused_)
{
        dir = unit_temp_dir();
        unit_write_text(dir, "etc/fstab", "old\n");
        unit_write_text(dir, "etc/other", "other\n");
        unit_write_text(dir, "boot/image", "image");
        make_link("fstab", "etc/relative");
        make_link("/etc/fstab", "absolute");
        make_link("/etc", "dir");
        make_link("/etc/new", "dangling");
        make_link("loop", "loop");
        return 0;
}

static int teardown(void **state _unused_)
{
        unit_remove_tree(dir);
        return 0;
}

/* Everything that the volume says of a path, as text. */
static char *describe(const struct volume *v, const char *path)
{
        cleanup_blob struct blob bytes = { 0 };
        cleanup_strv struct strv names = { 0 };
        cleanup_free char *link = NULL, *real = NULL;
        struct err err = { 0 };
        struct stat st = { 0 };
        struct buf out = { 0 };
        int r;

        r = volume_read(v, path, 100, &bytes, &err);
        buf_printf(&out, "read %d %s %s\n", r, r > 0 ? bytes.data : "", err.text);
        r = volume_stat(v, path, &st, &err);
        buf_printf(&out, "stat %d %o %lld %d\n", r, st.st_mode,
                   S_ISREG(st.st_mode) ? (long long)st.st_size : 0, st.st_nlink == 1);
        r = volume_readlink(v, path, &link, &err);
        buf_printf(&out, "link %d %s\n", r, link ? link : "");
        r = volume_real_path(v, path, &real, &err);
        buf_printf(&out, "real %d %s\n", r, real ? real : "");
        r = volume_list(v, path, &names, &err);
        buf_printf(&out, "list %d %s", r, r < 0 ? err.text : "");
        for (size_t i = 0; i < names.n; i++)
                buf_printf(&out, " %s", names.v[i]);
        return buf_take(&out);
}

static const char *const paths[] = { "/etc/fstab",    "etc//../etc/fstab",
                                     "/etc/relative", "/absolute",
                                     "/dir/fstab",    "/etc/new",
                                     "/dir/new",      "/dangling",
                                     "/etc/none",     "/no/dir",
                                     "/boot/image",   "/boot/image/x",
                                     "/etc",          "/dir",
                                     "/boot",         "/",
                                     "/loop",         "/etc/other" };

static void test_as_if_written(void **state _unused_)
{
        cleanup_overlay struct overlay overlay = { 0 };
        cleanup_volume struct volume *below = NULL, *over = NULL;
        char *planned[ARRAY_SIZE(paths)];

        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &below, NULL), 0);
        over = volume_over(below, &overlay);
        overlay_put(&overlay, "/etc/fstab")->bytes = SPAN("new fstab\n");
        overlay_put(&overlay, "/etc/new")->bytes = SPAN("new file\n");
        overlay_put(&overlay, "/etc/new")->mode = 0644;
        *overlay_put(&overlay, "/boot/image") =
                (struct overlay_file){ .path = overlay_put(&overlay, "/boot/image")->path,
                                       .bytes = SPAN("+more"),
                                       .append = true };
        for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
                planned[i] = describe(over, paths[i]);

        unit_write_text(dir, "etc/fstab", "new fstab\n");
        unit_write_text(dir, "etc/new", "new file\n");
        unit_write_text(dir, "boot/image", "image+more");
        for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
                cleanup_free char *written = describe(below, paths[i]);

                print_message("# %s\n", paths[i]);
                assert_string_equal(planned[i], written);
                free(planned[i]);
        }
}

/* A descriptor stands for what was planned when it was opened, and each has a position of its own.
 */
static void test_descriptors(void **state _unused_)
{
        cleanup_overlay struct overlay overlay = { 0 };
        cleanup_volume struct volume *below = NULL, *over = NULL;
        cleanup_fd int first = -EBADF, second = -EBADF;
        struct stat st;
        char text[8] = "";

        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &below, NULL), 0);
        over = volume_over(below, &overlay);
        overlay_put(&overlay, "/etc/fstab")->bytes = SPAN("one");
        first = volume_open_file(over, "/etc/fstab", &st, NULL);
        overlay_put(&overlay, "/etc/fstab")->bytes = SPAN("second");
        second = volume_open_file(over, "/etc/fstab", &st, NULL);
        assert_int_equal(st.st_size, 6);
        assert_int_equal(fd_read_full(second, text, 6), 6);
        assert_string_equal(text, "second");
        memset(text, 0, sizeof(text));
        assert_int_equal(fd_read_full(first, text, 6), 3);
        assert_string_equal(text, "one");
        assert_int_equal(fcntl(first, F_GETFD), FD_CLOEXEC);
}

/* From here on the kernel has no memfd_create(2), as before 3.17. */
static bool refuse_memfd(void)
{
        struct sock_filter code[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the number of the call */
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_create, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = { ARRAY_SIZE(code), code };

        return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
               prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0 &&
               syscall(SYS_memfd_create, "x", 0) < 0 && errno == ENOSYS;
}

/* 0, or what is wrong with a file that is laid out without it. */
static int look_without_memfd(void)
{
        cleanup_overlay struct overlay overlay = { 0 };
        cleanup_volume struct volume *below = NULL, *over = NULL;
        cleanup_fd int fd = -EBADF;
        char text[16] = "";
        struct stat st;

        if (!refuse_memfd())
                return 1;
        if (volume_open(dir, VOLUME_OFFLINE, &below, NULL) < 0)
                return 2;
        over = volume_over(below, &overlay);
        *overlay_put(&overlay, "/boot/image") =
                (struct overlay_file){ .path = overlay_put(&overlay, "/boot/image")->path,
                                       .bytes = SPAN("+more"),
                                       .append = true };
        fd = volume_open_file(over, "/boot/image", &st, NULL);
        if (fd < 0 || fd_read_full(fd, text, sizeof(text)) != 10 || !streq(text, "image+more"))
                return 3;
        /* It has no name that could be left behind. */
        return fstat(fd, &st) < 0 || st.st_nlink != 0 ? 4 : 0;
}

static void test_without_memfd(void **state _unused_)
{
        pid_t pid = fork();
        int status = 0;

        if (pid == 0)
                _exit(look_without_memfd());
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_as_if_written, setup, teardown),
                cmocka_unit_test_setup_teardown(test_descriptors, setup, teardown),
                cmocka_unit_test_setup_teardown(test_without_memfd, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
