#include "unit-probe.h"

#include "probe/names.h"

#define LIST   "/x/devices"
#define UUID_A "8f2ac8e4-5d5c-4d57-a1ab-2c1e1a0ef9e7"
#define BLKID                                                                         \
        "/dev/xvda1: UUID=\"root\" TYPE=\"ext4\"\n/dev/xvdf: UUID=\"" UUID_A          \
        "\" TYPE=\"crypto_LUKS\"\n/dev/xvdg: UUID=\"data\" TYPE=\"xfs\"\n/dev/xvdh: " \
        "PARTUUID=\"deadbeef-01\"\n"

static struct name_use use;
static char *published; /* path */

static void run(struct probe_context *context)
{
        facts_set_str(context->facts, "/dev/xvda1", "/fstab/root_source");
        facts_set_array(context->facts, LIST);
        published = names_publish(context, &use);
}

static const struct probe probe = { .name = "x", .run = run };
static const struct probe *const probes[] = { &probe, NULL };

/* All that is published, member by member. */
static char *describe(const struct facts *f)
{
        static const char *const keys[] = { "kind",      "uuid",      "fix_value", "fix_problem",
                                            "udev/fate", "udev/file", "resolves",  "state" };
        struct buf b = { 0 };

        if (!published)
                return xstrdup("nothing");
        for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
                cleanup_free char *value = unit_fact(f, "%s/%s", published, keys[i]);

                /* What is below null is missing. */
                buf_printf(&b, "%s%s", i ? " | " : "", *value == '?' ? "null" : value);
        }
        return buf_take(&b);
}

static void test_publish(void **state _unused_)
{
        static const struct {
                const char *name, *value, *want, *type;
                enum name_form form;
        } rows[] = {
                { "a tag", "UUID=data", "tag | null | null | null | null | null | yes | stays" },
                { "a tag of no disk", "UUID=none",
                  "tag | null | null | null | null | null | no | absent" },
                { "a disk of Xen", "/dev/xvdg",
                  "xen | data | UUID=data | null | unexplained | null | null | gone" },
                { "as a path", "/dev/xvdg",
                  "xen | data | /dev/disk/by-uuid/data | null | unexplained | null | null | gone",
                  .form = NAME_AS_PATH },
                { "another type on it", "/dev/xvdg",
                  "xen | data | null | the line says ext4, and on that disk is xfs | unexplained | "
                  "null | null | gone",
                  .type = "ext4" },
                { "a member is nothing to mount", "/dev/xvdf",
                  "xen | " UUID_A " | null | on that disk is no file system but a member of "
                  "something else (crypto_LUKS) | unexplained | null | null | gone" },
                { "but LUKS is what is to be opened", "/dev/xvdf",
                  "xen | " UUID_A " | UUID=" UUID_A " | null | unexplained | null | null | gone",
                  .form = NAME_AS_LUKS },
                { "no LUKS", "/dev/xvdg",
                  "xen | data | null | on that disk is no LUKS header but xfs | unexplained | null "
                  "| null | gone",
                  .form = NAME_AS_LUKS },
                { "nothing known on it", "/dev/xvdh",
                  "xen | null | null | no LUKS header is known to be on that disk | unexplained | "
                  "null | null | gone",
                  .form = NAME_AS_LUKS },
                { "which disk is not known", "/dev/xvdz",
                  "xen | null | null | which disk that is cannot be told for certain from here | "
                  "unexplained | null | null | gone",
                  .form = NAME_AS_LUKS },
                { "no other form", "/dev/xvdg",
                  "xen | data | null | null | unexplained | null | null | gone",
                  .form = NAME_AS_IS },
                { "NVMe", "/dev/nvme1n1", "nvme | null | null | null | null | null | null | gone",
                  .form = NAME_AS_IS },
                { "Xen's place", "/dev/disk/by-path/xen-vbd-51792",
                  "xen-by-path | " UUID_A " | null | null | null | null | null | gone",
                  .form = NAME_AS_IS },
                { "a place", "/dev/disk/by-path/pci-0000:00:1f.0",
                  "by-path | null | null | null | null | null | null | unclear",
                  .form = NAME_AS_IS },
                { "a link of Xen's", "/dev/data",
                  "other | null | null | null | gone | /etc/udev/rules.d/99-x.rules | null | gone",
                  .form = NAME_AS_IS },
                { "a link by content", "/dev/logs",
                  "other | null | null | null | stays | /etc/udev/rules.d/99-x.rules | null | "
                  "linked",
                  .form = NAME_AS_IS },
                { "a link of nobody's", "/dev/what",
                  "other | null | null | null | unexplained | null | null | unclear",
                  .form = NAME_AS_IS },
                { "a Xen name that udev makes on Nitro", "/dev/xvdk",
                  "xen | null | null | null | stays | /etc/udev/rules.d/99-x.rules | null | linked",
                  .form = NAME_AS_IS },
                { "mapper", "/dev/mapper/data",
                  "mapper | null | null | null | null | null | null | stays" },
                { "no device", "tmpfs", "nothing" },
                { "network", "host:/export", "nothing" },
        };
        char *dir = unit_temp_dir();

        unit_write_text(dir, "etc/udev/rules.d/99-x.rules",
                        "KERNEL==\"xvdf\", SYMLINK+=\"data\"\n"
                        "ENV{ID_FS_UUID}==\"1\", SYMLINK+=\"logs xvdk\"\n");
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *got = NULL;

                use = (struct name_use){ LIST,         "/etc/x",      7,
                                         SPAN("line"), rows[i].value, "data",
                                         rows[i].type, rows[i].form };
                unit_probe_on(f, dir, BLKID, probes);
                got = describe(f);
                free(TAKE_PTR(published));
                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
        unit_remove_tree(dir);
}

/* Where it stands is told with it. */
static void test_evidence(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        use = (struct name_use){ .list = LIST,
                                 .file = "/etc/x",
                                 .line = 7,
                                 .text = SPAN("data /dev/xvdf"),
                                 .value = "/dev/xvdf" };
        unit_probe_on(f, dir, NULL, probes);
        assert_string_equal(published, LIST "/0");
        free(TAKE_PTR(published));
        assert_fact(f, LIST "/0/file", "\"/etc/x\"");
        assert_fact(f, LIST "/0/line", "7");
        assert_fact(f, LIST "/0/text", "\"data /dev/xvdf\"");
        assert_fact(f, LIST "/0/value", "\"/dev/xvdf\"");
        assert_fact(f, LIST "/0/role", "null");
        assert_fact(f, LIST "/0/state_text",
                    "\"on Nitro that name is gone or means another disk\"");
        unit_remove_tree(dir);
}

static void run_many(struct probe_context *context)
{
        facts_set_array(context->facts, LIST);
        for (size_t i = 0; i < NAMES_MAX; i++)
                free(names_publish(context, &use));
        assert_null(names_publish(context, &use));
}

static void test_too_many(void **state _unused_)
{
        static const struct probe many = { .name = "x", .run = run_many };
        static const struct probe *const list[] = { &many, NULL };
        cleanup_facts struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        use = (struct name_use){ .list = LIST, .file = "/etc/x", .value = "UUID=1" };
        unit_probe_on(f, dir, NULL, list);
        assert_int_equal(facts_count(f, LIST), NAMES_MAX);
        assert_why(f, LIST, "/etc/x: more names than are looked at");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_publish),
                cmocka_unit_test(test_evidence),
                cmocka_unit_test(test_too_many),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
