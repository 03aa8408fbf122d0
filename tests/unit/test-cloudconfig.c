#include "unit.h"

#include "base/str.h"
#include "parse/cloudconfig.h"

/* "line:section text!" with "!" where it overwrites. */
static char *describe(struct span text)
{
        cleanup_cloudconfig struct cloudconfig c = { 0 };
        struct err err = { 0 };
        struct buf b = { 0 };

        buf_puts(&b, "");
        if (cloudconfig_parse(text, &c, &err) < 0)
                buf_puts(&b, err.text);
        for (size_t i = 0; i < c.n; i++)
                buf_printf(&b, "%s%zu:%s %s%s", i ? "; " : "", c.v[i].line,
                           cloudconfig_section_name(c.v[i].section), c.v[i].text,
                           c.v[i].overwrites ? "!" : "");
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name, *text, *want;
        } rows[] = {
                { "empty", "", "" },
                { "nothing of disks", "users: [default]\nssh_pwauth: false\n", "" },
                { "only names of modules",
                  "cloud_init_modules:\n - growpart\n - bootcmd\n - mounts\n", "" },
                { "mounts",
                  "#cloud-config\nmounts:\n - [xvdf, /data]\n - [ /dev/sdg, /x, auto ]\n - [ephemeral0]\n"
                  " - [xvdba, /y]\n - [swap, null]\n",
                  "3:mounts /dev/xvdf; 4:mounts /dev/sdg; 5:mounts ephemeral0; 6:mounts xvdba; "
                  "7:mounts swap" },
                { "fs_setup",
                  "fs_setup:\n - label: a\n   device: /dev/xvdf.1\n   overwrite: True\n - device: /dev/xvdg\n",
                  "3:fs_setup /dev/xvdf!; 5:fs_setup /dev/xvdg" },
                { "disk_setup",
                  "disk_setup:\n  /dev/xvdf: {layout: true, overwrite: yes}\n  x: 1\n",
                  "2:disk_setup /dev/xvdf!; 3:disk_setup x" },
                { "aliases",
                  "disk_setup:\n  data: {overwrite: true}\nmounts: [[data.auto, /d], [other, /o]]\n"
                  "device_aliases: {data: /dev/xvdh}\n",
                  "3:mounts /dev/xvdh; 3:mounts other; 2:disk_setup /dev/xvdh!" },
                { "growpart", "growpart:\n  mode: auto\n  devices: ['/', /dev/xvda1]\n",
                  "3:growpart /; 3:growpart /dev/xvda1" },
                { "commands",
                  "bootcmd:\n - [cloud-init-per, once, x, mkfs, /dev/xvdf]\n - mount /dev/xvdf\n"
                  "runcmd:\n - |\n   a\n   b\n",
                  "2:bootcmd cloud-init-per once x mkfs /dev/xvdf; 3:bootcmd mount /dev/xvdf; "
                  "6:runcmd a\nb\n" },
                { "twice the same key", "mounts: [[sdb]]\nmounts: [[sdc]]\n", "2:mounts /dev/sdc" },
                { "of other kinds than they should be",
                  "mounts: {a: b}\nfs_setup: x\ndisk_setup: [1]\ngrowpart: off\nbootcmd: 1\nruncmd: [[[]], {}]\n",
                  "6:runcmd ; 6:runcmd " },
                { "no mapping", "- mounts\n", "" },
                { "no YAML", "mounts: [\n", "line 2: no YAML: did not find expected node content" },
                { "an alias of YAML that holds itself", "mounts: &a [*a, [*a]]\n", "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *got = describe(span_of(rows[i].text));

                print_message("# %s\n", rows[i].name);
                assert_string_equal(got, rows[i].want);
        }
}

static void test_limits(void **state _unused_)
{
        cleanup_free char *big = xcalloc(1, CLOUDCONFIG_MAX + 1), *long_file = NULL, *many = NULL;
        cleanup_free char *repeated = NULL;
        struct span all = { big, CLOUDCONFIG_MAX + 1 };
        cleanup_buf struct buf b = { 0 };

        long_file = describe(all);
        assert_string_equal(long_file, "longer than 262144 bytes");
        buf_puts(&b, "bootcmd:\n");
        for (int i = 0; i < CLOUDCONFIG_ENTRIES_MAX + 1; i++)
                buf_puts(&b, "- x\n");
        many = describe(buf_span(&b));
        assert_string_equal(many, "it names more disks than are looked at");
        /* One long text, and aliases that repeat it. */
        memset(big, 'x', 60000);
        big[60000] = '\0';
        b.len = 0;
        buf_printf(&b, "x: &x %s\nruncmd:\n- [*x, *x, *x, *x, *x]\n", big);
        repeated = describe(buf_span(&b));
        assert_string_equal(repeated, "it names more disks than are looked at");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_limits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
