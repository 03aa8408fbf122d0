/* Tools: by themselves, and as operations of a transaction. */
#include "unit-txn.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "base/str.h"
#include "fixes/run.h"

static struct txn_result result;
static struct err err;

static int run_shell(const char *script, unsigned timeout_s)
{
        cleanup_strv struct strv argv = { 0 };

        strv_push(&argv, "/bin/sh");
        strv_push(&argv, "-c");
        strv_push(&argv, script);
        err = (struct err){ 0 };
        return run_tool(&(struct run_tool){ .argv = &argv,
                                            .root_fd = -EBADF,
                                            .held_fd = -EBADF,
                                            .timeout_s = timeout_s },
                        &err);
}

static const struct {
        const char *name, *script;
        int code;
        const char *text;
} scripts[] = {
        { "fine", "echo fine", 0, "" },
        { "exit code and last line", "echo one; echo two >&2; echo; exit 3", -ECHILD,
          "/bin/sh: exit 3: two" },
        { "says nothing", "exit 1", -ECHILD, "/bin/sh: exit 1" },
        { "control bytes", "printf 'a\\033[31mb\\n'; exit 1", -ECHILD,
          "/bin/sh: exit 1: a\\x1b[31mb" },
        { "a signal", "kill -TERM $$; sleep 9", -ECHILD, "/bin/sh: ended by signal 15" },
        { "nothing to read", "read x && exit 1; exit 0", 0, "" },
        { "environment", "test \"$(env | grep -cvE '^(PWD|_|SHLVL|OLDPWD)=')\" = 2", 0, "" },
        { "its language", "test \"$LC_ALL\" = C", 0, "" },
        { "no descriptors of ours", "ls /proc/self/fd | grep -qx 9 && exit 1; exit 0", 0, "" },
        { "much output", "seq 1 100000; echo end; exit 2", -ECHILD, "/bin/sh: exit 2: end" },
        { "does not exist", "exec /none", -ECHILD, NULL },
};

static void test_scripts(void **state _unused_)
{
        int open_here = dup2(STDERR_FILENO, 9);

        fcntl(open_here, F_SETFD, FD_CLOEXEC);
        for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
                print_message("# %s\n", scripts[i].name);
                assert_int_equal(run_shell(scripts[i].script, 30), scripts[i].code);
                if (scripts[i].text)
                        assert_string_equal(err.text, scripts[i].text);
        }
        close(open_here);
}

static void test_not_there(void **state _unused_)
{
        cleanup_strv struct strv argv = { 0 };

        strv_push(&argv, "/none/tool");
        assert_int_equal(
                run_tool(&(struct run_tool){ .argv = &argv, .root_fd = -EBADF, .held_fd = -EBADF },
                         &err),
                -ECHILD);
        assert_string_equal(err.text,
                            "/none/tool: exit 125: cannot start it: No such file or directory");
}

/* It hangs, and what it started hangs, too, and writes when it was not stopped. */
static void test_time_out(void **state _unused_)
{
        cleanup_free char *script = xasprintf(
                "trap '' TERM; (sleep 6; echo late >%s/late) & echo waiting; sleep 60", root);
        struct timespec start, end;

        clock_gettime(CLOCK_MONOTONIC, &start);
        assert_int_equal(run_shell(script, 1), -ETIMEDOUT);
        clock_gettime(CLOCK_MONOTONIC, &end);
        assert_string_equal(err.text, "/bin/sh: not done after 1 seconds, killed: waiting");
        assert_true(end.tv_sec - start.tv_sec < 30);
        sleep(3);
        assert_absent("/late");
}

/* ---- as operations ----------------------------------------------------------------------------
 */

static int live_setup(void **state)
{
        txn_setup(state);
        volume_free(volume);
        return volume_open(root, VOLUME_LIVE, &volume, NULL);
}

/* Writes fstab first, then runs the script in the root's boot directory. */
static int apply_with_tool(const char *script, const struct strv *outputs, unsigned timeout_s)
{
        cleanup_strv struct strv argv = { 0 };
        struct txn_op ops[2] = { op_write("/etc/fstab", "UUID=1 / ext4\n") };

        strv_push(&argv, "/bin/sh");
        strv_push(&argv, "-c");
        strv_push_take(&argv, xasprintf("cd %s/boot && %s", root, script));
        ops[1] = (struct txn_op){
                .kind = TXN_RUN, .argv = &argv, .outputs = outputs, .timeout_s = timeout_s
        };
        err = (struct err){ 0 };
        return txn_apply(volume, ops, 2, &result, &err);
}

static void boot_outputs(struct strv *ret)
{
        strv_push(ret, "/boot/initrd");
        strv_push(ret, "/boot/initrd.new");
}

static void test_tool_works(void **state _unused_)
{
        cleanup_strv struct strv outputs = { 0 };

        boot_outputs(&outputs);
        assert_int_equal(apply_with_tool("echo new >initrd; echo more >initrd.new; echo x >other",
                                         &outputs, 30),
                         0);
        assert_int_equal(result.state, TXN_COMMITTED);
        assert_content("/boot/initrd", "new\n");
        assert_int_equal(rollback(volume, NULL, &result, &err), 0);
        assert_content("/boot/initrd", "old image");
        assert_content("/etc/fstab", "/dev/xvda1 / ext4\n");
        assert_absent("/boot/initrd.new");
        assert_content("/boot/other", "x\n");
}

static void test_tool_removes(void **state _unused_)
{
        cleanup_strv struct strv outputs = { 0 };

        boot_outputs(&outputs);
        assert_int_equal(apply_with_tool("rm initrd", &outputs, 30), 0);
        assert_absent("/boot/initrd");
        assert_int_equal(rollback(volume, NULL, &result, &err), 0);
        assert_content("/boot/initrd", "old image");
}

/* An image made by hand since is not overwritten. */
static void test_output_changed_after(void **state _unused_)
{
        cleanup_strv struct strv outputs = { 0 };

        boot_outputs(&outputs);
        assert_int_equal(apply_with_tool("echo new >initrd", &outputs, 30), 0);
        unit_write_text(root, "boot/initrd", "newer");
        assert_int_equal(rollback(volume, NULL, &result, &err), -ESTALE);
        assert_content("/boot/initrd", "newer");
        assert_content("/etc/fstab", "UUID=1 / ext4\n");
}

static const struct {
        const char *name, *script;
        unsigned timeout_s;
        int code;
        const char *text;
} failures[] = {
        { "fails half-way", "echo half >initrd; echo x >initrd.new; echo no room; exit 1", 30,
          -ECHILD, "/bin/sh: exit 1: no room; all that was done is undone" },
        { "hangs half-way", "echo half >initrd; sleep 60", 1, -ETIMEDOUT,
          "/bin/sh: not done after 1 seconds, killed; all that was done is undone" },
        { "removes and fails", "rm initrd; exit 1", 30, -ECHILD,
          "/bin/sh: exit 1; all that was done is undone" },
};

static void test_tool_fails(void **state)
{
        for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
                cleanup_strv struct strv outputs = { 0 };

                print_message("# %s\n", failures[i].name);
                boot_outputs(&outputs);
                assert_int_equal(
                        apply_with_tool(failures[i].script, &outputs, failures[i].timeout_s),
                        failures[i].code);
                assert_string_equal(err.text, failures[i].text);
                assert_int_equal(result.state, TXN_ROLLED_BACK);
                assert_content("/boot/initrd", "old image");
                assert_content("/etc/fstab", "/dev/xvda1 / ext4\n");
                assert_absent("/boot/initrd.new");
                assert_tidy();
                txn_teardown(state);
                live_setup(state);
        }
}

static void test_signal(void **state _unused_)
{
        cleanup_strv struct strv outputs = { 0 };
        pid_t parent = getpid(), pid;

        signal(SIGINT, SIG_DFL); /* a shell starts its jobs in the background with it ignored */
        pid = fork();
        if (pid == 0) {
                sleep(1);
                kill(parent, SIGINT);
                _exit(0);
        }
        boot_outputs(&outputs);
        assert_int_equal(apply_with_tool("echo half >initrd; sleep 60", &outputs, 0), -EINTR);
        assert_string_equal(err.text,
                            "/bin/sh: stopped by a signal to us; all that was done is undone");
        assert_int_equal(result.state, TXN_ROLLED_BACK);
        assert_content("/boot/initrd", "old image");
        waitpid(pid, NULL, 0);
}

static void test_not_here(void **state _unused_)
{
        cleanup_strv struct strv outputs = { 0 };
        cleanup_volume struct volume *offline = NULL;

        assert_int_equal(volume_open(root, VOLUME_OFFLINE, &offline, NULL), 0);
        volume_free(volume);
        volume = TAKE_PTR(offline);
        assert_int_equal(apply_with_tool("touch ran", &outputs, 30), -EINVAL);
        assert_string_equal(err.text, "/bin/sh: a tool for another volume than this machine's runs "
                                      "in a chroot; nothing was changed");
        assert_absent("/boot/ran");
        assert_content("/etc/fstab", "/dev/xvda1 / ext4\n");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_scripts),
                cmocka_unit_test(test_not_there),
                cmocka_unit_test_setup_teardown(test_time_out, txn_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_tool_works, live_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_tool_removes, live_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_output_changed_after, live_setup,
                                                txn_teardown),
                cmocka_unit_test_setup_teardown(test_tool_fails, live_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_signal, live_setup, txn_teardown),
                cmocka_unit_test_setup_teardown(test_not_here, live_setup, txn_teardown),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
