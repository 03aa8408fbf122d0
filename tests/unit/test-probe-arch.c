#include "unit-probe.h"

extern const struct probe probe_arch;
static const struct probe *const probes[] = { &probe_arch, NULL };

#define KERNEL "/boot/vmlinuz"
#define CONFIG "/boot/config-3.2.0"

/* The head of an ELF file without notes: class and machine. */
static void write_elf(const char *dir, const char *path, int class, int machine)
{
        char head[64] = "\177ELF";

        head[4] = (char)class;
        head[5] = 1;
        head[18] = (char)machine;
        unit_write(dir, path, head, sizeof(head));
}

/* Protocol 2.0x, and whether the kernel is one of 64 bits. */
static void write_kernel(const char *dir, int protocol, int flags)
{
        char head[1024] = { 0 };

        head[0x1fe] = 0x55;
        head[0x1ff] = (char)0xaa;
        memcpy(head + 0x202, "HdrS", 4);
        head[0x206] = (char)protocol;
        head[0x207] = 2;
        head[0x236] = (char)flags;
        unit_write(dir, KERNEL, head, sizeof(head));
}

static void test_kinds(void **state _unused_)
{
        static const struct {
                const char *name;
                int class, machine; /* of init; 0: it is a script */
                int protocol, flags;
                const char *config;
                const char *want;
        } rows[] = {
                { "64 bits", 2, 62, 0xf, 3, NULL, "x86_64 x86_64" },
                { "32 bits", 1, 3, 0xf, 2, NULL, "i386 i386" },
                { "32 bits on 64", 1, 3, 0xf, 3, NULL, "i386 x86_64" },
                { "an old kernel, by its configuration", 1, 3, 0xa, 0, "# x\nCONFIG_X86_32=y\n",
                  "i386 i386" },
                { "an old kernel of 64 bits", 1, 3, 0xa, 0, "CONFIG_X86_64=y\n", "i386 x86_64" },
                { "an old kernel, by the programs", 2, 62, 0xa, 0, NULL, "x86_64 x86_64" },
                { "an old kernel, and nothing tells", 1, 3, 0xa, 0, NULL,
                  "i386 ? neither the kernel nor its configuration says for how many bits" },
                { "init is a script", 0, 0, 0xf, 3, NULL, "? no ELF file x86_64" },
                { "arm64", 2, 183, 0xf, 3, NULL, "aarch64 x86_64" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *userland = NULL, *kernel = NULL, *text = NULL;

                print_message("# %s\n", rows[i].name);
                facts_set_str(f, "3.2.0", "/boot/kernel/release");
                facts_set_str(f, KERNEL, "/boot/entry/kernel/path");
                if (rows[i].class)
                        write_elf(dir, "/sbin/init", rows[i].class, rows[i].machine);
                else
                        unit_write_text(dir, "/sbin/init", "#!/bin/sh\n");
                write_kernel(dir, rows[i].protocol, rows[i].flags);
                if (rows[i].config)
                        unit_write_text(dir, CONFIG, rows[i].config);
                unit_probe_on(f, dir, NULL, probes);
                userland = unit_fact(f, "/arch/userland");
                kernel = unit_fact(f, "/arch/kernel");
                text = xasprintf("%s %s", userland, kernel);
                assert_string_equal(text, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_script_and_shell(void **state _unused_)
{
        char *dir = unit_temp_dir();
        cleanup_facts struct facts *f = facts_new();
        cleanup_free char *kernel = NULL;

        unit_write_text(dir, "/sbin/init", "#!/bin/sh\n");
        write_elf(dir, "/bin/sh", 1, 3);
        facts_unknown(f, "/boot", NULL, "no boot loader");
        unit_probe_on(f, dir, NULL, probes);
        assert_string_equal(facts_str(f, "/arch/userland"), "i386");
        assert_string_equal(facts_str(f, "/arch/file"), "/bin/sh");
        kernel = unit_fact(f, "/arch/kernel");
        assert_string_equal(kernel, "? no boot loader");
        unit_remove_tree(dir);
}

static void test_libc(void **state _unused_)
{
        static const struct {
                const char *path, *text;
                const char *want;
        } rows[] = {
                { "/x", "", "null" },
                { "/lib64/libc.so.6", NULL, "1" },
                { "/usr/lib/x86_64-linux-gnu/libc.so.6", NULL, "1" },
                { "/lib64/libc.so.6", "/* GNU ld script", "? no ELF file" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *text = NULL;

                if (rows[i].text)
                        unit_write_text(dir, rows[i].path, rows[i].text);
                else
                        write_elf(dir, rows[i].path, 2, 62);
                unit_probe_on(f, dir, NULL, probes);
                text = unit_fact(f, i ? "/arch/libc/level" : "/arch/libc");
                assert_string_equal(text, rows[i].want);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_kinds),
                cmocka_unit_test(test_script_and_shell),
                cmocka_unit_test(test_libc),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
