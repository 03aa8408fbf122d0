#include "unit-probe.h"

#include "base/str.h"

extern const struct probe probe_os;
static const struct probe *const probes[] = { &probe_os, NULL };

struct file {
        const char *path, *text;
        bool is_link;
};

/* "id version name init" of a directory with these files. */
static char *look(const struct file *files)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        cleanup_free char *id = NULL, *version = NULL, *name = NULL, *init = NULL;

        for (; files->path; files++) {
                if (files->is_link)
                        unit_link(dir, files->path, files->text);
                else
                        unit_write_text(dir, files->path, files->text);
        }
        unit_probe_on(f, dir, NULL, probes);
        id = unit_fact(f, "/os/id");
        version = unit_fact(f, "/os/version_id");
        name = unit_fact(f, "/os/name");
        init = unit_fact(f, "/os/init");
        unit_remove_tree(dir);
        return xasprintf("%s|%s|%s|%s", id, version, name, init);
}

static void test_release(void **state _unused_)
{
        static const struct {
                const char *name;
                struct file files[4];
                const char *start;
        } rows[] = {
                { "in /etc",
                  { { "etc/os-release", "ID=debian\nVERSION_ID=12\n" } },
                  "debian|12|null|" },
                { "in /usr/lib",
                  { { "usr/lib/os-release", "ID=debian\nPRETTY_NAME='D 12'\n" } },
                  "debian|null|D 12|" },
                { "the usual link",
                  { { "etc/os-release", "../usr/lib/os-release", true },
                    { "usr/lib/os-release", "ID=ubuntu\n" } },
                  "ubuntu|null|null|" },
                { "a link to nowhere",
                  { { "etc/os-release", "../usr/lib/nothing", true },
                    { "usr/lib/os-release", "ID=ubuntu\n" } },
                  "ubuntu|null|null|" },
                { "/etc wins",
                  { { "etc/os-release", "ID=a\n" }, { "usr/lib/os-release", "ID=b\n" } },
                  "a|null|null|" },
                { "EL6",
                  { { "etc/redhat-release", "CentOS release 6.10 (Final)\n" },
                    { "etc/system-release", "redhat-release", true } },
                  "centos|6.10|CentOS release 6.10 (Final)|" },
                { "Oracle, whose redhat-release is Red Hat's",
                  { { "etc/redhat-release", "Red Hat Enterprise Linux Server release 6.5\n" },
                    { "etc/oracle-release", "Oracle Linux Server release 6.5\n" } },
                  "ol|6.5|" },
                { "SUSE 11",
                  { { "etc/SuSE-release",
                      "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n" } },
                  "sles|11.4|" },
                { "Debian 6", { { "etc/debian_version", "6.0.10\n" } }, "debian|6.0.10|" },
                { "os-release before all of them",
                  { { "etc/os-release", "ID=debian\nVERSION_ID=8\n" },
                    { "etc/debian_version", "8.11\n" } },
                  "debian|8|null|" },
                { "an old file that is not understood",
                  { { "etc/debian_version", "jessie/sid\n" } },
                  "? there is no os-release file; the distribution is not known|" },
                { "an old file that is no file",
                  { { "etc/redhat-release/x", "" } },
                  "? /etc/redhat-release: a directory, not a file; not read|" },
                { "none",
                  { { "etc/x", "" } },
                  "? there is no os-release file; the distribution is not known|" },
                { "not a file",
                  { { "etc/os-release/x", "" } },
                  "? /etc/os-release: a directory, not a file; not read|" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *text = look(rows[i].files);

                print_message("# %s: %s\n", rows[i].name, text);
                assert_true(str_startswith(text, rows[i].start));
        }
}

static void test_init(void **state _unused_)
{
        static const struct {
                const char *name;
                struct file files[5];
                const char *init;
        } rows[] = {
                { "systemd",
                  { { "sbin/init", "/lib/systemd/systemd", true }, { "lib/systemd/systemd", "" } },
                  "systemd" },
                { "systemd, merged usr",
                  { { "sbin", "usr/sbin", true },
                    { "lib", "usr/lib", true },
                    { "usr/sbin/init", "../lib/systemd/systemd", true },
                    { "usr/lib/systemd/systemd", "" } },
                  "systemd" },
                { "systemd over two links",
                  { { "sbin/init", "../bin/systemd", true },
                    { "bin/systemd", "/lib/systemd/systemd", true },
                    { "lib/systemd/systemd", "" } },
                  "systemd" },
                { "systemd is missing",
                  { { "sbin/init", "/lib/systemd/systemd", true } },
                  "? there is no /sbin/init, or it leads nowhere; is this a root volume?" },
                { "upstart",
                  { { "sbin/init", "" }, { "sbin/initctl", "" }, { "etc/init/rc.conf", "" } },
                  "upstart" },
                { "upstart, by link",
                  { { "sbin/init", "upstart", true }, { "sbin/upstart", "" } },
                  "upstart" },
                { "upstart with an inittab",
                  { { "sbin/init", "" },
                    { "sbin/initctl", "" },
                    { "etc/init/rc.conf", "" },
                    { "etc/inittab", "" } },
                  "upstart" },
                { "sysvinit", { { "sbin/init", "" }, { "etc/inittab", "" } }, "sysvinit" },
                { "systemd left behind, sysvinit in charge",
                  { { "sbin/init", "" }, { "etc/inittab", "" }, { "lib/systemd/systemd", "" } },
                  "sysvinit" },
                { "busybox",
                  { { "sbin/init", "../bin/busybox", true }, { "bin/busybox", "" } },
                  "? it is /sbin/../bin/busybox, which is none of systemd, Upstart and SysV init" },
                { "nothing",
                  { { "etc/inittab", "" } },
                  "? there is no /sbin/init, or it leads nowhere; is this a root volume?" },
                { "loop",
                  { { "sbin/init", "init", true } },
                  "? /sbin/init: a loop of links, or too many of them; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *text = look(rows[i].files);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(strrchr(text, '|') + 1, rows[i].init);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_release),
                cmocka_unit_test(test_init),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
