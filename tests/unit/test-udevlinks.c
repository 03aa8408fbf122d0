#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "probe/udevlinks.h"

#define EBSNVME                                                                                 \
        "ACTION==\"remove\", GOTO=\"end\"\n"                                                    \
        "KERNEL==\"nvme[0-9]*n[0-9]*\", ENV{DEVTYPE}==\"disk\", ATTRS{model}==\"Amazon "        \
        "Elastic Block Store\", PROGRAM=\"/usr/sbin/ebsnvme-id -u /dev/%k\", SYMLINK+=\"%c\"\n" \
        "KERNEL==\"nvme[0-9]*n[0-9]*p[0-9]*\", ENV{DEVTYPE}==\"partition\", "                   \
        "ATTRS{model}==\"Amazon Elastic Block Store\", PROGRAM=\"/usr/sbin/ebsnvme-id -u "      \
        "/dev/%k\", SYMLINK+=\"%c%n\"\nLABEL=\"end\"\n"

static void put(const char *dir, const char *path, const char *text)
{
        if (text)
                unit_write_text(dir, path, text);
}

/* "fate file:line" */
static char *ask(const char *dir, enum volume_mode mode, const char *name)
{
        cleanup_volume struct volume *v = NULL;
        cleanup_udevlinks struct udevlinks *l = NULL;
        struct udevlink link;

        assert_int_equal(volume_open(dir, mode, &v, NULL), 0);
        l = udevlinks_load(v);
        link = udevlinks_find(l, name, devname_classify(span_of(name)));
        if (!link.file)
                return xstrdup(udevlink_fate_name(link.fate));
        return xasprintf("%s %s:%zu", udevlink_fate_name(link.fate), link.file, link.line);
}

#define RULES "/etc/udev/rules.d/99-own.rules"

static void test_one_rule(void **state _unused_)
{
        static const struct {
                const char *name, *rules, *ask, *want;
        } rows[] = {
                { "no rules", "", "/dev/data", "unexplained" },
                { "another name", "KERNEL==\"xvdf\", SYMLINK+=\"data1\"\n", "/dev/data",
                  "unexplained" },
                { "kernel name of Xen", "KERNEL==\"xvdf\", SYMLINK+=\"data\"\n", "/dev/data",
                  "gone " RULES ":1" },
                { "of several names", "# x\nKERNEL==\"xvd*|sd*\", SYMLINK=\"a data\tb\"\n",
                  "/dev/data", "gone " RULES ":2" },
                { "bus of Xen", "SUBSYSTEMS==\"xen\", SYMLINK+=\"data\"\n", "/dev/data",
                  "gone " RULES ":1" },
                { "driver of Xen", "DRIVERS==\"vbd\", SYMLINK+=\"data\"\n", "/dev/data",
                  "gone " RULES ":1" },
                { "path of Xen", "ENV{ID_PATH}==\"xen-vbd-51792\", SYMLINK+=\"data\"\n",
                  "/dev/data", "gone " RULES ":1" },
                { "parent of Xen", "KERNELS==\"xvdf\", SYMLINK+=\"data\"\n", "/dev/data",
                  "gone " RULES ":1" },
                { "node of Xen", "ATTRS{nodename}==\"device/vbd/51792\", SYMLINK+=\"data\"\n",
                  "/dev/data", "gone " RULES ":1" },
                { "everything but NVMe", "KERNEL!=\"nvme*\", SYMLINK+=\"data\"\n", "/dev/data",
                  "gone " RULES ":1" },
                { "everything but Xen: which?", "KERNEL!=\"xvd*\", SYMLINK+=\"data\"\n",
                  "/dev/data", "unclear " RULES ":1" },
                { "a network card", "SUBSYSTEM==\"net\", SYMLINK+=\"data\"\n", "/dev/data",
                  "gone " RULES ":1" },
                { "file system", "ENV{ID_FS_UUID}==\"1-2\", SYMLINK+=\"data\"\n", "/dev/data",
                  "stays " RULES ":1" },
                { "file system on a Xen disk",
                  "KERNEL==\"xvd?\", ENV{ID_FS_UUID}==\"1-2\", SYMLINK+=\"data\"\n", "/dev/data",
                  "gone " RULES ":1" },
                { "any file system", "ENV{ID_FS_UUID}==\"?*\", SYMLINK+=\"data\"\n", "/dev/data",
                  "unclear " RULES ":1" },
                { "not this file system", "ENV{ID_FS_UUID}!=\"1-2\", SYMLINK+=\"data\"\n",
                  "/dev/data", "unclear " RULES ":1" },
                { "an EBS volume",
                  "KERNEL==\"nvme?n1\", ATTRS{serial}==\"vol0123456789abcdef0\", "
                  "SYMLINK+=\"data\"\n",
                  "/dev/data", "stays " RULES ":1" },
                { "a number of NVMe", "KERNEL==\"nvme1n1\", SYMLINK+=\"data\"\n", "/dev/data",
                  "unclear " RULES ":1" },
                { "any NVMe disk", "KERNEL==\"nvme*\", SYMLINK+=\"data\"\n", "/dev/data",
                  "unclear " RULES ":1" },
                { "an attribute", "ATTR{size}==\"100\", SYMLINK+=\"data\"\n", "/dev/data",
                  "unclear " RULES ":1" },
                { "a program tells", "PROGRAM=\"/bin/x\", RESULT==\"1\", SYMLINK+=\"data\"\n",
                  "/dev/data", "gone " RULES ":1" },
                { "number of the partition", "KERNEL==\"xvdf*\", SYMLINK+=\"ebs%n\"\n", "/dev/ebs1",
                  "gone " RULES ":1" },
                { "long form", "KERNEL==\"xvdf*\", SYMLINK+=\"ebs$number\"\n", "/dev/ebs1",
                  "gone " RULES ":1" },
                { "kernel name in it", "ENV{ID_FS_UUID}==\"1-2\", SYMLINK+=\"my/%k\"\n",
                  "/dev/my/xvdf", "unclear " RULES ":1" },
                { "from a property", "ENV{X}==\"1\", SYMLINK+=\"$env{X}\"\n", "/dev/data",
                  "unclear " RULES ":1" },
                { "percent sign", "KERNEL==\"xvdf\", SYMLINK+=\"a%%b\"\n", "/dev/a%b",
                  "gone " RULES ":1" },
                { "stars are no pattern here", "KERNEL==\"xvdf\", SYMLINK+=\"d*\"\n", "/dev/data",
                  "unexplained" },
                { "asked for, not made", "SYMLINK==\"data\", GROUP=\"disk\"\n", "/dev/data",
                  "unexplained" },
                { "malformed, so udev ignores it", "KERNEL==\"xvdf\", SYMLINK+=\"data\n",
                  "/dev/data", "unexplained" },
                { "a comment", "#KERNEL==\"xvdf\", SYMLINK+=\"data\"\n", "/dev/data",
                  "unexplained" },
                { "jumped over on Nitro",
                  "KERNEL!=\"xvd*\", GOTO=\"end\"\nENV{ID_FS_UUID}==\"1\", SYMLINK+=\"data\"\n"
                  "LABEL=\"end\"\n",
                  "/dev/data", "gone " RULES ":2" },
                { "jumped over when removed",
                  "ACTION==\"remove\", GOTO=\"end\"\nENV{ID_FS_UUID}==\"1\", SYMLINK+=\"data\"\n"
                  "LABEL=\"end\"\n",
                  "/dev/data", "stays " RULES ":2" },
                { "perhaps jumped over",
                  "ENV{X}==\"1\", GOTO=\"end\"\nENV{ID_FS_UUID}==\"1\", SYMLINK+=\"data\"\n"
                  "LABEL=\"end\"\n",
                  "/dev/data", "unclear " RULES ":2" },
                { "the jump ends before",
                  "KERNEL!=\"xvd*\", GOTO=\"x\"\nLABEL=\"x\"\nENV{ID_FS_UUID}==\"1\", "
                  "SYMLINK+=\"data\"\n",
                  "/dev/data", "stays " RULES ":3" },
                { "what surely makes it counts",
                  "KERNEL==\"xvdf\", SYMLINK+=\"data\"\nENV{ID_FS_UUID}==\"1\", "
                  "SYMLINK+=\"data\"\n",
                  "/dev/data", "stays " RULES ":2" },
                { "of EC2's, but the program is not there", EBSNVME, "/dev/xvdf", "unexplained" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_free char *got = NULL;

                print_message("# %s\n", rows[i].name);
                put(dir, RULES, rows[i].rules);
                got = ask(dir, VOLUME_OFFLINE, rows[i].ask);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

/* The aliases of amazon-ec2-utils. */
static void test_mapping(void **state _unused_)
{
#define FILE_70 "/usr/lib/udev/rules.d/70-ec2-nvme-devices.rules"
        static const struct {
                const char *name, *ask, *want;
        } rows[] = {
                { "disk", "/dev/sdf", "mapping " FILE_70 ":2" },
                { "disk of the kernel's name", "/dev/xvdf", "mapping " FILE_70 ":2" },
                { "partition", "/dev/xvda1", "mapping " FILE_70 ":2" },
                { "the whole disk", "/dev/sda1", "whole-disk " FILE_70 ":2" },
                { "no name of a mapping", "/dev/ebs0", "unexplained" },
        };
        char *dir = unit_temp_dir();

        put(dir, FILE_70, EBSNVME);
        put(dir, "usr/sbin/ebsnvme-id", "");
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = ask(dir, VOLUME_OFFLINE, rows[i].ask);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
        unit_remove_tree(dir);
}

/* Of files with one name the first directory's counts, and /dev/null hides the others. */
static void test_files(void **state _unused_)
{
        static const char *const gone = "KERNEL==\"xvdf\", SYMLINK+=\"data\"\n";
        char *dir = unit_temp_dir();
        cleanup_free char *path = xasprintf("%s/etc/udev/rules.d/50-x.rules", dir);
        cleanup_free char *found = NULL, *masked = NULL, *hidden = NULL, *unread = NULL;

        put(dir, "usr/lib/udev/rules.d/50-x.rules", gone);
        put(dir, "usr/lib/udev/rules.d/60-y.conf", gone);
        found = ask(dir, VOLUME_OFFLINE, "/dev/data");
        put(dir, "etc/udev/rules.d/50-x.rules", "");
        masked = ask(dir, VOLUME_OFFLINE, "/dev/data");
        assert_int_equal(unlink(path), 0);
        assert_int_equal(symlink("/dev/null", path), 0);
        hidden = ask(dir, VOLUME_OFFLINE, "/dev/data");
        assert_int_equal(unlink(path), 0);
        put(dir, "etc/udev/rules.d/40-z.rules/file", "");
        unread = ask(dir, VOLUME_OFFLINE, "/dev/data");
        assert_string_equal(found, "gone /usr/lib/udev/rules.d/50-x.rules:1");
        assert_string_equal(masked, "unexplained");
        assert_string_equal(hidden, "unexplained");
        assert_string_equal(unread, "unclear /usr/lib/udev/rules.d/50-x.rules:1");
        unit_remove_tree(dir);
}

/* W05: on Nitro already, where the link is there; a link to a whole disk stays wrong. */
static void test_w05_link_that_is_there(void **state _unused_)
{
        static const struct {
                const char *name, *link, *target;
                enum volume_mode mode;
                const char *want;
        } rows[] = {
                { "relative", "/dev/sdb", "nvme1n1", VOLUME_LIVE, "now" },
                { "absolute", "/dev/my/sdb", "/dev/nvme1n1p1", VOLUME_LIVE, "now" },
                { "on Xen", "/dev/sdb", "xvdb", VOLUME_LIVE, "unexplained" },
                { "a volume's /dev tells nothing", "/dev/sdb", "nvme1n1", VOLUME_OFFLINE,
                  "unexplained" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_free char *path = xasprintf("%s%s", dir, rows[i].link), *got = NULL;

                print_message("# %s\n", rows[i].name);
                put(dir, "dev/my/x", "");
                assert_int_equal(symlink(rows[i].target, path), 0);
                got = ask(dir, rows[i].mode, rows[i].link);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_one_rule),
                cmocka_unit_test(test_mapping),
                cmocka_unit_test(test_files),
                cmocka_unit_test(test_w05_link_that_is_there),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
