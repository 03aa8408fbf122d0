#include "unit.h"

#include "base/str.h"
#include "probe/fstab-effect.h"

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
 * Where the comment says so, the effect was seen in a boot of Debian 12 with that line. What the
 * generator makes of such lines, by the hundred, tests/fstab compares.
 */
static const struct {
        const char *line, *effect;
} systemd_rows[] = {
        { "/dev/xvda1 / ext4 errors=remount-ro 0 1\n",
          "degraded" }, /* seen: nothing fails, nothing waits */
        { "/dev/xvdb /plain ext4 defaults 0 2\n", "emergency" }, /* seen */
        { "/dev/xvdb /nopass ext4 defaults 0 0\n", "emergency" },
        { "/dev/xvdb /boot ext4\n", "emergency" },
        { "/dev/xvdb /nofail ext4 nofail 0 2\n", "degraded" },
        { "/dev/xvdb /fail ext4 nofail,fail 0 2\n", "emergency" },
        { "/dev/xvdb /failnot ext4 fail,nofail 0 2\n", "degraded" },
        { "/dev/xvdb /noauto ext4 noauto 0 2\n", "degraded" },
        { "/dev/xvdb /autoagain ext4 noauto,auto 0 2\n", "emergency" },
        { "/dev/xvdb /netdev ext4 _netdev 0 2\n", "degraded" }, /* seen */
        { "/dev/xvdb /gfs gfs2 defaults 0 0\n", "degraded" },
        { "/dev/xvdb /automount ext4 x-systemd.automount 0 0\n", "degraded" },
        { "/dev/xvdb /automount2 ext4 noauto,x-systemd.automount 0 0\n", "degraded" }, /* seen */
        { "/dev/xvdb /automount3 ext4 comment=systemd.automount 0 0\n", "degraded" },
        { "/dev/xvdb /zero ext4 x-systemd.device-timeout=0 0 0\n", "hang" }, /* seen */
        { "/dev/xvdb /ever ext4 x-systemd.device-timeout=infinity 0 0\n", "hang" },
        { "/dev/xvdb /short ext4 x-systemd.device-timeout=0,x-systemd.device-timeout=5s 0 0\n",
          "emergency" },
        { "/dev/xvdb /nofailever ext4 nofail,x-systemd.device-timeout=0 0 0\n",
          "degraded" }, /* seen */
        { "/dev/xvdb /netever ext4 _netdev,x-systemd.device-timeout=0 0 0\n",
          "hang" }, /* seen: /run/nologin stays */
        { "/dev/xvdb /two\n", "emergency" },
        { "/dev/xvdb /hash ext4 defaults # mine\n", "emergency" },
        { "/dev/xvdb /return ext4 nofail\r\n", "emergency" },
        { "/dev/xvdb /returned ext4 nofail,noatime 0 0\r\n", "degraded" },
        { "/dev/xvdb none ext4 defaults 0 0\n", "harmless" },
        { "/dev/xvdb /autofs autofs defaults 0 0\n", "harmless" },
        { "/dev/xvdb /wanted ext4 x-systemd.wanted-by=foo.service 0 0\n", "degraded" },
        { "/dev/xvdb /required ext4 x-systemd.required-by=foo.service 0 0\n", "degraded" },
        { "/dev/xvdb /vital ext4 x-systemd.required-by=sysinit.target 0 0\n", "emergency" },
        { "/dev/xvdb /initrd ext4 x-initrd.mount 0 0\n", "no-boot" },
        { "/dev/xvdb /initrd2 ext4 x-initrd.mount,nofail 0 0\n", "degraded" },
        { "/dev/xvdb /initrd3 ext4 x-initrd.mount,_netdev 0 0\n", "no-boot" },
        { "/dev/xvdb /initrd4 ext4 x-initrd.mount,noauto 0 0\n", "degraded" },
        { "/dev/xvdb /named ext4 noauto,nofail,x-systemd.required-by=local-fs.target 0 0\n",
          "emergency" },
        { "/dev/xvdb /vitalever ext4 x-systemd.required-by=sysinit.target,x-systemd.device-timeout=0 0 0\n",
          "hang" },
        { "/dev/xvdb /old ext4 comment=systemd.device-timeout=0 0 0\n", "hang" },
        { "/dev/xvdb /returnever ext4 x-systemd.device-timeout=0\r\n", "hang" },
        { "/dev/xvdb /returngfs gfs2\r\n", "emergency" },
        { "/dev/xvdb /usr ext4 defaults 0 2\n", "no-boot" }, /* seen */
        { "/dev/xvdb /usr ext4 noauto 0 2\n", "no-boot" },
        { "/dev/xvdb none swap sw 0 0\n", "degraded" },        /* seen */
        { "/dev/xvdb none swap sw,nofail 0 0\n", "degraded" }, /* seen */
        { "/dev/xvdb none swap noauto 0 0\n", "degraded" },
        { "/dev/xvdb none swap x-systemd.device-timeout=0 0 0\n", "hang" },        /* seen */
        { "/dev/xvdb none swap nofail,x-systemd.device-timeout=0 0 0\n", "hang" }, /* seen */
};

static void test_systemd(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(systemd_rows); i++) {
                print_message("# %s", systemd_rows[i].line);
                assert_string_equal(effect_of(FSTAB_SYSTEMD, systemd_rows[i].line, NULL),
                                    systemd_rows[i].effect);
        }
}

/* systemd keeps the first of two lines that make the same unit. */
static void test_repeated(void **state _unused_)
{
        static const struct {
                const char *earlier, *line, *effect;
        } rows[] = {
                { "UUID=1 /d ext4 defaults 0 2\n", "/dev/xvdb //d/ ext4 defaults 0 2\n",
                  "harmless" },
                { "UUID=1 /d ext4 noauto 0 2\n", "/dev/xvdb /d ext4 defaults 0 2\n", "harmless" },
                { "UUID=1 /d autofs x 0 2\n", "/dev/xvdb /d ext4 defaults 0 2\n", "emergency" },
                { "UUID=1 /dd ext4 defaults 0 2\n", "/dev/xvdb /d ext4 defaults 0 2\n",
                  "emergency" },
                { "UUID=1 / ext4 defaults 0 1\n", "/dev/xvdb / ext4 defaults 0 1\n", "degraded" },
                { "/dev/xvdb none swap sw 0 0\n",
                  "/dev/xvdb swap swap x-systemd.device-timeout=0 0 0\n", "harmless" },
                { "/dev/xvdc none swap sw 0 0\n", "/dev/xvdb none swap sw 0 0\n", "degraded" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *both = xasprintf("%s%s", rows[i].earlier, rows[i].line);
                cleanup_fstab struct fstab t = { 0 };

                print_message("# %s", both);
                assert_int_equal(fstab_parse(span_of(both), &t, NULL), 0);
                assert_int_equal(t.n, 2);
                assert_string_equal(fstab_effect_of(FSTAB_SYSTEMD, &t.v[1], NULL).name,
                                    rows[i].effect);
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
                cmocka_unit_test(test_systemd),  cmocka_unit_test(test_options),
                cmocka_unit_test(test_repeated), cmocka_unit_test(test_old_inits),
                cmocka_unit_test(test_path_eq),  cmocka_unit_test(test_failure),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
