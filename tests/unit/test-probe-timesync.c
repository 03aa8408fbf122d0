#include "unit-probe.h"

extern const struct probe probe_timesync;

#define UNIT(name) "etc/systemd/system/multi-user.target.wants/" name

/* "name state file:line; ..." and, where there may be more, "? reason". */
static char *describe(const struct facts *f)
{
        const char *file, *why = facts_why_incomplete(f, "/timesync/services", &file);
        struct buf b = { 0 };

        buf_puts(&b, "");
        for (size_t i = 0; i < facts_count(f, "/timesync/services"); i++) {
                cleanup_free char *name = unit_fact(f, "/timesync/services/%zu/name", i);
                cleanup_free char *state = unit_fact(f, "/timesync/services/%zu/state", i);
                cleanup_free char *path = xasprintf("/timesync/services/%zu/file", i);
                cleanup_free char *line = unit_fact(f, "/timesync/services/%zu/line", i);

                buf_printf(&b, "%s%s: %s, ", i ? "; " : "", name, state);
                if (facts_str(f, path))
                        buf_printf(&b, "%s:%s", facts_str(f, path), line);
                else
                        buf_puts(&b, "-");
        }
        if (why)
                buf_printf(&b, "? %s", why);
        return buf_take(&b);
}

struct file {
        const char *path, *text, *link;
};

static void test_services(void **state _unused_)
{
        static const struct {
                const char *name;
                struct file files[4];
                const char *want;
        } rows[] = {
                { "nothing", { { 0 } }, "" },
                { "Debian's chrony: sources of DHCP and a directory of its own",
                  { { UNIT("chrony.service"), "", NULL },
                    { "etc/chrony/chrony.conf",
                      "confdir /etc/chrony/conf.d\nsourcedir /run/chrony-dhcp\n"
                      "sourcedir /etc/chrony/sources.d\nkeyfile /x\n",
                      NULL } },
                  "chrony: good, /etc/chrony/chrony.conf:0" },
                { "a server",
                  { { UNIT("chronyd.service"), "", NULL },
                    { "etc/chrony.conf", "# server x\nSERVER 169.254.169.123 iburst\n", NULL } },
                  "chrony: good, /etc/chrony.conf:2" },
                { "a server in another file",
                  { { UNIT("chronyd.service"), "", NULL },
                    { "etc/chrony.conf", "driftfile /x\ninclude /etc/chrony.d/*.conf\n", NULL },
                    { "etc/chrony.d/a.conf", "pool 2.pool.ntp.org iburst\n", NULL },
                    { "etc/chrony.d/b.txt", "refclock PHC /dev/ptp0\n", NULL } },
                  "chrony: good, /etc/chrony.d/a.conf:1" },
                { "no server at all",
                  { { UNIT("chronyd.service"), "", NULL },
                    { "etc/chrony.conf", "driftfile /x\n! server y\nserver\n", NULL } },
                  "chrony: no-source, /etc/chrony.conf:0" },
                { "the clock of a card, beside a server",
                  { { UNIT("chronyd.service"), "", NULL },
                    { "etc/chrony.conf", "server 169.254.169.123\nrefclock PHC /dev/ptp0 poll 0\n",
                      NULL } },
                  "chrony: card, /etc/chrony.conf:2" },
                { "another reference clock",
                  { { UNIT("chronyd.service"), "", NULL },
                    { "etc/chrony.conf", "refclock SHM 0\n", NULL } },
                  "chrony: good, /etc/chrony.conf:1" },
                { "files that include one another",
                  { { UNIT("chronyd.service"), "", NULL },
                    { "etc/chrony.conf", "include /etc/chrony.conf\n", NULL } },
                  "chrony: ? too many files include one another, -" },
                { "its configuration is not there",
                  { { UNIT("ntp.service"), "", NULL } },
                  "ntpd: ? its configuration is not there, -" },
                { "masked",
                  { { UNIT("ntp.service"), "", NULL },
                    { "etc/systemd/system/ntp.service", NULL, "/dev/null" },
                    { "usr/lib/systemd/system/ntp.service", "", NULL } },
                  "" },
                { "a script of init",
                  { { "etc/rc3.d/S58ntpd", "", NULL },
                    { "etc/ntp.conf", "server 0.amazon.pool.ntp.org iburst\n", NULL } },
                  "ntpd: good, /etc/ntp.conf:1" },
                { "systemd does not look at it where there is a unit",
                  { { "etc/rc3.d/S58ntpd", "", NULL },
                    { "usr/lib/systemd/system/ntpd.service", "", NULL } },
                  "" },
                { "timesyncd needs nothing",
                  { { "etc/systemd/system/sysinit.target.wants/systemd-timesyncd.service", "",
                      NULL } },
                  "systemd-timesyncd: good, -" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                for (size_t k = 0; k < ARRAY_SIZE(rows[i].files) && rows[i].files[k].path; k++)
                        if (rows[i].files[k].link)
                                unit_link(dir, rows[i].files[k].path, rows[i].files[k].link);
                        else
                                unit_write_text(dir, rows[i].files[k].path, rows[i].files[k].text);
                unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_timesync, NULL });
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_services),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
