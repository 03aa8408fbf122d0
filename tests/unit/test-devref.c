#include "unit-probe.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "probe/devref.h"

#define UUID_ROOT "8f2ac8e4-5d5c-4d57-a1ab-2c1e1a0ef9e7"
#define UUID_DATA "0c5f9d0c-3bd5-41b5-9c3b-0e4e3cbb9d70"

extern const struct probe probe_fstab, probe_cmdline;
static const struct probe *const probes[] = { &probe_fstab, &probe_cmdline, NULL };

static char *top;
static const char *no_mount; /* why there is no mounted volume, or NULL */

static int shell(const char *command)
{
        pid_t pid = fork();
        int status;

        if (pid == 0) {
                setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
                execl("/bin/sh", "sh", "-c", command, NULL);
                _exit(127);
        }
        return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status)
                                                                               : 127;
}

/* A volume whose root is a file system of its own: an ext4 image on a loop device, at `top`/root.
 */
static int setup(void **state _unused_)
{
        cleanup_free char *make = NULL, *mount_it = NULL;

        top = unit_temp_dir();
        make = xasprintf("cd %s && mkdir root && truncate -s 4M image && "
                         "mkfs.ext4 -q -U " UUID_ROOT " image >log 2>&1",
                         top);
        mount_it = xasprintf("mount -o loop %s/image %s/root >%s/log 2>&1", top, top, top);
        if (geteuid() != 0)
                no_mount = "only root mounts file systems";
        else if (shell(make) != 0)
                no_mount = "no mkfs.ext4 here";
        else if (unshare(CLONE_NEWNS) < 0 ||
                 mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
                no_mount = "no right to make a mount namespace";
        else if (shell(mount_it) != 0)
                no_mount = "no loop mount here";
        return 0;
}

static int teardown(void **state _unused_)
{
        cleanup_free char *root = xasprintf("%s/root", top);

        umount2(root, MNT_DETACH);
        unit_remove_tree(top);
        return 0;
}

/* uuid and fix of the two fstab lines, then the fix of root=. */
static void check(const char *blkid, const char *fstab, const char *root_line,
                  const char *second_line, const char *root_param)
{
        cleanup_free char *root = xasprintf("%s/root", top);
        cleanup_free char *one = NULL, *two = NULL, *param = NULL;
        cleanup_facts struct facts *f = facts_new();

        unit_write_text(root, "etc/fstab", fstab);
        facts_set_str(f, "systemd", "/os/init");
        facts_set_str(f, "/initrd.img", "/boot/entry/initrd/0/path");
        facts_set_str(f, "root", "/boot/entry/params/0/name");
        facts_set_str(f, "/dev/xvda1", "/boot/entry/params/0/value");
        facts_set_evidence(f, "/boot/entry/kernel", "/boot/grub/grub.cfg", 1, SPAN("linux"));
        unit_probe_on(f, root, blkid, probes);
        one = unit_fact(f, "/fstab/devices/0/fix_value");
        two = unit_fact(f, "/fstab/devices/1/fix_value");
        param = unit_fact(f, "/cmdline/root/fix_value");
        assert_string_equal(one, root_line);
        assert_string_equal(two, second_line);
        assert_string_equal(param, root_param);
}

static void test_own_root(void **state _unused_)
{
        static const char fstab[] = "/dev/xvda1 / ext4 defaults 0 1\n/dev/xvdf /d ext4 nofail\n";
        static const char subvolume[] = "/dev/xvda1 / auto subvol=@\n"
                                        "/dev/xvda1 /home auto subvol=@home\n";

        if (no_mount) {
                print_message("# %s\n", no_mount);
                skip();
        }
        /* What the volume calls its own device, it may call so in other lines, too. */
        check(NULL, fstab, "UUID=" UUID_ROOT, "null", "UUID=" UUID_ROOT);
        check(NULL, subvolume, "UUID=" UUID_ROOT, "UUID=" UUID_ROOT, "UUID=" UUID_ROOT);
        check("/dev/xvda1: UUID=\"" UUID_ROOT "\" TYPE=\"ext4\"\n"
              "/dev/xvdf: UUID=\"" UUID_DATA "\" TYPE=\"ext4\"\n",
              fstab, "UUID=" UUID_ROOT, "UUID=" UUID_DATA, "UUID=" UUID_ROOT);
        /* A list of another machine: nothing is certain then. */
        check("/dev/xvda1: UUID=\"" UUID_DATA "\" TYPE=\"ext4\"\n", fstab, "null", "null", "null");
        /* A copy of the root volume was attached: UUID= would mean either. */
        check("/dev/xvda1: UUID=\"" UUID_ROOT "\" TYPE=\"ext4\"\n"
              "/dev/xvdf: UUID=\"" UUID_ROOT "\" TYPE=\"ext4\"\n",
              fstab, "null", "null", "null");
}

/* A part of something larger is mounted by the name of the whole, never by its own UUID. */
static void test_fix(void **state _unused_)
{
        static const struct {
                const char *type, *want;
        } rows[] = {
                { "ext4", "UUID=" UUID_DATA }, { "swap", "UUID=" UUID_DATA },
                { "LVM2_member", NULL },       { "linux_raid_member", NULL },
                { "crypto_LUKS", NULL },       { "zfs_member", NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *blkid =
                        xasprintf("/dev/xvdf: UUID=\"" UUID_DATA "\" TYPE=\"%s\"\n", rows[i].type);
                cleanup_strv struct strv problems = { 0 };
                cleanup_volume struct volume *v = NULL;
                cleanup_blkids struct blkids *b = NULL;
                cleanup_free char *fix = NULL;

                print_message("# %s\n", rows[i].type);
                assert_int_equal(volume_open(top, VOLUME_OFFLINE, &v, NULL), 0);
                b = blkids_collect(v, &problems);
                assert_int_equal(blkids_add_file(b, span_of(blkid), NULL), 0);
                fix = devref_fix(b, devref_find(b, "/dev/xvdf", false));
                assert_true(streq(fix, rows[i].want));
        }
}

/* What is looked up, in a saved blkid output and on the volume's own device. */
static void test_resolves(void **state _unused_)
{
        static const char *const saved = "/dev/xvda1: LABEL=\"root\" UUID=\"" UUID_ROOT "\"\n"
                                         "/dev/xvdf: LABEL=\"my disk\" UUID=\"0A1B-2C3D\"\n";
        static const char *const partial = "/dev/xvdf: UUID=\"" UUID_DATA "\"\n";
        static const struct {
                const char *name, *ask;
                bool mounted, is_root;
                const char *blkid, *want;
        } rows[] = {
                { "there", "UUID=0A1B-2C3D", false, false, saved, "yes" },
                { "in quotes", "LABEL=\"my disk\"", false, false, saved, "yes" },
                { "by link", "/dev/disk/by-label/root", false, false, saved, "yes" },
                { "escaped by udev", "/dev/disk/by-label/my\\x20disk", false, false, saved,
                  "unchecked" },
                { "other case", "UUID=0a1b-2c3d", false, false, saved, "yes" },
                { "label in other case", "LABEL=Root", false, false, saved, "no" },
                { "not there", "UUID=" UUID_DATA, false, false, saved, "no" },
                { "no tags of partitions at all", "PARTUUID=1-01", false, false, saved,
                  "unchecked" },
                { "no such tag", "ID=x", false, false, saved, "unchecked" },
                { "by id", "/dev/disk/by-id/nvme-x", false, false, saved, "unchecked" },
                { "nothing known", "UUID=" UUID_DATA, false, false, NULL, "unchecked" },
                { "root of a directory", "UUID=" UUID_DATA, false, true, saved, "unchecked" },
                { "root", "UUID=" UUID_ROOT, true, true, NULL, "yes" },
                { "not the root", "UUID=" UUID_DATA, true, true, NULL, "no" },
                { "not the root, but saved", "UUID=0A1B-2C3D", true, true, saved, "no" },
                { "not the root's label", "LABEL=x", true, true, NULL, "no" },
                { "another volume", "UUID=" UUID_DATA, true, false, NULL, "unchecked" },
                { "a saved output of something else", "UUID=0A1B-2C3D", true, false, partial,
                  "unchecked" },
                { "a saved output of this", "UUID=" UUID_DATA, true, false, saved, "no" },
        };
        cleanup_free char *mounted = xasprintf("%s/root", top);

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_strv struct strv problems = { 0 };
                cleanup_volume struct volume *v = NULL;
                cleanup_blkids struct blkids *b = NULL;

                if (rows[i].mounted && no_mount) {
                        print_message("# %s: %s\n", rows[i].name, no_mount);
                        continue;
                }
                print_message("# %s\n", rows[i].name);
                assert_int_equal(
                        volume_open(rows[i].mounted ? mounted : top, VOLUME_OFFLINE, &v, NULL), 0);
                b = blkids_collect(v, &problems);
                if (rows[i].blkid)
                        assert_int_equal(blkids_add_file(b, span_of(rows[i].blkid), NULL), 0);
                assert_string_equal(devref_resolves(b, rows[i].ask, rows[i].is_root), rows[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_own_root),
                cmocka_unit_test(test_fix),
                cmocka_unit_test(test_resolves),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
