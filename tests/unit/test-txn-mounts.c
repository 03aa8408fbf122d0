/* A transaction on real file systems: read-only, full, of several kinds; and tools in a chroot. */
#include "unit-loop.h"
#include "unit-txn.h"

#include <sys/statvfs.h>
#include <sys/xattr.h>

static struct txn_result result;
static struct err err;

static int apply(const struct txn_op *ops, size_t n)
{
        err = (struct err){ 0 };
        return txn_apply(volume, ops, n, &result, &err);
}

static void mount_in_root(const char *device, const char *type, const char *path,
                          const char *options)
{
        loop_or_skip();
        mkdir(at_root(path), 0755);
        if (mount(device, at_root(path), type, 0, options) < 0) {
                print_message("# the kernel does not mount %s: %s\n", type, strerror(errno));
                skip();
        }
}

static int setup(void **state)
{
        return txn_setup(state);
}

static int teardown(void **state)
{
        umount2(at_root("/boot"), MNT_DETACH);
        umount2(at_root("/etc"), MNT_DETACH);
        return txn_teardown(state);
}

static void mount_small_boot(void)
{
        mount_in_root("tmpfs", "tmpfs", "/boot", "size=256k");
        unit_write_text(root, "boot/initrd", "old image");
}

static void test_read_only(void **state _unused_)
{
        struct txn_op ops[2];

        mount_small_boot();
        ops[0] = op_write("/etc/fstab", "new\n");
        ops[1] = op_append("/boot/initrd", "more");
        assert_int_equal(mount(NULL, at_root("/boot"), NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
        assert_int_equal(apply(ops, 2), -EROFS);
        assert_string_equal(
                err.text,
                "/boot/initrd: its file system is mounted read-only; nothing was changed");
        assert_content("/etc/fstab", "/dev/xvda1 / ext4\n");
        assert_absent("/var");
}

static void test_no_room(void **state _unused_)
{
        cleanup_blob struct blob large = { xcalloc(1, 300000), 300000 };
        struct txn_op ops[2];

        mount_small_boot();
        ops[0] = op_write("/etc/fstab", "new\n");
        ops[1] = op_append("/boot/initrd", "");
        ops[1].bytes = blob_span(&large);
        assert_int_equal(apply(ops, 2), -ENOSPC);
        assert_string_equal(err.text, "/boot/initrd: its file system has 252 KiB free, 300 KiB are "
                                      "needed; nothing was changed");
        assert_content("/etc/fstab", "/dev/xvda1 / ext4\n");
        assert_absent("/var");
}

/* Old and new stand beside each other, but only one at a time: three of 60 KiB need 70 more. */
static void test_room_for_one_by_one(void **state _unused_)
{
        cleanup_blob struct blob image = { xcalloc(1, 60000), 60000 };
        static const char *const paths[] = { "/boot/1", "/boot/2", "/boot/3" };
        struct txn_op ops[3];

        mount_small_boot();
        for (size_t i = 0; i < 3; i++) {
                unit_write(root, paths[i] + 1, image.data, image.len);
                ops[i] = op_append(paths[i], "more");
                digest_of(blob_span(&image), &ops[i].before);
        }
        assert_int_equal(apply(ops, 3), 0);
        assert_int_equal(rollback(volume, NULL, &result, &err), 0);
        assert_int_equal(result.state, TXN_ROLLED_BACK);
}

/* Room goes while we are at work. */
static void test_filled_meanwhile(void **state _unused_)
{
        cleanup_strv struct strv argv = { 0 }, outputs = { 0 };
        struct txn_op ops[3];

        mount_small_boot();
        volume_free(volume);
        assert_int_equal(volume_open(root, VOLUME_LIVE, &volume, NULL), 0);
        strv_push(&argv, "/bin/sh");
        strv_push(&argv, "-c");
        strv_push_take(&argv, xasprintf("cat /dev/zero >%s/boot/filler 2>/dev/null; true", root));
        strv_push(&outputs, "/boot/initrd");
        ops[0] = op_write("/etc/fstab", "new\n");
        ops[1] = (struct txn_op){ .kind = TXN_RUN, .argv = &argv, .outputs = &outputs };
        ops[2] = op_write("/boot/new", "no room for this");
        assert_int_equal(apply(ops, 3), -ENOSPC);
        assert_string_equal(err.text, "/boot/new: cannot write: No space left on device; all that "
                                      "was done is undone");
        assert_int_equal(result.state, TXN_ROLLED_BACK);
        assert_content("/etc/fstab", "/dev/xvda1 / ext4\n");
        assert_absent("/boot/new");
        assert_tidy();
}

static void assert_xattr(const char *path, const char *name, const void *value, size_t len)
{
        char got[256];

        assert_int_equal(getxattr(at_root(path), name, got, sizeof(got)), len);
        assert_memory_equal(got, value, len);
}

/* An access list of: user rw, user 7 r, group r, mask r, others none. */
static const unsigned char acl[] = { 2,   0,   0,   0,   1,   0,   6,  0,   255, 255, 255,
                                     255, 2,   0,   4,   0,   7,   0,  0,   0,   4,   0,
                                     4,   0,   255, 255, 255, 255, 16, 0,   4,   0,   255,
                                     255, 255, 255, 32,  0,   0,   0,  255, 255, 255, 255 };
#define CAPS      "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0" /* cap_net_bind_service, revision 2 */
#define LABEL     "system_u:object_r:etc_t:s0"
#define DIR_LABEL "system_u:object_r:modules_conf_t:s0"

static void test_ext4(void **state _unused_)
{
        char *name, *image;
        struct txn_op ops[3];
        struct stat st;
        cleanup_fd int fd = -EBADF;

        loop_or_skip();
        image = make_image("ext4", 8 * MIB);
        RUN("mkfs.ext4", "-q", "-F", image);
        fd = attach(image, 0, 0, &name);
        mount_in_root(name, "ext4", "/etc", NULL);
        unit_write_text(root, "etc/fstab", "old\n");
        assert_int_equal(mkdir(at_root("/etc/modprobe.d"), 0755), 0);
        assert_int_equal(chown(at_root("/etc/fstab"), 12, 34), 0);
        assert_int_equal(chmod(at_root("/etc/fstab"), 0640), 0);
        assert_int_equal(
                setxattr(at_root("/etc/fstab"), "security.capability", CAPS, sizeof(CAPS) - 1, 0),
                0);
        assert_int_equal(
                setxattr(at_root("/etc/fstab"), "system.posix_acl_access", acl, sizeof(acl), 0), 0);
        if (setxattr(at_root("/etc/fstab"), "security.selinux", LABEL, sizeof(LABEL), 0) < 0 ||
            setxattr(at_root("/etc/modprobe.d"), "security.selinux", DIR_LABEL, sizeof(DIR_LABEL),
                     0) < 0)
                skip_because("labels cannot be set here");
        ops[0] = op_write("/etc/fstab", "new\n");
        ops[1] = op_write("/etc/modprobe.d/x.conf", "new\n");
        ops[2] = op_write("/etc/modprobe.d/more/y.conf", "new\n");
        assert_int_equal(apply(ops, 3), 0);
        for (int undone = 0; undone < 2; undone++) {
                assert_content("/etc/fstab", undone ? "old\n" : "new\n");
                assert_int_equal(stat(at_root("/etc/fstab"), &st), 0);
                assert_int_equal(st.st_uid, 12);
                assert_int_equal(st.st_gid, 34);
                assert_int_equal(st.st_mode & 07777, 0640);
                assert_xattr("/etc/fstab", "system.posix_acl_access", acl, sizeof(acl));
                assert_xattr("/etc/fstab", "security.selinux", LABEL, sizeof(LABEL));
                assert_xattr("/etc/fstab", "security.capability", CAPS, sizeof(CAPS) - 1);
                if (undone)
                        break;
                assert_xattr("/etc/modprobe.d/x.conf", "security.selinux", DIR_LABEL,
                             sizeof(DIR_LABEL));
                assert_xattr("/etc/modprobe.d/more", "security.selinux", DIR_LABEL,
                             sizeof(DIR_LABEL));
                assert_xattr("/etc/modprobe.d/more/y.conf", "security.selinux", DIR_LABEL,
                             sizeof(DIR_LABEL));
                assert_int_equal(rollback(volume, NULL, &result, &err), 0);
        }
        assert_absent("/etc/modprobe.d/more");
}

/* ---- a directory that is replaced while we are at work ----------------------------------------
 */

static const struct {
        const char *name, *script;
} replaced[] = {
        { "by another directory", "mv etc gone; mkdir etc; cp -p gone/fstab etc" },
        { "by a link to the outside", "mv etc gone; ln -s ../outside etc" },
        { "a file, by a link to the outside", "rm etc/fstab; ln -s ../../outside/fstab etc/fstab" },
        { "a file, by another", "echo mine >etc/fstab" },
};

static void test_replaced_meanwhile(void **state)
{
        for (size_t i = 0; i < ARRAY_SIZE(replaced); i++) {
                cleanup_strv struct strv argv = { 0 };
                cleanup_free char *inner = NULL, *outside = NULL;
                cleanup_fd int fd = -EBADF;
                cleanup_blob struct blob now = { 0 };
                struct txn_op ops[2];

                print_message("# %s\n", replaced[i].name);
                /* The volume is a directory lower, so that "outside" is in the scratch directory.
                 */
                unit_write_text(root, "outside/fstab", "untouched");
                unit_write_text(root, "inner/etc/fstab", "old\n");
                inner = xasprintf("%s/inner", root);
                outside = xasprintf("%s/outside/fstab", root);
                volume_free(volume);
                assert_int_equal(volume_open(inner, VOLUME_LIVE, &volume, NULL), 0);
                strv_push(&argv, "/bin/sh");
                strv_push(&argv, "-c");
                strv_push_take(&argv, xasprintf("cd %s && %s", inner, replaced[i].script));
                ops[0] = (struct txn_op){ .kind = TXN_RUN, .argv = &argv };
                ops[1] = (struct txn_op){ .kind = TXN_WRITE,
                                          .path = "/etc/fstab",
                                          .existed = true,
                                          .bytes = SPAN("new\n") };
                digest_of(SPAN("old\n"), &ops[1].before);
                assert_true(apply(ops, 2) < 0);
                fd = open(outside, O_RDONLY | O_CLOEXEC);
                assert_int_equal(fd_read_all(fd, 100, &now), 0);
                assert_string_equal(now.data, "untouched");
                assert_string_not_equal(
                        content("/inner/gone/fstab") ? content("/inner/gone/fstab") : "", "new\n");
                assert_tidy();
                txn_teardown(state);
                txn_setup(state);
        }
}

/* ---- a chroot ---------------------------------------------------------------------------------
 */

/* /bin/sh and what it is linked with. */
static bool copy_shell(void)
{
        FILE *f = popen("ldd /bin/sh | grep -o '/[^ ]*'; echo /bin/sh", "r");
        char line[4096];

        while (f && fgets(line, sizeof(line), f)) {
                cleanup_blob struct blob file = { 0 };
                cleanup_fd int fd = -EBADF;

                line[strcspn(line, "\n")] = '\0';
                fd = open(line, O_RDONLY | O_CLOEXEC);
                if (fd < 0 || fd_read_all(fd, 64 * MIB, &file) < 0)
                        return false;
                umask(022);
                unit_write(root, line + 1, file.data, file.len);
                assert_int_equal(chmod(at_root(line), 0755), 0);
        }
        return f && pclose(f) == 0;
}

static void test_chroot(void **state _unused_)
{
        cleanup_strv struct strv argv = { 0 }, outputs = { 0 };
        struct txn_op op;

        loop_or_skip();
        if (!copy_shell())
                skip_because("no shell to copy");
        mkdir(at_root("/dev"), 0755);
        mkdir(at_root("/proc"), 0755);
        mkdir(at_root("/sys"), 0755);
        strv_push(&argv, "/bin/sh");
        strv_push(&argv, "-c");
        strv_push(&argv, "[ -c /dev/null ] && [ -d /proc/1 ] && [ -d /sys/kernel ] && "
                         "[ -e /boot/initrd ] && echo new >/boot/initrd && echo $$ >/boot/pid");
        strv_push(&outputs, "/boot/initrd");
        strv_push(&outputs, "/boot/pid");
        op = (struct txn_op){
                .kind = TXN_RUN, .argv = &argv, .outputs = &outputs, .chroot = true, .timeout_s = 20
        };
        if (apply(&op, 1) < 0)
                fail_msg("%s", err.text);
        assert_content("/boot/initrd", "new\n");
        assert_content("/boot/pid", "2\n");
        /* What was mounted there was so for the tool only. */
        assert_int_equal(rmdir(at_root("/proc")), 0);
        assert_int_equal(rmdir(at_root("/dev")), 0);
        assert_int_equal(rollback(volume, NULL, &result, &err), 0);
        assert_content("/boot/initrd", "old image");
        assert_absent("/boot/pid");
}

/* A mount point that leads elsewhere is none. */
static void test_chroot_link(void **state _unused_)
{
        cleanup_strv struct strv argv = { 0 };
        struct txn_op op;

        loop_or_skip();
        if (!copy_shell())
                skip_because("no shell to copy");
        assert_int_equal(symlink("/etc", at_root("/proc")), 0);
        strv_push(&argv, "/bin/sh");
        strv_push(&argv, "-c");
        strv_push(&argv, "[ ! -e /proc/1 ] && [ -e /etc/fstab ]");
        op = (struct txn_op){ .kind = TXN_RUN, .argv = &argv, .chroot = true, .timeout_s = 20 };
        assert_int_equal(apply(&op, 1), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_read_only, setup, teardown),
                cmocka_unit_test_setup_teardown(test_no_room, setup, teardown),
                cmocka_unit_test_setup_teardown(test_room_for_one_by_one, setup, teardown),
                cmocka_unit_test_setup_teardown(test_filled_meanwhile, setup, teardown),
                cmocka_unit_test_setup_teardown(test_ext4, setup, teardown),
                cmocka_unit_test_setup_teardown(test_replaced_meanwhile, setup, teardown),
                cmocka_unit_test_setup_teardown(test_chroot, setup, teardown),
                cmocka_unit_test_setup_teardown(test_chroot_link, setup, teardown),
        };

        return cmocka_run_group_tests(tests, loop_setup, loop_teardown);
}
