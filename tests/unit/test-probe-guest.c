#include "unit-probe.h"

#include <unistd.h>

#include "probe/xensigns.h"

/* "line:text other_way; ..." of a list */
static char *describe(const struct facts *f, const char *list, const char *more)
{
        struct buf b = { 0 };

        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *line = unit_fact(f, "%s/%zu/line", list, i);
                cleanup_free char *text = unit_fact(f, "%s/%zu/text", list, i);
                cleanup_free char *other = more ? unit_fact(f, "%s/%zu/%s", list, i, more) : NULL;

                buf_printf(&b, "%s%s:%s%s%s", i ? "; " : "", line, text, other ? " " : "",
                           other ? other : "");
        }
        buf_puts(&b, "");
        return buf_take(&b);
}

static void test_signs(void **state _unused_)
{
        static const struct {
                const char *name, *text, *scripts, *conditions;
        } rows[] = {
                { "nothing", "", "", "" },
                { "the UUID", "a\ncat /sys/hypervisor/uuid\n", "2:cat /sys/hypervisor/uuid false",
                  "" },
                { "without an end", "cat /sys/hypervisor/uuid", "1:cat /sys/hypervisor/uuid false",
                  "" },
                { "a comment", "\t# cat /sys/hypervisor/uuid\n", "", "" },
                { "twice", "[ -e /sys/hypervisor/uuid ] &&\n  cat /sys/hypervisor/uuid\n",
                  "1:[ -e /sys/hypervisor/uuid ] && false; 2:cat /sys/hypervisor/uuid false", "" },
                { "and the firmware", "cat /sys/hypervisor/uuid\ncat /sys/class/dmi/id/x\n",
                  "1:cat /sys/hypervisor/uuid true", "" },
                { "and the metadata", "cat /sys/hypervisor/uuid || curl 169.254.169.254\n",
                  "1:cat /sys/hypervisor/uuid || curl 169.254.169.254 true", "" },
                { "the type, which tells no EC2", "cat /sys/hypervisor/type\n", "", "" },
                { "a condition", "[Unit]\nConditionVirtualization=xen\n", "",
                  "2:ConditionVirtualization=xen" },
                { "with blanks", " AssertVirtualization =\txen \n", "",
                  "1:AssertVirtualization =\txen" },
                { "everywhere else", "ConditionVirtualization=!xen\n", "", "" },
                { "any machine", "ConditionVirtualization=vm\n", "", "" },
                { "one of several", "ConditionVirtualization=|xen\n", "", "" },
                { "no value", "ConditionVirtualization\n", "", "" },
                { "another word", "ConditionVirtualizationX=xen\n", "", "" },
                { "a comment of a unit", "#ConditionVirtualization=xen\n", "", "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                struct probe_context context = { .facts = f };
                cleanup_free char *scripts = NULL, *conditions = NULL;

                print_message("# %s\n", rows[i].name);
                xensigns_look_at(&context, "/x", span_of(rows[i].text));
                scripts = describe(f, "/guest/scripts", "other_way");
                conditions = describe(f, "/guest/conditions", NULL);
                assert_string_equal(scripts, rows[i].scripts);
                assert_string_equal(conditions, rows[i].conditions);
        }
}

static void test_many(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        struct probe_context context = { .facts = f };
        cleanup_buf struct buf text = { 0 };
        const char *file;

        for (size_t i = 0; i <= XENSIGNS_MAX; i++)
                buf_puts(&text, "hypervisor/uuid\n");
        xensigns_look_at(&context, "/x", buf_span(&text));
        assert_int_equal(facts_count(f, "/guest/scripts"), XENSIGNS_MAX);
        assert_string_equal(facts_why_incomplete(f, "/guest/scripts", &file),
                            "there are more than 1000 such lines");
}

static void test_services(void **state _unused_)
{
#define WANTS "etc/systemd/system/multi-user.target.wants/"
        static const struct {
                const char *name, *file, *service;
        } rows[] = {
                { "nothing", "etc/x", "missing" },
                { "a unit", WANTS "xe-daemon.service", "\"xe-daemon\"" },
                { "another's", WANTS "xe-daemon-of-mine.service", "missing" },
                { "a script", "etc/rc3.d/S20xendomains", "\"xendomains\"" },
                { "Red Hat's", "etc/rc.d/rc3.d/S98xencommons", "\"xencommons\"" },
                { "one that is stopped", "etc/rc3.d/K20xendomains", "missing" },
                { "one that is only there", "etc/init.d/xendomains", "missing" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *root = unit_temp_dir();
                struct facts *f;

                print_message("# %s\n", rows[i].name);
                unit_write_text(root, rows[i].file, "");
                f = unit_probe("guest", root, VOLUME_OFFLINE, NULL);
                assert_fact(f, "/guest/services/0/name", rows[i].service);
                facts_free(f);
                unit_remove_tree(root);
        }
}

static void test_once(void **state _unused_)
{
        char *root = unit_temp_dir();
        struct facts *f;

        unit_write_text(root, WANTS "xendomains.service", "");
        unit_write_text(root, "etc/rc3.d/S20xendomains", "");
        f = unit_probe("guest", root, VOLUME_OFFLINE, NULL);
        assert_int_equal(facts_count(f, "/guest/services"), 1);
        facts_free(f);
        unit_remove_tree(root);
}

static void test_hibernation(void **state _unused_)
{
        static const struct {
                const char *name, *file, *sign;
        } rows[] = {
                { "no agent", "etc/x", "missing" },
                { "an agent", "var/lib/hibinit-agent/x", "missing" },
                { "in use", "var/lib/hibinit-agent/hibernation-enabled",
                  "\"/var/lib/hibinit-agent/hibernation-enabled\"" },
                { "Ubuntu's", "swap-hibinit", "\"/swap-hibinit\"" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *root = unit_temp_dir();
                struct facts *f;

                print_message("# %s\n", rows[i].name);
                unit_write_text(root, rows[i].file, "");
                f = unit_probe("guest", root, VOLUME_OFFLINE, NULL);
                assert_fact(f, "/guest/hibernation/file", rows[i].sign);
                facts_free(f);
                unit_remove_tree(root);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_signs),       cmocka_unit_test(test_many),
                cmocka_unit_test(test_services),    cmocka_unit_test(test_once),
                cmocka_unit_test(test_hibernation),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
