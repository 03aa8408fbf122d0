/*
 * Why a driver is missing, when it is because the kernel is older than the driver, and what to do
 * about it on that distribution. The drivers decide, never this table: where none is missing the
 * age of a kernel does not matter.
 *
 * First releases with both drivers:
 * https://docs.aws.amazon.com/ebs/latest/userguide/nvme-ebs-volumes.html and
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resize-limitations.html
 */
#include <stdlib.h>

#include "base/xalloc.h"
#include "parse/rpmvercmp.h"
#include "probe/probe.h"

static const struct {
        const char *id;      /* of os-release, or what the kernel's release has in it */
        const char *mark;    /* in the kernel's release; NULL: any */
        const char *version; /* the beginning of VERSION_ID; NULL: any */
        const char *below;   /* kernels older than this */
        const char *way, *first;
} table[] = {
        { "debian", NULL, NULL, "4.9", "debian", "Debian 9 (kernel 4.9)" },
        { "ubuntu", NULL, "10.", "4.15", "rebuild", "Ubuntu 14.04 with linux-aws" },
        { "ubuntu", NULL, "12.", "4.15", "rebuild", "Ubuntu 14.04 with linux-aws" },
        { "ubuntu", NULL, NULL, "4.15", "linux-aws", "linux-aws of Ubuntu 14.04" },
        { NULL, ".el5", NULL, "2.6.19", "rebuild", "release 7.4 (kernel 3.10.0-693)" },
        { NULL, ".el6.", NULL, "2.6.33", "rebuild", "release 7.4 (kernel 3.10.0-693)" },
        { NULL, ".el7.", NULL, "3.10.0-693", "el7", "release 7.4 (kernel 3.10.0-693)" },
        { NULL, ".amzn1.", NULL, "4.9", "amazon", "Amazon Linux AMI 2018.03" },
        { "sles", NULL, "11", "4.4", "rebuild", "SUSE 12 SP2 (kernel 4.4)" },
        { "sles", NULL, "12", "4.4", "sles12", "SUSE 12 SP2 (kernel 4.4)" },
};

static bool row_fits(size_t i, const char *id, const char *version, const char *release)
{
        if (table[i].id && !streq(table[i].id, id))
                return false;
        if (table[i].mark && !strstr(release, table[i].mark))
                return false;
        if (table[i].version && (!version || !str_startswith(version, table[i].version)))
                return false;
        /* Kernels for EC2 of Ubuntu have both; where one lacks a driver it is not for its age. */
        if (streq(id, "ubuntu") && str_endswith(release, "-aws"))
                return false;
        return rpmvercmp(release, table[i].below, false) < 0;
}

/* One in the image only counts as well: then it is the volume that is not complete. */
static bool is_missing(const struct facts *f, const char *device)
{
        cleanup_free char *driver = xasprintf("/drivers/%s/state", device);
        cleanup_free char *inside = xasprintf("/initramfs/%s/state", device);

        return streq(facts_str(f, driver), "missing") && !streq(facts_str(f, inside), "module");
}

static void publish(struct facts *f, const char *way, const char *lacks, const char *first)
{
        if (way || (facts_str(f, "/drivers/nvme/state") && facts_str(f, "/drivers/ena/state")))
                facts_set_bool(f, way != NULL, "/kernel_age/too_old");
        else
                facts_set_null(f, "/kernel_age/too_old");
        facts_set_str(f, way, "/kernel_age/way");
        facts_set_str(f, lacks, "/kernel_age/lacks");
        facts_set_str(f, first, "/kernel_age/first");
}

static void run_kernelage(struct probe_context *context)
{
        struct facts *f = context->facts;
        const char *release = facts_str(f, "/boot/kernel/release");
        const char *id = facts_str(f, "/os/id"), *version = facts_str(f, "/os/version_id");
        bool nvme = is_missing(f, "nvme"), ena = is_missing(f, "ena");
        const char *lacks = nvme && ena ? "NVMe or ENA" : nvme ? "NVMe" : "ENA";

        for (size_t i = 0; i < ARRAY_SIZE(table) && release && (nvme || ena); i++) {
                if (row_fits(i, id, version, release)) {
                        publish(f, table[i].way, lacks, table[i].first);
                        return;
                }
        }
        publish(f, NULL, NULL, NULL);
}

static const struct fact_decl kernelage_facts[] = {
        { "/kernel_age/too_old", FACT_BOOL,
          "a driver is missing because the kernel is older; null: which it has is not known" },
        { "/kernel_age/way", FACT_STRING,
          "out of it: debian, linux-aws, el7, amazon, sles12 or rebuild" },
        { "/kernel_age/lacks", FACT_STRING, "NVMe, ENA, or NVMe or ENA" },
        { "/kernel_age/first", FACT_STRING, "the first of its kind that has both" },
        {}
};

const struct probe probe_kernelage = {
        .name = "kernelage",
        .needs = PROBE_NEEDS("os", "boot", "drivers", "initramfs"),
        .provides = kernelage_facts,
        .run = run_kernelage,
};
