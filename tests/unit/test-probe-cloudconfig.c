#include "unit-probe.h"

#define LIST "/mentions/cloud_init"

/* "line:section value act(tool) when text; ..." and, where there may be more, "? reason". */
static char *describe(const struct facts *f)
{
        const char *file, *why = facts_why_incomplete(f, LIST, &file);
        struct buf b = { 0 };

        buf_puts(&b, "");
        for (size_t i = 0; i < facts_count(f, LIST); i++) {
                cleanup_free char *line = unit_fact(f, LIST "/%zu/line", i);
                cleanup_free char *section = unit_fact(f, LIST "/%zu/section", i);
                cleanup_free char *value = unit_fact(f, LIST "/%zu/value", i);
                cleanup_free char *tool = unit_fact(f, LIST "/%zu/tool", i);
                cleanup_free char *when = unit_fact(f, LIST "/%zu/when", i);
                cleanup_free char *text = unit_fact(f, LIST "/%zu/text", i);

                buf_printf(&b, "%s%s:%s %s %s %s|%s", i ? "; " : "", line, section, value, tool,
                           when, text);
        }
        if (why)
                buf_printf(&b, "? %s: %s", file, why);
        return buf_take(&b);
}

static void test_files(void **state _unused_)
{
        static const struct {
                const char *name, *file, *text, *want;
        } rows[] = {
                { "nothing", "etc/cloud/cloud.cfg", "users: []\n", "" },
                { "a mount", "etc/cloud/cloud.cfg", "\nmounts: [[xvdf, /data]]\n",
                  "2:mounts /dev/xvdf null at the first boot of an instance|mounts: [[xvdf, /data]]" },
                { "one of many files", "etc/cloud/cloud.cfg.d/9.cfg",
                  "growpart: {devices: [/dev/xvda1]}\n",
                  "1:growpart /dev/xvda1 null at every boot|growpart: {devices: [/dev/xvda1]}" },
                { "another", "etc/cloud/cloud.cfg.d/README", "growpart: {devices: [/dev/xvda1]}\n",
                  "" },
                { "user data", "var/lib/cloud/instance/cloud-config.txt",
                  "disk_setup: {/dev/xvdf: {overwrite: true}}\n",
                  "1:disk_setup /dev/xvdf disk_setup at the first boot of an instance|"
                  "disk_setup: {/dev/xvdf: {overwrite: true}}" },
                { "names that stay", "etc/cloud/cloud.cfg",
                  "mounts: [[LABEL=x], [ephemeral0], [/dev/mapper/x]]\n", "" },
                { "a command at every boot", "etc/cloud/cloud.cfg",
                  "bootcmd:\n- |\n  a\n  mkfs /dev/xvdf\n",
                  "4:bootcmd /dev/xvdf mkfs at every boot|mkfs /dev/xvdf" },
                { "a command once", "etc/cloud/cloud.cfg",
                  "bootcmd: [[cloud-init-per, once, x, mkfs, /dev/xvdf]]\n",
                  "1:bootcmd /dev/xvdf mkfs at the first boot of an instance|"
                  "cloud-init-per once x mkfs /dev/xvdf" },
                { "no YAML", "etc/cloud/cloud.cfg", "mounts: [\n",
                  "? /etc/cloud/cloud.cfg: line 2: no YAML: did not find expected node content" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = NULL;
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, "usr/bin/cloud-init", "");
                unit_write_text(dir, rows[i].file, rows[i].text);
                f = unit_probe("cloudconfig", dir, VOLUME_OFFLINE, NULL);
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_active(void **state _unused_)
{
        static const struct {
                const char *name, *file, *want;
        } rows[] = {
                { "not installed", "etc/x", "0" },
                { "installed", "usr/bin/cloud-init", "1" },
                { "turned off", "etc/cloud/cloud-init.disabled", "0" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = NULL;
                cleanup_free char *count = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, "etc/cloud/cloud.cfg", "mounts: [[xvdf]]\n");
                if (i > 0)
                        unit_write_text(dir, "usr/bin/cloud-init", "");
                unit_write_text(dir, rows[i].file, "");
                f = unit_probe("cloudconfig", dir, VOLUME_OFFLINE, NULL);
                count = xasprintf("%zu", facts_count(f, LIST));
                assert_string_equal(count, rows[i].want);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_files),
                cmocka_unit_test(test_active),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
