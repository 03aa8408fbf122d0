#include "unit-modules.h"
#include "unit-probe.h"

#include "base/str.h"

extern const struct probe probe_drivers;

static char *describe(const struct facts *f, const char *device)
{
        cleanup_free char *state = xasprintf("/drivers/%s/state", device);
        cleanup_free char *missing = xasprintf("/drivers/%s/missing", device);
        cleanup_free char *text = xasprintf("/drivers/%s/text", device);
        cleanup_free char *list = xasprintf("/drivers/%s/modules", device);
        struct json_object *node;
        struct buf b = { 0 };

        unit_print_fact(&b, f, state);
        if (facts_get(f, state, &node) < 0)
                return buf_take(&b);
        buf_puts(&b, " | ");
        unit_print_fact(&b, f, missing);
        buf_puts(&b, " | ");
        unit_print_fact(&b, f, text);
        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *name = xasprintf("%s/%zu/name", list, i);
                cleanup_free char *there = xasprintf("%s/%zu/present", list, i);

                buf_printf(&b, " | %s%s", facts_str(f, name),
                           facts_bool(f, there, false) ? "" : " absent");
        }
        return buf_take(&b);
}

static struct facts *run(const char *dir, const char *release)
{
        struct facts *f = facts_new();

        if (release)
                facts_set_str(f, release, "/boot/kernel/release");
        else
                facts_unknown(f, "/boot", "/boot/grub/grub.cfg", "no menu entry");
        unit_probe_run(&probe_drivers, dir, f);
        return f;
}

#define DIR "/lib/modules/" UNIT_RELEASE

static void test_states(void **state _unused_)
{
        static const struct {
                const char *name;
                struct unit_modules m;
                const char *nvme, *ena;
        } rows[] = {
                { "modules", UNIT_MODULES,
                  "module | null | kernel/nvme/nvme.ko: kernel/nvme/nvme-core.ko | nvme | nvme_core",
                  "module | null | kernel/net/ena.ko: | ena" },
                { "built in, by name only, no nvme.ko anywhere",
                  { UNIT_RELEASE, "ena kernel/net/ena.ko:\n", UNIT_ALIAS_ENA, "nvme\nnvme_core\n",
                    NULL, "kernel/net/ena.ko" },
                  "builtin | null | nvme | nvme",
                  "module | null | kernel/net/ena.ko: | ena" },
                { "built in, with aliases",
                  { UNIT_RELEASE, "x x.ko:\n", "y x\n", "nvme\nena\n",
                    "pci:v*d*sv*sd*bc01sc08i02* nvme\n", NULL },
                  "builtin | null | nvme | nvme",
                  "builtin | null | ena | ena" },
                { "only nvme-tcp, nvme-fabrics and nvmem",
                  { UNIT_RELEASE,
                    "nvme_tcp k/nvme-tcp.ko:\nnvme_fabrics k/nvme-fabrics.ko:\nnvmem k/nvmem.ko:\n",
                    "nvmf_transport_1 nvme_tcp\nx nvmem\n", UNIT_BUILTIN, NULL,
                    "k/nvme-tcp.ko k/nvme-fabrics.ko k/nvmem.ko" },
                  "missing | null | no driver nvme for NVMe disks (PCI 1d0f:8061, class 010802)",
                  "missing | null | no driver ena for ENA network cards (PCI 1d0f:ec20, class "
                  "020000)" },
                { "nvme without nvme-core",
                  { UNIT_RELEASE, UNIT_DEP, UNIT_ALIAS, UNIT_BUILTIN, NULL,
                    "kernel/nvme/nvme.ko kernel/net/ena.ko" },
                  "broken | " DIR "/kernel/nvme/nvme-core.ko | "
                  "kernel/nvme/nvme.ko: kernel/nvme/nvme-core.ko | nvme | nvme_core absent",
                  "module | null | kernel/net/ena.ko: | ena" },
                { "alias of a module without a line",
                  { UNIT_RELEASE, "x x.ko:\n", UNIT_ALIAS, UNIT_BUILTIN, NULL, NULL },
                  "broken | null | no line for nvme",
                  "broken | null | no line for ena" },
                { "another device of the same vendor",
                  { UNIT_RELEASE, UNIT_DEP, "pci:v00001D0Fd0000EC21sv*sd*bc*sc*i* ena\n",
                    UNIT_BUILTIN, NULL, UNIT_FILES },
                  "missing | null | no driver nvme for NVMe disks (PCI 1d0f:8061, class 010802)",
                  "missing | null | no driver ena for ENA network cards (PCI 1d0f:ec20, class "
                  "020000)" },
                { "no indexes",
                  { UNIT_RELEASE, NULL, NULL, NULL, NULL, UNIT_FILES },
                  "? " DIR
                  "/modules.dep.bin: modules.dep.bin is not there, or empty; run `depmod " UNIT_RELEASE
                  "` on that system and check again",
                  "? " DIR
                  "/modules.dep.bin: modules.dep.bin is not there, or empty; run `depmod " UNIT_RELEASE
                  "` on that system and check again" },
                { "text only",
                  { UNIT_RELEASE, NULL, NULL, NULL, NULL, "modules.dep" },
                  "? " DIR
                  "/modules.dep.bin: modules.dep.bin is not there, or empty, though the text file "
                  "modules.dep is there; run `depmod " UNIT_RELEASE
                  "` on that system and check again",
                  NULL },
                { "the modules of other kernels only",
                  { "5.10.0-1", UNIT_DEP, UNIT_ALIAS, UNIT_BUILTIN, NULL, UNIT_FILES },
                  "missing | null | only 5.10.0-1",
                  "missing | null | only 5.10.0-1" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = NULL;
                cleanup_free char *nvme = NULL, *ena = NULL;

                print_message("# %s\n", rows[i].name);
                unit_modules_each(&rows[i].m, unit_put_file, dir);
                f = run(dir, UNIT_RELEASE);
                nvme = describe(f, "nvme");
                ena = describe(f, "ena");
                assert_string_equal(nvme, rows[i].nvme);
                if (rows[i].ena)
                        assert_string_equal(ena, rows[i].ena);
                assert_string_equal(facts_str(f, "/drivers/dir") ?: "", DIR);
                unit_remove_tree(dir);
        }
}

/* A file without a byte, as a crash leaves it, is no module. */
static void test_empty_module(void **state _unused_)
{
        static const struct unit_modules m = UNIT_MODULES;
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = NULL;

        unit_modules_each(&m, unit_put_file, dir);
        unit_write_text(dir, DIR "/kernel/nvme/nvme-core.ko", "");
        f = run(dir, UNIT_RELEASE);
        assert_string_equal(facts_str(f, "/drivers/nvme/state"), "broken");
        assert_string_equal(facts_str(f, "/drivers/nvme/missing"), DIR "/kernel/nvme/nvme-core.ko");
        unit_remove_tree(dir);
}

/* By its first bytes, whatever it is called, as kmod does. */
static void test_damaged_module(void **state _unused_)
{
        static const struct unit_modules m = UNIT_MODULES;
        static const struct {
                const char *name;
                struct span content;
                bool good;
        } rows[] = {
                { "random bytes", SPAN("\x9c\x01\x02\x03\x04\x05\x06"), false },
                { "text", SPAN("damaged\n"), false },
                { "three bytes of ELF", SPAN("\177EL"), false },
                { "zeros", SPAN("\0\0\0\0\0\0\0\0"), false },
                { "ELF", SPAN("\177ELF\2\1\1"), true },
                { "gzip", SPAN("\x1f\x8b\x08\0"), true },
                { "xz",
                  SPAN("\xfd"
                       "7zXZ\0\0"),
                  true },
                { "zstd", SPAN("\x28\xb5\x2f\xfd\0"), true },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = NULL;

                print_message("# %s\n", rows[i].name);
                unit_modules_each(&m, unit_put_file, dir);
                unit_put_file(dir, DIR "/kernel/nvme/nvme-core.ko", rows[i].content);
                f = run(dir, UNIT_RELEASE);
                assert_string_equal(facts_str(f, "/drivers/nvme/state"),
                                    rows[i].good ? "module" : "broken");
                assert_fact(f, "/drivers/nvme/missing", "null");
                assert_fact(f, "/drivers/nvme/damaged",
                            rows[i].good ? "null" : "\"" DIR "/kernel/nvme/nvme-core.ko\"");
                assert_fact(f, "/drivers/ena/state", "\"module\"");
                unit_remove_tree(dir);
        }
}

/* What cannot be looked at may be there, and may not be. */
static void test_closed_module(void **state _unused_)
{
        static const struct unit_modules m = UNIT_MODULES;
        char *dir = unit_temp_dir();
        cleanup_free char *path = xasprintf("%s" DIR "/kernel/nvme/nvme-core.ko", dir);
        cleanup_free char *nvme = NULL;
        cleanup_facts struct facts *f = NULL;

        unit_modules_each(&m, unit_put_file, dir);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(symlink("nvme-core.ko", path), 0); /* root has no file closed to it */
        f = run(dir, UNIT_RELEASE);
        nvme = describe(f, "nvme");
        assert_string_equal(nvme, "? " DIR "/kernel/nvme/nvme-core.ko: " DIR
                                  "/kernel/nvme/nvme-core.ko: a loop of links, or too many of "
                                  "them; not read");
        assert_string_equal(facts_str(f, "/drivers/ena/state"), "module");
        unit_remove_tree(dir);
}

static void test_empty_index(void **state _unused_)
{
        static const struct unit_modules m = UNIT_MODULES;
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = NULL;

        unit_modules_each(&m, unit_put_file, dir);
        unit_write_text(dir, DIR "/modules.builtin.alias.bin", "");
        f = run(dir, UNIT_RELEASE);
        assert_string_equal(facts_str(f, "/drivers/nvme/state"), "module");
        unit_remove_tree(dir);
}

static void test_builtin_text(void **state _unused_)
{
        static const struct unit_modules m = {
                UNIT_RELEASE, "x x.ko:\n", "y x\n", NULL, NULL, NULL
        };
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = NULL;
        cleanup_free char *nvme = NULL;

        unit_modules_each(&m, unit_put_file, dir);
        unit_write_text(dir, "lib/modules/" UNIT_RELEASE "/modules.builtin",
                        "kernel/drivers/nvme/host/nvme-core.ko\nkernel/drivers/nvme/host/nvme.ko");
        f = run(dir, UNIT_RELEASE);
        nvme = describe(f, "nvme");
        assert_string_equal(nvme, "builtin | null | nvme | nvme");
        unit_remove_tree(dir);
}

static void test_usr_merged_volume(void **state _unused_)
{
        static const struct unit_modules m = UNIT_MODULES;
        char *dir = unit_temp_dir();
        cleanup_free char *from = xasprintf("%s/lib", dir), *usr = xasprintf("%s/usr", dir),
                          *to = xasprintf("%s/usr/lib", dir);
        cleanup_facts struct facts *f = NULL;

        unit_modules_each(&m, unit_put_file, dir);
        assert_int_equal(mkdir(usr, 0755), 0);
        assert_int_equal(rename(from, to), 0);
        assert_int_equal(symlink("/usr/lib", from), 0);
        f = run(dir, UNIT_RELEASE);
        assert_string_equal(facts_str(f, "/drivers/nvme/state"), "module");
        unit_remove_tree(dir);
}

static void test_without_dir(void **state _unused_)
{
        static const struct {
                const char *name, *config, *nvme, *ena;
        } rows[] = {
                { "nothing at all", NULL,
                  "? /lib/modules: there is no " DIR
                  ", nor the modules of any other kernel: only a kernel with everything built in "
                  "needs none",
                  NULL },
                { "built in by configuration",
                  "# CONFIG_BLK_DEV_NVME=n\nCONFIG_BLK_DEV_NVME=y\nCONFIG_ENA_ETHERNET=m\n",
                  "builtin | null | CONFIG_BLK_DEV_NVME=y | nvme",
                  "? /lib/modules: there is no " DIR
                  ", nor the modules of any other kernel: only a kernel with everything built in "
                  "needs none" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = NULL;
                cleanup_free char *nvme = NULL, *ena = NULL;

                print_message("# %s\n", rows[i].name);
                if (rows[i].config)
                        unit_write_text(dir, "boot/config-" UNIT_RELEASE, rows[i].config);
                f = run(dir, UNIT_RELEASE);
                nvme = describe(f, "nvme");
                ena = describe(f, "ena");
                assert_string_equal(nvme, rows[i].nvme);
                if (rows[i].ena)
                        assert_string_equal(ena, rows[i].ena);
                unit_remove_tree(dir);
        }
}

/* What libkmod would open by itself must be a plain file of the volume. */
static void test_hostile(void **state _unused_)
{
        static const char *const files[] = { "modules.dep.bin",     "modules.alias.bin",
                                             "modules.builtin.bin", "modules.builtin.alias.bin",
                                             "modules.softdep",     "modules.weakdep" };
        static const struct {
                const char *name, *link, *why;
        } kinds[] = {
                { "link out of the volume", "/etc/passwd", "it is a link, and is not followed" },
                { "link within", "modules.dep", "it is a link, and is not followed" },
                { "FIFO", NULL, "it is not a regular file" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(files) * ARRAY_SIZE(kinds); i++) {
                static const struct unit_modules m = UNIT_MODULES;
                const char *file = files[i / ARRAY_SIZE(kinds)];
                char *dir = unit_temp_dir();
                cleanup_free char *path = xasprintf("%s" DIR "/%s", dir, file), *nvme = NULL;
                cleanup_free char *want =
                        xasprintf("? " DIR "/%s: %s", file, kinds[i % ARRAY_SIZE(kinds)].why);
                cleanup_facts struct facts *f = NULL;

                print_message("# %s: %s\n", file, kinds[i % ARRAY_SIZE(kinds)].name);
                unit_modules_each(&m, unit_put_file, dir);
                unit_write_text(dir, DIR "/modules.dep", "");
                unlink(path);
                if (kinds[i % ARRAY_SIZE(kinds)].link)
                        assert_int_equal(symlink(kinds[i % ARRAY_SIZE(kinds)].link, path), 0);
                else
                        assert_int_equal(mkfifo(path, 0600), 0);
                f = run(dir, UNIT_RELEASE);
                nvme = describe(f, "nvme");
                assert_string_equal(nvme, want);
                unit_remove_tree(dir);
        }
}

static void test_damaged_index(void **state _unused_)
{
        static const struct unit_modules m = UNIT_MODULES;
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = NULL;
        cleanup_free char *nvme = NULL;

        unit_modules_each(&m, unit_put_file, dir);
        unit_write(dir, DIR "/modules.alias.bin",
                   "\xb0\x07\xf4\x57\0\2\0\1\x20\0\0\x0c"
                   "aa\x20\0\0\x0c",
                   18);
        f = run(dir, UNIT_RELEASE);
        nvme = describe(f, "nvme");
        assert_string_equal(nvme, "? " DIR "/modules.alias.bin: the module index is damaged");
        unit_remove_tree(dir);
}

static void test_release(void **state _unused_)
{
        static const struct {
                const char *release, *nvme;
        } rows[] = {
                { NULL, "? /boot/grub/grub.cfg: which kernel starts next is not known: no menu "
                        "entry" },
                { "..", "? -: \"..\" is no kernel release" },
                { "a/b", "? -: \"a/b\" is no kernel release" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = run(dir, rows[i].release);
                cleanup_free char *nvme = describe(f, "nvme");

                assert_string_equal(nvme, rows[i].nvme);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_states),
                cmocka_unit_test(test_empty_module),
                cmocka_unit_test(test_damaged_module),
                cmocka_unit_test(test_closed_module),
                cmocka_unit_test(test_empty_index),
                cmocka_unit_test(test_builtin_text),
                cmocka_unit_test(test_usr_merged_volume),
                cmocka_unit_test(test_without_dir),
                cmocka_unit_test(test_hostile),
                cmocka_unit_test(test_damaged_index),
                cmocka_unit_test(test_release),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
