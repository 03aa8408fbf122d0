#include "unit-probe.h"

extern const struct probe probe_resume;
static const struct probe *const probes[] = { &probe_resume, NULL };

/* "noresume: where value kind fix line" for every setting. */
static char *settings_of(const char *params, const char *config, const char *blkid,
                         const char *image)
{
        static const char *const keys[] = { "where", "value", "kind", "fix_value", "line" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = NULL;
        struct buf out = { 0 };
        cleanup_free char *json = xasprintf(
                "{\"schema\":\"" FACTS_SCHEMA "\",\"facts\":{\"boot\":{\"entry\":{\"kernel\":{"
                "\"file\":\"/g\",\"line\":9,\"text\":\"t\"}%s%s}},\"initramfs\":{%s}},"
                "\"unknown\":[{\"path\":\"/initramfs\",\"file\":\"/i\",\"reason\":\"torn\"}],"
                "\"problems\":[]}",
                params ? ",\"params\":" : "", params ? params : "", image);
        cleanup_free char *noresume = NULL;
        const char *why, *file;

        assert_int_equal(facts_load(span_of(json), &f, NULL), 0);
        if (config)
                unit_write_text(dir, "etc/initramfs-tools/conf.d/resume", config);
        unit_probe_on(f, dir, blkid, probes);
        noresume = unit_fact(f, "/resume/noresume");
        buf_printf(&out, "%s:", noresume);
        for (size_t i = 0; i < facts_count(f, "/resume/settings"); i++)
                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *v = unit_fact(f, "/resume/settings/%zu/%s", i, keys[k]);

                        buf_printf(&out, " %s", v);
                }
        if ((why = facts_why_incomplete(f, "/resume/settings", &file)) && streq(why, "torn"))
                buf_printf(&out, " ? %s: %s", file, why);
        unit_remove_tree(dir);
        return buf_take(&out);
}

#define PARAM(name, value) "{\"name\":\"" name "\",\"value\":" value "}"

#define RESUME(value) \
        "\"resume\":{\"file\":\"/i:/c\",\"line\":3,\"text\":\"t\",\"value\":\"" value "\"}"

static void test_settings(void **state _unused_)
{
        static const struct {
                const char *name, *params, *config, *blkid, *want, *image;
        } rows[] = {
                { "nothing", "[]", NULL, NULL, "false:" },
                { "command line", "[" PARAM("resume", "\"/dev/xvda2\"") "]", NULL, NULL,
                  "false: cmdline /dev/xvda2 xen null 9" },
                { "its UUID is known", "[" PARAM("resume", "\"/dev/xvda2\"") "]", NULL,
                  "/dev/xvda2: UUID=\"1-2\" TYPE=\"swap\"\n",
                  "false: cmdline /dev/xvda2 xen UUID=1-2 9" },
                { "the last counts",
                  "[" PARAM("resume", "\"UUID=1\"") "," PARAM("resume", "\"/dev/sda2\"") "]", NULL,
                  NULL, "false: cmdline /dev/sda2 scsi null 9" },
                { "noresume", "[" PARAM("noresume", "null") "]", NULL, NULL, "true:" },
                { "behind --", "[" PARAM("--", "null") "," PARAM("noresume", "null") "]", NULL,
                  NULL, "false:" },
                { "configuration", "[]", "# x\nRESUME=/dev/xvdb\n", NULL,
                  "false: config /dev/xvdb xen null 2" },
                { "quoted, and a remark", "[]", "RESUME=\"UUID=1\" # x\r\n", NULL,
                  "false: config UUID=1 tag null 1" },
                { "the last line counts", "[]", "RESUME=/dev/xvdb\nRESUME=none\n", NULL, "false:" },
                { "auto", "[]", "RESUME=auto\n", NULL, "false:" },
                { "empty", "[]", "RESUME=\n", NULL, "false:" },
                { "the command line is not known", NULL, "RESUME=/dev/xvdb\n", NULL,
                  "? the kernel command line is not known: config /dev/xvdb xen null 1" },
                { "in the image", "[]", NULL, NULL, "false: initramfs /dev/xvdb xen null 3",
                  RESUME("/dev/xvdb") },
                { "in the image, whose configuration was mended", "[]", "RESUME=UUID=1\n", NULL,
                  "false: config UUID=1 tag null 1 initramfs /dev/xvdb xen null 3",
                  RESUME("/dev/xvdb") },
                { "in the image, as in the configuration", "[]", "RESUME=/dev/xvdb\n", NULL,
                  "false: config /dev/xvdb xen null 1", RESUME("/dev/xvdb") },
                { "the image says none", "[]", NULL, NULL, "false:", RESUME("none") },
                { "what the image says is not known", "[]", NULL, NULL, "false: ? /i: torn",
                  "\"state\":\"ok\"" },
                { "not known, and it does not count", "[" PARAM("resume", "\"UUID=2\"") "]", NULL,
                  NULL, "false: cmdline UUID=2 tag null 9", "\"state\":\"ok\"" },
                { "no whole image", "[]", NULL, NULL, "false:", "\"state\":\"damaged\"" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got =
                        settings_of(rows[i].params, rows[i].config, rows[i].blkid,
                                    rows[i].image ? rows[i].image : "\"resume\":null");

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_unreadable(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();

        unit_write_text(dir, "etc/initramfs-tools/conf.d/resume/x", "");
        unit_probe_on(f, dir, NULL, probes);
        assert_non_null(facts_why_incomplete(f, "/resume/settings", &(const char *){ NULL }));
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_settings),
                cmocka_unit_test(test_unreadable),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
