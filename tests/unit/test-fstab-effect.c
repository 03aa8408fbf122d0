#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "base/str.h"
#include "probe/fstab-effect.h"

#define GENERATOR "/lib/systemd/system-generators/systemd-fstab-generator"

static const char *effect_of(enum fstab_reader reader, const char *line, const char *option)
{
        cleanup_fstab struct fstab t = { 0 };
        struct err err = { 0 };

        assert_int_equal(fstab_parse(span_of(line), &t, &err), 0);
        assert_int_equal(t.n, 1);
        if (!fstab_is_read(reader, &t.v[0]))
                return "ignored";
        return fstab_effect_of(reader, &t.v[0], option).name;
}

/*
 * `wanted` is what the generator makes of the line: the target that pulls it in, "none", or "-" for
 * what is not to be seen there (swap, which it leaves out in containers; what an initramfs does).
 * Where the comment says so, the effect was seen in a boot of Debian 12 with that line.
 */
static const struct {
        const char *line, *effect, *wanted;
} systemd_rows[] = {
        { "/dev/xvda1 / ext4 errors=remount-ro 0 1\n", "degraded",
          "local-fs.target.requires/-.mount" }, /* seen: nothing fails, nothing waits */
        { "/dev/xvdb /plain ext4 defaults 0 2\n", "emergency",
          "local-fs.target.requires/plain.mount" }, /* seen */
        { "/dev/xvdb /nopass ext4 defaults 0 0\n", "emergency",
          "local-fs.target.requires/nopass.mount" },
        { "/dev/xvdb /boot ext4\n", "emergency", "local-fs.target.requires/boot.mount" },
        { "/dev/xvdb /nofail ext4 nofail 0 2\n", "degraded", "local-fs.target.wants/nofail.mount" },
        { "/dev/xvdb /fail ext4 nofail,fail 0 2\n", "emergency",
          "local-fs.target.requires/fail.mount" },
        { "/dev/xvdb /failnot ext4 fail,nofail 0 2\n", "degraded",
          "local-fs.target.wants/failnot.mount" },
        { "/dev/xvdb /noauto ext4 noauto 0 2\n", "degraded", "none" },
        { "/dev/xvdb /autoagain ext4 noauto,auto 0 2\n", "emergency",
          "local-fs.target.requires/autoagain.mount" },
        { "/dev/xvdb /netdev ext4 _netdev 0 2\n", "degraded",
          "remote-fs.target.requires/netdev.mount" }, /* seen */
        { "/dev/xvdb /gfs gfs2 defaults 0 0\n", "degraded", "remote-fs.target.requires/gfs.mount" },
        { "/dev/xvdb /automount ext4 x-systemd.automount 0 0\n", "degraded",
          "local-fs.target.requires/automount.automount" },
        { "/dev/xvdb /automount2 ext4 noauto,x-systemd.automount 0 0\n", "degraded",
          "local-fs.target.requires/automount2.automount" }, /* seen */
        { "/dev/xvdb /automount3 ext4 comment=systemd.automount 0 0\n", "degraded",
          "local-fs.target.requires/automount3.automount" },
        { "/dev/xvdb /zero ext4 x-systemd.device-timeout=0 0 0\n", "hang",
          "local-fs.target.requires/zero.mount" }, /* seen */
        { "/dev/xvdb /ever ext4 x-systemd.device-timeout=infinity 0 0\n", "hang",
          "local-fs.target.requires/ever.mount" },
        { "/dev/xvdb /short ext4 x-systemd.device-timeout=0,x-systemd.device-timeout=5s 0 0\n",
          "emergency", "local-fs.target.requires/short.mount" },
        { "/dev/xvdb /nofailever ext4 nofail,x-systemd.device-timeout=0 0 0\n", "degraded",
          "local-fs.target.wants/nofailever.mount" }, /* seen */
        { "/dev/xvdb /netever ext4 _netdev,x-systemd.device-timeout=0 0 0\n", "hang",
          "remote-fs.target.requires/netever.mount" }, /* seen: /run/nologin stays */
        { "/dev/xvdb /two\n", "emergency", "local-fs.target.requires/two.mount" },
        { "/dev/xvdb /hash ext4 defaults # mine\n", "emergency",
          "local-fs.target.requires/hash.mount" },
        { "/dev/xvdb /return ext4 nofail\r\n", "emergency",
          "local-fs.target.requires/return.mount" },
        { "/dev/xvdb /returned ext4 nofail,noatime 0 0\r\n", "degraded",
          "local-fs.target.wants/returned.mount" },
        { "/dev/xvdb none ext4 defaults 0 0\n", "harmless", "none" },
        { "/dev/xvdb /autofs autofs defaults 0 0\n", "harmless", "none" },
        { "/dev/xvdb /wanted ext4 x-systemd.wanted-by=foo.service 0 0\n", "degraded",
          "foo.service.wants/wanted.mount" },
        { "/dev/xvdb /required ext4 x-systemd.required-by=foo.service 0 0\n", "degraded",
          "foo.service.requires/required.mount" },
        { "/dev/xvdb /vital ext4 x-systemd.required-by=sysinit.target 0 0\n", "emergency",
          "sysinit.target.requires/vital.mount" },
        { "/dev/xvdb /initrd ext4 x-initrd.mount 0 0\n", "no-boot", "-" },
        { "/dev/xvdb /initrd2 ext4 x-initrd.mount,nofail 0 0\n", "degraded", "-" },
        { "/dev/xvdb /usr ext4 defaults 0 2\n", "no-boot", "-" }, /* seen */
        { "/dev/xvdb /usr ext4 noauto 0 2\n", "no-boot", "-" },
        { "/dev/xvdb none swap sw 0 0\n", "degraded", "-" },        /* seen */
        { "/dev/xvdb none swap sw,nofail 0 0\n", "degraded", "-" }, /* seen */
        { "/dev/xvdb none swap noauto 0 0\n", "degraded", "-" },
        { "/dev/xvdb none swap x-systemd.device-timeout=0 0 0\n", "hang", "-" },        /* seen */
        { "/dev/xvdb none swap nofail,x-systemd.device-timeout=0 0 0\n", "hang", "-" }, /* seen */
};

static void test_systemd(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(systemd_rows); i++) {
                print_message("# %s", systemd_rows[i].line);
                assert_string_equal(effect_of(FSTAB_SYSTEMD, systemd_rows[i].line, NULL),
                                    systemd_rows[i].effect);
        }
}

static void test_options(void **state _unused_)
{
        static const struct {
                enum fstab_reader reader;
                const char *line, *option, *effect;
        } rows[] = {
                { FSTAB_SYSTEMD, "UUID=1 /d btrfs device=/dev/xvdb 0 0\n", "device", "emergency" },
                { FSTAB_SYSTEMD, "UUID=1 /d btrfs nofail,device=/dev/xvdb 0 0\n", "device",
                  "degraded" },
                { FSTAB_SYSTEMD, "UUID=1 / btrfs device=/dev/xvdb 0 0\n", "device", "degraded" },
                { FSTAB_SYSTEMD, "UUID=1 /d xfs x-systemd.device-timeout=0,logdev=/dev/xvdb 0 0\n",
                  "logdev", "emergency" },
                { FSTAB_SYSTEMD, "tmpfs /d tmpfs x-systemd.requires=/dev/xvdb 0 0\n",
                  "x-systemd.requires", "emergency" }, /* seen */
                { FSTAB_SYSTEMD, "UUID=1 / ext4 x-systemd.requires=/dev/xvdb 0 1\n",
                  "x-systemd.requires", "degraded" }, /* seen: nothing fails, nothing waits */
                { FSTAB_SYSTEMD, "tmpfs /d tmpfs x-systemd.after=/dev/xvdb 0 0\n",
                  "x-systemd.after", "harmless" }, /* seen */
                { FSTAB_SYSTEMD, "/f none swap x-systemd.requires=/dev/xvdb 0 0\n",
                  "x-systemd.requires", "harmless" },
                { FSTAB_MOUNTALL, "tmpfs /d tmpfs x-systemd.requires=/dev/xvdb 0 0\n",
                  "x-systemd.requires", "harmless" },
                { FSTAB_MOUNTALL, "UUID=1 /d xfs logdev=/dev/xvdb 0 0\n", "logdev", "hang" },
                { FSTAB_DEBIAN_RC, "UUID=1 /d xfs logdev=/dev/xvdb 0 2\n", "logdev", "degraded" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                print_message("# %s", rows[i].line);
                assert_string_equal(effect_of(rows[i].reader, rows[i].line, rows[i].option),
                                    rows[i].effect);
        }
}

static void test_old_inits(void **state _unused_)
{
        static const struct {
                const char *line, *mountall, *debian_rc, *rc_sysinit;
        } rows[] = {
                { "/dev/xvda1 / ext4 defaults 0 1\n", "hang", "degraded", "emergency" },
                { "/dev/xvda1 / ext4 defaults 0 0\n", "hang", "degraded", "degraded" },
                { "/dev/xvdf /d ext4 defaults 0 2\n", "hang", "emergency", "emergency" },
                { "/dev/xvdf /d ext4 defaults 0 0\n", "hang", "degraded", "degraded" },
                { "/dev/xvdf /d ext4 defaults\n", "hang", "degraded", "degraded" },
                { "/dev/xvdf /d ext4 nofail 0 2\n", "hang", "degraded", "degraded" },
                { "/dev/xvdf /d ext4 nobootwait 0 0\n", "degraded", "degraded", "degraded" },
                { "/dev/xvdf /d ext4 nobootwait\r\n", "hang", "degraded", "degraded" },
                { "/dev/xvdf /d ext4 noauto 0 0\n", "degraded", "degraded", "degraded" },
                { "/dev/xvdf /d ext4 noauto 0 2\n", "degraded", "emergency", "emergency" },
                { "/dev/xvdf /d ext4 _netdev 0 2\n", "degraded", "emergency", "degraded" },
                { "/dev/xvdf /var/d ext4 _netdev 0 0\n", "hang", "degraded", "degraded" },
                { "/dev/xvdf /usr ext4 defaults 0 2\n", "no-boot", "no-boot", "no-boot" },
                { "/dev/xvdf none swap sw 0 0\n", "degraded", "degraded", "degraded" },
                { "/dev/xvdf /two\n", "hang", "ignored", "ignored" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                print_message("# %s", rows[i].line);
                assert_string_equal(effect_of(FSTAB_MOUNTALL, rows[i].line, NULL),
                                    rows[i].mountall);
                assert_string_equal(effect_of(FSTAB_DEBIAN_RC, rows[i].line, NULL),
                                    rows[i].debian_rc);
                assert_string_equal(effect_of(FSTAB_RC_SYSINIT, rows[i].line, NULL),
                                    rows[i].rc_sysinit);
        }
}

static void test_path_eq(void **state _unused_)
{
        assert_true(fstab_path_eq("/", "/"));
        assert_true(fstab_path_eq("//", "/"));
        assert_true(fstab_path_eq("/usr", "/usr"));
        assert_true(fstab_path_eq("//usr//", "/usr"));
        assert_false(fstab_path_eq("/usr2", "/usr"));
        assert_false(fstab_path_eq("/us", "/usr"));
        assert_false(fstab_path_eq("", "/"));
        assert_false(fstab_path_eq("usr", "/usr"));
        assert_false(fstab_path_eq("/usr", "/"));
}

/* ---- what systemd's own generator makes of these lines ---- */

static void skip_because(const char *reason)
{
        print_message("# %s\n", reason);
        skip();
}

static bool run_generator(const char *dir)
{
        cleanup_free char *fstab = xasprintf("SYSTEMD_FSTAB=%s/fstab", dir);
        cleanup_free char *out = xasprintf("%s/out", dir);
        char *argv[] = { "fstab-generator", out, out, out, NULL };
        char *envp[] = { fstab,
                         "SYSTEMD_SYSFS_CHECK=0",
                         "SYSTEMD_PROC_CMDLINE=",
                         "SYSTEMD_IN_INITRD=0",
                         "SYSTEMD_LOG_LEVEL=emerg",
                         NULL };
        pid_t pid = fork();
        int status = 0;

        if (pid == 0) {
                execve(GENERATOR, argv, envp);
                _exit(127);
        }
        assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
        return WIFEXITED(status) && WEXITSTATUS(status) != 127;
}

/* Every "target.requires/unit" and "target.wants/unit" below `out`. */
static void list_links(const char *out, struct strv *ret)
{
        DIR *dir = opendir(out);
        struct dirent *d;

        assert_non_null(dir);
        while ((d = readdir(dir))) {
                cleanup_free char *path = xasprintf("%s/%s", out, d->d_name);
                struct dirent *e;
                DIR *sub;

                if (!str_endswith(d->d_name, ".requires") && !str_endswith(d->d_name, ".wants"))
                        continue;
                sub = opendir(path);
                assert_non_null(sub);
                while ((e = readdir(sub)))
                        if (e->d_name[0] != '.')
                                strv_push_take(ret, xasprintf("%s/%s", d->d_name, e->d_name));
                closedir(sub);
        }
        closedir(dir);
}

/* The unit name of the row's mount point, "plain.". */
static char *unit_of(const char *line)
{
        cleanup_fstab struct fstab t = { 0 };
        struct err err = { 0 };

        assert_int_equal(fstab_parse(span_of(line), &t, &err), 0);
        return xasprintf("/%s.", t.v[0].target.value[1] ? t.v[0].target.value + 1 : "-");
}

/* All rows that it can show, in one run; none when it cannot be run that way. */
static void generate_links(struct strv *ret)
{
        char *dir = unit_temp_dir();
        cleanup_free char *out = xasprintf("%s/out", dir);
        cleanup_buf struct buf fstab = { 0 };

        assert_int_equal(mkdir(out, 0755), 0);
        for (size_t i = 0; i < ARRAY_SIZE(systemd_rows); i++)
                if (!streq(systemd_rows[i].wanted, "-"))
                        buf_puts(&fstab, systemd_rows[i].line);
        unit_write_text(dir, "fstab", fstab.data);
        if (run_generator(dir))
                list_links(out, ret);
        unit_remove_tree(dir);
}

static void test_generator(void **state _unused_)
{
        cleanup_strv struct strv links = { 0 };

        if (access(GENERATOR, X_OK) < 0)
                skip_because("there is no " GENERATOR " here");
        generate_links(&links);
        if (links.n == 0)
                skip_because("the generator here takes no SYSTEMD_FSTAB");

        for (size_t i = 0; i < ARRAY_SIZE(systemd_rows); i++) {
                const char *wanted = systemd_rows[i].wanted;
                cleanup_free char *unit = NULL;

                if (streq(wanted, "-"))
                        continue;
                print_message("# %s", systemd_rows[i].line);
                unit = unit_of(systemd_rows[i].line);
                for (size_t l = 0; l < links.n; l++)
                        if (strstr(links.v[l], unit) && !streq(links.v[l], wanted))
                                fail_msg("%s, not %s", links.v[l], wanted);
                assert_true(streq(wanted, "none") || strv_contains(&links, wanted));
        }
}

static void test_failure(void **state _unused_)
{
        static const struct {
                enum fstab_reader reader;
                const char *line, *effect;
        } rows[] = {
                { FSTAB_SYSTEMD, "none /proc/xen xenfs defaults 0 0\n", "emergency" },
                { FSTAB_SYSTEMD, "none /proc/xen xenfs nofail 0 0\n", "harmless" },
                { FSTAB_SYSTEMD, "none /proc/xen xenfs noauto 0 0\n", "harmless" },
                { FSTAB_SYSTEMD, "none /proc/xen xenfs _netdev 0 0\n", "harmless" },
                { FSTAB_SYSTEMD, "none /proc/xen xenfs x-systemd.automount 0 0\n", "harmless" },
                { FSTAB_SYSTEMD, "none /proc/xen xenfs x-systemd.device-timeout=0 0 0\n",
                  "emergency" },
                { FSTAB_MOUNTALL, "none /proc/xen xenfs defaults 0 0\n", "not known" },
                { FSTAB_DEBIAN_RC, "none /proc/xen xenfs defaults 0 0\n", "harmless" },
                { FSTAB_RC_SYSINIT, "none /proc/xen xenfs defaults 0 0\n", "harmless" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_fstab struct fstab t = { 0 };
                struct fstab_effect effect = { .name = "not known" };

                print_message("# %d: %s", (int)rows[i].reader, rows[i].line);
                assert_int_equal(fstab_parse(span_of(rows[i].line), &t, NULL), 0);
                assert_int_equal(fstab_effect_of_failure(rows[i].reader, &t.v[0], &effect),
                                 !streq(rows[i].effect, "not known"));
                assert_string_equal(effect.name, rows[i].effect);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_systemd),   cmocka_unit_test(test_options),
                cmocka_unit_test(test_old_inits), cmocka_unit_test(test_path_eq),
                cmocka_unit_test(test_generator), cmocka_unit_test(test_failure),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
