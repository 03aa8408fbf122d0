#include "unit.h"

#include "base/str.h"
#include "parse/mention.h"

/* "line:value act(tool@line) ...", "*" behind a pattern, "nvme" and "cut" at the end. */
static char *describe(struct span text, struct mention_syntax syntax)
{
        cleanup_mentions struct mentions m = { 0 };
        struct err err = { 0 };
        struct buf b = { 0 };

        buf_puts(&b, "");
        if (mentions_parse(text, syntax, &m, &err) < 0) {
                buf_puts(&b, err.text);
                return buf_take(&b);
        }
        for (size_t i = 0; i < m.n; i++) {
                const struct mention *v = &m.v[i];

                buf_printf(&b, "%s%zu:%s%s %s", b.len ? "; " : "", v->line, v->value,
                           v->is_pattern ? "*" : "", devname_kind_name(v->kind));
                if (v->act != MENTION_USED)
                        buf_printf(&b, " %s(%s@%zu)", mention_act_name(v->act), v->tool,
                                   v->act_line);
        }
        buf_puts(&b, m.knows_nvme ? " nvme" : "");
        buf_puts(&b, m.cut ? " cut" : "");
        return buf_take(&b);
}

struct row {
        const char *name, *text, *want;
};

static void compare(const struct row *rows, size_t n, struct mention_syntax syntax)
{
        for (size_t i = 0; i < n; i++) {
                cleanup_free char *got = describe(span_of(rows[i].text), syntax);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_names(void **state _unused_)
{
        static const struct row rows[] = {
                { "nothing", "echo hello\n", "" },
                { "each kind", "a /dev/xvdf1 /dev/sdb /dev/hda1 /dev/nvme1n1p2\n",
                  "1:/dev/xvdf1 xen; 1:/dev/sdb scsi; 1:/dev/hda1 ide; 1:/dev/nvme1n1p2 nvme nvme" },
                { "a place on the bus of Xen", "a /dev/disk/by-path/xen-vbd-51792-part1\n",
                  "1:/dev/disk/by-path/xen-vbd-51792-part1 xen-by-path" },
                { "names that stay",
                  "a UUID=1 /dev/disk/by-uuid/1 /dev/mapper/vg-x /dev/md0 /dev/null /dev/sr0 /dev/shm\n",
                  "" },
                { "only the beginning of a name",
                  "a /dev/sda_backup /dev/sdk/doc /dev/xvd-old /dev/xvdabcd /dev/hdparm /dev/sda0\n",
                  "" },
                { "within a longer path",
                  "a /mnt/dev/xvdf $root/dev/xvdf ${r}/dev/xvdf x/dev/xvdf\n", "" },
                { "what may stand around it",
                  "a=\"/dev/xvda\" b=${1:-/dev/xvdb} [/dev/xvdc] (/dev/xvdd) x:/dev/xvde:/x,/dev/xvdf.\n",
                  "1:/dev/xvda xen; 1:/dev/xvdb xen; 1:/dev/xvdc xen; 1:/dev/xvdd xen; "
                  "1:/dev/xvde xen; 1:/dev/xvdf xen" },
                { "twice is once", "a /dev/xvdf\nb /dev/xvdf\n", "1:/dev/xvdf xen" },
                { "comments", "# /dev/xvda\na # /dev/xvdb\n\t#/dev/xvdc\na#b /dev/xvdd\n",
                  "4:/dev/xvdd xen" },
                { "no comments", "a '# ' /dev/xvda\na \"it's # \" /dev/xvdb\na \\# /dev/xvdc\n",
                  "1:/dev/xvda xen; 2:/dev/xvdb xen; 3:/dev/xvdc xen" },
                { "patterns", "a /dev/xvd* /dev/xvd[b-f] /dev/xvd$x /dev/xvdf${n} /dev/xvd{b,c}\n",
                  "1:/dev/xvd** xen; 1:/dev/xvd[b-f]* xen; 1:/dev/xvd$x* xen; 1:/dev/xvdf${n}* xen; "
                  "1:/dev/xvd{b,c}* xen" },
                { "patterns of disks that Xen does not have",
                  "a /dev/sd[b-z] /dev/hd? /dev/nvme*n1\n", " nvme" },
                { "a regex", "grep -q '^/dev/xvdf$' x; grep '/dev/xvd' y\n",
                  "1:/dev/xvdf xen; 1:/dev/xvd* xen" },
                { "below /sys",
                  "cat /sys/block/xvda/size /sys/block/dm-0/x /sys/class/block/xvdb1\n",
                  "1:/dev/xvda xen tuned(/sys@1); 1:/dev/xvdb1 xen tuned(/sys@1)" },
                { "bare names are words here", "a xvdf sda\n/dev/null\n", "" },
                { "no newline at the end", "a /dev/xvdf", "1:/dev/xvdf xen" },
        };

        compare(rows, ARRAY_SIZE(rows), (struct mention_syntax){ MENTION_SCRIPT, false });
}

static void test_acts(void **state _unused_)
{
        static const struct row rows[] = {
                { "mkfs", "mkfs.ext4 -q /dev/xvdf\n", "1:/dev/xvdf xen destroyed(mkfs.ext4@1)" },
                { "by its path, behind something",
                  "blkid /dev/xvdf || /sbin/mkfs -t xfs /dev/xvdf\n",
                  "1:/dev/xvdf xen destroyed(mkfs@1)" },
                { "over two lines", "mkfs.xfs -f \\\n  /dev/xvdf\ncat /dev/xvdg\n",
                  "2:/dev/xvdf xen destroyed(mkfs.xfs@1); 3:/dev/xvdg xen" },
                { "through a variable", "DEV=\"/dev/xvdf\"\nX=1\nmkswap \"$DEV\"\n",
                  "1:/dev/xvdf xen destroyed(mkswap@3)" },
                { "through a default", "export D=${1:-/dev/xvdf}\nwipefs -a ${D}\n",
                  "1:/dev/xvdf xen destroyed(wipefs@2)" },
                { "another variable", "DEV=/dev/xvdf\nmkfs $DEVICE\n", "1:/dev/xvdf xen" },
                { "through a loop", "for d in /dev/xvdf /dev/xvdg; do\n pvcreate $d\ndone\n",
                  "1:/dev/xvdf xen destroyed(pvcreate@2); 1:/dev/xvdg xen destroyed(pvcreate@2)" },
                { "the worst counts", "swapon /dev/xvdb\nmkswap /dev/xvdb\nblkid /dev/xvdb\n",
                  "1:/dev/xvdb xen destroyed(mkswap@2)" },
                { "dd", "dd if=/dev/zero of=/dev/xvdf\ndd if=/dev/xvdg of=/tmp/x\n",
                  "1:/dev/xvdf xen destroyed(dd@1); 2:/dev/xvdg xen" },
                { "tools that also only look",
                  "fdisk -l /dev/xvda\nparted /dev/xvdb print\nwipefs /dev/xvdc\nmdadm -D /dev/xvdd\n"
                  "cryptsetup open /dev/xvde x\nzpool import -d /dev/xvdf\n",
                  "1:/dev/xvda xen; 2:/dev/xvdb xen; 3:/dev/xvdc xen; 4:/dev/xvdd xen; "
                  "5:/dev/xvde xen; 6:/dev/xvdf xen" },
                { "and when they do not",
                  "mdadm --create /dev/md0 -l0 -n2 /dev/xvdb /dev/xvdc\n"
                  "cryptsetup -q luksFormat /dev/xvdd\nzpool create tank /dev/xvde\n",
                  "1:/dev/xvdb xen destroyed(mdadm@1); 1:/dev/xvdc xen destroyed(mdadm@1); "
                  "2:/dev/xvdd xen destroyed(cryptsetup@2); 3:/dev/xvde xen destroyed(zpool@3)" },
                { "only said", "echo \"mkfs of /dev/xvdf; done\"\nlogger mkfs /dev/xvdg\n",
                  "1:/dev/xvdf xen; 2:/dev/xvdg xen" },
                { "said to something", "echo w | fdisk /dev/xvdf\n",
                  "1:/dev/xvdf xen destroyed(fdisk@1)" },
                { "a call in Python", "subprocess.call([\"mkfs\", \"/dev/xvdf\"])\n",
                  "1:/dev/xvdf xen destroyed(mkfs@1)" },
                { "a loop that waits", "while [ ! -e /dev/xvdf ]; do sleep 1; done\n",
                  "1:/dev/xvdf xen awaited(a loop@1)" },
                { "another", "until test -b /dev/xvdf\ndo sleep 1; done\n",
                  "1:/dev/xvdf xen awaited(a loop@1)" },
                { "one that waits for a variable",
                  "D=/dev/xvdf\nwhile ! [ -b $D ]; do sleep 1; done\n",
                  "1:/dev/xvdf xen awaited(a loop@2)" },
                { "one that ends", "while [ ! -e /dev/xvdf ] && [ $i -lt 9 ]; do :; done\n",
                  "1:/dev/xvdf xen" },
                { "one that reads", "while read -r d; do echo $d; done </dev/xvdf\n",
                  "1:/dev/xvdf xen" },
                { "swapon", "swapon /dev/xvdb\n", "1:/dev/xvdb xen swap(swapon@1)" },
                { "growing", "growpart /dev/xvda 1 && resize2fs /dev/xvda1\n",
                  "1:/dev/xvda xen tuned(growpart@1); 1:/dev/xvda1 xen tuned(growpart@1)" },
                { "a scheduler", "echo noop > /sys/block/xvda/queue/scheduler\n",
                  "1:/dev/xvda xen tuned(/sys@1)" },
        };

        compare(rows, ARRAY_SIZE(rows), (struct mention_syntax){ MENTION_SCRIPT, false });
}

static void test_config(void **state _unused_)
{
        static const struct row rows[] = {
                { "comments",
                  "# /dev/xvda\n ;/dev/xvdb\n//dev/xvdc\n!/dev/xvdd\n/dev/xvde # x /dev/xvdf\n",
                  "5:/dev/xvde xen" },
                { "a number sign that is none", "uri=http://x#/dev/xvda\nx y=#1,/dev/xvdb\n",
                  "1:/dev/xvda xen; 2:/dev/xvdb xen" },
                { "words of shells say nothing", "mkfs /dev/xvda\n", "1:/dev/xvda xen" },
        };
        static const struct row bare[] = {
                { "names", "disks = [\"xvda1\", \"sdb\", 'hda', nvme0n1]\n",
                  "1:/dev/xvda1 xen; 1:/dev/sdb scsi; 1:/dev/hda ide; 1:/dev/nvme0n1 nvme nvme" },
                { "words", "aws sdk, sdp, hdr hdd xvdas1d sda_x x-sda /data/xvdf xvdf/x sda/\n",
                  "" },
                { "a prefix", "Disk \"/^xvd/\"\n", "1:/dev/xvd* xen" },
                { "both ways are one name", "xvda /dev/xvda\n", "1:/dev/xvda xen" },
                { "a key of zabbix", "x=vfs.dev.read[xvdf,ops]\n", "1:/dev/xvdf xen" },
        };

        compare(rows, ARRAY_SIZE(rows), (struct mention_syntax){ MENTION_CONFIG, false });
        compare(bare, ARRAY_SIZE(bare), (struct mention_syntax){ MENTION_CONFIG, true });
}

static void test_grammars(void **state _unused_)
{
        static const struct row unit[] = {
                { "what counts",
                  "[Unit]\nConditionPathExists=/dev/xvda\n[Service]\n#ExecStart=/dev/xvdb\n"
                  "ExecStart=/bin/x \\\n  /dev/xvdc\nExecStartPre=-/sbin/mkfs.xfs /dev/xvdd\n"
                  "Environment=D=/dev/xvde\nRestart=no\n",
                  "6:/dev/xvdc xen; 7:/dev/xvdd xen destroyed(mkfs.xfs@7); 8:/dev/xvde xen" },
        };
        static const struct row data[] = {
                { "JSON", "{\"dev\": \"/dev/xvdf\", \"#\": \"/dev/xvdg\"}\n",
                  "1:/dev/xvdf xen; 1:/dev/xvdg xen" },
        };
        static const struct row xml[] = {
                { "comments",
                  "<a dev='/dev/xvda'/><!-- /dev/xvdb -->\n<!--\n/dev/xvdc\n--><b>/dev/xvdd</b>\n",
                  "1:/dev/xvda xen; 4:/dev/xvdd xen" },
        };

        compare(unit, ARRAY_SIZE(unit), (struct mention_syntax){ MENTION_UNIT, false });
        compare(data, ARRAY_SIZE(data), (struct mention_syntax){ MENTION_DATA, false });
        compare(xml, ARRAY_SIZE(xml), (struct mention_syntax){ MENTION_XML, false });
}

static void test_limits(void **state _unused_)
{
        const struct mention_syntax syntax = { MENTION_SCRIPT, false };
        cleanup_mentions struct mentions m = { 0 };
        cleanup_buf struct buf many = { 0 };
        cleanup_free char *big = xcalloc(1, MENTION_FILE_MAX + 1), *got = NULL;
        cleanup_free char *nul = describe(SPAN("a\0/dev/xvdf\0b\n"), syntax);
        struct span all = { big, MENTION_FILE_MAX + 1 };

        got = describe(all, syntax);
        assert_string_equal(got, "more than 262144 bytes");
        assert_string_equal(nul, "1:/dev/xvdf xen");
        for (int i = 0; i < MENTIONS_MAX + 1; i++)
                buf_printf(&many, "/dev/xvdb%d\n", i + 1);
        assert_int_equal(mentions_parse(buf_span(&many), syntax, &m, NULL), 0);
        assert_int_equal(m.n, MENTIONS_MAX);
        assert_true(m.cut);
}

static void test_at_end(void **state _unused_)
{
        static const struct {
                const char *name, *want;
        } rows[] = {
                { "diskstat_iops_xvda", "/dev/xvda" },
                { "hddtemp_smartctl", NULL },
                { "smart_sdb1", "/dev/sdb1" },
                { "df", NULL },
                { "diskstats", NULL },
                { "aws_sdk", NULL },
                { "xvd", NULL },
                { "", NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = mention_at_end(rows[i].name);

                assert_true(streq(got, rows[i].want));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_names),  cmocka_unit_test(test_acts),
                cmocka_unit_test(test_config), cmocka_unit_test(test_grammars),
                cmocka_unit_test(test_limits), cmocka_unit_test(test_at_end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
