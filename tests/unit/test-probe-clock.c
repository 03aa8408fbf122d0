#include "unit-probe.h"

extern const struct probe probe_clock;

#define CHOOSE "echo xen > /sys/devices/system/clocksource/clocksource0/current_clocksource\n"

static void know_cmdline(struct facts *f, const char *value)
{
        facts_set_array(f, "/boot/entry/params");
        facts_set_evidence(f, "/boot/entry/kernel", "/boot/grub/grub.cfg", 9, SPAN("linux"));
        if (!value)
                return;
        facts_set_str(f, "clocksource", "/boot/entry/params/0/name");
        facts_set_str(f, value, "/boot/entry/params/0/value");
}

/* "where value file:line; ..." and, where there may be more, "? reason". */
static char *describe(const struct facts *f)
{
        const char *file, *why = facts_why_incomplete(f, "/clock/settings", &file);
        struct buf b = { 0 };

        for (size_t i = 0; i < facts_count(f, "/clock/settings"); i++) {
                cleanup_free char *where = unit_fact(f, "/clock/settings/%zu/where", i);
                cleanup_free char *value = unit_fact(f, "/clock/settings/%zu/value", i);
                cleanup_free char *at = unit_fact(f, "/clock/settings/%zu/file", i);
                cleanup_free char *line = unit_fact(f, "/clock/settings/%zu/line", i);

                buf_printf(&b, "%s%s %s %s:%s", i ? "; " : "", where, value, at, line);
        }
        if (why)
                buf_printf(&b, "? %s", why);
        return buf_take(&b);
}

static void test_settings(void **state _unused_)
{
        static const struct {
                const char *name, *cmdline, *file, *text, *link, *want;
        } rows[] = {
                { .name = "nothing", .want = "" },
                { .name = "command line",
                  .cmdline = "xen",
                  .want = "cmdline xen /boot/grub/grub.cfg:9" },
                { .name = "rc.local, second line",
                  .file = "etc/rc.local",
                  .text = "#!/bin/sh\n" CHOOSE,
                  .want = "file xen /etc/rc.local:2" },
                { .name = "sysfs.d",
                  .file = "etc/sysfs.d/x.conf",
                  .text = CHOOSE,
                  .want = "file xen /etc/sysfs.d/x.conf:1" },
                { .name = "a file that is not read",
                  .file = "etc/sysfs.d/x.conf.old",
                  .text = CHOOSE,
                  .want = "" },
                { .name = "a unit",
                  .file = "etc/systemd/system/x.service",
                  .text = CHOOSE,
                  .want = "file xen /etc/systemd/system/x.service:1" },
                { .name = "a unit whose link leads nowhere",
                  .file = "etc/systemd/system/x.service",
                  .link = "/dev/null",
                  .want = "" },
                { .name = "a loop of links is not absence",
                  .file = "etc/tmpfiles.d/x.conf",
                  .link = "x.conf",
                  .want = "? /etc/tmpfiles.d/x.conf: a loop of links, or too many of them; not read" },
                { .name = "nor is a directory",
                  .file = "etc/tmpfiles.d/x.conf/y",
                  .text = "",
                  .want = "? /etc/tmpfiles.d/x.conf: a directory, not a file; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                know_cmdline(f, rows[i].cmdline);
                if (rows[i].link)
                        unit_link(dir, rows[i].file, rows[i].link);
                else if (rows[i].file)
                        unit_write_text(dir, rows[i].file, rows[i].text);
                unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_clock, NULL });
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_parameters(void **state _unused_)
{
        static const struct {
                const char *names[2], *values[2], *want;
        } rows[] = {
                { { "notsc" }, { NULL }, "parameter notsc slow=false" },
                { { "tsc" }, { "unstable" }, "parameter tsc=unstable slow=false" },
                { { "tsc" }, { "reliable" }, "" },
                { { "lpj", "no-kvmclock" },
                  { "4589" },
                  "parameter no-kvmclock slow=false; parameter lpj=4589 slow=false" },
                { { "lpj" }, { "0" }, "" },
                { { "notsc", "no-kvmclock" },
                  { NULL },
                  "parameter notsc slow=true; parameter no-kvmclock slow=true" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_buf struct buf got = { 0 };
                char *dir = unit_temp_dir();

                know_cmdline(f, NULL);
                for (size_t k = 0; k < 2 && rows[i].names[k]; k++) {
                        facts_set_str(f, rows[i].names[k], "/boot/entry/params/%zu/name", k);
                        facts_set_str(f, rows[i].values[k], "/boot/entry/params/%zu/value", k);
                }
                unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_clock, NULL });
                buf_puts(&got, "");
                for (size_t k = 0; k < facts_count(f, "/clock/settings"); k++) {
                        cleanup_free char *where = unit_fact(f, "/clock/settings/%zu/where", k);
                        cleanup_free char *value = unit_fact(f, "/clock/settings/%zu/value", k);
                        cleanup_free char *slow = unit_fact(f, "/clock/settings/%zu/slow", k);

                        buf_printf(&got, "%s%s %s slow=%s", k ? "; " : "", where, value, slow);
                }
                assert_string_equal(got.data, rows[i].want);
                unit_remove_tree(dir);
        }
}

/* The profile that is active and what it builds on; not any other, and Red Hat's rc.local once. */
static void test_tuned(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        cleanup_free char *got = NULL;
        char *dir = unit_temp_dir();

        know_cmdline(f, NULL);
        unit_write_text(dir, "etc/tuned/active_profile", "ours\n");
        unit_write_text(dir, "etc/tuned/ours/tuned.conf",
                        "[main]\ninclude=ours,base , virtual-guest\n");
        unit_write_text(dir, "etc/tuned/base/tuned.conf",
                        "[sysfs]\n/sys/devices/system/clocksource/clocksource0/"
                        "current_clocksource=xen\n");
        unit_write_text(dir, "etc/tuned/idle/tuned.conf", CHOOSE);
        unit_write_text(dir, "etc/rc.d/rc.local", CHOOSE);
        unit_link(dir, "etc/rc.local", "rc.d/rc.local");
        unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_clock, NULL });
        got = describe(f);
        assert_string_equal(got, "file xen /etc/rc.d/rc.local:1; "
                                 "file xen /etc/tuned/base/tuned.conf:2");
        unit_remove_tree(dir);
}

static void test_no_cmdline(void **state _unused_)
{
        cleanup_free char *got = NULL;
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = unit_probe("clock", dir, VOLUME_OFFLINE, NULL);

        got = describe(f);
        assert_string_equal(got, "? the kernel command line is not known");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_settings),
                cmocka_unit_test(test_parameters),
                cmocka_unit_test(test_tuned),
                cmocka_unit_test(test_no_cmdline),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
