#include "unit-imds.h"
#include "unit-probe.h"

#define DMI "sys/class/dmi/id/"

/* Files of /sys; NULL: not there. */
struct machine {
        const char *type, *uuid, *vendor, *product, *bios, *guest;
};

static void write_word(const char *root, const char *path, const char *word)
{
        cleanup_free char *text = NULL;

        if (!word)
                return;
        text = xasprintf("%s\n", word);
        unit_write_text(root, path, text);
}

static struct facts *probe(const struct machine *m, enum volume_mode mode)
{
        char *root = unit_temp_dir();
        struct facts *f;

        unit_write_text(root, "sys/class/x", "");
        write_word(root, "sys/hypervisor/type", m->type);
        write_word(root, "sys/hypervisor/uuid", m->uuid);
        write_word(root, "sys/hypervisor/guest_type", m->guest);
        write_word(root, DMI "sys_vendor", m->vendor);
        write_word(root, DMI "product_name", m->product);
        write_word(root, DMI "bios_version", m->bios);
        f = unit_probe("platform", root, mode, NULL);
        unit_remove_tree(root);
        return f;
}

#define OK    "200 OK\r\n\r\n"
#define TOKEN OK IMDS_TOKEN

static const struct imds_script says_xen = { TOKEN, OK "t2.micro", OK "xen" },
                                says_xen_on_nitro = { TOKEN, OK "t2.micro", OK "xen-on-nitro" },
                                says_nitro = { TOKEN, OK "m5.large", OK "nitro" },
                                says_type_only = { TOKEN, OK "m4.large", "404 No\r\n\r\n" },
                                refuses = { "403 No\r\n\r\n", OK, OK };

static const struct machine
        hvm = { "xen", "ec2e1916-9099-7caf-fd21-012345abcdef", "Xen", "HVM domU", "4.11.amazon" },
        pv = { "xen", "ec2e1916-9099-7caf-fd21-012345abcdef", NULL, NULL, NULL },
        new_pv = { "xen", "ec2e1916-9099-7caf-fd21-012345abcdef", NULL, NULL, NULL, "PV" },
        other_xen = { "xen", "5f2c6a8e-1b3d-4c5e-8f70-9a1b2c3d4e5f", "Xen", "HVM domU", "4.17" },
        no_sysfs_uuid = { NULL, NULL, "Xen", "HVM domU", "4.2.amazon" },
        nitro = { NULL, NULL, "Amazon EC2", "m5.large", "1.0" },
        new_nitro = { NULL, NULL, "Amazon EC2", "m99.large", "1.0" },
        dom0 = { "xen", "00000000-0000-0000-0000-000000000000", "Amazon EC2", "m5.metal", "1.0" },
        dom0_elsewhere = { "xen", "00000000-0000-0000-0000-000000000000", "Dell Inc.",
                           "PowerEdge R740", "2.12" },
        kvm = { NULL, NULL, "QEMU", "Standard PC", "1.16" },
        kvm_ec2_uuid = { NULL, "ec2e1916-9099-7caf-fd21-012345abcdef", "QEMU", "Standard PC",
                         "1.16" },
        bare = { NULL, NULL, NULL, NULL, NULL };

#define REFUSED "the instance metadata service refuses a token (status 403)"
#define AWAY    "the instance metadata service is not reachable"

static void test_machines(void **state _unused_)
{
        static const struct {
                const char *name;
                const struct machine *machine;
                const struct imds_script *service; /* NULL: nobody there */
                const char *platform, *why;        /* why the type is missing */
        } rows[] = {
                { "Xen HVM", &hvm, &says_xen,
                  "{\"hypervisor\":\"xen\",\"instance_type\":\"t2.micro\",\"guest_type\":\"HVM\"}",
                  NULL },
                { "Xen PV", &pv, &says_xen,
                  "{\"hypervisor\":\"xen\",\"instance_type\":\"t2.micro\"}", NULL },
                { "Xen PV that says so", &new_pv, &says_xen,
                  "{\"hypervisor\":\"xen\",\"instance_type\":\"t2.micro\",\"guest_type\":\"PV\"}",
                  NULL },
                { "Xen, known by its BIOS", &no_sysfs_uuid, &says_xen,
                  "{\"hypervisor\":\"xen\",\"instance_type\":\"t2.micro\",\"guest_type\":\"HVM\"}",
                  NULL },
                { "Xen on Nitro hosts", &hvm, &says_xen_on_nitro,
                  "{\"hypervisor\":\"xen\",\"instance_type\":\"t2.micro\",\"guest_type\":\"HVM\"}",
                  NULL },
                { "Xen devices under Nitro firmware", &nitro, &says_xen_on_nitro,
                  "{\"hypervisor\":\"xen\",\"instance_type\":\"t2.micro\",\"guest_type\":null}",
                  NULL },
                { "an old service", &hvm, &says_type_only,
                  "{\"hypervisor\":\"xen\",\"instance_type\":\"m4.large\",\"guest_type\":\"HVM\"}",
                  NULL },
                { "service away", &hvm, NULL, "{\"hypervisor\":\"xen\",\"guest_type\":\"HVM\"}",
                  AWAY },
                { "service turned off", &hvm, &refuses,
                  "{\"hypervisor\":\"xen\",\"guest_type\":\"HVM\"}", REFUSED },
                { "Nitro", &nitro, &says_nitro,
                  "{\"hypervisor\":\"nitro\",\"instance_type\":\"m5.large\",\"guest_type\":null}",
                  NULL },
                { "Nitro, service away", &nitro, NULL,
                  "{\"hypervisor\":\"nitro\",\"instance_type\":\"m5.large\",\"guest_type\":null}",
                  NULL },
                { "a type that came later, service turned off", &new_nitro, &refuses,
                  "{\"hypervisor\":\"nitro\",\"guest_type\":null}", REFUSED },
                /* Not asked, although somebody would answer. */
                { "Xen elsewhere", &other_xen, &says_nitro,
                  "{\"hypervisor\":\"xen\",\"guest_type\":\"HVM\"}",
                  "a Xen guest that nothing shows to be an EC2 instance" },
                { "KVM elsewhere", &kvm, &says_nitro,
                  "{\"hypervisor\":\"other\",\"instance_type\":null,\"guest_type\":null}", NULL },
                { "a UUID that begins with ec2 by chance", &kvm_ec2_uuid, &says_nitro,
                  "{\"hypervisor\":\"other\",\"instance_type\":null,\"guest_type\":null}", NULL },
                { "no firmware tables", &bare, &says_nitro,
                  "{\"hypervisor\":\"other\",\"instance_type\":null,\"guest_type\":null}", NULL },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct imds_server server = imds_start(rows[i].service);
                cleanup_facts struct facts *f = NULL;

                print_message("# %s\n", rows[i].name);
                f = probe(rows[i].machine, VOLUME_LIVE);
                imds_stop(&server);
                assert_fact(f, "/platform", rows[i].platform);
                if (rows[i].machine == &pv)
                        assert_why(f, "/platform/guest_type",
                                   "/sys/hypervisor/guest_type: this kernel does not say whether "
                                   "it is a PV guest, and there are no tables of firmware, as in "
                                   "one");
                if (rows[i].why)
                        assert_why(f, "/platform/instance_type", rows[i].why);
        }
}

/* The type is known where the service was asked, and it is asked of EC2 instances alone. */
static void assert_asked(const struct machine *machine, const struct imds_script *service,
                         const char *instance_type)
{
        struct imds_server server = imds_start(service);
        cleanup_facts struct facts *f = probe(machine, VOLUME_LIVE);

        imds_stop(&server);
        assert_fact(f, "/platform/instance_type", instance_type);
}

/* W54: the maker of the system is Xen, which also says nothing against EC2. */
static void test_w54_vendor_xen(void **state _unused_)
{
        assert_asked(&hvm, &says_xen, "\"t2.micro\"");
        assert_asked(&no_sysfs_uuid, &says_xen, "\"t2.micro\"");
}

/* W55: the UUID alone is no sign of EC2: some begin with ec2 by chance. */
static void test_w55_uuid_by_chance(void **state _unused_)
{
        assert_asked(&kvm_ec2_uuid, &says_nitro, "null");
}

/* W56: an instance that runs Xen itself. The zeros of its UUID tell nothing; the firmware does. */
static void test_w56_dom0_of_zeros(void **state _unused_)
{
        static const struct imds_script says_metal = { TOKEN, OK "m99.metal", OK "nitro" };
        static const struct {
                const char *name;
                const struct machine *machine;
                const struct imds_script *service;
                const char *platform;
        } rows[] = {
                { "the service is asked", &dom0, &says_metal,
                  "{\"hypervisor\":\"nitro\",\"instance_type\":\"m99.metal\",\"guest_type\":null}" },
                { "service away", &dom0, NULL,
                  "{\"hypervisor\":\"nitro\",\"instance_type\":\"m5.metal\",\"guest_type\":null}" },
                { "a dom0 elsewhere is no instance", &dom0_elsewhere, &says_metal,
                  "{\"hypervisor\":\"xen\",\"guest_type\":\"HVM\"}" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
                struct imds_server server = imds_start(rows[i].service);
                cleanup_facts struct facts *f = NULL;

                print_message("# %s\n", rows[i].name);
                f = probe(rows[i].machine, VOLUME_LIVE);
                imds_stop(&server);
                assert_fact(f, "/platform", rows[i].platform);
        }
}

static void test_offline(void **state _unused_)
{
        cleanup_facts struct facts *f = probe(&hvm, VOLUME_OFFLINE);

        assert_fact(f, "/platform", "missing");
        assert_why(f, "/platform/hypervisor", "only a running machine tells");
}

static void test_no_sysfs(void **state _unused_)
{
        char *root = unit_temp_dir();
        cleanup_facts struct facts *f = unit_probe("platform", root, VOLUME_LIVE, NULL);

        unit_remove_tree(root);
        assert_fact(f, "/platform", "missing");
        assert_why(f, "/platform/hypervisor", "/sys: /sys is not mounted");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_machines),
                cmocka_unit_test(test_w54_vendor_xen),
                cmocka_unit_test(test_w55_uuid_by_chance),
                cmocka_unit_test(test_w56_dom0_of_zeros),
                cmocka_unit_test(test_offline),
                cmocka_unit_test(test_no_sysfs),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
