#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include "base/fdio.h"
#include "base/str.h"
#include "volume/resolve.h"

/*
 * TOP/secret and TOP/outside/ lie outside; TOP/root is the root. A file's bytes are its own path,
 * so that a row can say which file it must be.
 */
static char *top;
static int root_fd = -EBADF;

static void add_file(const char *path)
{
        unit_write_text(top, path, path);
}

static void add_link(const char *path, const char *text)
{
        cleanup_free char *full = xasprintf("%s/root/%s", top, path);

        assert_int_equal(symlink(text, full), 0);
}

static void add_chain(const char *name, unsigned links)
{
        for (unsigned i = 1; i <= links; i++) {
                cleanup_free char *path = xasprintf("%s%u", name, i);
                cleanup_free char *text = i == 1 ? xstrdup("etc/fstab")
                                                 : xasprintf("%s%u", name, i - 1);

                add_link(path, text);
        }
}

static int setup(void **state _unused_)
{
        cleanup_free char *root = NULL, *secret = NULL;

        top = unit_temp_dir();
        add_file("secret");
        add_file("outside/file");
        add_file("root/etc/fstab");
        add_file("root/etc/d/x");
        add_file("root/usr/lib/os-release");
        add_link("up", "../secret");
        add_link("far-up", "../../../../../../../../../../../../etc/fstab");
        add_link("etc/out", "../../outside");
        add_link("absolute", "/etc/fstab");
        add_link("etc/shadow", "/etc/shadow-of-the-host");
        add_link("self", "self");
        add_link("ping", "pong");
        add_link("pong", "/ping");
        add_link("dangling", "/no/such");
        add_link("dir", "/etc/d");
        add_link("etc/os-release", "../usr/lib/os-release");
        add_link("slash", "etc/fstab/");
        add_link("root", "/");
        add_link("dotdot", "etc/d/../../../..");
        add_chain("link", RESOLVE_LINKS_MAX + 1);
        secret = xasprintf("%s/secret", top);
        add_link("host-path", secret);
        root = xasprintf("%s/root", top);
        root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
        assert_true(root_fd >= 0);
        return 0;
}

static int teardown(void **state _unused_)
{
        close(root_fd);
        unit_remove_tree(top);
        return 0;
}

/* 255 and 256 bytes */
#define A16  "aaaaaaaaaaaaaaaa"
#define A240 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16 A16

static const struct {
        const char *name, *path;
        int flags;
        int error;        /* or 0 */
        const char *file; /* which file it is; NULL: the root directory; "l": the link itself */
} rows[] = {
        { "plain", "/etc/fstab", O_RDONLY, 0, "root/etc/fstab" },
        { "without the first slash", "etc/fstab", O_RDONLY, 0, "root/etc/fstab" },
        { "many slashes", "///etc////fstab", O_RDONLY, 0, "root/etc/fstab" },
        { "dots", "/./etc/./d/.././fstab", O_RDONLY, 0, "root/etc/fstab" },
        { "the root", "/", O_PATH, 0, NULL },
        { "dot", ".", O_PATH, 0, NULL },
        { "above the root", "/../../..", O_PATH, 0, NULL },
        { "above and back", "/../../etc/fstab", O_RDONLY, 0, "root/etc/fstab" },
        { "empty", "", O_PATH, -ENOENT, NULL },
        { "absent", "/etc/mtab", O_RDONLY, -ENOENT, NULL },
        { "absent directory", "/var/log/x", O_RDONLY, -ENOENT, NULL },
        { "absolute link", "/absolute", O_RDONLY, 0, "root/etc/fstab" },
        { "relative link", "/etc/os-release", O_RDONLY, 0, "root/usr/lib/os-release" },
        { "link to a directory", "/dir/x", O_RDONLY, 0, "root/etc/d/x" },
        { "link to the root", "/root/root/etc/fstab", O_RDONLY, 0, "root/etc/fstab" },
        { "link above the root", "/up", O_RDONLY, -ENOENT, NULL },
        { "link far above the root", "/far-up", O_RDONLY, 0, "root/etc/fstab" },
        { "link to a directory outside", "/etc/out/file", O_RDONLY, -ENOENT, NULL },
        { "link to a path of the host", "/host-path", O_RDONLY, -ENOENT, NULL },
        { "link with .. inside", "/dotdot", O_PATH, 0, NULL },
        { "absolute link to nothing", "/etc/shadow", O_RDONLY, -ENOENT, NULL },
        { "dangling", "/dangling", O_RDONLY, -ENOENT, NULL },
        { "dangling, kept", "/dangling", O_PATH | O_NOFOLLOW, 0, "l" },
        { "link kept", "/absolute", O_PATH | O_NOFOLLOW, 0, "l" },
        { "only the last link is kept", "/dir/x", O_PATH | O_NOFOLLOW, 0, "root/etc/d/x" },
        { "slash after a link follows it", "/root/", O_PATH | O_NOFOLLOW, 0, NULL },
        { "link read without following", "/absolute", O_RDONLY | O_NOFOLLOW, -ELOOP, NULL },
        { "link to itself", "/self", O_RDONLY, -ELOOP, NULL },
        { "two links in a circle", "/ping", O_RDONLY, -ELOOP, NULL },
        { "circle on the way", "/ping/x", O_RDONLY, -ELOOP, NULL },
        { "as many links as the kernel", "/link40", O_RDONLY, 0, "root/etc/fstab" },
        { "one link more", "/link41", O_RDONLY, -ELOOP, NULL },
        { "path through a file", "/etc/fstab/x", O_RDONLY, -ENOTDIR, NULL },
        { "dot below a file", "/etc/fstab/.", O_PATH, -ENOTDIR, NULL },
        { "dotdot below a file", "/etc/fstab/..", O_PATH, -ENOTDIR, NULL },
        { "slash after a file", "/etc/fstab/", O_RDONLY, -ENOTDIR, NULL },
        { "link that ends in a slash", "/slash", O_RDONLY, -ENOTDIR, NULL },
        { "a directory wanted", "/etc/fstab", O_RDONLY | O_DIRECTORY, -ENOTDIR, NULL },
        { "longest name", "/" A240 "aaaaaaaaaaaaaaa", O_RDONLY, -ENOENT, NULL },
        { "name too long", "/" A240 A16, O_RDONLY, -ENAMETOOLONG, NULL },
};

static void check_same(int fd, int flags, const char *file)
{
        cleanup_blob struct blob text = { 0 };
        cleanup_free char *full = NULL;
        struct stat st, want;

        assert_int_equal(fstat(fd, &st), 0);
        if (streq(file, "l")) {
                assert_true(S_ISLNK(st.st_mode));
                return;
        }
        full = xasprintf("%s/%s", top, file ? file : "root");
        assert_int_equal(stat(full, &want), 0);
        assert_true(st.st_dev == want.st_dev && st.st_ino == want.st_ino);
        if (!(flags & O_PATH)) {
                assert_int_equal(fd_read_all(fd, 4096, &text), 0);
                assert_string_equal(text.data, file);
        }
}

static void run_table(int (*road)(int, const char *, int))
{
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_fd int fd = -EBADF;

                print_message("# %s\n", rows[i].name);
                fd = road(root_fd, rows[i].path, rows[i].flags);
                if (rows[i].error) {
                        assert_int_equal(fd, rows[i].error);
                        continue;
                }
                assert_true(fd >= 0);
                assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
                check_same(fd, rows[i].flags, rows[i].file);
        }
}

/* Why openat2 cannot be had here, or 0. */
static int openat2_refused(void)
{
        cleanup_fd int fd = resolve_by_openat2(root_fd, "/", O_PATH);

        return fd < 0 ? fd : 0;
}

static void test_openat2(void **state _unused_)
{
        if (getenv("XEN2NITRO_EXPECT_NO_OPENAT2"))
                return; /* test_refusal looks at that; a skip would say that something is amiss */
        if (openat2_refused()) {
                print_message("# the kernel refuses openat2\n");
                skip();
        }
        run_table(resolve_by_openat2);
}

static void test_walk(void **state _unused_)
{
        run_table(resolve_by_walk);
}

static void test_either(void **state _unused_)
{
        run_table(resolve_path);
}

/* Under tests/tools/no-openat2 the call is refused indeed; that target tests something. */
static void test_refusal(void **state _unused_)
{
        if (getenv("XEN2NITRO_EXPECT_NO_OPENAT2"))
                assert_int_equal(openat2_refused(), -ENOSYS);
}

static unsigned count_fds(void)
{
        DIR *dir = opendir("/proc/self/fd");
        unsigned n = 0;

        if (!dir)
                return 0;
        while (readdir(dir))
                n++;
        closedir(dir);
        return n;
}

static void test_walk_leaks_no_fd(void **state _unused_)
{
        unsigned before = count_fds();

        run_table(resolve_by_walk);
        assert_int_equal(count_fds(), before);
}

/* deep/d/d/.../f, `directories` of them above the file. */
static char *add_deep(unsigned directories)
{
        cleanup_buf struct buf path = { 0 };

        buf_puts(&path, "root/deep");
        for (unsigned i = 1; i < directories; i++)
                buf_puts(&path, "/d");
        buf_puts(&path, "/f");
        add_file(path.data);
        return xstrdup(path.data + strlen("root"));
}

static void test_walk_depth(void **state _unused_)
{
        cleanup_free char *over = add_deep(RESOLVE_DEPTH_MAX + 1), *just = NULL;
        cleanup_fd int fd = -EBADF;

        assert_int_equal(resolve_by_walk(root_fd, over, O_PATH), -ENAMETOOLONG);
        just = xasprintf("%.*s", (int)(strlen(over) - strlen("/d/f")), over);
        fd = resolve_by_walk(root_fd, just, O_PATH);
        assert_true(fd >= 0);
}

static const struct {
        const char *name, *path;
        int r;
        const char *real;
} real_rows[] = {
        { "plain", "/etc/fstab", 1, "/etc/fstab" },
        { "dots and slashes", ".//etc/d/.././fstab", 1, "/etc/fstab" },
        { "a directory", "/etc/d", 1, "/etc/d" },
        { "slash behind a directory", "/etc/d/", 1, "/etc/d" },
        { "the root", "/", 1, "/" },
        { "above the root", "../..", 1, "/" },
        { "a file in the root", "/absolute", 1, "/etc/fstab" },
        { "relative link", "/etc/os-release", 1, "/usr/lib/os-release" },
        { "link to a directory on the way", "/dir/x", 1, "/etc/d/x" },
        { "back over a link", "/dir/../fstab", 1, "/etc/fstab" },
        { "link to the root", "/root/root/dir/x", 1, "/etc/d/x" },
        { "link far above the root", "/far-up", 1, "/etc/fstab" },
        { "link with .. inside", "/dotdot", 1, "/" },
        { "absent", "/etc/mtab", 0, "/etc/mtab" },
        { "absent below a link", "/dir/new", 0, "/etc/d/new" },
        { "absent in the root", "/new", 0, "/new" },
        { "dangling link", "/etc/shadow", 0, "/etc/shadow-of-the-host" },
        { "link above the root", "/up", 0, "/secret" },
        { "absent directory", "/no/such/file", -ENOENT, NULL },
        { "absent, and a slash", "/etc/new/", -ENOENT, NULL },
        { "dangling by a directory", "/dangling", -ENOENT, NULL },
        { "link to a directory outside", "/etc/out/file", -ENOENT, NULL },
        { "empty", "", -ENOENT, NULL },
        { "circle", "/ping", -ELOOP, NULL },
        { "path through a file", "/etc/fstab/x", -ENOTDIR, NULL },
        { "name too long", "/" A240 A16, -ENAMETOOLONG, NULL },
};

static void test_real_path(void **state _unused_)
{
        unsigned before = count_fds();

        for (size_t i = 0; i < ARRAY_SIZE(real_rows); i++) {
                cleanup_free char *real = NULL;

                print_message("# %s\n", real_rows[i].name);
                assert_int_equal(resolve_real_path(root_fd, real_rows[i].path, &real),
                                 real_rows[i].r);
                if (real_rows[i].real)
                        assert_string_equal(real, real_rows[i].real);
                else
                        assert_null(real);
        }
        assert_int_equal(count_fds(), before);
}

/* As long as the kernel takes it, and one byte more. */
static void test_walk_length(void **state _unused_)
{
        cleanup_buf struct buf path = { 0 };
        cleanup_fd int fd = -EBADF;

        while (path.len < PATH_MAX - 2)
                buf_puts(&path, "./");
        buf_puts(&path, "/");
        assert_int_equal(path.len, PATH_MAX - 1);
        fd = resolve_by_walk(root_fd, path.data, O_PATH);
        assert_true(fd >= 0);
        buf_puts(&path, "/");
        assert_int_equal(resolve_by_walk(root_fd, path.data, O_PATH), -ENAMETOOLONG);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_refusal),     cmocka_unit_test(test_openat2),
                cmocka_unit_test(test_walk),        cmocka_unit_test(test_either),
                cmocka_unit_test(test_real_path),   cmocka_unit_test(test_walk_depth),
                cmocka_unit_test(test_walk_length), cmocka_unit_test(test_walk_leaks_no_fd),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
