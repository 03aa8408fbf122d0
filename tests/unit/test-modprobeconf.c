#include "unit.h"

#include <errno.h>

#include "parse/modprobeconf.h"

static char *describe(struct span text)
{
        cleanup_modprobe struct modprobe_conf conf = { 0 };
        struct buf b = { 0 };

        modprobe_parse(text, &conf);
        for (size_t i = 0; i < conf.n; i++)
                buf_printf(&b, "%zu %s <%s> <%s>\n", conf.v[i].number,
                           modprobe_verb_name(conf.v[i].verb), conf.v[i].name, conf.v[i].value);
        return buf_take(&b);
}

static void test_parse(void **state _unused_)
{
        static const struct {
                const char *name;
                struct span text;
                const char *want;
        } rows[] = {
                { "nothing", SPAN(""), "" },
                { "comments and blanks", SPAN("# blacklist nvme\n\n  \n #blacklist nvme\n"), "" },
                { "blacklist", SPAN("blacklist nvme"), "1 blacklist <nvme> <>\n" },
                { "hyphen", SPAN("\tblacklist\t nvme-core \n"), "1 blacklist <nvme_core> <>\n" },
                { "more words", SPAN("blacklist a b\n"), "1 blacklist <a> <>\n" },
                { "no name", SPAN("blacklist\ninstall nvme\nalias a\noptions a\n"), "" },
                { "install", SPAN("install nvme-core /bin/true  x-y # z\n"),
                  "1 install <nvme_core> </bin/true  x-y # z>\n" },
                { "alias", SPAN("alias pci:v*[0-9]d-x* nvme-x off\n"),
                  "1 alias <pci:v*[0-9]d_x*> <nvme_x>\n" },
                { "unpaired brackets", SPAN("alias a[ b\nalias a] b\nblacklist c\n"),
                  "3 blacklist <c> <>\n" },
                { "softdep, options, remove",
                  SPAN("softdep a pre: b-c\noptions a-b c-d=1\nremove a /bin/x\n"),
                  "1 softdep <a> <pre: b-c>\n2 options <a_b> <c-d=1>\n3 remove <a> </bin/x>\n" },
                { "continued", SPAN("install nvme \\\n /bin/\\\nfalse\nblacklist x\n"),
                  "1 install <nvme> < /bin/false>\n4 blacklist <x> <>\n" },
                { "continued comment", SPAN("# a \\\nblacklist nvme\nblacklist x\n"),
                  "3 blacklist <x> <>\n" },
                { "other escapes", SPAN("install a \\/bin\\\\true\\"),
                  "1 install <a> </bin\\true>\n" },
                { "carriage return belongs to the name", SPAN("blacklist nvme\r\n"),
                  "1 blacklist <nvme\r> <>\n" },
                { "NUL ends the line's meaning", SPAN("blacklist a\0b\nblacklist c\n"),
                  "1 blacklist <a> <>\n2 blacklist <c> <>\n" },
                { "old words", SPAN("include /etc/x\nconfig y\nBlacklist nvme\n"), "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_free char *text = describe(rows[i].text);

                print_message("# %s\n", rows[i].name);
                assert_string_equal(text, rows[i].want);
        }
}

static void test_text(void **state _unused_)
{
        cleanup_modprobe struct modprobe_conf conf = { 0 };

        modprobe_parse(SPAN("\ninstall a \\\n  b\nx"), &conf);
        assert_int_equal(conf.n, 1);
        assert_true(span_eq(conf.v[0].text, "install a \\\n  b"));
}

static void test_install_effect(void **state _unused_)
{
        static const struct {
                const char *command;
                enum modprobe_effect want;
        } rows[] = {
                { "/bin/true", MODPROBE_REFUSES },
                { "/usr/bin/false", MODPROBE_REFUSES },
                { "true", MODPROBE_REFUSES },
                { " : ", MODPROBE_REFUSES },
                { "/bin/true;", MODPROBE_REFUSES },
                { "echo no NVMe here && /bin/false", MODPROBE_REFUSES },
                { "/sbin/modprobe other", MODPROBE_REFUSES },
                { "/sbin/modprobe --ignore-install nvme", MODPROBE_LOADS },
                { "/sbin/modprobe --ignore-install nvme $CMDLINE_OPTS", MODPROBE_LOADS },
                { "modprobe -i nvme && echo loaded", MODPROBE_LOADS },
                { "/sbin/modprobe xen-blkfront; /sbin/modprobe -q -i nvme;", MODPROBE_LOADS },
                { "/sbin/modprobe --ignore-install nvme-core", MODPROBE_REFUSES },
                { "/sbin/modprobe nvme", MODPROBE_UNCLEAR },
                { "/sbin/modprobe -r nvme", MODPROBE_UNCLEAR },
                { "true && modprobe -i nvme", MODPROBE_UNCLEAR },
                { "modprobe -i nvme; rmmod nvme", MODPROBE_UNCLEAR },
                { "modprobe -i nvme && /usr/local/sbin/note", MODPROBE_LOADS },
                { "modprobe -i nvme && modprobe -r nvme", MODPROBE_UNCLEAR },
                { "/usr/local/sbin/note && modprobe -i nvme", MODPROBE_UNCLEAR },
                { "/usr/local/sbin/note; modprobe -i nvme", MODPROBE_UNCLEAR },
                { "exit 0; modprobe -i nvme", MODPROBE_UNCLEAR },
                { "/usr/local/sbin/load-nvme", MODPROBE_UNCLEAR },
                { "/bin/true > /dev/null", MODPROBE_UNCLEAR },
                { "/bin/true & modprobe -i nvme", MODPROBE_UNCLEAR },
                { "$(which true)", MODPROBE_UNCLEAR },
                { "A=b true", MODPROBE_UNCLEAR },
                { "modprobe -i nvme | cat", MODPROBE_UNCLEAR },
                { "", MODPROBE_UNCLEAR },
                { "; true", MODPROBE_UNCLEAR },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                print_message("# %s\n", rows[i].command);
                assert_int_equal(modprobe_install_effect(rows[i].command, "nvme"), rows[i].want);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_parse),
                cmocka_unit_test(test_text),
                cmocka_unit_test(test_install_effect),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
