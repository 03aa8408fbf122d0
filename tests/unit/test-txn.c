#include "unit-txn.h"

#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <sys/xattr.h>

static struct txn_result result;
static struct err err;

static int apply(const struct txn_op *ops, size_t n)
{
        err = (struct err){ 0 };
        return txn_apply(volume, ops, n, &result, &err);
}

static int undo(const char *id)
{
        err = (struct err){ 0 };
        return rollback(volume, id, &result, &err);
}

static void assert_all_old(void)
{
        assert_content("/etc/fstab", "/dev/xvda1 / ext4\n");
        assert_content("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"\"\n");
        assert_content("/boot/initrd", "old image");
        assert_absent("/etc/modprobe.d");
        assert_tidy();
}

static size_t usual_ops(struct txn_op ops[static 5])
{
        ops[0] = op_write("/etc/fstab", "UUID=1 / ext4\n");
        ops[1] = op_write("/etc/default/grub", "");
        ops[2] = op_append("/boot/initrd", " and a segment");
        ops[3] = op_write("/etc/modprobe.d/a/x.conf", "options\n");
        ops[4] = op_write("/etc/modprobe.d/y.conf", "more\n");
        return 5;
}

static void assert_all_new(void)
{
        assert_content("/etc/fstab", "UUID=1 / ext4\n");
        assert_content("/etc/default/grub", "");
        assert_content("/boot/initrd", "old image and a segment");
        assert_content("/etc/modprobe.d/a/x.conf", "options\n");
        assert_content("/etc/modprobe.d/y.conf", "more\n");
        assert_tidy();
}

static void test_there_and_back(void **state _unused_)
{
        const struct timespec times[2] = { { 1000, 7 }, { 2000, 9 } };
        struct txn_op ops[5];
        size_t n = usual_ops(ops);
        struct stat before, after;

        assert_int_equal(chmod(at_root("/etc/fstab"), 0640), 0);
        assert_int_equal(utimensat(AT_FDCWD, at_root("/etc/fstab"), times, 0), 0);
        assert_int_equal(stat(at_root("/etc/fstab"), &before), 0);

        assert_int_equal(apply(ops, n), 0);
        assert_int_equal(result.state, TXN_COMMITTED);
        assert_string_equal(result.run, "0001");
        assert_all_new();
        assert_int_equal(stat(at_root("/etc/fstab"), &after), 0);
        assert_int_equal(after.st_mode, before.st_mode);
        assert_int_not_equal(after.st_mtim.tv_sec, 2000);
        assert_int_equal(stat(at_root("/etc/modprobe.d/y.conf"), &after), 0);
        assert_int_equal(after.st_mode & 07777, 0644);
        assert_int_equal(stat(at_root("/etc/modprobe.d"), &after), 0);
        assert_int_equal(after.st_mode & 07777, 0755);
        assert_int_equal(stat(at_root("/var/lib/xen2nitro"), &after), 0);
        assert_int_equal(after.st_mode & 07777, 0700);

        assert_int_equal(undo(NULL), 0);
        assert_int_equal(result.state, TXN_ROLLED_BACK);
        assert_string_equal(result.run, "0001");
        assert_int_equal(stat(at_root("/etc/fstab"), &after), 0);
        assert_int_equal(after.st_mode, before.st_mode);
        assert_int_equal(after.st_uid, before.st_uid);
        assert_int_equal(after.st_atim.tv_sec, 1000);
        assert_int_equal(after.st_atim.tv_nsec, 7);
        assert_int_equal(after.st_mtim.tv_sec, 2000);
        assert_int_equal(after.st_mtim.tv_nsec, 9);
        assert_all_old();
        assert_absent("/var/lib/xen2nitro/runs/0001/backup/0");

        assert_int_equal(undo(NULL), 0);
        assert_string_equal(result.run, "");
        assert_int_equal(undo("0001"), 0);
        assert_int_equal(result.state, TXN_ROLLED_BACK);
        assert_int_equal(undo("0002"), -ENOENT);
        assert_int_equal(undo("../0001"), -ENOENT);
}

static void test_two_runs(void **state _unused_)
{
        struct txn_op op = op_write("/etc/fstab", "two\n");

        assert_int_equal(apply(&op, 1), 0);
        op = op_write("/etc/fstab", "three\n");
        assert_int_equal(apply(&op, 1), 0);
        assert_string_equal(result.run, "0002");
        assert_int_equal(undo("0001"), -ESTALE);
        assert_int_equal(result.state, TXN_COMMITTED);
        assert_content("/etc/fstab", "three\n");
        assert_int_equal(undo(NULL), 0);
        assert_content("/etc/fstab", "two\n");
        assert_int_equal(undo(NULL), 0);
        assert_string_equal(result.run, "0001");
        assert_all_old();
}

static void make_link(void)
{
        unlink(at_root("/etc/fstab"));
        assert_int_equal(symlink("default/grub", at_root("/etc/fstab")), 0);
}

static void make_dir_link(void)
{
        cleanup_free char *moved = xasprintf("%s/elsewhere", root);

        assert_int_equal(rename(at_root("/etc"), moved), 0);
        assert_int_equal(symlink("elsewhere", at_root("/etc")), 0);
}

static void make_hard_link(void)
{
        cleanup_free char *other = xasprintf("%s/other", root);

        assert_int_equal(link(at_root("/etc/fstab"), other), 0);
}

static void make_fifo(void)
{
        unlink(at_root("/etc/fstab"));
        assert_int_equal(mkfifo(at_root("/etc/fstab"), 0600), 0);
}

static void make_directory(void)
{
        unlink(at_root("/etc/fstab"));
        assert_int_equal(mkdir(at_root("/etc/fstab"), 0700), 0);
}

static void make_other(void)
{
        unit_write_text(root, "etc/fstab", "/dev/xvda2 / ext4\n");
}

static void make_gone(void)
{
        unlink(at_root("/etc/fstab"));
}

static void make_new(void)
{
        unit_write_text(root, "etc/modprobe.d/y.conf", "mine\n");
}

static void make_unsafe_state(void)
{
        unit_write_text(root, "var/lib/xen2nitro/x", "");
        assert_int_equal(chmod(at_root("/var/lib/xen2nitro"), 0777), 0);
}

static const struct {
        const char *name;
        void (*happens)(void); /* after the plan was made */
        int code;
        const char *text;
} refused[] = {
        { "a link in its place", make_link, -EINVAL,
          "/etc/fstab: a link, where a file was; not followed" },
        { "a link on the way", make_dir_link, -ELOOP,
          "/etc: a link, where a directory was; not followed" },
        { "a hard link", make_hard_link, -EMLINK,
          "/etc/fstab: has 2 names (hard links); not touched" },
        { "a FIFO", make_fifo, -EINVAL, "/etc/fstab: not a regular file" },
        { "a directory", make_directory, -EINVAL, "/etc/fstab: a directory, not a file" },
        { "other content", make_other, -ESTALE, "/etc/fstab: changed since the plan was made" },
        { "gone", make_gone, -ESTALE, "/etc/fstab: gone since the plan was made" },
        { "new", make_new, -ESTALE,
          "/etc/modprobe.d/y.conf: has appeared since the plan was made" },
        { "others may write the state", make_unsafe_state, -EPERM,
          "/var/lib/xen2nitro: others than root may write there; what stands there is not "
          "believed" },
};

static void test_refused(void **state)
{
        for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
                cleanup_free char *text = xasprintf("%s; nothing was changed", refused[i].text);
                struct txn_op ops[5];
                size_t n = usual_ops(ops);

                print_message("# %s\n", refused[i].name);
                refused[i].happens();
                assert_int_equal(apply(ops, n), refused[i].code);
                assert_string_equal(err.text, text);
                assert_int_equal(result.state, TXN_NEW);
                assert_content("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"\"\n");
                assert_content("/boot/initrd", "old image");
                assert_absent("/var/lib/xen2nitro/runs/0001");
                assert_tidy();
                txn_teardown(state);
                txn_setup(state);
        }
}

static const struct {
        const char *path, *text;
} paths[] = {
        { "etc/fstab", "etc/fstab: not an absolute path, or too long" },
        { "/etc/../etc/fstab", "/etc/../etc/fstab: not a plain path" },
        { "/etc/./fstab", "/etc/./fstab: not a plain path" },
        { "/etc//fstab", "/etc//fstab: not a plain path" },
        { "/etc/", "/etc/: not a plain path" },
        { "/", "/: not a plain path" },
        { "/etc/\xff", "/etc/\xff: a name that is not UTF-8; not touched" },
        { "/boot/initrd/x", "/boot/initrd: Not a directory" },
};

static void test_paths(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
                cleanup_free char *text = xasprintf("%s; nothing was changed", paths[i].text);
                struct txn_op op = { .kind = TXN_WRITE, .path = paths[i].path };

                assert_true(apply(&op, 1) < 0);
                assert_string_equal(err.text, text);
        }
        assert_all_old();
        assert_absent("/var");
}

static void test_twice(void **state _unused_)
{
        struct txn_op ops[2] = { op_write("/etc/fstab", "1"), op_write("/etc/fstab", "2") };

        assert_int_equal(apply(ops, 2), -EINVAL);
        assert_string_equal(err.text, "/etc/fstab: planned twice; nothing was changed");
}

static void test_locked(void **state _unused_)
{
        struct txn_op op = op_write("/etc/fstab", "1");
        cleanup_fd int fd = -EBADF;

        unit_write_text(root, "var/lib/xen2nitro/lock", "");
        fd = open(at_root("/var/lib/xen2nitro/lock"), O_RDONLY | O_CLOEXEC);
        assert_int_equal(flock(fd, LOCK_EX), 0);
        assert_int_equal(apply(&op, 1), -EBUSY);
        unit_write_text(root, "var/lib/xen2nitro/runs/0001/journal", "");
        assert_int_equal(undo(NULL), -EBUSY);
        assert_all_old();
}

/* Undoing never overwrites what somebody made of it since. */
static void test_changed_after(void **state _unused_)
{
        struct txn_op ops[5];
        size_t n = usual_ops(ops);

        assert_int_equal(apply(ops, n), 0);
        unit_write_text(root, "etc/default/grub", "mine\n");
        assert_int_equal(undo(NULL), -ESTALE);
        assert_int_equal(result.state, TXN_COMMITTED);
        assert_string_equal(
                err.text,
                "run 0001: nothing was undone: /etc/default/grub: somebody else has changed it "
                "since; what was there before is kept in /var/lib/xen2nitro/runs/0001/backup/1: "
                "copy that over it, then roll back again");
        assert_content("/etc/default/grub", "mine\n");
        assert_content("/etc/fstab", "UUID=1 / ext4\n");

        /* As it says. */
        unit_write_text(root, "etc/default/grub", "GRUB_CMDLINE_LINUX=\"\"\n");
        unit_write_text(root, "etc/modprobe.d/z.conf", "mine, too\n");
        assert_int_equal(undo(NULL), 0);
        assert_content("/etc/modprobe.d/z.conf", "mine, too\n");
        assert_absent("/etc/modprobe.d/y.conf");
        assert_absent("/etc/modprobe.d/a");
}

static void test_new_file_changed_after(void **state _unused_)
{
        struct txn_op op = op_write("/etc/new", "ours\n");

        assert_int_equal(apply(&op, 1), 0);
        unit_write_text(root, "etc/new", "mine\n");
        assert_int_equal(undo(NULL), -ESTALE);
        assert_string_equal(err.text,
                            "run 0001: nothing was undone: /etc/new: somebody else has changed it "
                            "since; remove it, or keep it elsewhere, then roll back again");
        unlink(at_root("/etc/new"));
        assert_int_equal(undo(NULL), 0);
        assert_all_old();
}

static void test_removed_after(void **state _unused_)
{
        struct txn_op op = op_write("/etc/fstab", "new\n");

        assert_int_equal(apply(&op, 1), 0);
        unlink(at_root("/etc/fstab"));
        assert_int_equal(undo(NULL), -ESTALE);
        assert_string_equal(
                err.text,
                "run 0001: nothing was undone: /etc/fstab: somebody else has removed it, or its "
                "file system is not mounted; what was there before is kept in "
                "/var/lib/xen2nitro/runs/0001/backup/0: mount it, or copy that to its place, then "
                "roll back again");
        assert_absent("/etc/fstab");
}

static void test_damaged_backup(void **state _unused_)
{
        struct txn_op op = op_write("/etc/fstab", "new\n");

        assert_int_equal(apply(&op, 1), 0);
        unit_write_text(root, "var/lib/xen2nitro/runs/0001/backup/0", "rotten");
        assert_int_equal(undo(NULL), -ESTALE);
        assert_int_equal(result.state, TXN_STUCK);
        assert_content("/etc/fstab", "new\n");
        assert_tidy();
        op = op_write("/etc/fstab", "newer\n");
        assert_int_equal(apply(&op, 1), -EBUSY);
        assert_string_equal(err.text, "run 0001 is not finished (stuck): run `xen2nitro rollback` "
                                      "first; nothing was changed");
        unit_write_text(root, "var/lib/xen2nitro/runs/0001/backup/0", "/dev/xvda1 / ext4\n");
        assert_int_equal(undo(NULL), 0);
        assert_all_old();
}

static void test_attributes(void **state _unused_)
{
        struct txn_op op;
        char value[16];

        if (setxattr(at_root("/etc/fstab"), "user.note", "a\0b", 3, 0) < 0) {
                print_message("# no extended attributes here\n");
                skip();
        }
        op = op_write("/etc/fstab", "new\n");
        assert_int_equal(apply(&op, 1), 0);
        assert_int_equal(getxattr(at_root("/etc/fstab"), "user.note", value, sizeof(value)), 3);
        assert_memory_equal(value, "a\0b", 3);
        assert_int_equal(removexattr(at_root("/etc/fstab"), "user.note"), 0);
        assert_int_equal(setxattr(at_root("/etc/fstab"), "user.other", "", 0, 0), 0);
        assert_int_equal(undo(NULL), 0);
        assert_int_equal(getxattr(at_root("/etc/fstab"), "user.note", value, sizeof(value)), 3);
        assert_int_equal(getxattr(at_root("/etc/fstab"), "user.other", value, sizeof(value)), -1);
}

static void set_flag(const char *path, int flag)
{
        cleanup_fd int fd = open(at_root(path), O_RDONLY | O_CLOEXEC);

        if (ioctl(fd, FS_IOC_SETFLAGS, &flag) < 0) {
                print_message("# flags cannot be set here: %s\n", strerror(errno));
                skip();
        }
}

static void test_flags(void **state _unused_)
{
        struct txn_op op = op_write("/etc/fstab", "new\n");

        set_flag("/etc/fstab", FS_IMMUTABLE_FL);
        assert_int_equal(apply(&op, 1), -EPERM);
        assert_string_equal(
                err.text,
                "/etc/fstab: immutable (`chattr -i` allows changes); nothing was changed");
        set_flag("/etc/fstab", FS_APPEND_FL);
        assert_int_equal(apply(&op, 1), -EPERM);
        assert_string_equal(
                err.text,
                "/etc/fstab: append-only (`chattr -a` allows changes); nothing was changed");
        set_flag("/etc/fstab", 0);
        assert_int_equal(apply(&op, 1), 0);
}

/* A run that was killed before it was prepared leaves nothing that counts. */
static void test_never_began(void **state _unused_)
{
        struct txn_op op = op_write("/etc/fstab", "new\n");

        unit_write_text(root, "var/lib/xen2nitro/runs/0003/backup/0", "half a co");
        assert_int_equal(undo(NULL), 0);
        assert_string_equal(result.run, "");
        assert_absent("/var/lib/xen2nitro/runs/0003");
        unit_write_text(root, "var/lib/xen2nitro/runs/0003/journal", "0123456789abcdef {\"ty");
        assert_int_equal(apply(&op, 1), 0);
        assert_string_equal(result.run, "0001");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_there_and_back, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_two_runs, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_refused, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_paths, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_twice, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_locked, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_changed_after, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_new_file_changed_after, txn_setup,
                                                txn_teardown),
                cmocka_unit_test_setup_teardown(test_removed_after, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_damaged_backup, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_attributes, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_flags, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_never_began, txn_setup, txn_teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
