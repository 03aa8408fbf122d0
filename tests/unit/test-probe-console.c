#include "unit-probe.h"

extern const struct probe probe_console;
static const struct probe *const probes[] = { &probe_console, NULL };

static void know_cmdline(struct facts *f, const char *const *consoles)
{
        facts_set_evidence(f, "/boot/entry/kernel", "/boot/grub/grub.cfg", 7, SPAN("linux ..."));
        facts_set_array(f, "/boot/entry/params");
        for (int i = 0; consoles[i]; i++) {
                facts_set_str(f, "console", "/boot/entry/params/%d/name", i);
                facts_set_str(f, consoles[i], "/boot/entry/params/%d/value", i);
        }
}

/* "where device [last] [alone] file:line; ..." and, where there may be more, "? reason". */
static char *describe(const struct facts *f)
{
        const char *file, *why = facts_why_incomplete(f, "/console/settings", &file);
        struct buf b = { 0 };

        for (size_t i = 0; i < facts_count(f, "/console/settings"); i++) {
                cleanup_free char *where = unit_fact(f, "/console/settings/%zu/where", i);
                cleanup_free char *device = unit_fact(f, "/console/settings/%zu/device", i);
                cleanup_free char *last = unit_fact(f, "/console/settings/%zu/last", i);
                cleanup_free char *alone = unit_fact(f, "/console/settings/%zu/alone", i);
                cleanup_free char *at = unit_fact(f, "/console/settings/%zu/file", i);
                cleanup_free char *line = unit_fact(f, "/console/settings/%zu/line", i);

                buf_printf(&b, "%s%s %s%s%s %s:%s", i ? "; " : "", where, device,
                           streq(last, "true") ? " last" : "", streq(alone, "true") ? " alone" : "",
                           at, line);
        }
        if (why)
                buf_printf(&b, "? %s", why);
        return buf_take(&b);
}

static void test_cmdline(void **state _unused_)
{
        static const struct {
                const char *consoles[4];
                const char *want, *missing;
        } rows[] = {
                { { NULL }, "", "7" },
                { { "tty0" }, "", "7" },
                { { "tty0", "ttyS0,115200n8" }, "", "missing" },
                { { "ttyAMA0" }, "", "missing" },
                { { "hvc0" }, "cmdline hvc0 last alone /boot/grub/grub.cfg:7", "7" },
                { { "xvc0", "hvc0,1" },
                  "cmdline xvc0 alone /boot/grub/grub.cfg:7; "
                  "cmdline hvc0 last alone /boot/grub/grub.cfg:7",
                  "7" },
                { { "hvc0", "ttyS0" }, "cmdline hvc0 /boot/grub/grub.cfg:7", "missing" },
                { { "ttyS0", "hvc0" }, "cmdline hvc0 last /boot/grub/grub.cfg:7", "missing" },
                { { "hvc", "hvcx", "hvc0x" }, "", "7" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                know_cmdline(f, rows[i].consoles);
                unit_probe_on(f, dir, NULL, probes);
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                assert_fact(f, "/console/serial_missing/line", rows[i].missing);
                unit_remove_tree(dir);
        }
}

static void test_logins(void **state _unused_)
{
        static const struct {
                const char *name, *init, *file, *text, *want;
        } rows[] = {
                { "inittab", "sysvinit", "etc/inittab",
                  "id:3:initdefault:\nco:2345:respawn:/sbin/getty hvc0 9600\n",
                  "inittab hvc0 /etc/inittab:2" },
                { "a comment, and one that is off", "sysvinit", "etc/inittab",
                  "#co:2345:respawn:/sbin/getty hvc0\nco:2345:off:/sbin/getty hvc0\nx\n", "" },
                { "no login", "sysvinit", "etc/inittab", "co:2345:respawn:/bin/cat /dev/hvc0\n",
                  "" },
                { "another terminal", "sysvinit", "etc/inittab",
                  "co:2345:respawn:/sbin/getty ttyS0 # not hvc0x\n", "" },
                { "a job", "upstart", "etc/init/hvc0.conf",
                  "start on x\nrespawn\nexec /sbin/getty -8 38400 /dev/hvc0\n",
                  "upstart hvc0 /etc/init/hvc0.conf:3" },
                { "a job of an older Upstart", "upstart", "etc/event.d/xvc0",
                  "exec /sbin/getty xvc0\n", "upstart xvc0 /etc/event.d/xvc0:1" },
                { "a unit", "systemd",
                  "etc/systemd/system/getty.target.wants/serial-getty@hvc0.service", "",
                  "systemd hvc0 "
                  "/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service:0" },
                { "a unit for another terminal", "systemd",
                  "etc/systemd/system/getty.target.wants/getty@tty1.service", "", "" },
                { "inittab without whom to read it", "systemd", "etc/inittab",
                  "co:2345:respawn:/sbin/getty hvc0 9600\n", "" },
                { "what cannot be read", "sysvinit", "etc/inittab/x", "",
                  "? /etc/inittab: a directory, not a file; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                know_cmdline(f, (const char *const[]){ "ttyS0", NULL });
                facts_set_str(f, rows[i].init, "/os/init");
                unit_write_text(dir, rows[i].file, rows[i].text);
                unit_probe_on(f, dir, NULL, probes);
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_no_cmdline(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = unit_probe("console", dir, VOLUME_OFFLINE, NULL);
        cleanup_free char *got = describe(f);

        assert_string_equal(got, "? the kernel command line is not known");
        assert_why(f, "/console/serial_missing", "the kernel command line is not known");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_cmdline),
                cmocka_unit_test(test_logins),
                cmocka_unit_test(test_no_cmdline),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
