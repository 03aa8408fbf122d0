#include "unit-elf.h"
#include "unit-probe.h"

#include "base/str.h"

extern const struct probe probe_ena;

#define DIR     "lib/modules/6.1.0-18-amd64"
#define IN_TREE DIR "/kernel/drivers/net/ethernet/amazon/ena/ena.ko"
#define DKMS_KO DIR "/updates/dkms/ena.ko"
#define WEAK_KO DIR "/weak-updates/ena/ena.ko"
#define NVME    DIR "/kernel/drivers/nvme/host/nvme.ko"
#define REST    " SMP preempt mod_unload modversions "
#define OURS    "vermagic=6.1.0-18-amd64" REST
#define THEIRS  "vermagic=6.1.0-13-amd64" REST
#define OLD     "vermagic=6.1.0-13-amd64 SMP mod_unload "

/* .modinfo lines, with | between; sums: "symbol:sum symbol:sum" or NULL. */
static void write_module(const char *dir, const char *path, const char *info, const char *sums)
{
        struct elf_builder elf = { .wide = true };
        cleanup_free char *lines = xstrdup(info), *copy = xstrdup(sums ? sums : "");
        char *at = copy, *word;

        for (size_t i = 0; i <= strlen(info); i++)
                if (lines[i] == '|')
                        lines[i] = '\0';
        while (*at && (word = strsep(&at, " "))) {
                char *symbol = strsep(&word, ":");

                elf_add_version(&elf, symbol, strtoull(word, NULL, 16));
                if (!at)
                        break;
        }
        elf_build(&elf, (struct span){ lines, strlen(info) + 1 });
        unit_write(dir, path, elf.b.data, elf.b.len);
        buf_done(&elf.b);
}

/* The facts of the probes before; `path` is the module that depmod chose, NULL: state alone. */
static struct facts *facts_for(const char *release, const char *state, const char *path)
{
        struct facts *f = facts_new();
        cleanup_free char *dir = xasprintf("/lib/modules/%s", release);
        cleanup_free char *chosen = path ? xasprintf("/%s", path) : NULL;

        facts_set_str(f, release, "/boot/kernel/release");
        facts_set_str(f, dir, "/drivers/dir");
        facts_set_str(f, state, "/drivers/ena/state");
        facts_set_array(f, "/drivers/ena/modules");
        if (path)
                facts_set_str(f, chosen, "/drivers/ena/modules/0/path");
        facts_set_str(f, "/" NVME, "/drivers/nvme/modules/0/path");
        return f;
}

static char *describe(const struct facts *f)
{
        cleanup_free char *origin = unit_fact(f, "/ena/origin"),
                          *own = unit_fact(f, "/ena/in_tree");
        cleanup_free char *fits = unit_fact(f, "/ena/fits"), *why = unit_fact(f, "/ena/why");
        const char *file = strrchr(own, '/');

        return xasprintf("%s, %s, %s: %s", origin, file ? file + 1 : own, fits,
                         *fits == '?' ? "" : why);
}

static void test_fits(void **state _unused_)
{
        static const struct {
                const char *name, *path, *info, *sums;
                const char *own_path, *own_info, *own_sums;
                const char *want;
        } rows[] = {
                { "the kernel's own", IN_TREE, OURS, "a:1", NULL, NULL, NULL,
                  "kernel, null, true: it came with the kernel" },
                { "elsewhere below kernel/", DIR "/kernel/drivers/net/ena.ko", THEIRS, "a:1",
                  IN_TREE, OURS, "a:2",
                  "added, ena.ko, false: the symbol a is not the same there" },
                { "W27: a stale copy hides the kernel's own", DKMS_KO, THEIRS,
                  "a:1 module_layout:1", IN_TREE, OURS, "a:1 module_layout:2",
                  "added, ena.ko, false: the symbol module_layout is not the same there" },
                { "built for it, beside the kernel's own", DKMS_KO, OURS, "a:1", IN_TREE, OURS,
                  "a:2", "added, ena.ko, true: it is built for 6.1.0-18-amd64" },
                { "built for it, with other settings", DKMS_KO,
                  "vermagic=6.1.0-18-amd64 SMP mod_unload modversions ", "a:1", NVME, OURS, "a:1",
                  "added, null, false: it is built with other settings than the kernel: SMP "
                  "mod_unload modversions " },
                { "all symbols are the same", DKMS_KO, THEIRS, "a:1 b:2", NVME, OURS, "a:1 b:2 c:3",
                  "added, null, true: all symbols it uses are the same there" },
                { "the compressed one is the kernel's own", DKMS_KO, THEIRS, "a:1", IN_TREE ".xz",
                  OURS, "a:2", "added, ena.ko.xz, false: the symbol a is not the same there" },
                { "not all can be compared", DKMS_KO, THEIRS, "a:1 b:2 c:3", NVME, OURS, "a:1 b:2",
                  "added, null, ? it is built for 6.1.0-13-amd64, and 6.1.0-18-amd64, which starts "
                  "next, takes it only if all symbols it uses are the same there: of 3 only 2 "
                  "could be compared: " },
                { "nothing to compare with", DKMS_KO, THEIRS, "a:1", NULL, NULL, NULL,
                  "added, null, ? it is built for 6.1.0-13-amd64, and 6.1.0-18-amd64, which starts "
                  "next, takes it only if all symbols it uses are the same there: there is no "
                  "module of that kernel to compare with: " },
                { "that one is stale itself", DKMS_KO, THEIRS, "a:1", NVME, THEIRS, "a:1",
                  "added, null, ? it is built for 6.1.0-13-amd64, and 6.1.0-18-amd64, which starts "
                  "next, takes it only if all symbols it uses are the same there: there is no "
                  "module of that kernel to compare with: " },
                { "no checksums at all", DKMS_KO, THEIRS, NULL, NVME, OURS, "a:1",
                  "added, null, ? it is built for 6.1.0-13-amd64, and 6.1.0-18-amd64, which starts "
                  "next, takes it only if all symbols it uses are the same there: the checksums of "
                  "symbols cannot be compared: " },
                { "without modversions", DKMS_KO, OLD, NULL, NULL, NULL, NULL,
                  "added, null, false: it is built for 6.1.0-13-amd64" },
                { "a kernel without modversions", DKMS_KO, THEIRS, "a:1", NVME,
                  "vermagic=6.1.0-18-amd64 SMP preempt mod_unload ", NULL,
                  "added, null, false: it is built for 6.1.0-13-amd64" },
                { "another release that begins alike", DKMS_KO,
                  "vermagic=6.1.0-18-amd6 SMP mod_unload ", NULL, NULL, NULL, NULL,
                  "added, null, false: it is built for 6.1.0-18-amd6" },
                { "linked in weak-updates", WEAK_KO, THEIRS, "a:1", IN_TREE, OURS, "a:2",
                  "weak-updates, ena.ko, true: it is built for 6.1.0-13-amd64, and linked because "
                  "it fits" },
                { "no vermagic", DKMS_KO, "license=GPL", NULL, NULL, NULL, NULL,
                  "added, null, ? the module does not say for which kernel it is built: " },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_for("6.1.0-18-amd64", "module", rows[i].path);
                cleanup_free char *got = NULL;

                print_message("# %s\n", rows[i].name);
                write_module(dir, rows[i].path, rows[i].info, rows[i].sums);
                if (rows[i].own_path)
                        write_module(dir, rows[i].own_path, rows[i].own_info, rows[i].own_sums);
                unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_ena, NULL });
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_version(void **state _unused_)
{
        static const struct {
                const char *release, *place, *version, *want; /* attaches, supports */
        } rows[] = {
                { "4.9.0-8-amd64", "kernel", "version=1.0.2|", "1.0.2 false false" },
                { "4.9.0-8-amd64", "kernel", "version=1.1.2|", "1.1.2 false false" },
                { "4.14.26-46.32.amzn1.x86_64", "kernel", "version=1.2.0k|", "1.2.0k true false" },
                { "4.14.186-146.268.amzn2.x86_64", "kernel", "version=2.2.8g|", "? true true" },
                { "4.14.177-139.254.amzn2.x86_64", "kernel", "version=2.2.3g|",
                  "2.2.3g true false" },
                { "4.18.0-193.el8.x86_64", "kernel", "version=2.0.3K|", "2.0.3K true false" },
                { "4.18.0-240.1.1.el8_3.x86_64", "kernel", "", "? true true" },
                { "4.18.0-240.el8.x86_64", "kernel", "", "null true false" },
                { "5.4.0-1025-aws", "kernel", "version=2.1.0K|", "? true true" },
                { "5.4.0-1024-aws", "kernel", "version=2.1.0K|", "2.1.0K true false" },
                { "4.12.14-122.116-default", "kernel", "version=2.0.3K|", "? true true" },
                { "4.12.14-122.113-default", "kernel", "version=2.0.3K|", "2.0.3K true false" },
                { "5.3.18-57-default", "kernel", "version=2.1.0K|", "? true true" },
                { "4.19.0-8-amd64", "kernel", "version=2.0.3K|", "2.0.3K true false" },
                { "5.8.0-1-amd64", "kernel", "", "null true false" },
                { "5.9.0", "kernel", "", "? true true" },
                { "6.1.0-18-amd64", "kernel", "", "? true true" },
                /* A build of the sources is what it says, whatever the kernel is. */
                { "6.1.0-18-amd64", "updates", "version=2.2.8g|", "2.2.8g true false" },
                { "3.10.0-514.el7.x86_64", "extra", "version=2.10.0g|", "2.10.0g true true" },
                { "3.10.0-514.el7.x86_64", "extra", "version=2.2.9g|", "2.2.9g true true" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_free char *path = xasprintf(
                        "lib/modules/%s/%s/ena.ko", rows[i].release,
                        streq(rows[i].place, "kernel") ? "kernel/drivers/net/ethernet/amazon/ena"
                                                       : rows[i].place);
                cleanup_free char *info =
                        xasprintf("%svermagic=%s SMP ", rows[i].version, rows[i].release);
                cleanup_facts struct facts *f = facts_for(rows[i].release, "module", path);
                cleanup_free char *version = NULL, *attaches = NULL, *supports = NULL, *got = NULL;

                print_message("# %s %s\n", rows[i].release, rows[i].version);
                write_module(dir, path, info, NULL);
                unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_ena, NULL });
                version = unit_fact(f, "/ena/version");
                attaches = unit_fact(f, "/ena/attaches_v3");
                supports = unit_fact(f, "/ena/supports_v3");
                got = xasprintf("%s %s %s", *version == '?' ? "?" : version, attaches, supports);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

#define NONE                                                                          \
        "\"dkms\":null,\"path\":null,\"origin\":null,\"in_tree\":null,\"fits\":null," \
        "\"why\":null,\"version\":null,"

/* W26: it is asked of files, not of a kmod that knows nothing of what is built in. */
static void test_no_module(void **state _unused_)
{
        static const struct {
                const char *release, *state, *want;
        } rows[] = {
                { "6.1.0-18-amd64", "builtin",
                  "{" NONE "\"attaches_v3\":true,\"supports_v3\":true}" },
                { "6.1.0-18-amd64", "missing",
                  "{" NONE "\"attaches_v3\":null,\"supports_v3\":null}" },
                { "6.1.0-18-amd64", "broken",
                  "{" NONE "\"attaches_v3\":null,\"supports_v3\":null}" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_for(rows[i].release, rows[i].state, NULL);

                print_message("# %s\n", rows[i].state);
                unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_ena, NULL });
                assert_fact(f, "/ena", rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_builtin_of_unknown_version(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_for("4.15.0-1021-aws", "builtin", NULL);
        char *dir = unit_temp_dir();

        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_ena, NULL });
        assert_fact(f, "/ena/fits", "null");
        assert_fact(f, "/ena/version", "missing");
        assert_why(f, "/ena/attaches_v3",
                   "which version the driver built into kernel 4.15.0-1021-aws is, is not known");
        unit_remove_tree(dir);
}

static void test_unknown(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        facts_unknown(f, "/drivers", "/b", "no kernel");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_ena, NULL });
        assert_why(f, "/ena/fits", "/b: which ENA driver starts next is not known: no kernel");
        assert_fact(f, "/ena", "missing");

        facts_free(f);
        f = facts_for("6.1.0-18-amd64", "module", DKMS_KO);
        unit_write_text(dir, DKMS_KO, "no ELF");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_ena, NULL });
        assert_why(f, "/ena/fits", "/" DKMS_KO ": no ELF file");
        assert_fact(f, "/ena/origin", "\"added\"");
        unit_remove_tree(dir);
}

static void test_dkms(void **state _unused_)
{
        static const struct {
                const char *name, *files, *config, *want;
        } rows[] = {
                { "none", NULL, NULL, "null" },
                { "other modules", "var/lib/dkms/zfs/2.1.11/source/x", NULL, "null" },
                { "built for another kernel",
                  "var/lib/dkms/amzn-drivers/2.8.0/6.1.0-13-amd64/x86_64/module/ena.ko",
                  "AUTOINSTALL=\"yes\"\n", "amzn-drivers 2.8.0 false true" },
                { "built", "var/lib/dkms/amzn-drivers/2.8.0/6.1.0-18-amd64/x86_64/module/ena.ko",
                  "PACKAGE_NAME=ena\n", "amzn-drivers 2.8.0 true false" },
                { "the newest counts",
                  "var/lib/dkms/ena/2.8.0/6.1.0-18-amd64/x var/lib/dkms/ena/2.13.0/build/x "
                  "var/lib/dkms/ena/kernel-6.1.0-18-amd64-x86_64/x",
                  NULL, "ena 2.13.0 false false" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_for("6.1.0-18-amd64", "missing", NULL);
                cleanup_free char *copy = xstrdup(rows[i].files ? rows[i].files : "");
                cleanup_free char *name = NULL, *version = NULL, *built = NULL, *again = NULL;
                cleanup_free char *got = NULL, *none = NULL;
                char *at = copy, *word;

                print_message("# %s\n", rows[i].name);
                while (rows[i].files && (word = strsep(&at, " ")))
                        unit_write_text(dir, word, "");
                if (rows[i].config)
                        unit_write_text(dir, "usr/src/amzn-drivers-2.8.0/dkms.conf",
                                        rows[i].config);
                unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_ena, NULL });
                none = unit_fact(f, "/ena/dkms");
                name = unit_fact(f, "/ena/dkms/name");
                version = unit_fact(f, "/ena/dkms/version");
                built = unit_fact(f, "/ena/dkms/built");
                again = unit_fact(f, "/ena/dkms/autoinstall");
                got = xasprintf("%s %s %s %s", name, version, built, again);
                assert_string_equal(streq(none, "null") ? none : got, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_dkms_unreadable(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_for("6.1.0-18-amd64", "missing", NULL);
        char *dir = unit_temp_dir();

        unit_write_text(dir, "var/lib/dkms/amzn-drivers/2.8.0/x", "");
        unit_write_text(dir, "usr/src/amzn-drivers-2.8.0/dkms.conf/x", "");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_ena, NULL });
        assert_fact(f, "/ena/dkms/built", "false");
        assert_fact(f, "/ena/dkms/autoinstall", "missing");
        unit_remove_tree(dir);

        dir = unit_temp_dir();
        facts_free(f);
        f = facts_for("6.1.0-18-amd64", "missing", NULL);
        unit_write_text(dir, "var/lib/dkms", "");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_ena, NULL });
        assert_fact(f, "/ena/dkms", "missing");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_fits),
                cmocka_unit_test(test_version),
                cmocka_unit_test(test_no_module),
                cmocka_unit_test(test_builtin_of_unknown_version),
                cmocka_unit_test(test_unknown),
                cmocka_unit_test(test_dkms),
                cmocka_unit_test(test_dkms_unreadable),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
