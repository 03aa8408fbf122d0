#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/fdio.h"
#include "volume/volume.h"

static char *top;
static struct volume *volume;

static char *in_root(const char *path)
{
        return xasprintf("%s/root%s", top, path);
}

static void add_sparse(const char *path, off_t size)
{
        cleanup_free char *full = in_root(path);
        cleanup_fd int fd = open(full, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

        assert_true(fd >= 0);
        assert_int_equal(ftruncate(fd, size), 0);
}

static void add_socket(const char *path)
{
        cleanup_free char *full = in_root(path);
        cleanup_fd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        struct sockaddr_un address = { .sun_family = AF_UNIX };

        assert_true(snprintf(address.sun_path, sizeof(address.sun_path), "%s", full) <
                    (int)sizeof(address.sun_path));
        assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

static void add_link(const char *path, const char *text)
{
        cleanup_free char *full = in_root(path);

        assert_int_equal(symlink(text, full), 0);
}

static int setup(void **state _unused_)
{
        cleanup_free char *root = NULL, *fifo = NULL;
        struct err err = { 0 };

        top = unit_temp_dir();
        unit_write_text(top, "secret", "secret");
        unit_write_text(top, "root/etc/fstab", "LABEL=root / ext4\n");
        unit_write(top, "root/etc/nul", "a\0b\0", 4);
        unit_write_text(top, "root/etc/empty", "");
        unit_write_text(top, "root/list/b", "");
        unit_write_text(top, "root/list/a", "");
        unit_write_text(top, "root/list/\xff", "");
        unit_write_text(top, "root/list/.hidden", "");
        unit_write_text(top, "root/none/x/y", "");
        add_sparse("/etc/huge", (off_t)3 << 30);
        add_sparse("/etc/just", 4096);
        add_sparse("/etc/over", 4097);
        fifo = in_root("/etc/fifo");
        assert_int_equal(mkfifo(fifo, 0644), 0);
        add_socket("/etc/socket");
        add_link("/etc/out", "../../secret");
        add_link("/etc/shadow", "/etc/passwd");
        add_link("/etc/loop", "loop");
        add_link("/etc/masked", "/dev/null");
        add_link("/etc/to-fifo", "fifo");
        root = in_root("");
        assert_int_equal(volume_open(root, VOLUME_OFFLINE, &volume, &err), 0);
        return 0;
}

static int teardown(void **state _unused_)
{
        volume_free(volume);
        unit_remove_tree(top);
        return 0;
}

static void test_open(void **state _unused_)
{
        cleanup_free char *root = in_root(""), *file = in_root("/etc/fstab"),
                          *absent = in_root("/absent"), *want = NULL, *want_file = NULL;
        struct volume *v = NULL;
        struct err err = { 0 };

        assert_string_equal(volume_path(volume), root);
        assert_int_equal(volume_mode(volume), VOLUME_OFFLINE);
        want = xasprintf("%s: No such file or directory", absent);
        assert_int_equal(volume_open(absent, VOLUME_OFFLINE, &v, &err), -ENOENT);
        assert_string_equal(err.text, want);
        want_file = xasprintf("%s: Not a directory", file);
        assert_int_equal(volume_open(file, VOLUME_OFFLINE, &v, &err), -ENOTDIR);
        assert_string_equal(err.text, want_file);
        assert_null(v);
        volume_free(NULL);
}

#define A16  "aaaaaaaaaaaaaaaa"
#define A256 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16

static void test_read(void **state _unused_)
{
        static const struct {
                const char *name, *path;
                int code;
                struct span text; /* what is read, or what the error says */
        } rows[] = {
                { "plain", "/etc/fstab", 1, SPAN("LABEL=root / ext4\n") },
                { "NUL bytes", "/etc/nul", 1, SPAN("a\0b\0") },
                { "empty", "/etc/empty", 1, SPAN("") },
                { "absent", "/etc/mtab", 0, SPAN("") },
                { "link out of the root", "/etc/out", 0, SPAN("") },
                { "link to what the host has", "/etc/shadow", 0, SPAN("") },
                { "link to a device that is not there", "/etc/masked", 0, SPAN("") },
                { "over the cap", "/etc/over", -EFBIG,
                  SPAN("/etc/over: larger than 4096 bytes; not read") },
                { "3 GB of nothing", "/etc/huge", -EFBIG,
                  SPAN("/etc/huge: larger than 4096 bytes; not read") },
                { "FIFO", "/etc/fifo", -EINVAL, SPAN("/etc/fifo: a FIFO, not a file; not read") },
                { "link to a FIFO", "/etc/to-fifo", -EINVAL,
                  SPAN("/etc/to-fifo: a FIFO, not a file; not read") },
                { "socket", "/etc/socket", -EINVAL,
                  SPAN("/etc/socket: a socket, not a file; not read") },
                { "directory", "/etc", -EISDIR, SPAN("/etc: a directory, not a file; not read") },
                { "the root", "/", -EISDIR, SPAN("/: a directory, not a file; not read") },
                { "loop", "/etc/loop", -ELOOP,
                  SPAN("/etc/loop: a loop of links, or too many of them; not read") },
                { "through a file", "/etc/fstab/x", -ENOTDIR,
                  SPAN("/etc/fstab/x: something on the way is not a directory; not read") },
                { "long name", "/etc/" A256, -ENAMETOOLONG,
                  SPAN("/etc/" A256 ": a name on the way is longer than any file's; not read") },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_blob struct blob text = { 0 };
                struct err err = { 0 };

                print_message("# %s\n", rows[i].name);
                assert_int_equal(volume_read(volume, rows[i].path, 4096, &text, &err),
                                 rows[i].code);
                if (rows[i].code < 0) {
                        assert_int_equal(err.code, rows[i].code);
                        assert_string_equal(err.text, rows[i].text.data);
                        assert_null(text.data);
                        continue;
                }
                assert_int_equal(err.code, 0);
                assert_int_equal(text.len, rows[i].text.len);
                if (text.len)
                        assert_memory_equal(text.data, rows[i].text.data, text.len);
        }
}

static void test_read_to_the_cap(void **state _unused_)
{
        cleanup_blob struct blob text = { 0 };

        assert_int_equal(volume_read(volume, "/etc/just", 4096, &text, NULL), 1);
        assert_int_equal(text.len, 4096);
}

static void test_read_needs_permission(void **state _unused_)
{
        cleanup_free char *full = NULL;
        cleanup_blob struct blob text = { 0 };
        struct err err = { 0 };
        uid_t user = geteuid();
        int r;

        full = in_root("/etc/private");
        unit_write_text(top, "root/etc/private", "x");
        assert_int_equal(chmod(full, 0), 0);
        if (user == 0) /* who may read everything */
                assert_int_equal(seteuid(65534), 0);
        r = volume_read(volume, "/etc/private", 4096, &text, &err);
        assert_int_equal(seteuid(user), 0);
        assert_int_equal(r, -EACCES);
        assert_string_equal(err.text, "/etc/private: permission denied; run as root to read it");
}

static void test_device(void **state _unused_)
{
        char *full = in_root("/etc/device");
        cleanup_blob struct blob text = { 0 };
        struct err err = { 0 };
        int r = mknod(full, S_IFCHR | 0644, makedev(1, 5));

        free(full);
        if (r < 0) {
                print_message("# no right to make a device\n");
                skip();
        }
        assert_int_equal(volume_read(volume, "/etc/device", 4096, &text, &err), -EINVAL);
        assert_string_equal(err.text, "/etc/device: a character device, not a file; not read");
}

/* Files there say that they are empty. */
static void test_proc(void **state _unused_)
{
        _cleanup_(volume_freep) struct volume *host = NULL;
        cleanup_blob struct blob text = { 0 };

        assert_int_equal(volume_open("/", VOLUME_LIVE, &host, NULL), 0);
        assert_int_equal(volume_mode(host), VOLUME_LIVE);
        if (volume_read(host, "/proc/self/status", 1 << 20, &text, NULL) == 0) {
                print_message("# no /proc\n");
                skip();
        }
        assert_true(text.len > 5 && memcmp(text.data, "Name:", 5) == 0);
        assert_int_equal(volume_read(host, "/proc/self/status", 16, &text, NULL), -EFBIG);
}

/* In a mount namespace whose /proc is an empty tmpfs. 0: as it should be, 1: not, 77: cannot. */
static int read_without_proc(void)
{
        cleanup_blob struct blob text = { 0 };
        struct err err = { 0 };

        if (unshare(CLONE_NEWNS) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
                return 77;
        if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("none", "/proc", "tmpfs", 0, NULL) < 0)
                return 77;
        if (access("/proc/self", F_OK) == 0)
                return 1;
        if (volume_read(volume, "/etc/fstab", 4096, &text, &err) != 1 ||
            !span_eq(blob_span(&text), "LABEL=root / ext4\n"))
                return 1;
        return volume_read(volume, "/etc/fifo", 4096, &text, &err) == -EINVAL ? 0 : 1;
}

static void test_without_proc(void **state _unused_)
{
        pid_t pid = fork();
        int status;

        if (pid == 0)
                _exit(read_without_proc());
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) == 77) {
                print_message("# no right to make a mount namespace\n");
                skip();
        }
        assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_open_file(void **state _unused_)
{
        cleanup_blob struct blob text = { 0 };
        cleanup_fd int fd = -EBADF;
        struct err err = { 0 };
        struct stat st;

        fd = volume_open_file(volume, "/etc/fstab", &st, &err);
        assert_true(fd >= 0);
        assert_int_equal(st.st_size, 18);
        assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
        assert_int_equal(fd_read_all(fd, 4096, &text), 0);
        assert_string_equal(text.data, "LABEL=root / ext4\n");
        assert_int_equal(volume_open_file(volume, "/etc/mtab", &st, &err), -ENOENT);
        assert_int_equal(err.code, 0);
}

static void test_list(void **state _unused_)
{
        cleanup_strv struct strv names = { 0 }, none = { 0 };
        struct err err = { 0 };

        assert_int_equal(volume_list(volume, "/list", &names, &err), 1);
        assert_int_equal(names.n, 4);
        assert_string_equal(names.v[0], ".hidden");
        assert_string_equal(names.v[1], "a");
        assert_string_equal(names.v[2], "b");
        assert_string_equal(names.v[3], "\xff");
        assert_int_equal(volume_list(volume, "/absent", &none, &err), 0);
        assert_int_equal(err.code, 0);
        assert_int_equal(volume_list(volume, "/etc/fifo", &none, &err), -ENOTDIR);
        assert_string_equal(err.text, "/etc/fifo: a FIFO, not a directory; not read");
        assert_int_equal(volume_list(volume, "/etc/fstab/x", &none, &err), -ENOTDIR);
        assert_string_equal(err.text,
                            "/etc/fstab/x: something on the way is not a directory; not read");
        assert_null(none.v);
}

static void test_list_cap(void **state _unused_)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        unit_write_text(top, "root/many/0", "");
        for (int i = 1; i <= VOLUME_LIST_MAX; i++) {
                cleanup_free char *full = xasprintf("%s/root/many/%d", top, i);

                assert_int_equal(mknod(full, S_IFREG | 0644, 0), 0);
        }
        assert_int_equal(volume_list(volume, "/many", &names, &err), -EFBIG);
        assert_string_equal(err.text, "/many: over 20000 names; not read");
        assert_null(names.v);
}

static void test_stat(void **state _unused_)
{
        struct err err = { 0 };
        struct stat st;

        assert_int_equal(volume_stat(volume, "/etc/to-fifo", &st, &err), 1);
        assert_true(S_ISFIFO(st.st_mode));
        assert_int_equal(volume_stat(volume, "/etc/out", &st, &err), 0);
        assert_int_equal(volume_stat(volume, "/etc/loop", &st, &err), -ELOOP);
        assert_string_equal(err.text, "/etc/loop: a loop of links, or too many of them; not read");
}

static void test_readlink(void **state _unused_)
{
        cleanup_free char *text = NULL;
        struct err err = { 0 };

        assert_int_equal(volume_readlink(volume, "/etc/masked", &text, &err), 1);
        assert_string_equal(text, "/dev/null");
        assert_int_equal(volume_readlink(volume, "/etc/fstab", &text, &err), 0);
        assert_int_equal(volume_readlink(volume, "/etc/absent", &text, &err), 0);
        assert_int_equal(volume_readlink(volume, "/etc/loop/x", &text, &err), -ELOOP);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_open),
                cmocka_unit_test(test_read),
                cmocka_unit_test(test_read_to_the_cap),
                cmocka_unit_test(test_read_needs_permission),
                cmocka_unit_test(test_device),
                cmocka_unit_test(test_proc),
                cmocka_unit_test(test_without_proc),
                cmocka_unit_test(test_open_file),
                cmocka_unit_test(test_list),
                cmocka_unit_test(test_list_cap),
                cmocka_unit_test(test_stat),
                cmocka_unit_test(test_readlink),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
