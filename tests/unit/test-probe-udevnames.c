#include "unit-probe.h"

/* "line:key=value effect effect_value nvme; ..." and, where there may be more, "? reason". */
static char *describe(const struct facts *f)
{
        static const char list[] = "/mentions/udev";
        const char *file, *why = facts_why_incomplete(f, list, &file);
        struct buf b = { 0 };

        buf_puts(&b, "");
        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *line = unit_fact(f, "%s/%zu/line", list, i);
                cleanup_free char *key = unit_fact(f, "%s/%zu/key", list, i);
                cleanup_free char *value = unit_fact(f, "%s/%zu/value", list, i);
                cleanup_free char *effect = unit_fact(f, "%s/%zu/effect", list, i);
                cleanup_free char *given = unit_fact(f, "%s/%zu/effect_value", list, i);
                cleanup_free char *nvme = unit_fact(f, "%s/%zu/knows_nvme", list, i);

                buf_printf(&b, "%s%s:%s=%s %s %s%s", i ? "; " : "", line, key, value, effect, given,
                           strcmp(nvme, "true") == 0 ? " nvme" : "");
        }
        if (why)
                buf_printf(&b, "? %s", why);
        return buf_take(&b);
}

static void test_rules(void **state _unused_)
{
        static const struct {
                const char *name, *file, *text, *want;
        } rows[] = {
                { "a name", "99-x.rules", "KERNEL==\"xvdf\", SYMLINK+=\"data\", OWNER=\"x\"\n",
                  "1:KERNEL=xvdf link data" },
                { "one of several", "99-x.rules", "\nKERNEL==\"sd*|xvd*\", OWNER=\"oracle\"\n",
                  "2:KERNEL=sd*|xvd* access oracle" },
                { "beside NVMe", "99-x.rules", "KERNEL==\"xvd*|nvme*\", OWNER=\"oracle\"\n", "" },
                { "the driver", "99-x.rules", "DRIVERS==\"vbd\", RUN+=\"/x\"\n",
                  "1:DRIVERS=vbd run /x" },
                { "the place on the bus", "99-x.rules",
                  "ENV{ID_PATH}==\"xen-vbd-51792\", ENV{X}=\"1\"\n",
                  "1:ENV{ID_PATH}=xen-vbd-51792 other null" },
                { "a setting", "99-x.rules", "KERNEL==\"xvda\", ATTR{queue/scheduler}=\"noop\"\n",
                  "1:KERNEL=xvda setting noop" },
                { "an attribute that is asked for", "99-x.rules",
                  "KERNEL==\"xvda\", ATTR{size}==\"1\", MODE=\"0660\"\n",
                  "1:KERNEL=xvda access 0660" },
                { "a jump past all others", "99-x.rules", "KERNEL!=\"xvd*\", GOTO=\"end\"\n",
                  "1:KERNEL=xvd* other end" },
                { "all others", "99-x.rules", "KERNEL!=\"xvd*\", OWNER=\"x\"\n", "" },
                { "a network card", "99-x.rules",
                  "SUBSYSTEM==\"net\", SUBSYSTEMS==\"xen\", NAME=\"eth0\"\n", "" },
                { "NVMe elsewhere in the file", "99-x.rules",
                  "KERNEL==\"xvdf\", SYMLINK+=\"d\"\nKERNEL==\"nvme1n1\", SYMLINK+=\"d\"\n",
                  "1:KERNEL=xvdf link d nvme" },
                { "malformed", "99-x.rules", "KERNEL==\"xvdf\", SYMLINK+=\"d\n", "" },
                { "of amazon-ec2-utils", "51-ec2-hvm-devices.rules",
                  "KERNEL==\"xvdf\", SYMLINK+=\"d\"\n", "" },
                { "no rules file", "99-x.rules.old", "KERNEL==\"xvdf\", SYMLINK+=\"d\"\n", "" },
                { "a directory", "99-x.rules/y", "",
                  "? /etc/udev/rules.d/99-x.rules: a directory, not a file; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *path = xasprintf("etc/udev/rules.d/%s", rows[i].file),
                                  *got = NULL;
                cleanup_facts struct facts *f = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, path, rows[i].text);
                f = unit_probe("udevnames", dir, VOLUME_OFFLINE, NULL);
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_masked(void **state _unused_)
{
        cleanup_facts struct facts *f = NULL;
        cleanup_free char *got = NULL;
        char *dir = unit_temp_dir();

        unit_link(dir, "etc/udev/rules.d/99-x.rules", "/dev/null");
        f = unit_probe("udevnames", dir, VOLUME_OFFLINE, NULL);
        got = describe(f);
        assert_string_equal(got, "");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rules),
                cmocka_unit_test(test_masked),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
