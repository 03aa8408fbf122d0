#include "unit-probe.h"

#include "base/str.h"
#include "parse/mention.h"

#define NAME "#!/bin/sh\nx /dev/xvdf\n"

/* "file:line value act when; ..." and, where there may be more, "? reason". */
static char *describe(const struct facts *f, const char *list)
{
        const char *file, *why = facts_why_incomplete(f, list, &file);
        struct buf b = { 0 };

        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *at = unit_fact(f, "%s/%zu/file", list, i);
                cleanup_free char *line = unit_fact(f, "%s/%zu/line", list, i);
                cleanup_free char *value = unit_fact(f, "%s/%zu/value", list, i);
                cleanup_free char *act = unit_fact(f, "%s/%zu/act", list, i);
                cleanup_free char *when = unit_fact(f, "%s/%zu/when", list, i);

                buf_printf(&b, "%s%s:%s %s %s %s", i ? "; " : "", at, line, value, act, when);
        }
        buf_puts(&b, "");
        if (why)
                buf_printf(&b, "? %s: %s", file, why);
        return buf_take(&b);
}

static void test_places(void **state _unused_)
{
        static const struct {
                const char *name, *file, *text, *link, *list, *want;
        } rows[] = {
                { "nothing", "etc/x", "", NULL, "scripts", "" },
                { "rc.local", "etc/rc.local", NAME, NULL, "scripts",
                  "/etc/rc.local:2 /dev/xvdf used at every boot" },
                { "Red Hat's, once", "etc/rc.d/rc.local", NAME, "etc/rc.local", "scripts",
                  "/etc/rc.d/rc.local:2 /dev/xvdf used at every boot" },
                { "crontab", "var/spool/cron/crontabs/root", "@reboot swapon /dev/xvdb\n", NULL,
                  "scripts", "/var/spool/cron/crontabs/root:1 /dev/xvdb swap when cron runs it" },
                { "a copy that an editor left", "etc/cron.d/x~", NAME, NULL, "scripts", "" },
                { "one of a package manager", "etc/init.d/x.rpmsave", NAME, NULL, "scripts", "" },
                { "a program", "usr/local/bin/x", "ELF /dev/xvdf\n", NULL, "scripts", "" },
                { "a script", "usr/local/bin/x", NAME, NULL, "scripts",
                  "/usr/local/bin/x:2 /dev/xvdf used when something calls it" },
                { "a directory there", "usr/local/bin/x/y", NAME, NULL, "scripts", "" },
                { "a service", "etc/systemd/system/x.service", "ExecStart=/x /dev/xvdf\n", NULL,
                  "scripts",
                  "/etc/systemd/system/x.service:1 /dev/xvdf used when systemd starts it" },
                { "a service of a package", "usr/lib/systemd/system/x.service",
                  "ExecStart=/x /dev/xvdf\n", "etc/systemd/system/x.service", "scripts", "" },
                { "added to a service", "etc/systemd/system/x.service.d/y.conf",
                  "ExecStart=/x /dev/xvdf\n", NULL, "scripts",
                  "/etc/systemd/system/x.service.d/y.conf:1 /dev/xvdf used when systemd starts it" },
                { "added to a mount", "etc/systemd/system/x.mount.d/y.conf",
                  "ExecStart=/x /dev/xvdf\n", NULL, "scripts", "" },
                { "a directory where a file should be", "etc/rc.local/x", "", NULL, "scripts",
                  "? /etc/rc.local: /etc/rc.local: a directory, not a file; not read" },
                { "watched", "etc/collectd.d/x.conf", "Disk \"xvda\"\n", NULL, "monitoring",
                  "/etc/collectd.d/x.conf:1 /dev/xvda used null" },
                { "a plugin of munin", "usr/share/munin/x", "", "etc/munin/plugins/x_xvda",
                  "monitoring", "/etc/munin/plugins/x_xvda:0 /dev/xvda used null" },
                { "containers", "etc/sysconfig/docker-storage-setup", "DEVS=xvdf\n", NULL, "docker",
                  "/etc/sysconfig/docker-storage-setup:1 /dev/xvdf used null" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *list = xasprintf("/mentions/%s", rows[i].list), *got = NULL;
                cleanup_facts struct facts *f = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, rows[i].file, rows[i].text);
                if (rows[i].link) {
                        cleanup_free char *target = xasprintf("/%s", rows[i].file);

                        unit_link(dir, rows[i].link, target);
                }
                f = unit_probe("mentions", dir, VOLUME_OFFLINE, NULL);
                got = describe(f, list);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_ceph(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = NULL;
        cleanup_free char *got = NULL;

        unit_link(dir, "var/lib/ceph/osd/ceph-0/block", "/dev/xvdf");
        unit_link(dir, "var/lib/ceph/osd/ceph-1/journal", "/dev/disk/by-partuuid/1-01");
        unit_link(dir, "var/lib/ceph/osd/ceph-2/block", "/dev/ceph-1/osd-block-1");
        f = unit_probe("mentions", dir, VOLUME_OFFLINE, NULL);
        got = describe(f, "/mentions/databases");
        assert_string_equal(got, "/var/lib/ceph/osd/ceph-0/block:0 /dev/xvdf used null");
        unit_remove_tree(dir);
}

/* What is said of one name. */
static void test_element(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = NULL;

        unit_write_text(dir, "etc/rc.local", "d=/dev/xvdf\n\nmkfs $d\nx /dev/xvd* # nvme\n");
        f = unit_probe("mentions", dir, VOLUME_OFFLINE, NULL);
        assert_fact(f, "/mentions/scripts/0/kind", "\"xen\"");
        assert_fact(f, "/mentions/scripts/0/state", "\"gone\"");
        assert_fact(f, "/mentions/scripts/0/is_pattern", "false");
        assert_fact(f, "/mentions/scripts/0/knows_nvme", "false");
        assert_fact(f, "/mentions/scripts/0/tool", "\"mkfs\"");
        assert_fact(f, "/mentions/scripts/0/at/line", "3");
        assert_fact(f, "/mentions/scripts/1/value", "\"/dev/xvd*\"");
        assert_fact(f, "/mentions/scripts/1/kind", "\"xen\"");
        assert_fact(f, "/mentions/scripts/1/state", "\"gone\"");
        assert_fact(f, "/mentions/scripts/1/is_pattern", "true");
        assert_fact(f, "/mentions/scripts/1/at", "null");
        assert_fact(f, "/mentions/docker_wipes", "null");
        unit_remove_tree(dir);
}

static void test_wipes(void **state _unused_)
{
        static const struct {
                const char *text, *want;
        } rows[] = {
                { "DEVS=/dev/xvdf\n", "false" },
                { "DEVS=/dev/xvdf\nWIPE_SIGNATURES=true\n", "true" },
                { "DEVS=/dev/xvdf\nWIPE_SIGNATURES=true\nWIPE_SIGNATURES=\"false\"\n", "false" },
                { "WIPE_SIGNATURES=true\n", "null" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = NULL;

                unit_write_text(dir, "etc/sysconfig/docker-storage-setup", rows[i].text);
                f = unit_probe("mentions", dir, VOLUME_OFFLINE, NULL);
                assert_fact(f, "/mentions/docker_wipes", rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_limits(void **state _unused_)
{
        cleanup_free char *big = xcalloc(1, MENTION_FILE_MAX + 1), *got = NULL;
        cleanup_buf struct buf many = { 0 };
        cleanup_facts struct facts *f = NULL, *full = NULL;
        char *dir = unit_temp_dir();

        /* A large program is none of ours, a large script is. */
        unit_write(dir, "usr/local/bin/program", big, MENTION_FILE_MAX + 1);
        f = unit_probe("mentions", dir, VOLUME_OFFLINE, NULL);
        got = describe(f, "/mentions/scripts");
        assert_string_equal(got, "");
        memcpy(big, "#!", 2);
        unit_write(dir, "usr/local/bin/program", big, MENTION_FILE_MAX + 1);
        for (int i = 0; i < MENTIONS_MAX + 1; i++)
                buf_printf(&many, "/dev/xvdb%d\n", i + 1);
        unit_write_text(dir, "etc/smartd.conf", many.data);
        full = unit_probe("mentions", dir, VOLUME_OFFLINE, NULL);
        free(got);
        got = describe(full, "/mentions/scripts");
        assert_string_equal(got, "? /usr/local/bin/program: more than 262144 bytes");
        assert_int_equal(facts_count(full, "/mentions/monitoring"), MENTIONS_MAX);
        assert_why(full, "/mentions/monitoring",
                   "/etc/smartd.conf: it names more disks than are looked at");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_places),  cmocka_unit_test(test_ceph),
                cmocka_unit_test(test_element), cmocka_unit_test(test_wipes),
                cmocka_unit_test(test_limits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
