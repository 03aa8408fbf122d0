#include "unit-elf.h"
#include "unit-probe.h"

extern const struct probe probe_modpolicy;

#define DIR  "/lib/modules/5.14.21"
#define OWN  DIR "/kernel/drivers/net/ethernet/amazon/ena/ena.ko"
#define DKMS DIR "/updates/ena.ko"

struct row {
        const char *name, *os, *conf, *cmdline, *config, *module;
        const char *info; /* of the module; NULL: no ELF file */
        bool is_signed;
        const char *want; /* "refuses enforced; own supported signed" */
};

static void write_module(const char *dir, const struct row *r)
{
        struct elf_builder elf = { .wide = true };
        cleanup_buf struct buf info = { 0 };

        buf_puts(&info, r->info ? r->info : "");
        buf_putc(&info, '\0');
        elf_build(&elf, buf_span(&info));
        if (r->is_signed)
                buf_puts(&elf.b, "x~Module signature appended~\n");
        unit_write(dir, r->module + 1, r->info ? elf.b.data : "x", r->info ? elf.b.len : 1);
        buf_done(&elf.b);
}

static struct facts *know(const struct row *r)
{
        struct facts *f = facts_new();

        facts_set_str(f, r->os, "/os/id");
        facts_set_str(f, DIR, "/drivers/dir");
        facts_set_str(f, "ena", "/drivers/ena/modules/0/name");
        facts_set_str(f, r->module, "/drivers/ena/modules/0/path");
        facts_set_array(f, "/boot/entry/params");
        if (r->cmdline) {
                cleanup_free char *word = xstrdup(r->cmdline);
                char *value = word, *name = strsep(&value, "=");

                facts_set_str(f, name, "/boot/entry/params/0/name");
                facts_set_str(f, value, "/boot/entry/params/0/value");
        }
        if (r->config) {
                facts_set_str(f, "/boot/config", "/kconfig/file");
                facts_set_str(f, r->config, "/kconfig/sig_force");
        }
        return f;
}

static char *describe(const struct facts *f)
{
        cleanup_free char *enforced = unit_fact(f, "/modpolicy/enforced");
        cleanup_free char *by = unit_fact(f, "/modpolicy/enforced/by");
        cleanup_free char *refuses = unit_fact(f, "/modpolicy/unsupported");
        cleanup_free char *line = unit_fact(f, "/modpolicy/unsupported/line");
        struct buf b = { 0 };

        buf_printf(&b, "%s %s", streq(refuses, "null") ? "null" : line,
                   streq(enforced, "null") ? "null"
                   : *by == '?'            ? "?"
                                           : by);
        for (size_t i = 0; i < facts_count(f, "/modpolicy/modules"); i++) {
                cleanup_free char *own = unit_fact(f, "/modpolicy/modules/%zu/own", i);
                cleanup_free char *sup = unit_fact(f, "/modpolicy/modules/%zu/supported", i);
                cleanup_free char *sig = unit_fact(f, "/modpolicy/modules/%zu/signed", i);

                buf_printf(&b, "; %s %s %s", own, *sup == '?' ? "?" : sup, *sig == '?' ? "?" : sig);
        }
        return buf_take(&b);
}

static void test_policy(void **state _unused_)
{
        static const char no[] = "allow_unsupported_modules 0\n";
        static const char yes[] = "# x\nallow_unsupported_modules 0\nallow_unsupported_modules 1\n";
        static const struct row rows[] = {
                { "nothing is refused", "debian", NULL, NULL, "n", DKMS, "a=b", false,
                  "null null" },
                { "another distribution's line", "debian", no, NULL, "n", DKMS, "a=b", false,
                  "null null" },
                { "SUSE", "sles", no, NULL, "n", OWN, "supported=yes", false,
                  "1 null; true yes false" },
                { "SUSE, no word of it", "opensuse-leap", no, NULL, "n", DKMS, "a=b", false,
                  "1 null; false null false" },
                { "SUSE, a later line allows", "sles", yes, NULL, "n", DKMS, "a=b", false,
                  "null null" },
                { "SUSE, no module", "sles", no, NULL, "n", DKMS, NULL, false,
                  "1 null; false ? ?" },
                { "enforced by a parameter", "debian", NULL, "module.sig_enforce", "n", DKMS, "a=b",
                  false, "null module.sig_enforce; false null false" },
                { "a parameter that says no", "debian", NULL, "module.sig-enforce=0", "n", DKMS,
                  "a=b", false, "null null" },
                { "locked down", "debian", NULL, "lockdown=integrity", NULL, DKMS, "a=b", true,
                  "null lockdown; false null true" },
                { "enforced by the configuration", "debian", NULL, NULL, "y", DKMS, "a=b", true,
                  "null CONFIG_MODULE_SIG_FORCE=y; false null true" },
                { "the kernel's own", "debian", NULL, NULL, "y", OWN, "a=b", false,
                  "null CONFIG_MODULE_SIG_FORCE=y" },
                { "no configuration", "debian", NULL, NULL, NULL, DKMS, "a=b", false,
                  "null ?; false null false" },
                { "no configuration, the kernel's own", "debian", NULL, NULL, NULL, OWN, "a=b",
                  false, "null ?" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_facts struct facts *f = know(&rows[i]);
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s\n", rows[i].name);
                write_module(dir, &rows[i]);
                if (rows[i].conf)
                        unit_write_text(dir, "etc/modprobe.d/10-unsupported-modules.conf",
                                        rows[i].conf);
                unit_probe_on(f, dir, NULL,
                              (const struct probe *const[]){ &probe_modpolicy, NULL });
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_ixgbevf(void **state _unused_)
{
        const struct row r = { .os = "debian", .config = "n", .module = OWN, .info = "a=b" };
        cleanup_facts struct facts *f = know(&r);
        char *dir = unit_temp_dir();

        write_module(dir, &r);
        unit_write_text(dir, "etc/modprobe.d/a.conf",
                        "options ixgbe x=1\n#options ixgbevf x\noptions ixgbevf x=1\n");
        unit_write_text(dir, "var/lib/dkms/ixgbevf/4.3/source", "");
        unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_modpolicy, NULL });
        assert_int_equal(facts_count(f, "/modpolicy/ixgbevf"), 2);
        assert_fact(f, "/modpolicy/ixgbevf/0/line", "3");
        assert_fact(f, "/modpolicy/ixgbevf/1/what", "\"dkms\"");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_policy),
                cmocka_unit_test(test_ixgbevf),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
