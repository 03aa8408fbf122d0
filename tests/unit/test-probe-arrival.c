#include "unit-probe.h"

#include <unistd.h>

/* A running machine: files of /sys and /proc, each "path=content", and links "path->target". */
static struct facts *probe(const char *hypervisor, enum volume_mode mode, const char *const *files,
                           void (*prepare)(struct facts *f))
{
        char *root = unit_temp_dir();
        cleanup_volume struct volume *v = NULL;
        struct facts *f = facts_new();

        for (; *files; files++) {
                const char *arrow = strstr(*files, "->"), *equals = strchr(*files, '=');
                cleanup_free char *path =
                        xmemdup0(*files, (size_t)((arrow ? arrow : equals) - *files));

                if (arrow) {
                        cleanup_free char *full = xasprintf("%s/%s", root, path);
                        cleanup_free char *dir =
                                xmemdup0(path, (size_t)(strrchr(path, '/') - path));
                        cleanup_free char *beside = xasprintf("%s/x", dir);

                        unit_write_text(root, beside, "");
                        assert_int_equal(symlink(arrow + 2, full), 0);
                } else {
                        unit_write_text(root, path, equals + 1);
                }
        }
        if (hypervisor)
                facts_set_str(f, hypervisor, "/platform/hypervisor");
        else
                facts_unknown(f, "/platform", "/sys", "/sys is not mounted");
        if (prepare)
                prepare(f);
        assert_int_equal(volume_open(root, mode, &v, NULL), 0);
        probe_run("arrival", &(struct probe_context){ .volume = v, .facts = f });
        unit_remove_tree(root);
        return f;
}
#define FILES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_where_it_applies(void **state _unused_)
{
        static const struct {
                const char *name, *hypervisor;
                enum volume_mode mode;
                const char *after;
        } rows[] = {
                { "a volume", NULL, VOLUME_OFFLINE, "{\"arrived\":false}" },
                { "on Xen", "xen", VOLUME_LIVE, "{\"arrived\":false}" },
                { "elsewhere", "other", VOLUME_LIVE, "{\"arrived\":false}" },
                { "not known where", NULL, VOLUME_LIVE, "missing" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f =
                        probe(rows[i].hypervisor, rows[i].mode, FILES("sys/class/x="), NULL);

                print_message("# %s\n", rows[i].name);
                assert_fact(f, "/after", rows[i].after);
        }
}

static void add_entry(struct facts *f, size_t i, const char *source, const char *target,
                      const char *type, const char *options)
{
        cleanup_free char *path = xasprintf("/fstab/entries/%zu", i);

        facts_set_evidence(f, path, "/etc/fstab", i + 1, SPAN("(the line)"));
        facts_set_str(f, source, "%s/source", path);
        facts_set_str(f, target, "%s/target", path);
        facts_set_str(f, type, "%s/type", path);
        facts_set_str(f, options, "%s/options", path);
}

static void add_fstab(struct facts *f)
{
        static const char *const lines[][4] = {
                { "UUID=1", "/", "ext4", "defaults" },
                { "UUID=2", "/data/", "ext4", "defaults,nofail" },
                { "UUID=3", "/lost", "ext4", "nofail" },
                { "UUID=4", "/by-hand", "ext4", "noauto" },
                { "UUID=5", "/not-by-hand", "ext4", "x-noauto,noautofs" },
                { "UUID=6", "none", "swap", "sw" },
                { "UUID=7", "/swap", "swap", "sw" },
                { "UUID=8", "/short", NULL, NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
                add_entry(f, i, lines[i][0], lines[i][1], lines[i][2], lines[i][3]);
}

#define MOUNT(id, target, source) id " 1 259:1 / " target " rw - ext4 " source " rw\n"

static void test_mounts(void **state _unused_)
{
        cleanup_facts struct facts *f =
                probe("nitro", VOLUME_LIVE,
                      FILES("proc/self/mountinfo=" MOUNT("20", "/", "/dev/nvme0n1p1")
                                    MOUNT("21", "/data", "/dev/nvme1n1")
                                            MOUNT("22", "/lost/below", "/dev/nvme2n1")),
                      add_fstab);
        cleanup_buf struct buf seen = { 0 };

        assert_fact(f, "/after/root", "{\"source\":\"/dev/nvme0n1p1\",\"nvme\":true}");
        for (size_t i = 0; i < facts_count(f, "/after/mounts"); i++) {
                cleanup_free char *target = xasprintf("/after/mounts/%zu/target", i);
                cleanup_free char *line = xasprintf("/after/mounts/%zu/line", i);
                cleanup_free char *mounted = xasprintf("/after/mounts/%zu/mounted", i);

                buf_printf(&seen, "%lld %s %s\n", (long long)facts_int(f, line, 0),
                           facts_str(f, target), facts_bool(f, mounted, false) ? "yes" : "no");
        }
        assert_string_equal(seen.data, "1 / yes\n2 /data/ yes\n3 /lost no\n5 /not-by-hand no\n"
                                       "8 /short no\n");
}

static void test_root(void **state _unused_)
{
        static const struct {
                const char *name, *mountinfo, *nvme, *why;
        } rows[] = {
                { "NVMe", "proc/self/mountinfo=" MOUNT("1", "/", "/dev/nvme0n1p1"), "true", NULL },
                { "a link's name", "proc/self/mountinfo=" MOUNT("1", "/", "/dev/xvda1"), "false",
                  NULL },
                { "LVM", "proc/self/mountinfo=" MOUNT("1", "/", "/dev/mapper/vg-root"), "missing",
                  "the root file system is on /dev/mapper/vg-root, which does not tell the disk" },
                { "mounted over",
                  "proc/self/mountinfo=" MOUNT("1", "/", "rootfs")
                          MOUNT("2", "/", "/dev/nvme0n1p1"),
                  "true", NULL },
                { "none", "proc/self/mountinfo=" MOUNT("1", "/x", "/dev/nvme0n1p1"), "missing",
                  "nothing is mounted at /" },
                { "no /proc", "proc/x=", "missing", "/proc/self/mountinfo: /proc is not mounted" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f =
                        probe("nitro", VOLUME_LIVE, FILES(rows[i].mountinfo), NULL);

                print_message("# %s\n", rows[i].name);
                assert_fact(f, "/after/root/nvme", rows[i].nvme);
                if (rows[i].why)
                        assert_why(f, "/after/root/nvme", rows[i].why);
        }
}

static void add_network(struct facts *f)
{
        facts_set_str(f, "ens5", "/network/nitro_name");
        facts_set_bool(f, true, "/network/covered");
        facts_set_str(f, "ens6", "/network/configured/0/name");
        facts_set_str(f, "eth*", "/network/configured/1/name");
}

static const char *const cards[] = { "sys/class/net/ens5/device/driver->../../bus/pci/drivers/ena",
                                     "sys/class/net/ens5/operstate=up\n",
                                     "sys/class/net/ens6/device/driver->../../bus/pci/drivers/ena",
                                     "sys/class/net/ens6/operstate=down\n",
                                     "sys/class/net/ens7/device/driver->../../x/ixgbevf",
                                     "sys/class/net/ens7/operstate=down\n",
                                     "sys/class/net/eth8/device/driver->../../x/ena",
                                     "sys/class/net/lo/operstate=unknown\n",
                                     "sys/module/ena/version=2.8.0\n",
                                     NULL };

static void test_cards(void **state _unused_)
{
        cleanup_facts struct facts *f = probe("nitro", VOLUME_LIVE, cards, add_network);

        assert_fact(f, "/after/ena_version", "\"2.8.0\"");
        assert_fact(f, "/after/cards",
                    "[{\"name\":\"ens5\",\"driver\":\"ena\",\"up\":true,\"configured\":true},"
                    "{\"name\":\"ens6\",\"driver\":\"ena\",\"up\":false,\"configured\":true},"
                    "{\"name\":\"ens7\",\"driver\":\"ixgbevf\",\"up\":false,\"configured\":false},"
                    "{\"name\":\"eth8\",\"driver\":\"ena\",\"up\":false,\"configured\":true}]");
}

static void do_not_know(struct facts *f)
{
        facts_unknown(f, "/network", "/etc/x", "it is not understood");
}

static void test_configuration_not_known(void **state _unused_)
{
        cleanup_facts struct facts *f = probe("nitro", VOLUME_LIVE, cards, do_not_know);

        assert_fact(f, "/after/cards/0/up", "true");
        assert_fact(f, "/after/cards/0/configured", "missing");
        assert_why(f, "/after/cards/0/configured", "/etc/x: it is not understood");
}

#define MODEL(disk, model) "sys/block/" disk "/device/model=" model "\n"

static void test_disks(void **state _unused_)
{
        cleanup_facts struct facts *f = probe(
                "nitro", VOLUME_LIVE,
                FILES(MODEL("nvme0n1", "Amazon Elastic Block Store              "),
                      "sys/block/nvme0n1/queue/io_timeout=4294967295\n",
                      MODEL("nvme1n1", "Amazon Elastic Block Store"),
                      "sys/block/nvme1n1/queue/io_timeout=30000\n",
                      MODEL("nvme2n1", "Amazon EC2 NVMe Instance Storage"),
                      "sys/block/nvme2n1/queue/io_timeout=30000\n",
                      MODEL("nvme3n1", "Amazon Elastic Block Store"),
                      "sys/module/nvme_core/parameters/io_timeout=240\n", "sys/block/loop0/x="),
                NULL);

        assert_fact(f, "/after/disks",
                    "[{\"name\":\"nvme0n1\",\"timeout\":4294967,\"enough\":true},"
                    "{\"name\":\"nvme1n1\",\"timeout\":30,\"enough\":false},"
                    "{\"name\":\"nvme3n1\",\"timeout\":240,\"enough\":true}]");
}

static void test_no_timeout_shown(void **state _unused_)
{
        cleanup_facts struct facts *f = probe(
                "nitro", VOLUME_LIVE, FILES(MODEL("nvme0n1", "Amazon Elastic Block Store")), NULL);

        assert_fact(f, "/after/disks/0/enough", "missing");
        assert_why(f, "/after/disks/0/enough", "neither nvme0n1's queue nor the driver shows it");
}

static void test_clock(void **state _unused_)
{
#define CLOCK "sys/devices/system/clocksource/clocksource0/current_clocksource"
        cleanup_facts struct facts *f =
                probe("nitro", VOLUME_LIVE, FILES(CLOCK "=kvm-clock\n"), NULL);
        cleanup_facts struct facts *none = probe("nitro", VOLUME_LIVE, FILES("sys/x="), NULL);

        assert_fact(f, "/after/clocksource", "\"kvm-clock\"");
        assert_fact(none, "/after/clocksource", "missing");
        assert_fact(none, "/after/cards", "missing");
        assert_fact(none, "/after/disks", "missing");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_where_it_applies),
                cmocka_unit_test(test_mounts),
                cmocka_unit_test(test_root),
                cmocka_unit_test(test_cards),
                cmocka_unit_test(test_configuration_not_known),
                cmocka_unit_test(test_disks),
                cmocka_unit_test(test_no_timeout_shown),
                cmocka_unit_test(test_clock),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
