#include "unit.h"

#include "parse/paramedit.h"

static const struct paramedit root_by_uuid = { "root", "/dev/xvda1", "UUID=1-2", false };
static const struct paramedit names_off = { "net.ifnames", NULL, "0", true };
static const struct paramedit no_clocksource = { "clocksource", "xen", NULL, false };
static const struct paramedit timeout = { "nvme_core.io_timeout", NULL, "255", true };
static const struct paramedit screen = { "console", "tty0", "tty0", true };
static const struct paramedit serial = { "console", NULL, "ttyS0,115200n8", true, true };

static const struct paramedit no_nvme = { .name = "modprobe.blacklist", .drop = "nvme" };
static const struct paramedit no_start = { .name = "initcall_blacklist",
                                           .drop = "nvme_core_init*" };

static void test_edits(void **state _unused_)
{
        static const struct {
                const char *name;
                enum param_quoting quoting;
                const char *text;
                const struct paramedit *edits[3];
                const char *expected;
        } rows[] = {
                { "a word of a list",
                  PARAM_RAW,
                  "a modprobe.blacklist=floppy,nvme,ena b",
                  { &no_nvme },
                  "a modprobe.blacklist=floppy,ena b" },
                { "the only word of a list, twice",
                  PARAM_RAW,
                  "modprobe.blacklist=nvme a modprobe.blacklist=nvme,nvme",
                  { &no_nvme },
                  "a" },
                { "a word that is not in the list",
                  PARAM_RAW,
                  "modprobe.blacklist=nvme-core,xnvme,,",
                  { &no_nvme },
                  "modprobe.blacklist=nvme-core,xnvme,," },
                { "words that begin so",
                  PARAM_RAW,
                  "initcall_blacklist=nvme-core_init,nvme_init",
                  { &no_start },
                  "initcall_blacklist=nvme_init" },
                { "a list that needs its quotes",
                  PARAM_RAW,
                  "modprobe.blacklist=\"a b,nvme\"",
                  { &no_nvme },
                  "modprobe.blacklist=\"a b,nvme\"" },
                { "nothing to do", PARAM_RAW, " a  b ", { &root_by_uuid }, " a  b " },
                { "empty", PARAM_RAW, "", { &no_clocksource }, "" },
                { "a value",
                  PARAM_RAW,
                  "ro root=/dev/xvda1\tq",
                  { &root_by_uuid },
                  "ro root=UUID=1-2\tq" },
                { "another value",
                  PARAM_RAW,
                  "root=/dev/xvda11",
                  { &root_by_uuid },
                  "root=/dev/xvda11" },
                { "another name",
                  PARAM_RAW,
                  "xroot=/dev/xvda1 rootx=/dev/xvda1",
                  { &root_by_uuid },
                  "xroot=/dev/xvda1 rootx=/dev/xvda1" },
                { "without a value", PARAM_RAW, "root", { &root_by_uuid }, "root" },
                { "every one",
                  PARAM_RAW,
                  "root=/dev/xvda1 root=/dev/xvda1",
                  { &root_by_uuid },
                  "root=UUID=1-2 root=UUID=1-2" },
                { "quoted",
                  PARAM_RAW,
                  "\"root=/dev/xvda1\" a",
                  { &root_by_uuid },
                  "root=UUID=1-2 a" },
                { "quoted value",
                  PARAM_RAW,
                  "root=\"/dev/xvda1\"",
                  { &root_by_uuid },
                  "root=UUID=1-2" },
                { "a blank between quotes",
                  PARAM_RAW,
                  "x=\"a root=/dev/xvda1\"",
                  { &root_by_uuid },
                  "x=\"a root=/dev/xvda1\"" },
                { "single quotes are letters to the kernel",
                  PARAM_RAW,
                  "root='/dev/xvda1'",
                  { &root_by_uuid },
                  "root='/dev/xvda1'" },
                { "single quotes in grub.cfg",
                  PARAM_GRUB,
                  "linux /v 'root=/dev/xvda1' x",
                  { &root_by_uuid },
                  "linux /v root=UUID=1-2 x" },
                { "backslash in grub.cfg",
                  PARAM_GRUB,
                  "root=/dev\\/xvda1",
                  { &root_by_uuid },
                  "root=UUID=1-2" },
                { "continued",
                  PARAM_GRUB,
                  "linux /v \\\n root=/dev/xvda1\\\n",
                  { &root_by_uuid },
                  "linux /v \\\n root=UUID=1-2" },
                { "a variable",
                  PARAM_GRUB,
                  "root=$r $x root=/dev/xvda1$y",
                  { &root_by_uuid },
                  "root=$r $x root=/dev/xvda1$y" },
                { "no variable between single quotes",
                  PARAM_GRUB,
                  "'clocksource=xen' '$x'",
                  { &no_clocksource },
                  "'$x'" },
                { "between double quotes",
                  PARAM_IN_DOUBLE,
                  "a=\\\"b c\\\" root=/dev/xvda1 $d",
                  { &root_by_uuid },
                  "a=\\\"b c\\\" root=UUID=1-2 $d" },
                { "a command", PARAM_IN_DOUBLE, "root=`cat x`", { &root_by_uuid }, "root=`cat x`" },
                { "out, the first", PARAM_RAW, "clocksource=xen a", { &no_clocksource }, "a" },
                { "out, the last", PARAM_RAW, "a clocksource=xen", { &no_clocksource }, "a" },
                { "out, with a blank behind",
                  PARAM_RAW,
                  "a clocksource=xen ",
                  { &no_clocksource },
                  "a " },
                { "out, the only one", PARAM_RAW, " clocksource=xen ", { &no_clocksource }, " " },
                { "out, two at the beginning",
                  PARAM_RAW,
                  "clocksource=xen clocksource=xen a b",
                  { &no_clocksource },
                  "a b" },
                { "out, in the middle",
                  PARAM_RAW,
                  "a  clocksource=xen  b",
                  { &no_clocksource },
                  "a  b" },
                { "add", PARAM_RAW, "a b", { &names_off }, "a b net.ifnames=0" },
                { "add to nothing", PARAM_RAW, "", { &names_off }, "net.ifnames=0" },
                { "add two",
                  PARAM_RAW,
                  "a ",
                  { &names_off, &timeout },
                  "a net.ifnames=0 nvme_core.io_timeout=255 " },
                { "there already", PARAM_RAW, "net.ifnames=0", { &names_off }, "net.ifnames=0" },
                { "there with another value",
                  PARAM_RAW,
                  "net.ifnames=1 a",
                  { &names_off },
                  "net.ifnames=0 a" },
                { "hyphen for underscore",
                  PARAM_RAW,
                  "nvme-core.io-timeout=4294967295 a",
                  { &timeout },
                  "nvme_core.io_timeout=255 a" },
                { "before the dashes",
                  PARAM_RAW,
                  "a -- root=/dev/xvda1 ",
                  { &root_by_uuid, &names_off },
                  "a net.ifnames=0 -- root=/dev/xvda1 " },
                { "nothing before the dashes",
                  PARAM_RAW,
                  "-- a",
                  { &names_off },
                  "net.ifnames=0 -- a" },
                { "beside another",
                  PARAM_RAW,
                  "console=tty1 a",
                  { &serial },
                  "console=tty1 a console=ttyS0,115200n8" },
                { "beside none", PARAM_RAW, "a", { &serial }, "a console=ttyS0,115200n8" },
                { "one like it is there",
                  PARAM_RAW,
                  "console=ttyS0 console=tty0",
                  { &serial },
                  "console=ttyS0 console=tty0" },
                { "one like it, with another speed",
                  PARAM_RAW,
                  "console=ttyS0,9600",
                  { &serial },
                  "console=ttyS0,9600" },
                { "one with a longer name",
                  PARAM_RAW,
                  "console=ttyS01",
                  { &serial },
                  "console=ttyS01 console=ttyS0,115200n8" },
                { "one without a value",
                  PARAM_RAW,
                  "console",
                  { &serial },
                  "console console=ttyS0,115200n8" },
                { "two where there is none",
                  PARAM_RAW,
                  "a",
                  { &screen, &serial },
                  "a console=tty0 console=ttyS0,115200n8" },
                { "several",
                  PARAM_RAW,
                  "root=/dev/xvda1 clocksource=xen",
                  { &root_by_uuid, &no_clocksource, &names_off },
                  "root=UUID=1-2 net.ifnames=0" },
                { "a quote that does not end",
                  PARAM_RAW,
                  "a \"root=/dev/xvda1",
                  { &root_by_uuid, &names_off },
                  "a \"root=/dev/xvda1" },
                { "a backslash at the end", PARAM_GRUB, "a\\", { &names_off }, "a\\" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct paramedit edits[3];
                cleanup_buf struct buf out = { 0 }, again = { 0 };
                size_t n = 0;
                bool changed;

                for (; n < ARRAY_SIZE(edits) && rows[i].edits[n]; n++)
                        edits[n] = *rows[i].edits[n];
                print_message("# %s\n", rows[i].name);
                changed = paramedit_apply(span_of(rows[i].text), rows[i].quoting, edits, n, &out);
                assert_string_equal(out.data ? out.data : "", rows[i].expected);
                assert_int_equal(changed, strcmp(rows[i].text, rows[i].expected) != 0);
                assert_false(paramedit_apply(buf_span(&out), rows[i].quoting, edits, n, &again));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_edits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
