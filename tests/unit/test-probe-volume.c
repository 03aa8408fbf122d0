#include "unit-loop.h"
#include "unit-probe.h"

/* How tags get there is for test-blkids.c; here: what is published, and what is not. */
static void test_plain_directory(void **state _unused_)
{
        char *root = unit_temp_dir();
        cleanup_free char *why = xasprintf(
                "%s is a plain directory, so it is not known on which device its files belong; "
                "mount the volume itself and check its mount point",
                root);
        cleanup_facts struct facts *f = unit_probe("volume", root, VOLUME_OFFLINE, NULL);

        unit_remove_tree(root);
        assert_fact(f, "/volume", "{\"mode\":\"offline\",\"mount_point\":false}");
        assert_why(f, "/volume/uuid", why);
        assert_why(f, "/volume/partuuid", why);
}

static void test_mount_without_device(void **state _unused_)
{
        cleanup_free char *why = NULL;
        cleanup_facts struct facts *f = NULL;
        char *dir;

        loop_or_skip();
        dir = mount_at("none", "tmpfs", NULL);
        why = xasprintf("%s: a tmpfs file system, which has no device of its own", dir);
        f = unit_probe("volume", dir, VOLUME_LIVE, NULL);
        umount2(dir, MNT_DETACH);
        assert_fact(f, "/volume", "{\"mode\":\"live\",\"mount_point\":true}");
        assert_why(f, "/volume/fs_type", why);
}

#define UUID "5f2c6a8e-1b3d-4c5e-8f70-9a1b2c3d4e5f"

/* No label is null; a partition table that nobody can see is not null but missing. */
static void test_device(void **state _unused_)
{
        cleanup_free char *why = NULL;
        cleanup_facts struct facts *f = NULL;
        char *image, *device, *dir;
        cleanup_fd int loop = -EBADF;

        loop_or_skip();
        image = make_image("ext4.img", 8 * MIB);
        RUN("mkfs.ext4", "-q", "-F", "-U", UUID, image);
        loop = attach(image, 0, 0, &device);
        dir = mount_at(device, "ext4", NULL);
        f = unit_probe("volume", dir, VOLUME_OFFLINE, NULL);
        umount2(dir, MNT_DETACH);
        assert_fact(f, "/volume",
                    "{\"mode\":\"offline\",\"mount_point\":true,\"uuid\":\"" UUID "\","
                    "\"label\":null,\"fs_type\":\"ext4\"}");
        why = xasprintf("%s does not show the partition table around its file system", device);
        assert_why(f, "/volume/partuuid", why);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_plain_directory),
                cmocka_unit_test(test_mount_without_device),
                cmocka_unit_test(test_device),
        };

        return cmocka_run_group_tests(tests, loop_setup, loop_teardown);
}
