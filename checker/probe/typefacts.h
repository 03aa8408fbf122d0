/*
 * What is known of an EC2 instance type, published below one path: that of the type a machine moves
 * from, and of the one it moves to.
 */
#pragma once

#include "ec2/ec2.h"
#include "facts.h"

/*
 * 1 and the type, whose facts stand below `path` then; 0: no such type is known. That, or that
 * `name` is NULL (`why_none` says so), is why all below `path` is missing.
 */
int typefacts_publish(struct facts *f, const char *path, const char *name, const char *why_none,
                      struct ec2_type *ret);
void typefacts_list(struct facts *f, const struct strv *values, const char *path);

/* For the declarations of a probe. */
#define TYPEFACTS_DECLS(at)                                                                      \
        { at "/known", FACT_BOOL, "this program knows the type" },                               \
                { at "/hypervisor", FACT_STRING,                                                 \
                  "xen, nitro or bare-metal (also a Nitro System)" },                            \
                { at "/nitro", FACT_INT, "version of its Nitro System; null: it is none" },      \
                { at "/vendor", FACT_STRING, "maker of its CPU" },                               \
                { at "/current_generation", FACT_BOOL, "AWS counts it among the current ones" }, \
                { at "/arch", FACT_ARRAY, "architectures of its images, as x86_64" },            \
                { at "/arch/*", FACT_STRING, "one architecture" },                               \
                { at "/boot", FACT_ARRAY, "boot modes, legacy-bios or uefi" },                   \
                { at "/boot/*", FACT_STRING, "one boot mode" },                                  \
                { at "/ena", FACT_STRING, "unsupported, supported or required" },                \
                { at "/vcpus", FACT_INT, "virtual CPUs, unless options say fewer" },             \
                { at "/mem_mib", FACT_INT, "memory, MiB" },                                      \
                { at "/max_enis", FACT_INT, "network interfaces it can have" },                  \
                { at "/ebs_max", FACT_INT,                                                       \
                  "EBS volumes it can have, root included, with one network interface" },        \
                { at "/ebs_limit", FACT_STRING,                                                  \
                  "what ebs_max counts: dedicated (EBS only), shared (network interfaces after " \
                  "the first take from it), xen" },                                              \
                { at "/ebs_optimized", FACT_STRING, "unsupported, supported or default" },       \
                { at "/credits", FACT_STRING,                                                    \
                  "CPU credit mode it starts in, standard or unlimited; null: not burstable" },  \
                { at "/instance_store", FACT_OBJECT, "its instance store; null: none" },         \
                { at "/instance_store/count", FACT_INT, "disks" },                               \
                { at "/instance_store/size_gb", FACT_INT, "size of one, GB" },                   \
                { at "/instance_store/media", FACT_STRING, "ssd or hdd" },                       \
        {                                                                                        \
                at "/instance_store/nvme", FACT_BOOL, "NVMe, not Xen devices"                    \
        }
