#include "unit-probe.h"

extern const struct probe probe_cloudinit;

static void test_list(void **state _unused_)
{
        static const struct {
                const char *name, *path, *text, *want;
        } rows[] = {
                { "none is written", "etc/cloud/cloud.cfg", "users:\n - default\n", "null" },
                { "in one line", "etc/cloud/cloud.cfg.d/90_dpkg.cfg",
                  "# x\ndatasource_list: [ NoCloud, Ec2, None ]\n", "true 2" },
                { "without Ec2", "etc/cloud/cloud.cfg",
                  "datasource_list: ['OpenStack', \"None\"]\n", "false 1" },
                { "on lines of their own", "etc/cloud/cloud.cfg",
                  "datasource_list:\n  - NoCloud\n# Ec2\n  - Ec2\nusers:\n  - Ec2\n", "true 1" },
                { "those of another key", "etc/cloud/cloud.cfg",
                  "datasource_list:\n  - NoCloud\nusers:\n  - Ec2\n", "false 1" },
                { "the last one counts", "etc/cloud/cloud.cfg",
                  "datasource_list: [Ec2]\ndatasource_list: [None]\n", "false 2" },
                { "brackets over lines", "etc/cloud/cloud.cfg",
                  "datasource_list: [\nEc2\n]\nx: y\n", "true 1" },
                { "a comment", "etc/cloud/cloud.cfg", "#datasource_list: [None]\n", "null" },
                { "not read", "etc/cloud/cloud.cfg/x", "",
                  "? /etc/cloud/cloud.cfg: a directory, not a file; not read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *ec2 = NULL, *line = NULL, *got = NULL;
                struct json_object *node;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, "usr/bin/cloud-init", "");
                unit_write_text(dir, rows[i].path, rows[i].text);
                unit_probe_on(f, dir, NULL,
                              (const struct probe *const[]){ &probe_cloudinit, NULL });
                unit_remove_tree(dir);
                ec2 = unit_fact(f, "/cloudinit/list/ec2");
                line = unit_fact(f, "/cloudinit/list/line");
                got = facts_get(f, "/cloudinit/list", &node) > 0 ? xasprintf("%s %s", ec2, line)
                                                                 : unit_fact(f, "/cloudinit/list");
                assert_string_equal(got, rows[i].want);
                assert_fact(f, "/cloudinit/runs", "true");
        }
}

static void test_runs(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *none = unit_probe("cloudinit", dir, VOLUME_OFFLINE, NULL);
        cleanup_facts struct facts *off = NULL;

        assert_fact(none, "/cloudinit/runs", "false");
        assert_fact(none, "/cloudinit/list", "null");
        unit_write_text(dir, "usr/bin/cloud-init", "");
        unit_write_text(dir, "etc/cloud/cloud-init.disabled", "");
        off = unit_probe("cloudinit", dir, VOLUME_OFFLINE, NULL);
        assert_fact(off, "/cloudinit/runs", "false");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_list),
                cmocka_unit_test(test_runs),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
