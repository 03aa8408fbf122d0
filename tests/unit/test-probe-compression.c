#include "unit-probe.h"

extern const struct probe probe_compression;
static const struct probe *const probes[] = { &probe_compression, NULL };

static void test_suffixes(void **state _unused_)
{
        static const struct {
                const char *name, *own; /* own: a module of the kernel, or NULL */
                const char *path;       /* NULL: built in */
                const char *expected;   /* suffix|own of the first, or what is said */
        } rows[] = {
                { "none compressed", "crypto/a.ko", "/lib/modules/1/kernel/ena.ko", "none" },
                { "uncompressed among compressed", "crypto/a.ko.xz", "/lib/modules/1/extra/ena.ko",
                  "none" },
                { "all alike", "lib/a.ko.zst", "/lib/modules/1/kernel/ena.ko.zst", "none" },
                { "another kind", "lib/a.b.ko.xz", "/lib/modules/1/extra/ena.ko.zst",
                  "ko.zst|ko.xz" },
                { "among uncompressed", "crypto/a.ko", "/lib/modules/1.ko.2/ena.ko.gz",
                  "ko.gz|ko" },
                { "nothing to compare with", NULL, "/lib/modules/1/extra/ena.ko.zst",
                  "? how the kernel's own modules are compressed is not known" },
                { "built in", NULL, NULL, "none" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *own = NULL, *suffix = NULL, *got = NULL;
                char *dir = unit_temp_dir();
                const char *file, *why;

                print_message("# %s\n", rows[i].name);
                if (rows[i].own) {
                        own = xasprintf("lib/modules/1/kernel/%s", rows[i].own);
                        unit_write_text(dir, own, "");
                        free(own);
                        own = NULL;
                }
                facts_set_str(f, "/lib/modules/1", "/drivers/dir");
                facts_set_array(f, "/drivers/ena/modules");
                facts_set_str(f, rows[i].path, "/drivers/ena/modules/0/path");
                unit_probe_on(f, dir, NULL, probes);
                why = facts_why_incomplete(f, "/module_compression", &file);
                if (why) {
                        got = xasprintf("? %s", why);
                } else if (facts_count(f, "/module_compression") == 0) {
                        got = xstrdup("none");
                } else {
                        suffix = unit_fact(f, "/module_compression/0/suffix");
                        own = unit_fact(f, "/module_compression/0/own");
                        got = xasprintf("%s|%s", suffix, own);
                }
                assert_string_equal(got, rows[i].expected);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_suffixes),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
