#include "unit-probe.h"

extern const struct probe probe_timeconf;

static void know_cmdline(struct facts *f, const char *name, const char *value)
{
        facts_set_array(f, "/boot/entry/params");
        facts_set_evidence(f, "/boot/entry/kernel", "/boot/grub/grub.cfg", 9, SPAN("linux"));
        if (!name)
                return;
        facts_set_str(f, name, "/boot/entry/params/0/name");
        facts_set_str(f, value, "/boot/entry/params/0/value");
}

static struct facts *look(const char *path, const char *text, const char *link)
{
        struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        know_cmdline(f, NULL, NULL);
        if (link)
                unit_link(dir, path, link);
        else if (path)
                unit_write_text(dir, path, text);
        unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_timeconf, NULL });
        unit_remove_tree(dir);
        return f;
}

static void test_wallclock(void **state _unused_)
{
        static const struct {
                const char *name, *path, *text, *link, *want;
        } rows[] = {
                { "nothing", NULL, NULL, NULL, "" },
                { "sysctl.conf", "etc/sysctl.conf", "# x\nxen.independent_wallclock = 1\n", NULL,
                  "sysctl false 2" },
                { "with slashes, in a directory", "etc/sysctl.d/10-xen.conf",
                  "xen/independent_wallclock=1", NULL, "sysctl false 1" },
                { "forgiven", "etc/sysctl.d/10-xen.conf", " -xen.independent_wallclock=1\n", NULL,
                  "sysctl true 1" },
                { "a comment", "etc/sysctl.conf",
                  "; xen.independent_wallclock = 1\n#xen.independent_wallclock=1\n", NULL, "" },
                { "a file that is not read", "etc/sysctl.d/xen.conf.bak",
                  "xen.independent_wallclock=1\n", NULL, "" },
                { "a script", "etc/rc.d/rc.local",
                  "#!/bin/sh\necho 1 >/proc/sys/xen/independent_wallclock\n", NULL,
                  "script false 2" },
                { "a directory in its place", "etc/sysctl.conf/x", "", NULL,
                  "? /etc/sysctl.conf: a directory, not a file; not read" },
                { "a loop of links", "etc/sysctl.d/x.conf", NULL, "x.conf",
                  "? /etc/sysctl.d/x.conf: a loop of links, or too many of them; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = look(rows[i].path, rows[i].text, rows[i].link);
                const char *file, *why = facts_why_incomplete(f, "/timeconf/wallclock", &file);
                cleanup_buf struct buf got = { 0 };

                print_message("# %s\n", rows[i].name);
                buf_puts(&got, "");
                for (size_t k = 0; k < facts_count(f, "/timeconf/wallclock"); k++) {
                        cleanup_free char *where = unit_fact(f, "/timeconf/wallclock/%zu/where", k);
                        cleanup_free char *bad =
                                unit_fact(f, "/timeconf/wallclock/%zu/forgiven", k);
                        cleanup_free char *line = unit_fact(f, "/timeconf/wallclock/%zu/line", k);

                        buf_printf(&got, "%s %s %s", where, bad, line);
                }
                if (why)
                        buf_printf(&got, "? %s", why);
                assert_string_equal(got.data, rows[i].want);
        }
}

static void test_rtc(void **state _unused_)
{
        static const struct {
                const char *name, *path, *text, *link, *want;
        } rows[] = {
                { "nothing", NULL, NULL, NULL, "null" },
                { "adjtime says UTC", "etc/adjtime", "0.0 0 0.0\n0\nUTC\n", NULL, "null" },
                { "adjtime says LOCAL", "etc/adjtime", "0.0 0 0.0\n0\nLOCAL\n", NULL, "LOCAL" },
                { "in another line", "etc/adjtime", "0.0 0 0.0\nLOCAL\n", NULL, "null" },
                { "Red Hat 6", "etc/sysconfig/clock", "ZONE=\"Europe/Berlin\"\nUTC=false\n", NULL,
                  "UTC=false" },
                { "SUSE 11", "etc/sysconfig/clock", "HWCLOCK=\"--localtime\"\n", NULL,
                  "HWCLOCK=\"--localtime\"" },
                { "Debian 7", "etc/default/rcS", "# UTC=no\nUTC=yes\n", NULL, "null" },
                { "a directory in its place", "etc/adjtime/x", "", NULL,
                  "? /etc/adjtime: a directory, not a file; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = look(rows[i].path, rows[i].text, rows[i].link);
                struct json_object *node;
                cleanup_free char *got = facts_get(f, "/timeconf/rtc_local", &node) > 0
                                                 ? unit_fact(f, "/timeconf/rtc_local/text")
                                                 : unit_fact(f, "/timeconf/rtc_local");

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_zone_of_utc(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        know_cmdline(f, "intel_idle.max_cstate", "1");
        unit_write_text(dir, "etc/adjtime", "0.0 0 0.0\n0\nLOCAL\n");
        unit_link(dir, "etc/localtime", "../usr/share/zoneinfo/Etc/UTC");
        unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_timeconf, NULL });
        unit_remove_tree(dir);
        assert_fact(f, "/timeconf/rtc_local", "null");
        assert_fact(f, "/timeconf/idle/0/name", "\"intel_idle.max_cstate\"");
        assert_fact(f, "/timeconf/idle/0/value", "\"1\"");
        assert_fact(f, "/timeconf/idle/0/line", "9");
}

static void test_no_cmdline(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = unit_probe("timeconf", dir, VOLUME_OFFLINE, NULL);

        assert_why(f, "/timeconf/idle", "the kernel command line is not known");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_wallclock),
                cmocka_unit_test(test_rtc),
                cmocka_unit_test(test_zone_of_utc),
                cmocka_unit_test(test_no_cmdline),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
