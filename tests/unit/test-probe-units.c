/* Disks that units name, and who needs the units. */
#include "unit-probe.h"

extern const struct probe probe_units;

static const char *os_init = "systemd";

static void run_before(struct probe_context *context)
{
        facts_set_str(context->facts, os_init, "/os/init");
}

static const struct probe before = { .name = "before", .run = run_before };
static const struct probe *const probes[] = { &before, &probe_units, NULL };

#define ETC "etc/systemd/system/"

struct row {
        const char *name;
        const char
                *files[6]; /* path, text, path, text ...; a text that begins with "-> " is a link */
        const char *want;  /* "unit role value effect" each */
};

static char *look(const struct row *row)
{
        static const char *const keys[] = { "unit", "role", "value", "effect" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        struct buf b = { 0 };

        for (size_t i = 0; i + 1 < ARRAY_SIZE(row->files) && row->files[i]; i += 2) {
                const char *target = str_after(row->files[i + 1], "-> ");

                if (target)
                        unit_link(dir, row->files[i], target);
                else
                        unit_write_text(dir, row->files[i], row->files[i + 1]);
        }
        unit_probe_on(f, dir, NULL, probes);
        for (size_t i = 0; i < facts_count(f, "/units/devices"); i++)
                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *value =
                                unit_fact(f, "/units/devices/%zu/%s", i, keys[k]);

                        buf_printf(&b, "%s%s", value, k == 3 ? "\n" : " ");
                }
        if (facts_why_incomplete(f, "/units/devices", &(const char *){ NULL }))
                buf_printf(&b, "? %s\n",
                           facts_why_incomplete(f, "/units/devices", &(const char *){ NULL }));
        unit_remove_tree(dir);
        return buf_take(&b);
}

static void test_units(void **state _unused_)
{
        static const struct row rows[] = {
                { "no units", { 0 }, "" },
                { "required by local-fs.target",
                  { ETC "d.mount", "[Mount]\nWhat=/dev/xvdf\n",
                    ETC "local-fs.target.requires/d.mount", "-> ../d.mount" },
                  "d.mount What /dev/xvdf emergency\n" },
                { "wanted by it",
                  { ETC "d.mount", "[Mount]\nWhat=/dev/xvdf\n", ETC "local-fs.target.wants/d.mount",
                    "-> ../d.mount" },
                  "d.mount What /dev/xvdf degraded\n" },
                { "not started",
                  { ETC "d.mount", "[Mount]\nWhat=/dev/xvdf\n" },
                  "d.mount What /dev/xvdf harmless\n" },
                { "the last What= counts",
                  { ETC "d.mount", "[Mount]\nWhat=/dev/xvdf\nWhat=LABEL=d\n" },
                  "d.mount What LABEL=d harmless\n" },
                { "needed by what sysinit.target needs",
                  { ETC "a.service", "[Unit]\nBindsTo=dev-xvdf.device\n", ETC "b.service",
                    "[Unit]\nRequires=x.service a.service\n",
                    ETC "sysinit.target.requires/b.service", "-> ../b.service" },
                  "a.service BindsTo /dev/xvdf emergency\n" },
                { "wanted by what local-fs.target needs",
                  { ETC "a.service", "[Unit]\nBindsTo=dev-xvdf.device\n", ETC "b.service",
                    "[Unit]\nWants=a.service\n", ETC "local-fs.target.requires/b.service",
                    "-> ../b.service" },
                  "a.service BindsTo /dev/xvdf degraded\n" },
                { "a circle",
                  { ETC "a.service", "[Unit]\nRequires=b.service dev-xvdf.device\n",
                    ETC "b.service", "[Unit]\nRequires=a.service\n" },
                  "a.service Requires /dev/xvdf harmless\n" },
                { "only an order, only a wish",
                  { ETC "a.service", "[Unit]\nAfter=dev-xvdf.device\nWants=dev-xvdg.device\n" },
                  "" },
                { "conditions",
                  { ETC "a.service",
                    "[Unit]\nConditionPathExists=!/dev/xvdf\nConditionPathExists=/etc/x\n" },
                  "a.service ConditionPathExists /dev/xvdf degraded\n" },
                { "what is no disk, and a template",
                  { ETC "a@.service",
                    "[Unit]\nBindsTo=dev-%i.device dev-hvc0.device\nConditionPathExists=/dev/kvm\n" },
                  "" },
                { "a link that a udev rule makes",
                  { ETC "a.service", "[Unit]\nBindsTo=dev-data.device\n",
                    "etc/udev/rules.d/1.rules", "KERNEL==\"xvdf\", SYMLINK+=\"data\"\n" },
                  "a.service BindsTo /dev/data harmless\n" },
                { "in a drop-in",
                  { ETC "cron.service.d/1.conf", "[Unit]\nBindsTo=dev-sdf.device\n" },
                  "cron.service BindsTo /dev/sdf harmless\n" },
                { "a drop-in says otherwise",
                  { ETC "d.mount", "[Mount]\nWhat=/dev/xvdf\n", ETC "d.mount.d/1.conf",
                    "[Mount]\nWhat=LABEL=d\n" },
                  "d.mount What LABEL=d harmless\n" },
                { "a drop-in of other things",
                  { ETC "d.mount", "[Mount]\nWhat=/dev/xvdf\n", ETC "d.mount.d/1.conf",
                    "[Mount]\nOptions=noatime\n" },
                  "d.mount What /dev/xvdf harmless\n" },
                { "started by a disk",
                  { ETC "dev-xvdf.device.wants/a.service", "-> ../a.service" },
                  "a.service started-by /dev/xvdf degraded\n" },
                { "one of /etc hides one of a package",
                  { ETC "d.mount", "[Mount]\nWhat=LABEL=d\n", "usr/lib/systemd/system/d.mount",
                    "[Mount]\nWhat=/dev/xvdf\n" },
                  "d.mount What LABEL=d harmless\n" },
                { "a package's",
                  { "usr/lib/systemd/system/d.swap", "[Swap]\nWhat=/dev/xvdf\n",
                    "usr/lib/systemd/system/a.service", "[Unit]\nBindsTo=dev-xvdg.device\n" },
                  "d.swap What /dev/xvdf harmless\n" },
                { "masked",
                  { ETC "d.mount", "-> /dev/null", "usr/lib/systemd/system/d.mount",
                    "[Mount]\nWhat=/dev/xvdf\n" },
                  "" },
                { "linked from elsewhere",
                  { ETC "d.mount", "-> /opt/d.mount", "opt/d.mount", "[Mount]\nWhat=/dev/xvdf\n" },
                  "d.mount What /dev/xvdf harmless\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = look(&rows[i]);

                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

/* Nobody reads units there. */
static void test_other_init(void **state _unused_)
{
        cleanup_free char *got = NULL;

        os_init = "upstart";
        got = look(&(struct row){ .files = { ETC "d.mount", "[Mount]\nWhat=/dev/xvdf\n" } });
        assert_string_equal(got, "");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_units),
                cmocka_unit_test(test_other_init),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
