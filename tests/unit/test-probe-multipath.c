#include "unit-probe.h"

extern const struct probe probe_multipath;

#define LINK "etc/systemd/system/sysinit.target.wants/multipathd.service"

static void test_multipath(void **state _unused_)
{
        static const struct {
                const char *name, *parameter, *conf, *wwids, *want; /* "find excluded wwid" */
        } rows[] = {
                { "no configuration", NULL, NULL, NULL, "null false null" },
                { "takes all", NULL, "defaults {\nfind_multipaths no\n}\n", NULL, "no false null" },
                { "but for NVMe", NULL,
                  "defaults {\nfind_multipaths greedy\n}\nblacklist {\ndevnode \"^nvme\"\n}\n",
                  NULL, "greedy true null" },
                { "but for all", NULL, "blacklist {\nwwid \".*\"\n}\n", NULL, "null true null" },
                { "but for the vendor", NULL, "blacklist {\ndevice {\nvendor NVME\n}\n}\n", NULL,
                  "null true null" },
                { "an exception from it", NULL,
                  "blacklist {\ndevnode nvme\n}\nblacklist_exceptions {\ndevnode nvme1\n}\n", NULL,
                  "null ? null" },
                { "all but some", NULL, "blacklist {\ndevnode \"!^sd\"\n}\n", NULL, "null ? null" },
                { "one that it knows", NULL, NULL, "# x\n/3600/\n/nvme.1d0f-76/\n",
                  "null false 3" },
                { "broken", NULL, "defaults {\n", NULL, "? ? null" },
                { "switched off", "multipath=off", "defaults {\nfind_multipaths no\n}\n", NULL,
                  "off" },
                { "switched off by its old name", "nompath", NULL, NULL, "off" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *runs = NULL, *find = NULL, *value = NULL, *out = NULL;
                cleanup_free char *wwid = NULL, *line = NULL, *got = NULL;
                cleanup_facts struct facts *f = facts_new();
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                unit_link(dir, LINK, "/lib/systemd/system/multipathd.service");
                if (rows[i].conf)
                        unit_write_text(dir, "etc/multipath.conf", rows[i].conf);
                if (rows[i].wwids)
                        unit_write_text(dir, "etc/multipath/wwids", rows[i].wwids);
                if (rows[i].parameter) {
                        cleanup_free char *word = xstrdup(rows[i].parameter);
                        char *text = word, *name = strsep(&text, "=");

                        facts_set_str(f, name, "/boot/entry/params/0/name");
                        facts_set_str(f, text, "/boot/entry/params/0/value");
                }
                unit_probe_on(f, dir, NULL,
                              (const struct probe *const[]){ &probe_multipath, NULL });
                runs = unit_fact(f, "/multipath/runs");
                find = unit_fact(f, "/multipath/find");
                value = unit_fact(f, "/multipath/find/value");
                out = unit_fact(f, "/multipath/excluded");
                wwid = unit_fact(f, "/multipath/wwid");
                line = unit_fact(f, "/multipath/wwid/line");
                got = streq(runs, "false") ? xstrdup("off")
                                           : xasprintf("%s %s %s",
                                                       *find == '?'          ? "?"
                                                       : streq(find, "null") ? find
                                                                             : value,
                                                       *out == '?' ? "?" : out,
                                                       streq(wwid, "null") ? wwid : line);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_not_enabled(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = NULL;

        unit_write_text(dir, "etc/multipath.conf", "defaults {\nfind_multipaths no\n}\n");
        f = unit_probe("multipath", dir, VOLUME_OFFLINE, NULL);
        assert_fact(f, "/multipath/runs", "false");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_multipath),
                cmocka_unit_test(test_not_enabled),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
