#include "unit-elf.h"
#include "unit-probe.h"

#include "base/str.h"

extern const struct probe probe_nvme;

#define DIR  "/lib/modules/5.10.0"
#define CORE "kernel/drivers/nvme/host/nvme-core.ko"

struct row {
        const char *name;
        const char *state;   /* of the driver: "module", "builtin" */
        const char *core;    /* parmtype lines of nvme_core, blanks between; NULL: damaged */
        const char *image;   /* state of nvme in the image; NULL: not known */
        const char *cmdline; /* "name=value name" */
        const char *conf;    /* modprobe.d of the root */
        const char *inside;  /* options of nvme_core in the image */
        const char *want;    /* "where module.name=value type max fits counts; ..." */
};

static void write_driver(char *dir, const struct row *r)
{
        cleanup_free char *lines = xstrdup(r->core ? r->core : "");
        bool builtin = streq(r->state, "builtin");
        struct elf_builder elf = { .wide = true };
        cleanup_buf struct buf info = { 0 };
        char *at = lines, *line;

        while ((line = strsep(&at, " "))) {
                buf_printf(&info, "%sparmtype=%s", builtin ? "nvme_core." : "", line);
                buf_putc(&info, '\0');
        }
        if (builtin && r->core)
                unit_write(dir, "lib/modules/5.10.0/modules.builtin.modinfo", info.data, info.len);
        if (builtin)
                return;
        elf_build(&elf, buf_span(&info));
        unit_write(dir, "lib/modules/5.10.0/" CORE, r->core ? elf.b.data : "x",
                   r->core ? elf.b.len : 1);
        buf_done(&elf.b);
}

static void set_facts(struct facts *f, const struct row *r)
{
        cleanup_free char *cmdline = xstrdup(r->cmdline ? r->cmdline : "");
        char *at = cmdline, *word;
        size_t n = 0;

        facts_set_str(f, DIR, "/drivers/dir");
        facts_set_str(f, r->state, "/drivers/nvme/state");
        if (streq(r->state, "module")) {
                facts_set_str(f, "nvme_core", "/drivers/nvme/modules/0/name");
                facts_set_str(f, DIR "/" CORE, "/drivers/nvme/modules/0/path");
        }
        if (r->image)
                facts_set_str(f, r->image, "/initramfs/nvme/state");
        else
                facts_unknown(f, "/initramfs", "/i", "most of it is packed");
        facts_set_array(f, "/boot/entry/params");
        while (*cmdline && (word = strsep(&at, " "))) {
                char *name = strsep(&word, "=");

                facts_set_str(f, name, "/boot/entry/params/%zu/name", n);
                facts_set_str(f, word, "/boot/entry/params/%zu/value", n++);
        }
        if (!r->inside)
                return;
        facts_set_evidence(f, "/initramfs/directives/0", "/i:/m.conf", 1, SPAN("text"));
        facts_set_str(f, "options", "/initramfs/directives/0/kind");
        facts_set_str(f, "nvme_core", "/initramfs/directives/0/name");
        facts_set_str(f, r->inside, "/initramfs/directives/0/value");
}

static char *describe(const struct facts *f)
{
        static const char *const keys[] = { "where", "module", "name", "value",
                                            "type",  "max",    "fits", "counts" };
        static const char before[] = "\0 .= ,  ";
        struct buf b = { 0 };

        buf_puts(&b, "");
        for (size_t i = 0; i < facts_count(f, "/nvme/params"); i++) {
                buf_puts(&b, i ? "; " : "");
                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *text = unit_fact(f, "/nvme/params/%zu/%s", i, keys[k]);

                        if (before[k])
                                buf_putc(&b, before[k]);
                        buf_puts(&b, *text == '?' ? "?" : text);
                }
        }
        return buf_take(&b);
}

static const struct row rows[] = {
        { "nothing", "module", "io_timeout:uint", "module", NULL, NULL, NULL, "" },
        { "fits", "module", "io_timeout:uint", "module", "quiet nvme_core.io_timeout=4294967295",
          NULL, NULL, "cmdline nvme_core.io_timeout=4294967295 uint,4294967295 true true" },
        { "a byte", "module", "x:int io_timeout:byte", "module", "nvme-core.io-timeout=256", NULL,
          NULL, "cmdline nvme_core.io_timeout=256 byte,255 false true" },
        { "no value", "module", "io_timeout:byte", "module", "nvme_core.io_timeout", NULL, NULL,
          "cmdline nvme_core.io_timeout=null byte,255 false true" },
        { "not a number", "module", "iopolicy:charp", "module", "nvme_core.iopolicy=numa", NULL,
          NULL, "cmdline nvme_core.iopolicy=numa charp,null true true" },
        { "the kernel has no such parameter", "module", "io_timeout:byte", "module",
          "nvme_core.io_timeou=999", NULL, NULL,
          "cmdline nvme_core.io_timeou=999 null,null true true" },
        { "there is no such module", "builtin", "io_timeout:byte", "none", "nvmx.io_timeout=999",
          NULL, NULL, "" },
        { "on the root, in the image", "module", "io_timeout:byte", "module", NULL,
          "options nvme io_timeout=1\noptions nvme-core  max_retries=5 io-timeout=300\n", NULL,
          "root nvme.io_timeout=1 null,null true false; "
          "root nvme_core.max_retries=5 null,null true false; "
          "root nvme_core.io_timeout=300 byte,255 false false" },
        { "on the root, no image", "module", "io_timeout:byte", "none", NULL,
          "options nvme_core io_timeout=300\n", NULL,
          "root nvme_core.io_timeout=300 byte,255 false true" },
        { "in the image", "module", "io_timeout:byte", "module", NULL, NULL, "io_timeout=300",
          "initramfs nvme_core.io_timeout=300 byte,255 false true" },
        { "the image is not known", "module", "io_timeout:byte", NULL, "nvme_core.io_timeout=9",
          "options nvme_core io_timeout=300\n", NULL,
          "root nvme_core.io_timeout=300 byte,255 false ?; "
          "cmdline nvme_core.io_timeout=9 byte,255 true true" },
        { "the module cannot be read", "module", NULL, "module",
          "nvme_core.io_timeout=300 nvme_core.io_timeout=255 nvme_core.multipath=Y", NULL, NULL,
          "cmdline nvme_core.io_timeout=300 ?,? ? true; "
          "cmdline nvme_core.io_timeout=255 ?,? true true; "
          "cmdline nvme_core.multipath=Y ?,? true true" },
        { "built in", "builtin", "io_timeout:byte", "builtin",
          "nvme_core.io_timeout=300 -- nvme_core.io_timeout=5",
          "options nvme_core io_timeout=300\n", NULL,
          "root nvme_core.io_timeout=300 byte,255 false false; "
          "cmdline nvme_core.io_timeout=300 byte,255 false true; "
          "cmdline nvme_core.io_timeout=5 byte,255 true false" },
        { "built in, before 5.2", "builtin", NULL, "builtin", "nvme_core.io_timeout=300", NULL,
          NULL, "cmdline nvme_core.io_timeout=300 ?,? ? true" },
};

static void test_rows(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *text = NULL;

                print_message("# %s\n", rows[i].name);
                write_driver(dir, &rows[i]);
                if (rows[i].conf)
                        unit_write_text(dir, "etc/modprobe.d/x.conf", rows[i].conf);
                set_facts(f, &rows[i]);
                unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_nvme, NULL });
                text = describe(f);
                assert_string_equal(text, rows[i].want);
                unit_remove_tree(dir);
        }
}

static void test_unknown(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        char *dir = unit_temp_dir();
        const char *file;

        facts_unknown(f, "/drivers", "/b", "no kernel");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_nvme, NULL });
        assert_why(f, "/nvme/params", "/b: which NVMe driver starts next is not known: no kernel");
        facts_free(f);

        f = facts_new();
        facts_set_str(f, "module", "/drivers/nvme/state");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_nvme, NULL });
        assert_string_equal(facts_why_incomplete(f, "/nvme/params", &file),
                            "the kernel command line is not known");
        unit_remove_tree(dir);
}

/* nvme_core is no file here; whether it is built in stands in a list that cannot be read. */
static void test_list_unreadable(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        unit_write_text(dir, "lib/modules/5.10.0/modules.builtin/x", "");
        facts_set_str(f, "module", "/drivers/nvme/state");
        facts_set_str(f, DIR, "/drivers/dir");
        facts_set_str(f, "nvme_core.io_timeout", "/boot/entry/params/0/name");
        facts_set_str(f, "4294967295", "/boot/entry/params/0/value");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_nvme, NULL });
        assert_fact(f, "/nvme/params/0/fits", "missing");
        assert_why(f, "/nvme/params/0/fits",
                   DIR "/modules.builtin: of which type nvme_core.io_timeout is, is not known: " DIR
                       "/modules.builtin: a directory, not a file; not read");
        unit_remove_tree(dir);
}

/* Kernels before 3.11 do not load a module that is given a parameter it does not have. */
static void test_refused(void **state _unused_)
{
        static const struct {
                const char *release, *state, *core, *cmdline, *want;
        } cases[] = {
                { "3.10.0-1160.el7.x86_64", "module", "io_timeout:uint", "nvme_core.x=1", "true" },
                { "3.10.0-1160.el7.x86_64", "module", "io_timeout:uint", "nvme_core.io_timeout=1",
                  "false" },
                { "3.11.0", "module", "io_timeout:uint", "nvme_core.x=1", "false" },
                { "2.6.32-754.el6.x86_64", "module", "io_timeout:uint", "nvme-core.x", "true" },
                { "4.18.0", "module", NULL, "nvme_core.x=1", "false" },
                { "3.10.0", "module", NULL, "nvme_core.x=1", "?" },
                { "3.10.0", "builtin", "io_timeout:uint", "nvme_core.x=1", "false" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                const struct row r = { .state = cases[i].state,
                                       .core = cases[i].core,
                                       .image = "missing",
                                       .cmdline = cases[i].cmdline };
                cleanup_facts struct facts *f = facts_new();
                cleanup_free char *got = NULL;
                char *dir = unit_temp_dir();

                print_message("# %s %s\n", cases[i].release, cases[i].cmdline);
                facts_set_str(f, cases[i].release, "/boot/kernel/release");
                set_facts(f, &r);
                write_driver(dir, &r);
                unit_probe_on(f, dir, NULL, (const struct probe *const[]){ &probe_nvme, NULL });
                got = unit_fact(f, "/nvme/params/0/refused");
                assert_string_equal(*got == '?' ? "?" : got, cases[i].want);
                unit_remove_tree(dir);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_refused),
                cmocka_unit_test(test_rows),
                cmocka_unit_test(test_unknown),
                cmocka_unit_test(test_list_unreadable),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
