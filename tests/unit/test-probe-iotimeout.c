#include "unit-elf.h"
#include "unit-probe.h"

#include "base/str.h"

extern const struct probe probe_iotimeout;

#define EC2_UTILS                                                                                \
        "ACTION==\"remove\", GOTO=\"end\"\n"                                                     \
        "KERNEL==\"nvme[0-9]*n[0-9]*\", ENV{DEVTYPE}==\"disk\", ATTRS{model}==\"Amazon Elastic " \
        "Block Store\", ATTR{queue/io_timeout}=\"4294967295\"\n"                                 \
        "KERNEL==\"nvme[0-9]*n[0-9]*\", ENV{DEVTYPE}==\"disk\", ATTRS{model}==\"Amazon EC2 "     \
        "NVMe Instance Storage\", ATTR{queue/io_timeout}=\"90000\"\n"                            \
        "LABEL=\"end\"\n"
#define SHORT_RULE   "KERNEL==\"nvme*n1\", ATTR{queue/io_timeout}=\"30000\"\n"
#define UNCLEAR_RULE "KERNEL==\"nvme*n1\", PROGRAM=\"/x\", ATTR{queue/io_timeout}=\"30000\"\n"

struct row {
        const char *name;
        const char *release;
        const char *modules; /* of the driver, blank-separated */
        const char *params;  /* "where module=value counts fits", "; " between; "?": not known */
        const char *rule;    /* of /etc/udev/rules.d/70-x.rules */
        const char *want;    /* "module source value enough max misnamed" */
};

static void set_flag(struct facts *f, const char *word, const char *path)
{
        if (!streq(word, "?"))
                facts_set_bool(f, streq(word, "true"), "%s", path);
}

static void set_params(struct facts *f, const char *params)
{
        cleanup_free char *copy = xstrdup(params);
        char *at = copy, *one;

        facts_set_array(f, "/nvme/params");
        for (size_t i = 0; *params && (one = strsep(&at, ";")); i++) {
                cleanup_free char *path = xasprintf("/nvme/params/%zu", i);
                cleanup_free char *counts_path = xasprintf("%s/counts", path);
                cleanup_free char *fits_path = xasprintf("%s/fits", path);
                const char *where, *module, *value, *counts, *fits;

                one += *one == ' ';
                where = strsep(&one, " ");
                module = strsep(&one, "=");
                value = strsep(&one, " ");
                counts = strsep(&one, " ");
                fits = one;
                facts_set_evidence(f, path, where, 7, span_of(value));
                facts_set_str(f, where, "%s/where", path);
                facts_set_str(f, module, "%s/module", path);
                facts_set_str(f, "io_timeout", "%s/name", path);
                facts_set_str(f, value, "%s/value", path);
                set_flag(f, counts, counts_path);
                set_flag(f, fits, fits_path);
        }
}

static struct facts *facts_of(const struct row *r)
{
        struct facts *f = facts_new();
        cleanup_free char *copy = xstrdup(r->modules);
        char *at = copy, *word;

        facts_set_str(f, r->release, "/boot/kernel/release");
        facts_set_str(f, *r->modules ? "module" : "builtin", "/drivers/nvme/state");
        for (size_t i = 0; *r->modules && (word = strsep(&at, " ")); i++) {
                cleanup_free char *path = xasprintf("/m/%s.ko", word);

                facts_set_str(f, word, "/drivers/nvme/modules/%zu/name", i);
                facts_set_str(f, path, "/drivers/nvme/modules/%zu/path", i);
        }
        set_params(f, r->params);
        return f;
}

static char *describe(const struct facts *f)
{
        static const char *const keys[] = { "module", "source", "value",
                                            "enough", "max",    "misnamed/module" };
        struct buf b = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
                cleanup_free char *text = unit_fact(f, "/nvme/timeout/%s", keys[i]);

                buf_printf(&b, "%s%s", i ? " " : "",
                           i == 5 && *text == '?' ? "-"
                           : *text == '?'         ? "?"
                                                  : text);
        }
        return buf_take(&b);
}

#define DEBIAN "6.1.0-18-amd64", "nvme nvme_core"

static const struct row rows[] = {
        { "nothing", DEBIAN, "", NULL, "nvme_core default 30 false 4294967295 -" },
        { "W19: a number too low", DEBIAN, "cmdline nvme_core=30 true true", NULL,
          "nvme_core cmdline 30 false 4294967295 -" },
        { "the largest", DEBIAN, "cmdline nvme_core=4294967295 true true", NULL,
          "nvme_core cmdline 4294967295 true 4294967295 -" },
        { "W38: any that is enough", DEBIAN, "cmdline nvme_core=240 true true", NULL,
          "nvme_core cmdline 240 true 4294967295 -" },
        { "just too low", DEBIAN, "cmdline nvme_core=239 true true", NULL,
          "nvme_core cmdline 239 false 4294967295 -" },
        { "hexadecimal", DEBIAN, "cmdline nvme_core=0xff true true", NULL,
          "nvme_core cmdline 0xff true 4294967295 -" },
        { "larger than any number", DEBIAN, "cmdline nvme_core=99999999999999999999 true true",
          NULL, "nvme_core cmdline 99999999999999999999 true 4294967295 -" },
        { "the command line comes last", DEBIAN,
          "initramfs nvme_core=255 true true; cmdline nvme_core=30 true true", NULL,
          "nvme_core cmdline 30 false 4294967295 -" },
        { "modprobe.d where the module is loaded from", DEBIAN,
          "root nvme_core=255 false true; initramfs nvme_core=254 true true", NULL,
          "nvme_core options 254 true 4294967295 -" },
        { "modprobe.d of the root alone", DEBIAN, "root nvme_core=255 false true", NULL,
          "nvme_core default 30 false 4294967295 -" },
        { "whether it counts is not known", DEBIAN, "root nvme_core=255 ? true", NULL,
          "nvme_core ? ? ? 4294967295 -" },
        { "refused", DEBIAN, "cmdline nvme_core=x true false", NULL,
          "nvme_core default 30 false 4294967295 -" },
        { "the name of before 4.6", DEBIAN, "cmdline nvme=255 true true", NULL,
          "nvme_core default 30 false 4294967295 nvme" },
        { "both names", DEBIAN, "cmdline nvme=255 true true; cmdline nvme_core=255 true true", NULL,
          "nvme_core cmdline 255 true 4294967295 nvme" },
        { "an old kernel", "4.4.0-1001-aws", "nvme", "cmdline nvme=255 true true", NULL,
          "nvme cmdline 255 true 255 -" },
        { "an old kernel, the new name", "4.4.0-1001-aws", "nvme",
          "cmdline nvme_core=255 false true", NULL, "nvme default 30 false 255 nvme_core" },
        { "an old kernel with the split driver", "3.10.0-1160.el7.x86_64", "nvme nvme_core", "",
          NULL, "nvme_core default 30 false 255 -" },
        { "built in", "5.15.0-1052-aws", "", "cmdline nvme_core=4294967295 true true", NULL,
          "nvme_core cmdline 4294967295 true 4294967295 -" },
        { "W21: Amazon Linux, by udev", "4.14.209-160.339.amzn2.x86_64", "nvme nvme_core", "",
          EC2_UTILS, "nvme_core udev 4294967 true 255 -" },
        { "Amazon Linux, nothing to be seen", "4.14.209-160.339.amzn2.x86_64", "nvme nvme_core", "",
          NULL, "nvme_core amazon null null 255 -" },
        { "a rule comes after the command line", DEBIAN, "cmdline nvme_core=4294967295 true true",
          SHORT_RULE, "nvme_core udev 30 false 4294967295 -" },
        { "a rule that may match", DEBIAN, "cmdline nvme_core=4294967295 true true", UNCLEAR_RULE,
          "nvme_core ? ? ? 4294967295 -" },
        { "a rule for another disk", DEBIAN, "",
          "KERNEL==\"sd*\", ATTR{queue/io_timeout}=\"4294967295\"\n",
          "nvme_core default 30 false 4294967295 -" },
        { "a rule that asks", DEBIAN, "",
          "KERNEL==\"nvme*n1\", ATTR{queue/io_timeout}==\"4294967295\", SYMLINK+=\"x\"\n",
          "nvme_core default 30 false 4294967295 -" },
};

static void test_rows(void **state _unused_)
{
        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                char *dir = unit_temp_dir();
                cleanup_facts struct facts *f = facts_of(&rows[i]);
                cleanup_free char *got = NULL;

                print_message("# %s\n", rows[i].name);
                if (rows[i].rule)
                        unit_write_text(dir, "etc/udev/rules.d/70-x.rules", rows[i].rule);
                unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_iotimeout, NULL });
                got = describe(f);
                assert_string_equal(got, rows[i].want);
                unit_remove_tree(dir);
        }
}

/* What the module of a distribution's older kernel says of itself. */
static void test_type(void **state _unused_)
{
        static const struct {
                const char *type, *max;
        } types[] = { { "parmtype=io_timeout:uint", "\"4294967295\"" },
                      { "parmtype=io_timeout:byte", "\"255\"" } };

        for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
                static const struct row centos = {
                        "", "3.10.0-1160.el7.x86_64", "nvme nvme_core", "", NULL, NULL
                };
                cleanup_facts struct facts *f = facts_of(&centos);
                struct elf_builder elf = { .wide = true };
                char *dir = unit_temp_dir();

                elf_build(&elf, span_of(types[i].type));
                unit_write(dir, "m/nvme_core.ko", elf.b.data, elf.b.len);
                unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_iotimeout, NULL });
                assert_fact(f, "/nvme/timeout/max", types[i].max);
                buf_done(&elf.b);
                unit_remove_tree(dir);
        }
}

/* Of two files the one with the later name counts, whatever directory it is in. */
static void test_w21_two_rules(void **state _unused_)
{
        static const struct row debian = { "", DEBIAN, "", NULL, NULL };
        cleanup_facts struct facts *f = facts_of(&debian);
        char *dir = unit_temp_dir();

        unit_write_text(dir, "etc/udev/rules.d/60-x.rules", SHORT_RULE);
        unit_write_text(dir, "usr/lib/udev/rules.d/70-ec2-nvme-devices.rules", EC2_UTILS);
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_iotimeout, NULL });
        assert_fact(f, "/nvme/timeout/file", "\"/usr/lib/udev/rules.d/70-ec2-nvme-devices.rules\"");
        assert_fact(f, "/nvme/timeout/line", "2");
        assert_fact(f, "/nvme/timeout/enough", "true");
        unit_remove_tree(dir);
}

static void test_unknown(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        facts_unknown(f, "/drivers", "/b", "no kernel");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_iotimeout, NULL });
        assert_why(f, "/nvme/timeout", "/b: which NVMe driver starts next is not known: no kernel");

        facts_free(f);
        f = facts_of(&rows[0]);
        facts_unknown(f, "/nvme/params", "/g", "the kernel command line is not known");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_iotimeout, NULL });
        assert_why(f, "/nvme/timeout/enough", "/g: the kernel command line is not known");

        facts_free(f);
        f = facts_of(&rows[0]);
        unit_write_text(dir, "etc/udev/rules.d/x.rules/y", "");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_iotimeout, NULL });
        assert_why(f, "/nvme/timeout/enough",
                   "whether a udev rule sets queue/io_timeout is not known");
        unit_remove_tree(dir);
}

static void test_no_driver(void **state _unused_)
{
        cleanup_facts struct facts *f = facts_new();
        char *dir = unit_temp_dir();

        facts_set_str(f, "3.2.0", "/boot/kernel/release");
        facts_set_str(f, "missing", "/drivers/nvme/state");
        unit_probe_on(f, dir, NULL, (const struct probe *[]){ &probe_iotimeout, NULL });
        assert_fact(f, "/nvme/timeout", "null");
        unit_remove_tree(dir);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_rows),          cmocka_unit_test(test_type),
                cmocka_unit_test(test_w21_two_rules), cmocka_unit_test(test_unknown),
                cmocka_unit_test(test_no_driver),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
