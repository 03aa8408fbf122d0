/* A volume with planned files on top shows what the same volume shows once they are written. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>

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

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_as_if_written, setup, teardown),
                cmocka_unit_test_setup_teardown(test_descriptors, setup, teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
