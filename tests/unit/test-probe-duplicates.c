/* Tags that two disks have, numbers of NVMe, and paths that ZFS remembers. */
#include "unit-probe.h"

extern const struct probe probe_fstab, probe_duplicates, probe_nvmenames, probe_zfs;

static void run_before(struct probe_context *context)
{
        facts_set_str(context->facts, "systemd", "/os/init");
        facts_set_evidence(context->facts, "/boot/entry/kernel", "/boot/grub/grub.cfg", 3,
                           SPAN("linux root=LABEL=root"));
        facts_set_str(context->facts, "root", "/boot/entry/params/0/name");
        facts_set_str(context->facts, "LABEL=root", "/boot/entry/params/0/value");
        shared_keep(context, "etc/zfs/zpool.cache", "/boot/initrd.img",
                    (struct span){ "a\0/dev/xvdg\0", 12 }, false);
}

static const struct probe before = { .name = "before", .run = run_before };
static const struct probe *const probes[] = { &before,          &probe_fstab, &probe_duplicates,
                                              &probe_nvmenames, &probe_zfs,   NULL };

#define FSTAB                                                                          \
        "LABEL=root / ext4 defaults 0 1\nUUID=1 /d xfs defaults 0 2\nUUID=2 /b btrfs " \
        "defaults 0 0\n/dev/nvme1n1p2 /e ext4 nofail 0 0\n/dev/nvme1n1p3 /f ext4 nofail 0 0\n"

static char *look(const char *blkid, const char *cache, const char *list)
{
        static const char *const keys[] = { "file", "line", "value" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        struct buf b = { 0 };

        unit_write_text(dir, "etc/fstab", FSTAB);
        unit_write(dir, "etc/zfs/zpool.cache", cache, strlen(cache) + 1);
        unit_probe_on(f, dir, blkid, probes);
        for (size_t i = 0; i < facts_count(f, list); i++)
                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *value = unit_fact(f, "%s/%zu/%s", list, i, keys[k]);

                        buf_printf(&b, "%s%s", value, k == 2 ? "\n" : " ");
                }
        if (streq(list, "/duplicates/tags"))
                buf_printf(&b, "%s",
                           facts_bool(f, "/duplicates/known", false) ? "all known\n" : "");
        if (streq(list, "/nvmenames/names"))
                buf_printf(&b, "%d disks\n", (int)facts_int(f, "/nvmenames/disks", -1));
        unit_remove_tree(dir);
        return buf_take(&b);
}

static void test_duplicates(void **state _unused_)
{
        static const struct {
                const char *name, *blkid, *want;
        } rows[] = {
                { "nothing is known", NULL, "" },
                { "each once", "/dev/a: LABEL=\"root\" UUID=\"1\"\n/dev/b: UUID=\"3\"\n",
                  "all known\n" },
                { "a copy of the root", "/dev/a: LABEL=\"root\"\n/dev/b: LABEL=\"root\"\n",
                  "/etc/fstab 1 LABEL=root\n/boot/grub/grub.cfg 3 LABEL=root\nall known\n" },
                { "a copy of the data",
                  "/dev/a: UUID=\"1\" TYPE=\"xfs\"\n/dev/b: UUID=\"1\" TYPE=\"xfs\"\n",
                  "/etc/fstab 2 UUID=1\nall known\n" },
                { "one btrfs",
                  "/dev/a: UUID=\"2\" TYPE=\"btrfs\"\n/dev/b: UUID=\"2\" TYPE=\"btrfs\"\n",
                  "all known\n" },
                { "nobody asks for it", "/dev/a: UUID=\"9\"\n/dev/b: UUID=\"9\"\n", "all known\n" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = look(rows[i].blkid, "", "/duplicates/tags");

                if (!streq(got, rows[i].want))
                        print_error("%s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

/* Two partitions are one disk. */
static void test_nvme_names(void **state _unused_)
{
        cleanup_free char *got = look(NULL, "", "/nvmenames/names");

        assert_string_equal(got, "/etc/fstab 4 /dev/nvme1n1p2\n/etc/fstab 5 /dev/nvme1n1p3\n"
                                 "1 disks\n");
}

static void test_zfs(void **state _unused_)
{
        cleanup_free char *got =
                look(NULL, "x/dev/xvdf1 /dev/disk/by-id/a /dev/xvdf1 /dev/", "/zfs/devices");

        assert_string_equal(got, "/etc/zfs/zpool.cache 0 /dev/xvdf1\n"
                                 "/etc/zfs/zpool.cache 0 /dev/disk/by-id/a\n"
                                 "/boot/initrd.img:/etc/zfs/zpool.cache 0 /dev/xvdg\n");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_duplicates),
                cmocka_unit_test(test_nvme_names),
                cmocka_unit_test(test_zfs),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
