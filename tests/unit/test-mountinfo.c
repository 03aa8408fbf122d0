#include "unit.h"

#include <errno.h>

#include "parse/mountinfo.h"

static void test_parse(void **state _unused_)
{
        static const char text[] =
                "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
                "36 27 98:0 /mnt1 /a\\040b\\134 rw,noatime master:1 shared:2 - ext3 /dev/root rw\n"
                "40 27 0:44 /@ /mnt rw - btrfs /dev/loop0 rw,subvol=/@\n"
                "41 27 0:45 / /tmp rw -x - tmpfs  rw";
        cleanup_mountinfo struct mountinfo m = { 0 };
        struct err err = { 0 };

        assert_int_equal(mountinfo_parse(SPAN(""), &m, &err), 0);
        assert_int_equal(m.n, 0);
        assert_int_equal(mountinfo_parse(span_of(text), &m, &err), 0);
        assert_int_equal(m.n, 4);
        assert_int_equal(m.v[0].id, 27);
        assert_int_equal(m.v[0].major, 254);
        assert_int_equal(m.v[0].minor, 0);
        assert_string_equal(m.v[0].root, "/");
        assert_string_equal(m.v[0].target, "/");
        assert_string_equal(m.v[0].type, "ext4");
        assert_string_equal(m.v[0].source, "/dev/vda");
        assert_string_equal(m.v[1].root, "/mnt1");
        assert_string_equal(m.v[1].target, "/a b\\");
        assert_string_equal(m.v[1].type, "ext3");
        assert_string_equal(m.v[2].root, "/@");
        assert_string_equal(m.v[2].source, "/dev/loop0");
        assert_string_equal(m.v[3].type, "tmpfs");
        assert_string_equal(m.v[3].source, "");
}

static void test_refuses(void **state _unused_)
{
        static const struct {
                const char *name, *text, *error;
        } rows[] = {
                { "blank line", "\n", "line 1: not a line of mountinfo" },
                { "no dash", "27 1 254:0 / / rw ext4 /dev/vda rw\n",
                  "line 1: not a line of mountinfo" },
                { "nothing after the dash", "27 1 254:0 / / rw -\n",
                  "line 1: not a line of mountinfo" },
                { "no device number",
                  "27 1 254:0 / / rw - ext4 /dev/vda rw\n28 1 254 / / rw - ext4 x rw\n",
                  "line 2: not a line of mountinfo" },
                { "a huge number", "27 1 4294967296:0 / / rw - ext4 x rw\n",
                  "line 1: not a line of mountinfo" },
                { "no id", "x 1 254:0 / / rw - ext4 x rw\n", "line 1: not a line of mountinfo" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct mountinfo m = { 0 };
                struct err err = { 0 };

                print_message("# %s\n", rows[i].name);
                assert_int_equal(mountinfo_parse(span_of(rows[i].text), &m, &err), -EINVAL);
                assert_string_equal(err.text, rows[i].error);
                assert_null(m.v);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_refuses),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
