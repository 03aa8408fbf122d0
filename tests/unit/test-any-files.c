/*
 * Files as people and programs write them, put together from pieces by a generator and then
 * damaged: whatever they hold, nothing crashes or hangs, what is planned is what is written, the
 * plan of a fixed volume is empty, and rollback gives every byte back.
 *
 * X2N_SEED=N runs that one volume alone.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>

#include "base/digest.h"
#include "base/fdio.h"
#include "fixes/apply.h"
#include "fixes/fix.h"
#include "fixes/rollback.h"
#include "probe/probe.h"
#include "rule/ruleset.h"

#define VOLUMES 600

static uint64_t random_state;

static unsigned pick(unsigned n)
{
        random_state = random_state * 6364136223846793005u + 1442695040888963407u;
        return (unsigned)(random_state >> 33) % n;
}

static bool chance(unsigned percent)
{
        return pick(100) < percent;
}

#define PICK(list) (list)[pick(ARRAY_SIZE(list))]

/* ---- pieces ---------------------------------------------------------------------------------- */

static const char *const blanks[] = { " ", "\t", "  ", " \t " };
static const char *const ends[] = { "\n", "\n", "\n", "\r\n", " \n", "" };
static const char *const devices[] = {
        "/dev/xvda1",
        "/dev/xvdf",
        "/dev/sda1",
        "/dev/xvdb",
        "UUID=\"11111111-1111\"",
        "/dev/nvme1n1",
        "UUID=2222-2222",
        "LABEL=x",
        "PARTUUID=33333-1",
        "/dev/hda1",
        "none",
        "proc",
        "tmpfs",
        "/dev/disk/by-path/xen-vbd-51792",
        "/dev/xvd\\141",
        "server:/x",
        "/dev/",
        "#",
};
static const char *const parameters[] = {
        "ro",
        "quiet",
        "root=/dev/xvda1",
        "root=UUID=11111111-1111-1111-1111-111111111111",
        "root=LABEL=x",
        "root=\"/dev/xvda1\"",
        "console=ttyS0,115200",
        "clocksource=xen",
        "resume=/dev/xvdb",
        "net.ifnames=0",
        "net.ifnames=1",
        "nvme_core.io_timeout=4294967295",
        "nvme.io_timeout=255",
        "modprobe.blacklist=nvme,ena",
        "module_blacklist=nvme",
        "--",
        "$kernelopts",
        "$tuned_params",
        "'a b'",
        "\"un",
        "\\",
        "x=\\\"y\\\"",
};

static void put(struct buf *out, const char *text)
{
        buf_puts(out, text);
}

static void put_parameters(struct buf *out)
{
        for (unsigned n = pick(6); n > 0; n--) {
                put(out, PICK(blanks));
                put(out, PICK(parameters));
        }
}

static void put_fstab(struct buf *out)
{
        static const char *const targets[] = {
                "/", "/data", "/boot", "swap", "none", "/a\\040b", ""
        };
        static const char *const types[] = {
                "ext4", "xfs", "swap", "xenfs", "auto", "vfat", "nfs"
        };
        static const char *const options[] = {
                "defaults", "defaults,nofail",  "noauto", "x-systemd.automount,ro",
                "_netdev",  "logdev=/dev/xvdf", "sw",     "nobootwait",
                "",
        };

        for (unsigned n = pick(8); n > 0; n--) {
                if (chance(10))
                        put(out, chance(50) ? "# /dev/xvdf /x ext4" : " ");
                else
                        buf_printf(out, "%s%s%s%s%s%s%s%s%s", chance(10) ? " " : "", PICK(devices),
                                   PICK(blanks), PICK(targets), PICK(blanks), PICK(types),
                                   PICK(blanks), PICK(options), chance(80) ? " 0 2" : "");
                put(out, PICK(ends));
        }
}

static void put_grub_cfg(struct buf *out)
{
        static const char *const lines[] = {
                "set default=\"0\"\n",
                "set default=\"${saved_entry}\"\n",
                "load_env\n",
                "if [ -s $prefix/grubenv ]; then\n  load_env\nfi\n",
                "set timeout=5\n",
                "set kernelopts=\"root=/dev/xvda1 ro clocksource=xen\"\n",
                "set tuned_params=\"clocksource=xen\"\n",
                "blscfg\n",
                "insmod blscfg\n",
                "# linux /boot/k root=/dev/xvda1\n",
                "}\n",
                "if true; then\n",
                "function f {\n  echo x\n}\n",
        };

        for (unsigned n = pick(8); n > 0; n--) {
                if (chance(50)) {
                        put(out, PICK(lines));
                        continue;
                }
                buf_printf(out, "menuentry 'L%u' --class x $menuentry_id_option 'i%u' {\n", n, n);
                buf_printf(out, "\t%s /boot/k", chance(70) ? "linux" : "linux16");
                put_parameters(out);
                put(out, chance(80) ? "\n\tinitrd /boot/i\n}\n" : "\n}\n");
        }
}

static void put_menu_lst(struct buf *out)
{
        static const char *const lines[] = {
                "default 0\n",          "default=1\n",
                "timeout 5\n",          "fallback 1\n",
                "default saved\n",      "# kopt=root=/dev/xvda1 ro clocksource=xen\n",
                "# defoptions=quiet\n", "hiddenmenu\n",
        };

        for (unsigned n = pick(8); n > 0; n--) {
                if (chance(50)) {
                        put(out, PICK(lines));
                        continue;
                }
                put(out, "title x\n\troot (hd0,0)\n\tkernel /boot/k");
                put_parameters(out);
                put(out, chance(80) ? "\n\tinitrd /boot/i\n" : "\n");
        }
}

static void put_entry(struct buf *out)
{
        put(out, "title A\n");
        for (unsigned n = pick(3); n > 0; n--) {
                put(out, "options");
                put_parameters(out);
                put(out, PICK(ends));
        }
        put(out, "linux /boot/k\n");
        put(out, chance(70) ? "initrd /boot/i\n" : "version 6.1\n");
}

static void put_syslinux(struct buf *out)
{
        put(out, chance(80) ? "DEFAULT a\n" : "UI menu.c32\n");
        for (unsigned n = 1 + pick(3); n > 0; n--) {
                buf_printf(out, "LABEL %c\n", 'a' + (char)n - 1);
                put(out, chance(80) ? " LINUX /boot/k\n" : " KERNEL /boot/k root=/dev/xvda1\n");
                put(out, chance(80) ? " APPEND" : " append");
                put_parameters(out);
                put(out, PICK(ends));
        }
        if (chance(20))
                put(out, "INCLUDE more.cfg\n");
}

static void put_default_grub(struct buf *out)
{
        static const char *const lines[] = {
                "GRUB_DEFAULT=0\n", "GRUB_DISABLE_LINUX_UUID=true\n",
                "export X=1\n",     "GRUB_CMDLINE_LINUX=\"\n",
                "if x; then\n",     "GRUB_CMDLINE_LINUX=$(x)\n",
        };

        for (unsigned n = pick(5); n > 0; n--) {
                if (chance(30)) {
                        put(out, PICK(lines));
                        continue;
                }
                buf_printf(out, "GRUB_CMDLINE_LINUX%s=\"%s", chance(50) ? "" : "_DEFAULT",
                           chance(20) ? "$GRUB_CMDLINE_LINUX" : "");
                put_parameters(out);
                put(out, chance(90) ? "\"\n" : "\n");
        }
}

static void put_interfaces(struct buf *out)
{
        static const char *const lines[] = {
                "auto lo\niface lo inet loopback\n",
                "auto eth0\n",
                "allow-hotplug eth0\n",
                "iface eth0 inet dhcp\n",
                "iface eth0 inet static\n  address 10.0.0.5/24\n",
                "iface ens3 inet dhcp\n",
                "source /etc/network/interfaces.d/*\n",
                "auto eth*\n",
                "mapping eth0\n",
                "  up ip link\n",
                "# auto eth1\n",
                "auto \\\n eth1\n",
        };

        for (unsigned n = pick(6); n > 0; n--)
                put(out, PICK(lines));
}

static void put_ifcfg(struct buf *out)
{
        static const char *const lines[] = {
                "DEVICE=eth0\n",   "DEVICE=\"eth0\"\n",  "BOOTPROTO=dhcp\n",
                "ONBOOT=yes\n",    "ONBOOT=no\n",        "HWADDR=0a:1b:2c:3d:4e:5f\n",
                "TYPE=Ethernet\n", "NM_CONTROLLED=no\n", "IPADDR=10.0.0.5\n",
                "NAME='x'\n",      "DEVICE=$X\n",
        };

        for (unsigned n = pick(6); n > 0; n--)
                put(out, PICK(lines));
}

static void put_netplan(struct buf *out)
{
        static const char *const lines[] = {
                "    eth0:\n      dhcp4: true\n",
                "    x:\n      match: {macaddress: \"0a:1b:2c:3d:4e:5f\"}\n      set-name: eth0\n      dhcp4: yes\n",
                "    all:\n      match:\n        name: \"e*\"\n      dhcp4: true\n",
                "    bad: [\n",
                "  bonds: {}\n",
                "\tx: y\n",
                "    eth0: *a\n",
        };

        put(out, "network:\n  version: 2\n  ethernets:\n");
        for (unsigned n = pick(4); n > 0; n--)
                put(out, PICK(lines));
}

static void put_modprobe(struct buf *out)
{
        static const char *const lines[] = {
                "blacklist nvme\n",
                "install nvme /bin/false\n",
                "options nvme_core io_timeout=99999999999\n",
                "alias nvme off\n",
                "# x\n",
                "options nvme_core \\\n io_timeout=30\n",
                "softdep a pre: b\n",
        };

        for (unsigned n = pick(4); n > 0; n--)
                put(out, PICK(lines));
}

/* ---- volumes --------------------------------------------------------------------------------- */

static char *root;

/* A byte is lost, doubled or another; a part is missing. */
static void damage(struct buf *b)
{
        static const char bytes[] = "\0\n\r\"'\\ #=$/{}\xff\t";
        size_t at = b->len ? pick((unsigned)b->len) : 0;

        if (b->len == 0)
                return;
        switch (pick(4)) {
        case 0:
                b->len = at;
                break;
        case 1:
                memmove(b->data + at, b->data + at + 1, b->len - at - 1);
                b->len--;
                break;
        default:
                b->data[at] = bytes[pick(sizeof(bytes))];
        }
}

static void write_file(const char *path, void (*generate)(struct buf *))
{
        cleanup_buf struct buf text = { 0 };

        generate(&text);
        while (chance(25))
                damage(&text);
        unit_write(root, path, text.data ? text.data : "", text.len);
}

/* What extract_release() of a kernel image needs: boot protocol 2.15, a version string. */
static void write_kernel(const char *path)
{
        char image[4096] = { 0 };

        memcpy(image + 0x1f1, "\7", 1);
        memcpy(image + 0x1fe, "\x55\xaa\0\0HdrS\x0f\x02", 10);
        image[0x20f] = 0x04;
        memcpy(image + 0x600, "6.1.0-18-amd64 (x) #1", 22);
        unit_write(root, path, image, sizeof(image));
}

static void write_grubenv(void)
{
        char block[1024];
        int n = snprintf(
                block, sizeof(block),
                "# GRUB Environment Block\nsaved_entry=%s\nkernelopts=root=/dev/xvda1 %s\n%s",
                chance(50) ? "a" : "0", PICK(parameters),
                chance(30) ? "tuned_params=clocksource=xen\n" : "");

        memset(block + n, '#', sizeof(block) - (size_t)n);
        unit_write(root, "boot/grub/grubenv", block, chance(90) ? sizeof(block) : (size_t)n);
}

static void write_grub2(void)
{
        write_file("boot/grub/grub.cfg", put_grub_cfg);
        write_grubenv();
        if (chance(70))
                write_file("etc/default/grub", put_default_grub);
        if (chance(50))
                write_file("etc/default/grub.d/50-x.cfg", put_default_grub);
        if (chance(50))
                write_file("boot/loader/entries/a.conf", put_entry);
        if (chance(30))
                write_file("boot/loader/entries/b.conf", put_entry);
}

static void write_legacy(void)
{
        char stage2[1024] = { 0 };

        memcpy(stage2 + 0x206, "\3\2", 2);
        memcpy(stage2 + 0x212, "0.97", 4);
        strcpy(stage2 + 0x217, "/boot/grub/menu.lst");
        unit_write(root, "boot/grub/stage2", stage2, sizeof(stage2));
        unit_write_text(root, "boot/grub/default", "0\n\n\n\n\n\n\n\n\n");
        write_file("boot/grub/menu.lst", put_menu_lst);
}

static void write_extlinux(void)
{
        char loader[2048] = { 0 };

        memcpy(loader + 1024, "\xa5\x2f\x2d\x5a", 4);
        memcpy(loader + 1024 + 508, "\x64\xbf\x28\xdd", 4);
        unit_write(root, "boot/ldlinux.sys", loader, sizeof(loader));
        write_file("boot/extlinux.conf", put_syslinux);
        write_file("boot/more.cfg", put_syslinux);
        if (chance(50))
                unit_write_text(root, "etc/update-extlinux.conf",
                                "root=/dev/xvda1\ndefault_kernel_opts=\"quiet clocksource=xen\"\n");
}

static void write_systemd_boot(void)
{
        static const char program[] = "MZ\0\0#### LoaderInfo: systemd-boot 255 ####";

        unit_write(root, "boot/efi/EFI/systemd/systemd-bootx64.efi", program, sizeof(program));
        unit_write_text(root, "boot/efi/loader/loader.conf",
                        chance(50) ? "default a*\n" : "timeout 3\n");
        write_file("boot/efi/loader/entries/a.conf", put_entry);
        write_file("boot/efi/loader/entries/b.conf", put_entry);
        write_kernel("boot/efi/boot/k");
        if (chance(50))
                unit_write_text(root, "etc/kernel/cmdline", "root=/dev/xvda1 ro\n");
}

static void write_network(void)
{
        switch (pick(4)) {
        case 0:
                write_file("etc/network/interfaces", put_interfaces);
                unit_write_text(root, "usr/sbin/ifup", "");
                unit_write_text(root, "usr/lib/systemd/system/networking.service", "");
                unit_write_text(
                        root, "etc/systemd/system/multi-user.target.wants/networking.service", "");
                break;
        case 1:
                write_file("etc/sysconfig/network-scripts/ifcfg-eth0", put_ifcfg);
                unit_write_text(root, "etc/rc.d/init.d/network", "");
                unit_write_text(root, "etc/rc.d/rc3.d/S10network", "");
                break;
        case 2:
                write_file("etc/netplan/50-x.yaml", put_netplan);
                unit_write_text(root, "usr/sbin/netplan", "");
                break;
        default:
                write_file("etc/network/interfaces", put_interfaces);
                write_file("etc/netplan/50-x.yaml", put_netplan);
        }
}

static void make_volume(void)
{
        static void (*const loaders[])(void) = { write_grub2, write_grub2, write_legacy,
                                                 write_extlinux, write_systemd_boot };

        unit_write_text(root, "usr/lib/os-release",
                        chance(50) ? "ID=debian\nVERSION_ID=12\n" : "ID=rhel\nVERSION_ID=8.4\n");
        unit_write_text(root, "usr/sbin/init", "");
        unit_write_text(root, "usr/lib/systemd/systemd", "");
        if (chance(70))
                unit_write_text(root, "usr/lib/systemd/network/99-default.link",
                                "[Match]\nOriginalName=*\n[Link]\nNamePolicy=keep kernel database "
                                "onboard slot path\n");
        write_kernel("boot/k");
        write_file("etc/fstab", put_fstab);
        write_file("etc/modprobe.d/x.conf", put_modprobe);
        loaders[pick(ARRAY_SIZE(loaders))]();
        write_network();
}

/* ---- looking at it --------------------------------------------------------------------------- */

/* Names, modes and contents of everything but what the transaction keeps, in one sum. */
static struct hash tree_sum;

static void add_to_sum(const char *path, const struct stat *st)
{
        cleanup_blob struct blob blob = { 0 };
        cleanup_fd int fd = -EBADF;
        const char *below = path + strlen(root);

        if (str_startswith(below, "/var"))
                return;
        hash_add(&tree_sum, below, strlen(below) + 1);
        hash_add(&tree_sum, &st->st_mode, sizeof(st->st_mode));
        if (!S_ISREG(st->st_mode))
                return;
        fd = open(path, O_RDONLY | O_CLOEXEC);
        assert_true(fd >= 0 && fd_read_all(fd, 1 << 20, &blob) >= 0);
        hash_add(&tree_sum, blob.data, blob.len);
}

static int compare_names(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct strv tree_names;

static int add_name(const char *path, const struct stat *st _unused_, int flag _unused_,
                    struct FTW *ftw _unused_)
{
        strv_push(&tree_names, path);
        return 0;
}

static struct digest sum_up(void)
{
        struct digest ret;

        hash_init(&tree_sum);
        nftw(root, add_name, 16, FTW_PHYS);
        qsort(tree_names.v, tree_names.n, sizeof(*tree_names.v), compare_names);
        for (size_t i = 0; i < tree_names.n; i++) {
                struct stat st;

                assert_int_equal(lstat(tree_names.v[i], &st), 0);
                add_to_sum(tree_names.v[i], &st);
        }
        strv_done(&tree_names);
        hash_end(&tree_sum, &ret);
        return ret;
}

static struct ruleset *rules;
static struct blkids *blkids; /* of the volume that is looked at */

static const char saved[] =
        "/dev/xvda1: UUID=\"11111111-1111-1111-1111-111111111111\" TYPE=\"ext4\"\n"
        "/dev/xvdb: UUID=\"44444444-4444-4444-4444-444444444444\" TYPE=\"swap\"\n"
        "/dev/xvdf: UUID=\"22222222-2222-2222-2222-222222222222\" TYPE=\"xfs\"\n";

static struct facts *look(const struct volume *v, struct findings *ret)
{
        struct facts *f = facts_new();

        probe_run_all(&(struct probe_context){ .volume = v, .blkids = blkids, .facts = f });
        ruleset_evaluate(rules, f, NULL, NULL, ret);
        return f;
}

/* Every finding in one text; a rule that needs to be told more is one, too. */
static char *describe(const struct findings *l)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < l->n; i++)
                buf_printf(&out, "%s %s %s: %s\n", outcome_name(l->v[i].outcome), l->v[i].rule,
                           l->v[i].subject ? l->v[i].subject : "", l->v[i].message);
        return buf_take(&out);
}

static struct plan *make_plan(const struct volume *v, struct findings *ret_predicted)
{
        static const char *const confirmed[] = { "nvme-blacklisted", "ena-blacklisted" };
        cleanup_strv struct strv confirm = { 0 };
        cleanup_findings struct findings before = { 0 };
        cleanup_facts struct facts *facts = look(v, &before), *after = NULL;
        struct plan *p = plan_new(v);

        for (size_t i = 0; i < ARRAY_SIZE(confirmed); i++)
                strv_push(&confirm, confirmed[i]);
        fix_plan_all(&(struct fix_options){ .confirm = &confirm }, blkids, facts, &before, p);
        if (ret_predicted)
                after = look(plan_volume(p), ret_predicted);
        return p;
}

static size_t changed;

static void fix_and_undo(const struct volume *v)
{
        cleanup_findings struct findings predicted = { 0 }, now = { 0 };
        cleanup_plan struct plan *plan = make_plan(v, &predicted), *again = NULL;
        cleanup_free char *expected = describe(&predicted), *got = NULL;
        struct digest before = sum_up(), after;
        struct txn_result result = { 0 };
        struct err err = { 0 };

        if (plan_count(plan) == 0)
                return;
        changed++;
        if (plan_apply(plan, v, true, &result, &err) < 0)
                fail_msg("%s", err.text);
        facts_free(look(v, &now));
        got = describe(&now);
        assert_string_equal(got, expected);
        again = make_plan(v, NULL);
        if (plan_count(again) > 0) {
                const struct plan_op *op = plan_get(again, 0);

                fail_msg("planned again for %s: %s: %.*s\nbecomes: %.*s", op->rules.v[0], op->path,
                         (int)op->before.len, op->before.data, (int)op->after.len, op->after.data);
        }
        if (rollback(v, NULL, &result, &err) < 0)
                fail_msg("%s", err.text);
        after = sum_up();
        assert_true(digest_eq(&before, &after));
}

static void run_one(uint64_t seed)
{
        cleanup_volume struct volume *v = NULL;
        cleanup_strv struct strv problems = { 0 };

        random_state = seed * 0x9e3779b97f4a7c15u;
        root = unit_temp_dir();
        make_volume();
        assert_int_equal(volume_open(root, VOLUME_OFFLINE, &v, NULL), 0);
        blkids = blkids_collect(v, &problems);
        assert_int_equal(blkids_add_file(blkids, span_of(saved), NULL), 0);
        fix_and_undo(v);
        blkids_free(blkids);
        unit_remove_tree(root);
}

static void test_any_files(void **state _unused_)
{
        const char *seed = getenv("X2N_SEED");
        struct err err = { 0 };

        /* Many runs of a transaction, each with many files synced. */
        if (access("/dev/shm", W_OK) == 0)
                setenv("TMPDIR", "/dev/shm", 1);
        assert_int_equal(ruleset_load(NULL, NULL, &rules, &err), 0);
        for (uint64_t i = 1; i <= VOLUMES; i++) {
                if (seed && strtoull(seed, NULL, 10) != i)
                        continue;
                /* What hangs is ended, and the last seed is the one. */
                alarm(60);
                print_message("# X2N_SEED=%llu\n", (unsigned long long)i);
                run_one(i);
        }
        alarm(0);
        print_message("# %zu of %d volumes were changed and changed back\n", changed, VOLUMES);
        assert_true(seed || changed > VOLUMES / 2);
        ruleset_free(rules);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_any_files),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
