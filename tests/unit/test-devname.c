#include "unit.h"

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/devname.h"

static void test_classify(void **state _unused_)
{
        static const struct {
                const char *spec, *kind;
        } rows[] = {
                { "/dev/xvda", "xen" },
                { "/dev/xvda1", "xen" },
                { "/dev/xvda15", "xen" },
                { "/dev/xvdba", "xen" },
                { "/dev/xvdba2", "xen" },
                { "/dev/xvd", "other" },
                { "/dev/xvda1p1", "other" },
                { "/dev/xvda01", "other" },
                { "/dev/xvda0", "other" },
                { "/dev/xvdA", "other" },
                { "/dev/xvda ", "other" },
                { "/dev/xvdabcd", "other" },
                { "xvda1", "none" },
                { "/dev/sda", "scsi" },
                { "/dev/sda1", "scsi" },
                { "/dev/sdaa3", "scsi" },
                { "/dev/sda_backup", "other" },
                { "/dev/sdk/x", "other" },
                { "/dev/sd-card", "other" },
                { "/dev/hda1", "ide" },
                { "/dev/hdd", "ide" },
                { "/dev/hdaa", "other" },
                { "/dev/nvme0n1", "nvme" },
                { "/dev/nvme0n1p1", "nvme" },
                { "/dev/nvme10n1p128", "nvme" },
                { "/dev/nvme0", "other" },
                { "/dev/nvme0n1p", "other" },
                { "/dev/nvme-fabrics", "other" },
                { "/dev/disk/by-uuid/0a1b-2c3d", "link" },
                { "/dev/disk/by-label/root", "link" },
                { "/dev/disk/by-partuuid/0a1b2c3d-01", "link" },
                { "/dev/disk/by-partlabel/EFI\\x20System", "link" },
                { "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123", "link" },
                { "/dev/disk/by-uuid/", "other" },
                { "/dev/disk/by-path/xen-vbd-768-part1", "xen-by-path" },
                { "/dev/disk/by-path/pci-0000:00:04.0-nvme-1", "by-path" },
                { "/dev/disk/azure/root", "other" },
                { "/dev/mapper/vg-lv", "mapper" },
                { "/dev/mapper/", "other" },
                { "/dev/dm-0", "mapper" },
                { "/dev/md0", "mapper" },
                { "/dev/md127p1", "mapper" },
                { "/dev/md/data", "mapper" },
                { "/dev/md_d0", "mapper" },
                { "/dev/zvol/tank/v", "mapper" },
                { "/dev/vg0/data", "other" },
                { "/dev/ebs0", "other" },
                { "/dev/vda1", "other" },
                { "/dev/sr0", "none" },
                { "/dev/cdrom", "none" },
                { "/dev/fd0", "none" },
                { "/dev/shm", "none" },
                { "/dev/loop3", "none" },
                { "/dev/root", "none" },
                { "/dev/", "none" },
                { "/dev/nfs", "network" },
                { "UUID=0a1b2c3d", "tag" },
                { "UUID=\"0a1b2c3d\"", "tag" },
                { "LABEL=/", "tag" },
                { "LABEL=\"a b\"", "tag" },
                { "PARTUUID=0a1b2c3d-01", "tag" },
                { "PARTLABEL=root", "tag" },
                { "ID=wwn-0x1", "tag" },
                { "uuid=0a1b2c3d", "none" },
                { "fs-1234.efs.example.com:/", "network" },
                { "[fd00::1]:/export", "network" },
                { "//server/share", "network" },
                { "proc", "none" },
                { "none", "none" },
                { "/swapfile", "none" },
                { "/srv/a:/b", "none" },
                { "rpool/ROOT", "none" },
                { "", "none" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                print_message("# '%s'\n", rows[i].spec);
                assert_string_equal(devname_kind_name(devname_classify(span_of(rows[i].spec))),
                                    rows[i].kind);
        }
}

static void test_bytes(void **state _unused_)
{
        assert_int_equal(devname_classify(SPAN("/dev/xvda\0")), DEVNAME_OTHER);
        /* The span ends the name, whatever stands behind it. */
        assert_int_equal(devname_classify((struct span){ "/dev/xvda15", 10 }), DEVNAME_XEN);
        assert_int_equal(devname_classify((struct span){ "/dev/xvda15", 8 }), DEVNAME_OTHER);
        assert_int_equal(devname_classify((struct span){ NULL, 0 }), DEVNAME_NONE);
}

static void test_xen_path(void **state _unused_)
{
        static const struct {
                const char *link, *want;
        } rows[] = {
                { "/dev/disk/by-path/xen-vbd-51712", "/dev/xvda" },
                { "/dev/disk/by-path/xen-vbd-51713", "/dev/xvda1" },
                { "/dev/disk/by-path/xen-vbd-51792", "/dev/xvdf" },
                { "/dev/disk/by-path/xen-vbd-51792-part1", "/dev/xvdf1" },
                { "/dev/disk/by-path/xen-vbd-51967", "/dev/xvdp15" },
                { "/dev/disk/by-path/xen-vbd-51968", NULL },
                { "/dev/disk/by-path/xen-vbd-268439808", "/dev/xvdr" },
                { "/dev/disk/by-path/xen-vbd-268439808-part16", "/dev/xvdr16" },
                { "/dev/disk/by-path/xen-vbd-268442112", "/dev/xvdaa" },
                { "/dev/disk/by-path/xen-vbd-268442113", "/dev/xvdaa1" },
                { "/dev/disk/by-path/xen-vbd-268614912", "/dev/xvdzz" },
                { "/dev/disk/by-path/xen-vbd-268615168", NULL },
                { "/dev/disk/by-path/xen-vbd-768", NULL },
                { "/dev/disk/by-path/xen-vbd-2048-part1", NULL },
                { "/dev/disk/by-path/xen-vbd-51713-part1", NULL },
                { "/dev/disk/by-path/xen-vbd-51792-part0", NULL },
                { "/dev/disk/by-path/xen-vbd-51792-part", NULL },
                { "/dev/disk/by-path/xen-vbd-51792-part1x", NULL },
                { "/dev/disk/by-path/xen-vbd-051792", NULL },
                { "/dev/disk/by-path/xen-vbd-99999999999999999999999", NULL },
                { "/dev/disk/by-path/xen-vbd-51792-part99999999999999999999999", NULL },
                { "/dev/disk/by-path/xen-vbd-", NULL },
                { "/dev/xvda", NULL },
                { "", NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *name = devname_of_xen_path(span_of(rows[i].link));

                print_message("# '%s'\n", rows[i].link);
                assert_true(streq(name, rows[i].want));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_classify),
                cmocka_unit_test(test_bytes),
                cmocka_unit_test(test_xen_path),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
