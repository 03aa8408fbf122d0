#include "unit-loop.h"

#include <linux/btrfs.h>

#include "volume/blkids.h"

#define UUID "5f2c6a8e-1b3d-4c5e-8f70-9a1b2c3d4e5f"

/* Everything known of the root of `dir` as one line. */
static char *describe(const char *dir, enum volume_mode mode)
{
        cleanup_strv struct strv problems = { 0 };
        cleanup_volume struct volume *v = NULL;
        cleanup_blkids struct blkids *b = NULL;
        const struct blkid_device *d;

        assert_int_equal(volume_open(dir, mode, &v, NULL), 0);
        b = blkids_collect(v, &problems);
        d = blkids_root(b);
        if (!d)
                return xasprintf("%s: %s", blkids_root_is_mount(b) ? "mount" : "plain",
                                 blkids_root_problem(b) ? blkids_root_problem(b) : "-");
        assert_true(blkids_root_is_mount(b));
        assert_null(blkids_root_problem(b));
        assert_int_equal(d->origin, BLKID_VOLUME);
        /* The name it has on this machine is no name of an offline volume. */
        if (mode == VOLUME_OFFLINE)
                assert_null(blkids_find(b, d->name));
        else
                assert_ptr_equal(blkids_find(b, d->name), d);
        return xasprintf("%s: %s %s %s %s %s", d->name, d->type ? d->type : "-",
                         d->uuid ? d->uuid : "-", d->label ? d->label : "-",
                         d->partuuid            ? d->partuuid
                         : d->partition_unknown ? "?"
                                                : "-",
                         d->partlabel           ? d->partlabel
                         : d->partition_unknown ? "?"
                                                : "-");
}

static void check(const char *dir, const char *device, const char *want)
{
        cleanup_free char *line = describe(dir, VOLUME_OFFLINE);
        cleanup_free char *full = device ? xasprintf("%s: %s", device, want) : xstrdup(want);

        assert_string_equal(line, full);
}

/* Nothing of the file system under a plain directory, also when that directory is in a mount. */
static void check_plain_below(const char *dir)
{
        cleanup_free char *lower = xasprintf("%s/lower", dir), *bind = xasprintf("%s/bind", top);

        mkdir(lower, 0755);
        mkdir(bind, 0755);
        check(lower, NULL, "plain: -");
        assert_int_equal(mount(lower, bind, NULL, MS_BIND, NULL), 0);
        check(bind, NULL, "plain: -");
        assert_int_equal(umount2(bind, MNT_DETACH), 0);
        /* A bind mount of the whole file system is that file system. */
        assert_int_equal(mount(dir, bind, NULL, MS_BIND, NULL), 0);
        {
                cleanup_free char *one = describe(dir, VOLUME_OFFLINE);
                cleanup_free char *other = describe(bind, VOLUME_OFFLINE);

                assert_string_equal(one, other);
        }
        assert_int_equal(umount2(bind, MNT_DETACH), 0);
}

static void test_plain_directory(void **state _unused_)
{
        check(top, NULL, "plain: -");
}

static void test_no_device(void **state _unused_)
{
        cleanup_free char *want = NULL;
        char *dir;

        loop_or_skip();
        dir = mount_at("none", "tmpfs", NULL);
        want = xasprintf("mount: %s: a tmpfs file system, which has no device of its own", dir);
        check(dir, NULL, want);
        umount2(dir, MNT_DETACH);
}

static void test_ext4(void **state _unused_)
{
        cleanup_free char *cache = NULL, *line = NULL, *live = NULL, *want = NULL;
        char *image, *device, *dir;
        cleanup_fd int loop = -EBADF;

        loop_or_skip();
        image = make_image("ext4.img", 8 * MIB);
        RUN("mkfs.ext4", "-q", "-F", "-U", UUID, "-L", "a \"label\"", image);
        loop = attach(image, 0, 0, &device);
        dir = mount_at(device, "ext4", NULL);
        check(dir, device, "ext4 " UUID " a \"label\" ? ?");
        check_plain_below(dir);

        /* blkid's cache says something else of that device and is not asked. */
        cache = xasprintf("%s/blkid.tab", top);
        line = xasprintf("<device DEVNO=\"0x0700\" TIME=\"1\" "
                         "UUID=\"other\" TYPE=\"xfs\">%s</device>\n",
                         device);
        unit_write_text(top, "blkid.tab", line);
        setenv("BLKID_FILE", cache, 1);
        check(dir, device, "ext4 " UUID " a \"label\" ? ?");
        unsetenv("BLKID_FILE");

        live = describe(dir, VOLUME_LIVE);
        want = xasprintf("%s: ext4 %s a \"label\" ? ?", device, UUID);
        assert_string_equal(live, want);
        umount2(dir, MNT_DETACH);
}

static void test_xfs(void **state _unused_)
{
        char *image, *device, *dir;
        cleanup_fd int loop = -EBADF;

        loop_or_skip();
        image = make_image("xfs.img", 320 * MIB);
        RUN("mkfs.xfs", "-q", "-f", "-m", "uuid=" UUID, "-L", "root", image);
        loop = attach(image, 0, 0, &device);
        dir = mount_at(device, "xfs", NULL);
        check(dir, device, "xfs " UUID " root ? ?");
        check_plain_below(dir);
        umount2(dir, MNT_DETACH);
}

/* The UUID is that of the file system, whichever subvolume is mounted. */
static void test_btrfs(void **state _unused_)
{
        struct btrfs_ioctl_vol_args subvolume = { .name = "@rootfs" };
        char *image, *device, *dir;
        cleanup_fd int loop = -EBADF, fd = -EBADF;

        loop_or_skip();
        image = make_image("btrfs.img", 128 * MIB);
        RUN("mkfs.btrfs", "-q", "-f", "-U", UUID, "-L", "root", image);
        loop = attach(image, 0, 0, &device);
        dir = mount_at(device, "btrfs", NULL);
        check(dir, device, "btrfs " UUID " root ? ?");
        fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        assert_int_equal(ioctl(fd, BTRFS_IOC_SUBVOL_CREATE, &subvolume), 0);
        close_fd(&fd);
        fd = -EBADF;
        assert_int_equal(umount(dir), 0);

        dir = mount_at(device, "btrfs", "subvol=@rootfs");
        check(dir, device, "btrfs " UUID " root ? ?");
        check_plain_below(dir);
        umount2(dir, MNT_DETACH);
}

/* ---- a partition of a disk image, by an offset ---- */

static uint32_t crc32_of(const uint8_t *data, size_t len)
{
        uint32_t crc = ~0u;

        for (size_t i = 0; i < len; i++) {
                crc ^= data[i];
                for (int bit = 0; bit < 8; bit++)
                        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
        }
        return ~crc;
}

static void put(uint8_t *at, uint64_t value, unsigned bytes)
{
        for (unsigned i = 0; i < bytes; i++)
                at[i] = (uint8_t)(value >> 8 * i);
}

static void write_at(const char *image, const void *data, size_t len, off_t offset)
{
        cleanup_fd int fd = open(image, O_WRONLY | O_CLOEXEC);

        assert_true(fd >= 0);
        assert_int_equal(pwrite(fd, data, len, offset), len);
}

/* Sectors 2048 to 18431, one partition. */
#define FIRST   2048u
#define SECTORS 16384u

static void write_mbr(const char *image, uint8_t type, uint32_t first, uint32_t sectors)
{
        uint8_t sector[512] = { 0 };

        put(sector + 440, 0x1a2b3c4d, 4);
        sector[446 + 4] = type;
        put(sector + 446 + 8, first, 4);
        put(sector + 446 + 12, sectors, 4);
        put(sector + 510, 0xaa55, 2);
        write_at(image, sector, sizeof(sector), 0);
}

/* UEFI 2.10, section 5.3. The second copy is left out: the first one is sound. */
static void write_gpt(const char *image, uint64_t disk_sectors)
{
        static const uint8_t linux_data[16] = { 0xaf, 0x3d, 0xc6, 0x0f, 0x83, 0x84, 0x72, 0x47,
                                                0x8e, 0x79, 0x3d, 0x69, 0xd8, 0x47, 0x7d, 0xe4 };
        static const uint8_t unique[16] = { 0x04, 0x03, 0x02, 0x01, 0x06, 0x05, 0x08, 0x07,
                                            0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10 };
        uint8_t header[512] = { 0 }, entries[128 * 128] = { 0 };
        const char *name = "rootfs";

        memcpy(entries, linux_data, 16);
        memcpy(entries + 16, unique, 16);
        put(entries + 32, FIRST, 8);
        put(entries + 40, FIRST + SECTORS - 1, 8);
        for (size_t i = 0; name[i]; i++)
                entries[56 + 2 * i] = (uint8_t)name[i];
        memcpy(header, "EFI PART", 8);
        put(header + 8, 0x00010000, 4);
        put(header + 12, 92, 4);
        put(header + 24, 1, 8);
        put(header + 32, disk_sectors - 1, 8);
        put(header + 40, 34, 8);
        put(header + 48, disk_sectors - 34, 8);
        memcpy(header + 56, unique, 16);
        put(header + 72, 2, 8);
        put(header + 80, 128, 4);
        put(header + 84, 128, 4);
        put(header + 88, crc32_of(entries, sizeof(entries)), 4);
        put(header + 16, crc32_of(header, 92), 4);
        write_mbr(image, 0xee, 1, (uint32_t)disk_sectors - 1);
        write_at(image, header, sizeof(header), 512);
        write_at(image, entries, sizeof(entries), 1024);
}

static void check_partition(const char *image, uint64_t offset, const char *want)
{
        char *device, *dir;
        cleanup_fd int loop _unused_ = attach(image, offset, 0, &device);

        dir = mount_at(device, "ext4", NULL);
        check(dir, device, want);
        umount2(dir, MNT_DETACH);
}

static void test_partition_of_image(void **state _unused_)
{
        char *image;

        loop_or_skip();
        image = make_image("disk.img", 10 * MIB);
        RUN("mkfs.ext4", "-q", "-F", "-U", UUID, "-L", "root", "-E", "offset=1048576", image, "8M");
        check_partition(image, FIRST * 512, "ext4 " UUID " root ? ?");
        write_mbr(image, 0x83, FIRST, SECTORS);
        check_partition(image, FIRST * 512, "ext4 " UUID " root 1a2b3c4d-01 -");
        write_mbr(image, 0x83, FIRST + 8, SECTORS - 8);
        check_partition(image, FIRST * 512, "ext4 " UUID " root ? ?");
        write_gpt(image, 20480);
        check_partition(image, FIRST * 512,
                        "ext4 " UUID " root 01020304-0506-0708-090a-0b0c0d0e0f10 rootfs");
}

/* Another file has taken the image's name: its partition table is not asked. */
static void test_image_replaced(void **state _unused_)
{
        char *image, *device, *dir, *moved;
        cleanup_fd int loop = -EBADF;

        loop_or_skip();
        image = make_image("replaced.img", 10 * MIB);
        RUN("mkfs.ext4", "-q", "-F", "-U", UUID, "-E", "offset=1048576", image, "8M");
        write_mbr(image, 0x83, FIRST, SECTORS);
        loop = attach(image, FIRST * 512, 0, &device);
        dir = mount_at(device, "ext4", NULL);
        moved = keep(xasprintf("%s.old", image));
        assert_int_equal(rename(image, moved), 0);
        check(dir, device, "ext4 " UUID " - 1a2b3c4d-01 -");
        assert_int_equal(unlink(moved), 0);
        /* This is what sysfs calls it from now on. */
        moved = make_image("replaced.img.old (deleted)", 10 * MIB);
        write_mbr(moved, 0x83, FIRST, SECTORS);
        check(dir, device, "ext4 " UUID " - ? ?");
        umount2(dir, MNT_DETACH);
}

/* ---- saved blkid output ---- */

static struct blkids *collect_top(void)
{
        cleanup_strv struct strv problems = { 0 };
        cleanup_volume struct volume *v = NULL;
        struct blkids *b;

        assert_int_equal(volume_open(top, VOLUME_OFFLINE, &v, NULL), 0);
        b = blkids_collect(v, &problems);
        assert_int_equal(problems.n, 0);
        return b;
}

static void test_file(void **state _unused_)
{
        cleanup_blkids struct blkids *b = collect_top();
        const struct blkid_device *d;
        struct err err = { 0 };

        assert_int_equal(
                blkids_add_file(b,
                                SPAN("/dev/xvda1: LABEL=\"root\" UUID=\"u1\" TYPE=\"ext4\" "
                                     "PARTUUID=\"p1\"\n"
                                     "/dev/xvda15: UUID=\"u15\" TYPE=\"vfat\"\n"
                                     "/dev/xvda10: PARTUUID=\"p10\"\n"
                                     "/dev/xvdba: UUID=\"uba\" TYPE=\"xfs\"\n"),
                                &err),
                0);
        d = blkids_find(b, "/dev/xvda1");
        assert_non_null(d);
        assert_int_equal(d->origin, BLKID_FILE);
        assert_string_equal(d->uuid, "u1");
        assert_string_equal(d->label, "root");
        assert_string_equal(d->type, "ext4");
        assert_string_equal(d->partuuid, "p1");
        assert_null(d->partlabel);
        assert_string_equal(blkids_find(b, "/dev/xvda15")->uuid, "u15");
        assert_null(blkids_find(b, "/dev/xvda10")->uuid);
        assert_string_equal(blkids_find(b, "/dev/xvdba")->uuid, "uba");
        assert_null(blkids_find(b, "/dev/xvdb"));
        assert_null(blkids_find(b, "xvda1"));
        assert_null(blkids_root(b));
}

static void test_file_refused(void **state _unused_)
{
        cleanup_blkids struct blkids *b = collect_top();
        struct err err = { 0 };

        assert_int_equal(blkids_add_file(b, SPAN("/dev/a: UUID=\"u\"\nUUID=x\n"), &err), -EINVAL);
        assert_string_equal(err.text,
                            "line 2: not a line of blkid(8), as /dev/xvda1: UUID=\"...\"");
        assert_null(blkids_find(b, "/dev/a"));
}

static void test_agreement(void **state _unused_)
{
        static const struct {
                const char *name, *text;
                bool found;
        } rows[] = {
                { "the same twice", "/dev/a: UUID=\"u\"\n/dev/a: UUID=\"u\"\n", true },
                { "one knows more", "/dev/a: UUID=\"u\"\n/dev/a: UUID=\"u\" PARTUUID=\"p\"\n",
                  true },
                { "other UUID", "/dev/a: UUID=\"u\"\n/dev/a: UUID=\"v\"\n", false },
                { "one without UUID", "/dev/a: UUID=\"u\"\n/dev/a: TYPE=\"ext4\"\n", false },
                { "other PARTUUID",
                  "/dev/a: UUID=\"u\" PARTUUID=\"p\"\n/dev/a: UUID=\"u\" PARTUUID=\"q\"\n", false },
                { "other type", "/dev/a: UUID=\"u\" TYPE=\"xfs\"\n/dev/a: UUID=\"u\" TYPE=\"x\"\n",
                  false },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_blkids struct blkids *b = collect_top();

                print_message("# %s\n", rows[i].name);
                assert_int_equal(blkids_add_file(b, span_of(rows[i].text), NULL), 0);
                assert_int_equal(blkids_find(b, "/dev/a") != NULL, rows[i].found);
        }
}

/* A device of this machine under its own name, not the volume's. */
static void test_live(void **state _unused_)
{
        char *image, *device, *other;
        cleanup_strv struct strv problems = { 0 };
        cleanup_volume struct volume *v = NULL;
        cleanup_blkids struct blkids *b = NULL;
        cleanup_fd int loop = -EBADF, empty = -EBADF;
        const struct blkid_device *d;

        loop_or_skip();
        image = make_image("live.img", 8 * MIB);
        RUN("mkfs.ext4", "-q", "-F", "-U", UUID, image);
        loop = attach(image, 0, 0, &device);
        image = make_image("empty.img", MIB);
        empty = attach(image, 0, 0, &other);

        assert_int_equal(volume_open("/", VOLUME_LIVE, &v, NULL), 0);
        b = blkids_collect(v, &problems);
        d = blkids_find(b, device);
        assert_non_null(d);
        assert_int_equal(d->origin, BLKID_HOST);
        assert_string_equal(d->uuid, UUID);
        assert_string_equal(d->type, "ext4");
        assert_null(d->label);
        /* Probed, and there is nothing: not the same as not probed. */
        d = blkids_find(b, other);
        assert_non_null(d);
        assert_null(d->uuid);
        assert_null(blkids_find(b, "/dev/no-such-device"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_plain_directory),
                cmocka_unit_test(test_no_device),
                cmocka_unit_test(test_ext4),
                cmocka_unit_test(test_xfs),
                cmocka_unit_test(test_btrfs),
                cmocka_unit_test(test_partition_of_image),
                cmocka_unit_test(test_image_replaced),
                cmocka_unit_test(test_live),
                cmocka_unit_test(test_file),
                cmocka_unit_test(test_file_refused),
                cmocka_unit_test(test_agreement),
        };

        return cmocka_run_group_tests(tests, loop_setup, loop_teardown);
}
