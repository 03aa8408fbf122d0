#include "unit-modules.h"
#include "unit-probe.h"

#include "base/str.h"

extern const struct probe probe_blacklist;

/* A line inside the image, as the initramfs probe publishes it. */
struct inside {
        const char *kind, *name, *value;
};

struct row {
        const char *name;
        const char *state;       /* of the driver; NULL: module */
        const char *file, *text; /* on the root; NULL: none */
        struct inside inside;
        const char *loads;   /* module the image loads by name */
        const char *cmdline; /* "name=value name=value" */
        const char *dracut;  /* not NULL: the image is dracut's */
        const char *want;    /* of nvme: "where kind module blocks; ..." */
};

static void set_facts(struct facts *f, const struct row *r)
{
        cleanup_free char *cmdline = xstrdup(r->cmdline ? r->cmdline : "");
        char *at = cmdline, *word;
        size_t n = 0;

        facts_set_str(f, r->state ? r->state : "module", "/drivers/nvme/state");
        facts_set_str(f, "t10_pi", "/drivers/nvme/modules/0/name");
        facts_set_str(f, "module", "/drivers/ena/state");
        facts_set_str(f, "ok", "/initramfs/state");
        facts_set_str(f, "module", "/initramfs/nvme/state");
        facts_set_str(f, r->dracut ? "dracut" : "initramfs-tools", "/initramfs/generator");
        facts_set_array(f, "/initramfs/directives");
        facts_set_array(f, "/boot/entry/params");
        if (r->inside.kind) {
                facts_set_evidence(f, "/initramfs/directives/0", "/i:/m.conf", 1, SPAN("text"));
                facts_set_str(f, r->inside.kind, "/initramfs/directives/0/kind");
                facts_set_str(f, r->inside.name, "/initramfs/directives/0/name");
                facts_set_str(f, r->inside.value, "/initramfs/directives/0/value");
        }
        if (r->loads)
                facts_set_str(f, r->loads, "/initramfs/loads/0/module");
        while ((word = strsep(&at, " "))) {
                char *name = strsep(&word, "=");

                facts_set_str(f, name, "/boot/entry/params/%zu/name", n);
                facts_set_str(f, word, "/boot/entry/params/%zu/value", n++);
        }
}

static char *describe(const struct facts *f, const char *list)
{
        struct buf b = { 0 };

        for (size_t i = 0; i < facts_count(f, list); i++) {
                static const char *const keys[] = { "where", "kind", "module" };
                cleanup_free char *blocks = xasprintf("%s/%zu/blocks", list, i);
                struct json_object *node;

                buf_puts(&b, i ? "; " : "");
                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *path = xasprintf("%s/%zu/%s", list, i, keys[k]);

                        buf_printf(&b, "%s ", facts_str(f, path));
                }
                if (facts_get(f, blocks, &node) < 0)
                        buf_puts(&b, "?");
                else
                        buf_puts(&b, facts_bool(f, blocks, false) ? "blocks" : "harmless");
        }
        return buf_take(&b);
}

#define CONF "etc/modprobe.d/x.conf"

static const struct row rows[] = {
        { .name = "nothing", .want = "" },
        { .name = "blacklist on the root",
          .file = CONF,
          .text = "blacklist nvme\n",
          .want = "root blacklist nvme blocks" },
        { .name = "blacklist in the image only",
          .inside = { "blacklist", "nvme", "" },
          .want = "initramfs blacklist nvme blocks" },
        { .name = "blacklist of a module that nvme needs",
          .file = CONF,
          .text = "blacklist nvme-core\nblacklist t10-pi\n",
          .want = "root blacklist nvme_core harmless; root blacklist t10_pi harmless" },
        { .name = "others",
          .file = CONF,
          .text = "blacklist nvme-tcp\nblacklist nvme_fabrics\ninstall nvmet /bin/true\n"
                  "#blacklist nvme\nblacklist xen_blkfront\n",
          .want = "" },
        { .name = "install refuses",
          .file = CONF,
          .text = "install nvme /bin/true\n",
          .want = "root install nvme blocks" },
        { .name = "install refuses what nvme needs",
          .file = CONF,
          .text = "install nvme-core /bin/false\n",
          .want = "root install nvme_core blocks" },
        { .name = "install with a pattern",
          .file = CONF,
          .text = "install nvme* /bin/false\n",
          .want = "root install nvme blocks" },
        { .name = "install loads",
          .file = CONF,
          .text = "install nvme /sbin/modprobe --ignore-install nvme $CMDLINE_OPTS\n",
          .want = "root install nvme harmless" },
        { .name = "install not understood",
          .file = CONF,
          .text = "install nvme /usr/local/bin/decide nvme\n",
          .want = "root install nvme ?" },
        { .name = "only the first install counts",
          .file = CONF,
          .text = "install nvme modprobe -i nvme\ninstall nvme /bin/false\n",
          .want = "root install nvme harmless; root install nvme harmless" },
        { .name = "a softdep switches install off",
          .file = CONF,
          .text = "install nvme /bin/false\nsoftdep nvme pre: nvme-core\n",
          .want = "root install nvme harmless" },
        { .name = "alias of the name",
          .file = CONF,
          .text = "alias nvme off\n",
          .want = "root alias-off nvme harmless" },
        { .name = "alias of the device",
          .file = CONF,
          .text = "alias pci:v*d*sv*sd*bc01sc08i* off\n",
          .want = "root alias-off nvme blocks" },
        { .name = "alias of the device, to the driver as well",
          .file = CONF,
          .text = "alias pci:v*d*sv*sd*bc01sc08i* dummy\nalias pci:v00001D0Fd* nvme\n",
          .want = "root alias nvme harmless; root alias nvme harmless" },
        { .name = "initramfs-tools: loaded by name, with modprobe -b",
          .inside = { "blacklist", "nvme", "" },
          .loads = "nvme",
          .want = "initramfs blacklist nvme blocks" },
        { .name = "initramfs-tools: a name asks no alias",
          .inside = { "alias", "pci:v00001D0Fd*", "off" },
          .loads = "nvme",
          .want = "initramfs alias-off nvme harmless" },
        { .name = "dracut: loaded by name",
          .inside = { "blacklist", "nvme", "" },
          .loads = "nvme",
          .dracut = "",
          .want = "initramfs blacklist nvme harmless" },
        { .name = "loaded by name, but install refuses",
          .inside = { "install", "nvme", "/bin/false" },
          .loads = "nvme",
          .want = "initramfs install nvme blocks" },
        { .name = "built in",
          .state = "builtin",
          .file = CONF,
          .text = "blacklist nvme\ninstall nvme /bin/false\n",
          .cmdline = "modprobe.blacklist=nvme module_blacklist=nvme",
          .want = "root blacklist nvme harmless; root install nvme harmless; "
                  "cmdline modprobe.blacklist nvme harmless; "
                  "cmdline module_blacklist nvme harmless" },
        { .name = "built in, initcall",
          .state = "builtin",
          .cmdline = "initcall_blacklist=a_init,nvme_init",
          .want = "cmdline initcall_blacklist nvme blocks" },
        { .name = "module, initcall of what it needs",
          .cmdline = "initcall_blacklist=nvme_core_init",
          .want = "cmdline initcall_blacklist nvme_core blocks" },
        { .name = "initcalls of others",
          .cmdline = "initcall_blacklist=nvme_tcp_init_module,nvmet_init",
          .want = "" },
        { .name = "modprobe.blacklist",
          .cmdline = "quiet modprobe.blacklist=a,nvme,nvme_core",
          .want = "cmdline modprobe.blacklist nvme blocks; "
                  "cmdline modprobe.blacklist nvme_core harmless" },
        { .name = "module_blacklist, loaded by name or not",
          .cmdline = "module_blacklist=nvme_core",
          .loads = "nvme",
          .want = "cmdline module_blacklist nvme_core blocks" },
        { .name = "the kernel knows no hyphen there",
          .cmdline = "module_blacklist=nvme-core",
          .want = "" },
        { .name = "the last module_blacklist counts",
          .cmdline = "module_blacklist=nvme module-blacklist=floppy",
          .want = "" },
        { .name = "behind the end of the kernel's words",
          .cmdline = "-- module_blacklist=nvme modprobe.blacklist=nvme",
          .want = "cmdline modprobe.blacklist nvme blocks" },
        { .name = "rd.driver.blacklist, not dracut",
          .cmdline = "rd.driver.blacklist=nvme",
          .want = "" },
        { .name = "rd.driver.blacklist, dracut",
          .cmdline = "rd.driver.blacklist=nvme",
          .dracut = "",
          .want = "cmdline rd.driver.blacklist nvme blocks" },
        { .name = "rd.driver.pre loads by name",
          .cmdline = "rd.driver.pre=x,nvme modprobe.blacklist=nvme",
          .dracut = "",
          .want = "cmdline modprobe.blacklist nvme harmless" },
        { .name = "not a .conf file",
          .file = "etc/modprobe.d/x.conf.dpkg-old",
          .text = "blacklist nvme\n",
          .want = "" },
        { .name = "vendor directory",
          .file = "usr/lib/modprobe.d/x.conf",
          .text = "blacklist nvme\n",
          .want = "root blacklist nvme blocks" },
        { .name = "what is in /run is gone at the next start",
          .file = "run/modprobe.d/x.conf",
          .text = "blacklist nvme\n",
          .want = "" },
};

static void test_rows(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].name);
                if (rows[i].file)
                        unit_write_text(dir, rows[i].file, rows[i].text);
                set_facts(f, &rows[i]);
                unit_probe_run(&probe_blacklist, dir, f);
                text = describe(f, "/blacklist/nvme");
                assert_string_equal(text, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_masking(void **state _unused_)
{
        static const struct row plain = { 0 };
        static const struct {
                const char *name, *link, *etc, *want;
        } masks[] = {
                { "empty file", NULL, "", "" },
                { "the same name", NULL, "blacklist nvme-core\n",
                  "root blacklist nvme_core harmless" },
                { "link to /dev/null", "/dev/null", NULL, "" },
                { "dangling link", "/nowhere", NULL, "root blacklist nvme blocks" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
                char *dir = unit_temp_dir();
                cleanup_free char *text = NULL, *path = xasprintf("%s/etc/modprobe.d/x.conf", dir);
                cleanup_facts struct facts *f = facts_new();

                print_message("# %s\n", masks[i].name);
                unit_write_text(dir, "lib/modprobe.d/x.conf", "blacklist nvme\n");
                unit_write_text(dir, "etc/modprobe.d/x.conf", masks[i].etc ? masks[i].etc : "");
                if (masks[i].link) {
                        unlink(path);
                        assert_int_equal(symlink(masks[i].link, path), 0);
                }
                set_facts(f, &plain);
                unit_probe_run(&probe_blacklist, dir, f);
                text = describe(f, "/blacklist/nvme");
                assert_string_equal(text, masks[i].want);
                unit_remove_tree(dir);
        }
}

static void test_evidence(void **state _unused_)
{
        static const struct row row = { .cmdline = "module_blacklist=a,nvme" };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();

        unit_write_text(dir, CONF, "# no NVMe here\n\nblacklist nvme # why\n");
        set_facts(f, &row);
        facts_set_evidence(f, "/boot/entry/kernel", "/boot/grub/grub.cfg", 7, SPAN("linux"));
        unit_probe_run(&probe_blacklist, dir, f);
        assert_string_equal(facts_str(f, "/blacklist/nvme/0/file"), "/" CONF);
        assert_int_equal(facts_int(f, "/blacklist/nvme/0/line", 0), 3);
        assert_string_equal(facts_str(f, "/blacklist/nvme/0/text"), "blacklist nvme # why");
        assert_string_equal(facts_str(f, "/blacklist/nvme/1/file"), "/boot/grub/grub.cfg");
        assert_int_equal(facts_int(f, "/blacklist/nvme/1/line", 0), 7);
        assert_string_equal(facts_str(f, "/blacklist/nvme/1/text"), "module_blacklist=a,nvme");
        unit_remove_tree(dir);
}

/* Where something could not be looked at, the list is known to be incomplete. */
static void test_incomplete(void **state _unused_)
{
        static const struct {
                const char *name, *drivers, *initramfs;
                bool params, directives;
                const char *want;
        } cases[] = {
                { "all known", "module", "ok", true, true, NULL },
                { "no command line", "module", "ok", false, true,
                  "the kernel command line is not known" },
                { "drivers unknown", NULL, "ok", true, true,
                  "whether the driver is built in is not known" },
                { "image unknown", "module", NULL, true, false,
                  "modprobe.d inside the initramfs is not known: most of it is packed" },
                { "image unknown, built in", "builtin", NULL, true, false, NULL },
                { "image damaged", "module", "damaged", true, false, NULL },
                { "no image", "module", "none", true, false, NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                const char *file, *why;

                print_message("# %s\n", cases[i].name);
                if (cases[i].drivers)
                        facts_set_str(f, cases[i].drivers, "/drivers/nvme/state");
                if (cases[i].initramfs)
                        facts_set_str(f, cases[i].initramfs, "/initramfs/state");
                else
                        facts_unknown(f, "/initramfs", "/i", "most of it is packed");
                if (cases[i].params)
                        facts_set_array(f, "/boot/entry/params");
                if (cases[i].directives)
                        facts_set_array(f, "/initramfs/directives");
                unit_probe_run(&probe_blacklist, dir, f);
                why = facts_why_incomplete(f, "/blacklist/nvme", &file);
                assert_string_equal(why ? why : "", cases[i].want ? cases[i].want : "");
                unit_remove_tree(dir);
        }
}

/* ENA may be loaded in two places; a line decides when neither is left. */
static void test_decides(void **state _unused_)
{
        static const struct {
                const char *name, *image; /* state of ena in the image; NULL: not known */
                const char *root;         /* modprobe.d of the root */
                const char *inside;       /* module blacklisted in the image */
                const char *cmdline, *value;
                const char *want; /* per line: decides */
        } cases[] = {
                { "on the root", "missing", "blacklist ena\n", NULL, NULL, NULL, "true" },
                { "on the root, in the image", "module", "blacklist ena\n", NULL, NULL, NULL,
                  "false" },
                { "on the root, image unknown", NULL, "blacklist ena\n", NULL, NULL, NULL, "?" },
                { "in the image", "module", NULL, "ena", NULL, NULL, "false" },
                { "in the image that has no ena", "missing", "blacklist ena\n", "ena", NULL, NULL,
                  "true true" },
                { "in both", "module", "blacklist ena\n", "ena", NULL, NULL, "true true" },
                { "in the image, which needs it", "module", NULL, "ena", "root", "nfs:10.0.0.1:/r",
                  "true" },
                { "on the command line", "module", NULL, NULL, "modprobe.blacklist", "ena",
                  "true" },
                { "on the command line, image unknown", NULL, NULL, NULL, "module_blacklist", "ena",
                  "true" },
                { "in the image by the command line", "module", NULL, NULL, "rd.driver.blacklist",
                  "ena", "false" },
                { "in the image by the command line, on the root", "module", "blacklist ena\n",
                  NULL, "rd.driver.blacklist", "ena", "true true" },
                { "an early word, and no ena there", "missing", "blacklist ena\n", NULL,
                  "rd.driver.blacklist", "ena", "true false" },
                { "not clear", "missing", "install ena /usr/local/bin/x ena\n", NULL, NULL, NULL,
                  "?" },
                { "a line without effect", "missing", "alias ena off\n", NULL, NULL, NULL,
                  "false" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                struct row row = { .inside = { cases[i].inside ? "blacklist" : NULL,
                                               cases[i].inside, "" },
                                   .dracut = "" };
                cleanup_facts struct facts *f = facts_new();
                struct buf b = { 0 };
                char *dir = unit_temp_dir();

                print_message("# %s\n", cases[i].name);
                if (cases[i].root)
                        unit_write_text(dir, CONF, cases[i].root);
                set_facts(f, &row);
                if (cases[i].image)
                        facts_set_str(f, cases[i].image, "/initramfs/ena/state");
                if (cases[i].cmdline) {
                        facts_set_str(f, cases[i].cmdline, "/boot/entry/params/0/name");
                        facts_set_str(f, cases[i].value, "/boot/entry/params/0/value");
                }
                unit_probe_run(&probe_blacklist, dir, f);
                for (size_t n = 0; n < facts_count(f, "/blacklist/ena"); n++) {
                        cleanup_free char *text = unit_fact(f, "/blacklist/ena/%zu/decides", n);

                        buf_printf(&b, "%s%s", n ? " " : "", *text == '?' ? "?" : text);
                }
                assert_string_equal(b.data ? b.data : "", cases[i].want);
                buf_done(&b);
                unit_remove_tree(dir);
        }
}

static void test_unreadable(void **state _unused_)
{
        static const struct row plain = { 0 };
        char *dir = unit_temp_dir();
        cleanup_free char *path = xasprintf("%s/" CONF, dir);
        cleanup_facts struct facts *f = facts_new();
        const char *file;

        unit_write_text(dir, "etc/modprobe.d/y.conf", "blacklist nvme\n");
        assert_int_equal(mkfifo(path, 0600), 0);
        set_facts(f, &plain);
        unit_probe_run(&probe_blacklist, dir, f);
        assert_int_equal(facts_count(f, "/blacklist/nvme"), 1);
        assert_non_null(facts_why_incomplete(f, "/blacklist/nvme", &file));
        assert_string_equal(file, "/" CONF);
        unit_remove_tree(dir);
}

/* What comes after the last line that is read is not lost unseen. */
static void test_many(void **state _unused_)
{
        static const struct {
                const char *name;
                size_t count;
                const char *want_why;
        } cases[] = {
                { "many", 19999, NULL },
                { "too many", 20000, "more lines about modules than are read" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                static const struct row plain = { 0 };
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_buf struct buf text = { 0 };
                const char *file, *why;

                print_message("# %s\n", cases[i].name);
                for (size_t n = 0; n < cases[i].count; n++)
                        buf_puts(&text, "blacklist floppy\n");
                buf_puts(&text, "install nvme /bin/false\n");
                unit_write_text(dir, CONF, text.data);
                set_facts(f, &plain);
                unit_probe_run(&probe_blacklist, dir, f);
                why = facts_why_incomplete(f, "/blacklist/nvme", &file);
                assert_string_equal(why ? why : "", cases[i].want_why ? cases[i].want_why : "");
                if (!why)
                        assert_string_equal(facts_str(f, "/blacklist/nvme/0/kind"), "install");
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),       cmocka_unit_test(test_masking),
                cmocka_unit_test(test_evidence),   cmocka_unit_test(test_incomplete),
                cmocka_unit_test(test_unreadable), cmocka_unit_test(test_many),
                cmocka_unit_test(test_decides),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
