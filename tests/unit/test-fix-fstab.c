/* fstab before and after, byte for byte, with what the built-in rules say of it. */
#include "unit-probe.h"

#include "fixes/fix.h"
#include "rule/ruleset.h"

static const char blkid[] = "/dev/xvda1: UUID=\"root\" TYPE=\"ext4\"\n"
                            "/dev/xvdf: UUID=\"data\" TYPE=\"xfs\"\n"
                            "/dev/xvdg: UUID=\"twice\" TYPE=\"btrfs\" PARTUUID=\"part-g\"\n"
                            "/dev/xvdh: UUID=\"twice\" TYPE=\"btrfs\"\n"
                            "/dev/xvdi: LABEL=\"only\" TYPE=\"swap\"\n"
                            "/dev/xvdj: LABEL=\"a label\" TYPE=\"ext4\"\n"
                            "/dev/xvdk: UUID=\"lvm\" TYPE=\"LVM2_member\"\n"
                            "/dev/sdf: UUID=\"sdf\" TYPE=\"ext4\"\n"
                            "/dev/nvme1n1: UUID=\"nvme\" TYPE=\"ext4\"\n"
                            "/dev/disk/by-path/xen-vbd-51712: UUID=\"path\" TYPE=\"ext4\"\n"
                            "/dev/data: UUID=\"link\" TYPE=\"ext4\"\n";

#define BLKID_ASKED                                                                               \
        "Run `blkid > FILE` on the Xen instance with all its disks attached, and give that with " \
        "--blkid FILE."

static const struct {
        const char *name, *before;
        const char *after; /* NULL: as before */
        const char *left;  /* "RULE SUBJECT: REASON [REMEDY]" lines */
} rows[] = {
        { "nothing to do", "UUID=root / ext4 defaults 0 1\nproc /proc proc defaults 0 0\n", NULL,
          "" },
        { "the name alone changes",
          "# /dev/xvdf\n\t/dev/xvdf  /data\txfs  defaults   0 2  # mine\n",
          "# /dev/xvdf\n\tUUID=data  /data\txfs  defaults   0 2  # mine\n", "" },
        { "carriage returns and no newline at the end",
          "/dev/xvda1 / ext4 defaults 0 1\r\n\r\n/dev/xvdf /data xfs nofail",
          "UUID=root / ext4 defaults 0 1\r\n\r\nUUID=data /data xfs nofail", "" },
        { "sd and nvme names", "/dev/sdf /a ext4 defaults 0 2\n/dev/nvme1n1 /b ext4 defaults 0 2\n",
          "UUID=sdf /a ext4 defaults 0 2\nUUID=nvme /b ext4 defaults 0 2\n", "" },
        { "one line of two known, the other left",
          "/dev/xvdf /data xfs defaults 0 2\n/dev/xvdz /more xfs defaults 0 2\n",
          "UUID=data /data xfs defaults 0 2\n/dev/xvdz /more xfs defaults 0 2\n",
          "fstab-device-name /more: /dev/xvdz: which disk that is cannot be told for certain from "
          "here [" BLKID_ASKED "]\n" },
        { "a UUID that two have, but a partition of its own", "/dev/xvdg /b btrfs defaults 0 0\n",
          "PARTUUID=part-g /b btrfs defaults 0 0\n", "" },
        { "a UUID that two have", "/dev/xvdh /b btrfs defaults 0 0\n", NULL,
          "fstab-device-name /b: /dev/xvdh: more than one disk has its UUID, twice\n" },
        { "a label and nothing else", "/dev/xvdi none swap sw 0 0\n",
          "LABEL=only none swap sw 0 0\n", "" },
        { "a label that would need quotes", "/dev/xvdj /j ext4 defaults 0 0\n", NULL,
          "fstab-device-name /j: /dev/xvdj: that disk has no UUID [" BLKID_ASKED "]\n" },
        { "a member of a volume group", "/dev/xvdk /k ext4 defaults 0 0\n", NULL,
          "fstab-device-name /k: /dev/xvdk: on that disk is no file system but a member of "
          "something else (LVM2_member)\n" },
        { "another type than the line says", "/dev/xvdf /data ext4 defaults 0 2\n", NULL,
          "fstab-device-name /data: /dev/xvdf: the line says ext4, and on that disk is xfs\n" },
        { "any type, and a list of types",
          "/dev/xvdf /a auto noauto 0 0\n/dev/sdf /b ext3,ext4 defaults 0 2\n",
          "UUID=data /a auto noauto 0 0\nUUID=sdf /b ext3,ext4 defaults 0 2\n", "" },
        { "devices in options",
          "UUID=twice /b btrfs device=/dev/xvdf,device=/dev/sdf,x-systemd.requires=dev-xvdf.device "
          "0 0\n",
          "UUID=twice /b btrfs device=/dev/disk/by-uuid/data,device=/dev/disk/by-uuid/sdf,"
          "x-systemd.requires=/dev/disk/by-uuid/data 0 0\n",
          "" },
        { "in field one and in an option", "/dev/xvdf /data xfs logdev=/dev/sdf,nofail 0 2\n",
          "UUID=data /data xfs logdev=/dev/disk/by-uuid/sdf,nofail 0 2\n", "" },
        { "a name with an escape", "/dev/xvd\\146 /data xfs defaults 0 2\n",
          "UUID=data /data xfs defaults 0 2\n", "" },
        { "a place on the Xen bus", "/dev/disk/by-path/xen-vbd-51712 /p ext4 defaults 0 2\n",
          "UUID=path /p ext4 defaults 0 2\n", "" },
        { "a link of somebody's own", "/dev/data /d ext4 defaults 0 2\n",
          "UUID=link /d ext4 defaults 0 2\n", "" },
        { "xenfs", "none /proc/xen xenfs defaults 0 0\n",
          "none /proc/xen xenfs defaults,nofail 0 0\n", "" },
        { "xenfs that may fail", "none /proc/xen xenfs nofail 0 0\n", NULL, "" },
        { "xenfs without options", "none /proc/xen xenfs\n",
          "none /proc/xen xenfs nofail,defaults\n", "" },
        { "xenfs before a carriage return", "none /proc/xen xenfs defaults\r\n",
          "none /proc/xen xenfs nofail,defaults\r\n", "" },
        { "all at once",
          "/dev/data /d ext4 defaults 0 2\nnone /proc/xen xenfs defaults 0 0\n"
          "/dev/disk/by-path/xen-vbd-51712 /p ext4 defaults 0 2\n/dev/xvdf /data xfs defaults 0 2",
          "UUID=link /d ext4 defaults 0 2\nnone /proc/xen xenfs defaults,nofail 0 0\n"
          "UUID=path /p ext4 defaults 0 2\nUUID=data /data xfs defaults 0 2",
          "" },
};

struct subject {
        struct volume *volume;
        struct blkids *blkids;
        struct ruleset *rules;
};

static void judge(const struct subject *s, const struct volume *v, struct facts **ret_facts,
                  struct findings *ret)
{
        static const char *const only[] = { "fstab-device-name", "fstab-custom-symlink",
                                            "by-path-xen", "fstab-xenfs" };
        cleanup_strv struct strv names = { 0 };
        struct facts *facts = facts_new();

        for (size_t i = 0; i < ARRAY_SIZE(only); i++)
                strv_push(&names, only[i]);
        facts_set_str(facts, "systemd", "/os/init");
        probe_run("fstab",
                  &(struct probe_context){ .volume = v, .blkids = s->blkids, .facts = facts });
        facts_freeze(facts);
        ruleset_evaluate(s->rules, facts, &names, NULL, ret);
        *ret_facts = facts;
}

/* Plans over `v`; the plan is the caller's. */
static struct plan *make_plan(const struct subject *s, const struct volume *v)
{
        cleanup_findings struct findings findings = { 0 };
        cleanup_facts struct facts *facts = NULL;
        struct plan *plan = plan_new(v);

        judge(s, v, &facts, &findings);
        fix_plan_all(&(struct fix_options){ 0 }, s->blkids, facts, &findings, plan);
        return plan;
}

static char *left_text(const struct plan *plan)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < plan_left_count(plan); i++) {
                const struct plan_left *l = plan_left_get(plan, i);

                buf_printf(&out, "%s %s: %s%s%s%s\n", l->rule, l->subject, l->reason,
                           l->remedy ? " [" : "", l->remedy ? l->remedy : "", l->remedy ? "]" : "");
        }
        return buf_take(&out);
}

static void check_row(size_t i, const struct subject *s)
{
        cleanup_plan struct plan *plan = make_plan(s, s->volume), *again = NULL;
        cleanup_free char *left = left_text(plan);

        assert_string_equal(left, rows[i].left);
        assert_int_equal(plan_count(plan), rows[i].after != NULL);
        if (rows[i].after) {
                assert_string_equal(plan_get(plan, 0)->after.data, rows[i].after);
                assert_string_equal(plan_get(plan, 0)->path, "/etc/fstab");
        }
        again = make_plan(s, plan_volume(plan));
        assert_int_equal(plan_count(again), 0);
}

static void test_rows(void **state _unused_)
{
        char *dir = unit_temp_dir();
        struct subject s = { 0 };
        cleanup_strv struct strv problems = { 0 };

        unit_write_text(dir, "etc/fstab", "");
        assert_int_equal(volume_open(dir, VOLUME_OFFLINE, &s.volume, NULL), 0);
        assert_int_equal(ruleset_load(NULL, NULL, &s.rules, NULL), 0);
        s.blkids = blkids_collect(s.volume, &problems);
        assert_int_equal(blkids_add_file(s.blkids, span_of(blkid), NULL), 0);
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                print_message("# %s\n", rows[i].name);
                unit_write_text(dir, "etc/fstab", rows[i].before);
                check_row(i, &s);
        }
        blkids_free(s.blkids);
        ruleset_free(s.rules);
        volume_free(s.volume);
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
