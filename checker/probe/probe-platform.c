/*
 * What the running machine runs on. The firmware's tables and the hypervisor's own files come
 * first; the instance metadata service is asked only on a machine that these call an EC2 instance.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html
 */
#include <strings.h>

#include "base/xalloc.h"
#include "ec2/ec2.h"
#include "ec2/imds.h"
#include "probe/probe.h"
#include "probe/sysfs.h"

/* NULL: there is no such file, or it is not for us to read. */
struct signs {
        char *type;         /* /sys/hypervisor/type: "xen" in a Xen guest, nothing on Nitro */
        char *uuid;         /* /sys/hypervisor/uuid: "ec2..." in a Xen instance */
        char *vendor;       /* of the system: "Amazon EC2" on Nitro, "Xen" in a Xen guest */
        char *product;      /* on Nitro the instance type, "HVM domU" in a Xen guest */
        char *bios_version; /* "4.11.amazon" in a Xen instance */
};

static void signs_done(struct signs *s)
{
        free(s->type);
        free(s->uuid);
        free(s->vendor);
        free(s->product);
        free(s->bios_version);
}

static struct signs signs_read(const struct volume *v)
{
        return (struct signs){
                .type = sysfs_word(v, "/sys/hypervisor/type"),
                .uuid = sysfs_word(v, "/sys/hypervisor/uuid"),
                .vendor = sysfs_word(v, "/sys/class/dmi/id/sys_vendor"),
                .product = sysfs_word(v, "/sys/class/dmi/id/product_name"),
                .bios_version = sysfs_word(v, "/sys/class/dmi/id/bios_version"),
        };
}

/* A bare metal instance may run Xen itself: its firmware tells, not the hypervisor it started. */
static bool is_nitro(const struct signs *s)
{
        return streq(s->vendor, "Amazon EC2");
}

static bool is_xen(const struct signs *s)
{
        return streq(s->type, "xen") || streq(s->vendor, "Xen");
}

static bool is_ec2(const struct signs *s)
{
        return is_nitro(s) ||
               (is_xen(s) && ((s->uuid && strncasecmp(s->uuid, "ec2", 3) == 0) ||
                              (s->bios_version && strstr(s->bios_version, "amazon"))));
}

/*
 * "PV", "PVH" or "HVM", as the kernel says since 4.13; before, a Xen guest with tables of firmware
 * is HVM, for a PV guest has no firmware.
 *   https://github.com/torvalds/linux/blob/master/Documentation/ABI/stable/sysfs-hypervisor-xen
 */
static void publish_guest_type(struct probe_context *context, const struct signs *s)
{
        cleanup_free char *type = sysfs_word(context->volume, "/sys/hypervisor/guest_type");

        if (!is_xen(s) || is_nitro(s))
                facts_set_null(context->facts, "/platform/guest_type");
        else if (type && *type)
                facts_set_str(context->facts, type, "/platform/guest_type");
        else if (s->vendor)
                facts_set_str(context->facts, "HVM", "/platform/guest_type");
        else
                facts_unknown(context->facts, "/platform/guest_type", "/sys/hypervisor/guest_type",
                              "this kernel does not say whether it is a PV guest, and there are no "
                              "tables of firmware, as in one");
}

/* xen-on-nitro: newer hosts that show a guest the devices of Xen, so its disks move as from Xen. */
static const char *hypervisor_of_system(const char *system)
{
        if (streq(system, "xen") || streq(system, "xen-on-nitro"))
                return "xen";
        return streq(system, "nitro") ? "nitro" : NULL;
}

static void publish_instance_type(struct facts *f, const struct signs *s, const struct imds *imds,
                                  const char *problem)
{
        cleanup_ec2_type struct ec2_type type = { 0 };

        if (imds->instance_type)
                facts_set_str(f, imds->instance_type, "/platform/instance_type");
        else if (is_nitro(s) && s->product && ec2_type_find(s->product, &type))
                facts_set_str(f, s->product, "/platform/instance_type");
        else if (is_ec2(s))
                facts_unknown(f, "/platform/instance_type", NULL, "%s", problem);
        else if (is_xen(s))
                facts_unknown(f, "/platform/instance_type", NULL,
                              "a Xen guest that nothing shows to be an EC2 instance");
        else
                facts_set_null(f, "/platform/instance_type");
}

static void run_platform(struct probe_context *context)
{
        _cleanup_(signs_done) struct signs s = { 0 };
        cleanup_imds struct imds imds = { 0 };
        struct facts *f = context->facts;
        const char *hypervisor;
        struct err err = { 0 };
        struct stat st;

        if (volume_mode(context->volume) != VOLUME_LIVE) {
                facts_unknown(f, "/platform", NULL, "only a running machine tells");
                return;
        }
        if (volume_stat(context->volume, "/sys/class", &st, NULL) <= 0) {
                facts_unknown(f, "/platform", "/sys", "/sys is not mounted");
                return;
        }
        s = signs_read(context->volume);
        if (is_ec2(&s) && imds_ask(&imds, &err) == 0)
                err_set(&err, 0, "the instance metadata service is not reachable");
        hypervisor = hypervisor_of_system(imds.system);
        if (!hypervisor)
                hypervisor = is_nitro(&s) ? "nitro" : is_xen(&s) ? "xen" : "other";
        facts_set_str(f, hypervisor, "/platform/hypervisor");
        publish_instance_type(f, &s, &imds, err.text);
        publish_guest_type(context, &s);
}

static const struct fact_decl platform_facts[] = {
        { "/platform/hypervisor", FACT_STRING, "xen, nitro or other, live only" },
        { "/platform/guest_type", FACT_STRING, "PV, PVH or HVM of a Xen guest, null: it is none" },
        { "/platform/instance_type", FACT_STRING, "this instance's type, null: no instance" },
        {}
};

const struct probe probe_platform = {
        .name = "platform",
        .provides = platform_facts,
        .run = run_platform,
};
