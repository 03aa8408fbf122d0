#include "unit.h"

#include "ec2/suggest.h"

static struct ec2_types types;

static int setup(void **state _unused_)
{
        ec2_types_load(&types);
        return 0;
}

static int teardown(void **state _unused_)
{
        ec2_types_done(&types);
        return 0;
}

static void suggest(const char *from, struct ec2_suggestions *ret)
{
        cleanup_ec2_type struct ec2_type type = { 0 };

        print_message("# %s\n", from);
        assert_int_equal(ec2_type_find(from, &type), 1);
        ec2_suggest(&types, &type, ret);
}

static void test_nearest(void **state _unused_)
{
        static const struct {
                const char *from, *to;
        } rows[] = {
                { "m4.large", "m5.large m6i.large m7i.large m8i.large m5a.large m6a.large "
                              "m7a.large m8a.large" },
                { "m4.10xlarge", "m5.12xlarge m6i.12xlarge m7i.12xlarge m8i.12xlarge m5a.12xlarge "
                                 "m6a.12xlarge m7a.12xlarge m8a.12xlarge" },
                /* memory that is rounded up is no less */
                { "c4.large", "c5.large c6i.large c7i.large c8i.large c5a.large c6a.large "
                              "c7a.large c8a.large" },
                { "c4.8xlarge", "c5.9xlarge c5d.9xlarge c6i.12xlarge c7i.12xlarge c8i.12xlarge "
                                "c5a.12xlarge c6a.12xlarge c7a.12xlarge" },
                /* few of its class: others behind them */
                { "t2.micro", "t3.micro t3a.micro c7a.medium" },
                /* disks for disks */
                { "r3.large", "r5d.large r6id.large r8id.large r5ad.large r5dn.large r6idn.large "
                              "r8idb.large r8idn.large" },
                { "i2.xlarge", "i4i.xlarge i7i.xlarge i7ie.xlarge i3en.xlarge" },
                { "hs1.8xlarge", "d3.4xlarge d3en.8xlarge i4i.4xlarge" },
                /* classes that are called otherwise now */
                { "m2.xlarge", "r5d.xlarge r6id.xlarge r8id.xlarge r5ad.xlarge r5dn.xlarge "
                               "r6idn.xlarge r8idb.xlarge r8idn.xlarge" },
                { "cc2.8xlarge", "c5d.9xlarge c6id.8xlarge c8id.8xlarge c5ad.8xlarge c5.9xlarge "
                                 "c6i.8xlarge c7i.8xlarge c8i.8xlarge" },
                { "x1e.xlarge",
                  "x2iedn.xlarge x8aedz.xlarge x8i.2xlarge x2idn.16xlarge x2iezn.2xlarge" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_ec2_suggestions struct ec2_suggestions l = { 0 };
                cleanup_buf struct buf names = { 0 };

                suggest(rows[i].from, &l);
                for (size_t k = 0; k < l.n; k++)
                        buf_printf(&names, "%s%s", k ? " " : "", l.v[k].type->name);
                assert_string_equal(names.data, rows[i].to);
        }
}

static void test_changes(void **state _unused_)
{
        static const struct {
                const char *from, *to, *changes;
        } rows[] = {
                { "m4.large", "m5.large",
                  "at most 27 EBS volumes, one less for each network interface after the first; "
                  "previous generation" },
                { "m4.large", "m7a.large",
                  "CPU of AMD, not Intel; at most 32 EBS volumes; wants ENA driver 2.2.9 or "
                  "later" },
                { "t2.micro", "c7a.medium",
                  "CPU of AMD, not Intel; no 32-bit images; at most 32 EBS volumes; wants ENA "
                  "driver 2.2.9 or later; no CPU credits: full speed at all times" },
                { "t2.micro", "t3.micro",
                  "2 virtual CPUs, not 1; no 32-bit images; at most 27 EBS volumes, one less for "
                  "each network interface after the first; CPU credits unlimited by default, which "
                  "may cost" },
                { "m1.small", "m7a.medium",
                  "no instance store (1 x 160 GB lost); CPU of AMD, not Intel; no 32-bit images; "
                  "at most 32 EBS volumes; wants ENA driver 2.2.9 or later" },
                { "m5.large", "m5a.large",
                  "CPU of AMD, not Intel; CPU without avx512bw, avx512cd, avx512dq, avx512f, "
                  "avx512vl, clwb, ospke, pku" },
                { "g3.4xlarge", "g4dn.8xlarge",
                  "32 virtual CPUs, not 16; an empty instance store, 1 x 900 GB, as NVMe disks; "
                  "at most 25 EBS volumes, one less for each network interface after the first; "
                  "at most 4 network interfaces, not 8" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                cleanup_ec2_suggestions struct ec2_suggestions l = { 0 };
                cleanup_buf struct buf changes = { 0 };
                size_t k = 0;

                suggest(rows[i].from, &l);
                while (k < l.n && !streq(l.v[k].type->name, rows[i].to))
                        k++;
                assert_true(k < l.n);
                for (size_t c = 0; c < l.v[k].changes.n; c++)
                        buf_printf(&changes, "%s%s", c ? "; " : "", l.v[k].changes.v[c]);
                assert_string_equal(changes.data, rows[i].changes);
        }
}

/* Every Xen type has somewhere to go, and never to less than it has, but for what AWS rounds. */
static void test_every_xen_type(void **state _unused_)
{
        for (size_t i = 0; i < types.n; i++) {
                cleanup_ec2_suggestions struct ec2_suggestions l = { 0 };
                const struct ec2_type *from = &types.v[i];

                if (!streq(from->hypervisor, "xen"))
                        continue;
                ec2_suggest(&types, from, &l);
                if (l.n == 0)
                        fail_msg("nothing is like %s", from->name);
                for (size_t k = 0; k < l.n; k++) {
                        assert_string_equal(l.v[k].type->hypervisor, "nitro");
                        assert_true(strv_contains(&l.v[k].type->arch, "x86_64"));
                        assert_true(l.v[k].type->vcpus >= from->vcpus);
                        assert_true(l.v[k].type->mem_mib * 20 >= from->mem_mib * 19);
                        assert_true(k == 0 || l.v[k - 1].distance <= l.v[k].distance);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_nearest),
                cmocka_unit_test(test_changes),
                cmocka_unit_test(test_every_xen_type),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
