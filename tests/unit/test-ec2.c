#include "unit.h"

#include "base/asset.h"
#include "base/jsonx.h"
#include "ec2/ec2.h"

static struct json_object *types_file, *cpus_file;

static struct json_object *load(const char *name)
{
        struct json_object *file = NULL;
        struct err err = { 0 };

        for (const struct asset *a = asset_list; a->name; a++)
                if (streq(a->name, name))
                        assert_int_equal(jsonx_parse(asset_span(a), &file, &err), 0);
        assert_non_null(file);
        return file;
}

static int setup(void **state _unused_)
{
        types_file = load("checker/ec2/instance-types.json");
        cpus_file = load("checker/ec2/cpu-features.json");
        return 0;
}

static int teardown(void **state _unused_)
{
        json_object_put(types_file);
        json_object_put(cpus_file);
        return 0;
}

static struct json_object *member(struct json_object *o, const char *key)
{
        struct json_object *m = NULL;

        assert_true(json_object_object_get_ex(o, key, &m));
        return m;
}

static char *join(const struct strv *l)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < l->n; i++)
                buf_printf(&out, "%s%s", i ? " " : "", l->v[i]);
        return buf_take(&out);
}

static void assert_joined(const struct strv *l, const char *want)
{
        cleanup_free char *text = join(l);

        assert_string_equal(text, want);
}

static struct strv split(const char *words)
{
        cleanup_free char *copy = xstrdup(words);
        struct strv l = { 0 };

        for (char *word, *rest = copy; (word = strsep(&rest, " "));)
                if (*word)
                        strv_push(&l, word);
        return l;
}

/* ---- the data ---- */

/* All of the file is parsed here; the program finds the same by its few lines. */
static void test_every_type_is_found(void **state _unused_)
{
        const char *previous = "";
        size_t n = 0;

        json_object_object_foreach(member(types_file, "types"), name, o)
        {
                cleanup_ec2_type struct ec2_type t = { 0 };

                if (strcmp(previous, name) >= 0)
                        fail_msg("%s stands after %s", name, previous);
                previous = name;
                if (ec2_type_find(name, &t) != 1)
                        fail_msg("%s is not found", name);
                assert_string_equal(t.name, name);
                assert_string_equal(t.hypervisor, jsonx_str(o, "hypervisor"));
                assert_string_equal(t.vendor, jsonx_str(o, "vendor"));
                assert_int_equal(t.cpu.n, json_object_array_length(member(o, "cpu")));
                assert_true(t.arch.n > 0);
                assert_true(t.ena && t.ebs_limit && t.ebs_optimized);
                assert_true(t.vcpus > 0 && t.mem_mib >= 0);
                n++;
        }
        assert_true(n > 1000);
}

/* What the reader relies on: one type a line, six fields that may be left out. */
static void test_types_are_complete(void **state _unused_)
{
        static const char *const always[] = { "hypervisor", "arch",  "boot",   "ena", "ebs_nvme",
                                              "ebs_max",    "vcpus", "vendor", "cpu" };
        static const char *const hypervisors[] = { "xen", "nitro", "bare-metal" };

        json_object_object_foreach(member(types_file, "types"), name, o)
        {
                const char *hypervisor = jsonx_str(o, "hypervisor");
                bool known = false;

                for (size_t i = 0; i < ARRAY_SIZE(always); i++)
                        if (!json_object_object_get_ex(o, always[i], NULL))
                                fail_msg("%s has no %s", name, always[i]);
                for (size_t i = 0; i < ARRAY_SIZE(hypervisors); i++)
                        known |= streq(hypervisor, hypervisors[i]);
                if (!known)
                        fail_msg("%s: hypervisor %s", name, hypervisor);
                if (json_object_array_length(member(o, "cpu")) == 0)
                        fail_msg("%s has no processor", name);
        }
}

/* Processors of a size, or of its family, are the same list as the type's own. */
static void test_families_match_types(void **state _unused_)
{
        struct json_object *families = member(cpus_file, "families");
        struct json_object *processors = member(cpus_file, "processors");

        json_object_object_foreach(member(types_file, "types"), name, o)
        {
                size_t n = strcspn(name, ".");
                cleanup_free char *family = xmemdup0(name, n);
                struct json_object *f = jsonx_member(families, family, json_type_object);
                struct json_object *sizes = jsonx_member(f, "sizes", json_type_object);
                struct json_object *size = jsonx_member(sizes, name + n + 1, json_type_object);
                struct json_object *cpu = member(o, "cpu");

                if (!f)
                        fail_msg("family %s of %s is not in cpu-features.json", family, name);
                if (!json_object_equal(member(size ? size : f, "processors"), cpu))
                        fail_msg("%s: other processors than its family", name);
                for (size_t i = 0; i < json_object_array_length(cpu); i++)
                        assert_non_null(jsonx_member(
                                processors,
                                json_object_get_string(json_object_array_get_idx(cpu, i)),
                                json_type_object));
        }
}

/* is_isa_flag() looks for a quoted word: none but flags may be words that /proc/cpuinfo shows. */
static void test_only_flags_read_like_flags(void **state _unused_)
{
        static const char kernel_words[] =
                "hypervisor rep_good nopl constant_tsc nonstop_tsc xtopology eagerfpu pti kaiser "
                "ibrs ibpb stibp ssbd md_clear arch_perfmon tsc_known_freq aperfmperf cpuid_fault "
                "invpcid_single retpoline est vmx svm up name note vendor flags varies sources";
        cleanup_ec2_type struct ec2_type t = { 0 };
        cleanup_ec2_flags struct ec2_flags f = { 0 };
        cleanup_strv struct strv shown = split("hypervisor rep_good nopl constant_tsc pti up");

        assert_int_equal(ec2_type_find("m5.large", &t), 1);
        assert_int_equal(ec2_flags_compare(&t, &shown, &f), 1);
        assert_joined(&f.lost, "");
        json_object_object_foreach(member(cpus_file, "processors"), name, p)
        {
                struct json_object *flags = jsonx_member(p, "flags", json_type_array);

                for (size_t i = 0; flags && i < json_object_array_length(flags); i++) {
                        const char *flag =
                                json_object_get_string(json_object_array_get_idx(flags, i));
                        cleanup_strv struct strv words = split(kernel_words);

                        if (strv_contains(&words, flag))
                                fail_msg("%s lists %s", name, flag);
                }
        }
}

/* ---- the functions ---- */

static void test_find(void **state _unused_)
{
        static const struct {
                const char *name, *hypervisor, *vendor, *cpu, *arch;
                bool current;
                int nitro;
        } rows[] = {
                { "t2.micro", "xen", "Intel", "haswell broadwell", "i386 x86_64", true, 0 },
                { "m3.medium", "xen", "Intel", "sandy-bridge ivy-bridge", "x86_64", false, 0 },
                { "m5.large", "nitro", "Intel", "skylake-sp cascade-lake", "x86_64", false, 2 },
                { "m6g.large", "nitro", "AWS", "graviton2", "arm64", true, 2 },
                { "i3.large", "xen", "Intel", "broadwell", "x86_64", true, 0 },
                { "i3.metal", "bare-metal", "Intel", "broadwell", "x86_64", true, 2 },
                { "m6i.large", "nitro", "Intel", "ice-lake", "x86_64", false, 4 },
                { "p3dn.24xlarge", "nitro", "Intel", "skylake-sp", "x86_64", true, 3 },
                /* the first and the last of the list */
                { "a1.2xlarge", "nitro", "AWS", "graviton1", "arm64", false, 2 },
                { "z1d.xlarge", "nitro", "Intel", "skylake-sp", "x86_64", true, 2 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_ec2_type struct ec2_type t = { 0 };

                print_message("# %s\n", rows[i].name);
                assert_int_equal(ec2_type_find(rows[i].name, &t), 1);
                assert_string_equal(t.name, rows[i].name);
                assert_string_equal(t.hypervisor, rows[i].hypervisor);
                assert_string_equal(t.vendor, rows[i].vendor);
                assert_joined(&t.cpu, rows[i].cpu);
                assert_joined(&t.arch, rows[i].arch);
                assert_int_equal(t.current_generation, rows[i].current);
                assert_int_equal(t.nitro, rows[i].nitro);
        }
}

static void test_flags_of(void **state _unused_)
{
        static const struct {
                const char *type, *has, *lacks;
        } rows[] = {
                { "m3.large", "avx", "avx2" },         /* Sandy Bridge or Ivy Bridge */
                { "m4.large", "movbe", "clflushopt" }, /* Haswell or Broadwell */
                { "m5.large", "avx512f", "sha_ni" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_ec2_type struct ec2_type t = { 0 };
                cleanup_strv struct strv flags = { 0 };

                print_message("# %s\n", rows[i].type);
                assert_int_equal(ec2_type_find(rows[i].type, &t), 1);
                assert_int_equal(ec2_flags_of(&t, &flags), 1);
                assert_true(strv_contains(&flags, rows[i].has));
                assert_false(strv_contains(&flags, rows[i].lacks));
        }
}

static void test_flags_of_unnamed_processor(void **state _unused_)
{
        cleanup_ec2_type struct ec2_type t = { 0 };
        cleanup_strv struct strv flags = { 0 };

        assert_int_equal(ec2_type_find("m1.small", &t), 1);
        assert_int_equal(ec2_flags_of(&t, &flags), 0);
}

static void test_not_found(void **state _unused_)
{
        static const char *const names[] = { "",         "m5",       "m5.larg",     "m5.largex",
                                             "M5.large", "0",        "zzz",         "m5.large\"",
                                             "types",    "defaults", "a1.2xlarge\n" };
        struct ec2_type t;

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                print_message("# %zu\n", i);
                assert_int_equal(ec2_type_find(names[i], &t), 0);
        }
}

static void test_nearest(void **state _unused_)
{
        static const struct {
                const char *name, *nearest;
        } rows[] = {
                { "m5large", "m5.large m5.xlarge m5a.large" },
                { "M5.LARGE", "m5.large m5.xlarge m5a.large" },
                { "c5.18xlrge", "c5.18xlarge c5.12xlarge c5d.18xlarge" },
                { "nothing like a type", "" },
                { "", "" },
                { "a-name-of-more-than-sixty-four-bytes-for-which-no-one-is-near-enough", "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_strv struct strv nearest = { 0 };

                print_message("# %s\n", rows[i].name);
                ec2_type_nearest(rows[i].name, &nearest);
                assert_joined(&nearest, rows[i].nearest);
        }
}

static void test_flags(void **state _unused_)
{
        static const struct {
                const char *name, *target, *shown;
                int known;
                const char *lost, *uncertain;
        } rows[] = {
                { "nothing lost", "m5.large", "fpu sse2 avx2 fma", 1, "", "" },
                { "another vendor", "m5a.large", "avx2 avx512f erms", 1, "avx512f", "" },
                { "on one of two processors only", "m5.large", "rtm hle mpx avx512f", 1, "",
                  "hle mpx rtm" },
                { "one processor", "m6i.large", "rtm avx512f", 1, "rtm", "" },
                { "extra flags of the family", "m5n.large", "avx512_vnni", 1, "", "" },
                { "the family without them", "m5.large", "avx512_vnni", 1, "", "avx512_vnni" },
                { "extra flags of the size", "c5.12xlarge", "avx512_vnni", 1, "", "" },
                { "another size", "c5.large", "avx512_vnni", 1, "", "avx512_vnni" },
                { "another architecture", "m6g.large", "sse2 avx aes", 1, "avx sse2", "" },
                { "kernel business", "m5a.large", "pcid invpcid hypervisor constant_tsc", 1, "",
                  "" },
                { "bare metal", "i3.metal", "avx2", 1, "", "" },
                { "nothing shown", "m5.large", "", 1, "", "" },
                { "processor without a list", "mac2.metal", "aes", 0, "", "" },
                { "processor not named by AWS", "m1.small", "avx", 0, "", "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_strv struct strv shown = split(rows[i].shown);
                cleanup_ec2_type struct ec2_type t = { 0 };
                cleanup_ec2_flags struct ec2_flags f = { 0 };

                print_message("# %s\n", rows[i].name);
                assert_int_equal(ec2_type_find(rows[i].target, &t), 1);
                assert_int_equal(ec2_flags_compare(&t, &shown, &f), rows[i].known);
                assert_joined(&f.lost, rows[i].lost);
                assert_joined(&f.uncertain, rows[i].uncertain);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_every_type_is_found),
                cmocka_unit_test(test_types_are_complete),
                cmocka_unit_test(test_families_match_types),
                cmocka_unit_test(test_only_flags_read_like_flags),
                cmocka_unit_test(test_find),
                cmocka_unit_test(test_not_found),
                cmocka_unit_test(test_flags_of),
                cmocka_unit_test(test_flags_of_unnamed_processor),
                cmocka_unit_test(test_nearest),
                cmocka_unit_test(test_flags),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
