#include "unit-probe.h"

extern const struct probe probe_shutdown;

#define UNIT  "usr/lib/systemd/system/systemd-logind.service"
#define ACPID "usr/sbin/acpid"

static void test_listener(void **state _unused_)
{
        static const struct {
                const char *name, *init, *files[4]; /* "PATH", "PATH=TEXT" or "PATH->LINK" */
                const char *listener, *why;
        } rows[] = {
                { "logind", "systemd", { UNIT }, "logind", "null" },
                { "no logind", "systemd", { NULL }, "null", "null" },
                { "logind on another init", "sysvinit", { UNIT }, "null", "null" },
                { "masked",
                  "systemd",
                  { UNIT, "etc/systemd/system/systemd-logind.service->/dev/null" },
                  "null",
                  "the unit is masked" },
                { "ignores",
                  "systemd",
                  { UNIT, "etc/systemd/logind.conf=[Login]\nHandlePowerKey=ignore\n" },
                  "null",
                  "HandlePowerKey=ignore" },
                { "in another section",
                  "systemd",
                  { UNIT, "etc/systemd/logind.conf=[Logon]\nHandlePowerKey=ignore\n" },
                  "logind",
                  "null" },
                { "a drop-in says otherwise",
                  "systemd",
                  { UNIT, "etc/systemd/logind.conf=[Login]\nHandlePowerKey=ignore\n",
                    "etc/systemd/logind.conf.d/a.conf=[Login]\nHandlePowerKey=poweroff\n" },
                  "logind",
                  "null" },
                { "a vendor's drop-in hidden",
                  "systemd",
                  { UNIT, "usr/lib/systemd/logind.conf.d/a.conf=[Login]\nHandlePowerKey=ignore\n",
                    "etc/systemd/logind.conf.d/a.conf=" },
                  "logind",
                  "null" },
                { "acpid in place of it",
                  "systemd",
                  { UNIT, "etc/systemd/logind.conf=[Login]\nHandlePowerKey=ignore\n", ACPID,
                    "etc/systemd/system/multi-user.target.wants/acpid.service=" },
                  "acpid",
                  "HandlePowerKey=ignore" },
                { "acpid by rc scripts",
                  "sysvinit",
                  { ACPID, "etc/rc3.d/S26acpid=" },
                  "acpid",
                  "null" },
                { "acpid, stopped", "sysvinit", { ACPID, "etc/rc3.d/K74acpid=" }, "null", "null" },
                { "acpid by Upstart",
                  "upstart",
                  { ACPID, "etc/init/acpid.conf=" },
                  "acpid",
                  "null" },
                { "its links alone", "sysvinit", { "etc/rc3.d/S26acpid=" }, "null", "null" },
                { "cannot be read", "systemd", { UNIT, "etc/systemd/logind.conf/x" }, "?", "null" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *listener = NULL, *why = NULL, *whole = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                facts_set_str(f, rows[i].init, "/os/init");
                for (size_t k = 0; k < 4 && rows[i].files[k]; k++) {
                        cleanup_free char *path = xstrdup(rows[i].files[k]);
                        char *link = strstr(path, "->"), *text = strchr(path, '=');

                        if (link)
                                *link = '\0';
                        else if (text)
                                *text++ = '\0';
                        if (link)
                                unit_link(dir, path, link + 2);
                        else
                                unit_write_text(dir, path, text ? text : "");
                }
                unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_shutdown, NULL });
                listener = unit_fact(f, "/shutdown/listener");
                whole = unit_fact(f, "/shutdown/logind");
                why = unit_fact(f, "/shutdown/logind/text");
                assert_string_equal(*listener == '?' ? "?" : listener, rows[i].listener);
                assert_string_equal(streq(whole, "null") ? "null" : why, rows[i].why);
                unit_remove_tree(dir);
        }
}

static void test_no_init(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = unit_probe("shutdown", dir, VOLUME_OFFLINE, NULL);

        assert_why(f, "/shutdown/listener", "what starts the system is not known");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_listener),
                cmocka_unit_test(test_no_init),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
