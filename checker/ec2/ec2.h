/*
 * What is known of EC2 instance types and of the instruction sets of their processors, from the
 * data beside this file (README.md there says where each fact comes from and how sure it is).
 * The data is part of the program; only the lines asked for are parsed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define EC2_NEAREST_MAX 3

/* Strings are the data's own words; README.md has what each field means. */
struct ec2_type {
        char *name;
        char *hypervisor; /* "xen", "nitro", "bare-metal" (also a Nitro System) */
        char *vendor;     /* of the CPU: "Intel", "AMD", "AWS", "Apple", "NVIDIA" */
        struct strv arch; /* "x86_64", "arm64", ... */
        struct strv boot; /* "legacy-bios", "uefi"; empty: no source says */
        struct strv cpu;  /* processors it may land on */
        char *ena, *ebs_optimized, *ebs_limit;
        const char *credits; /* mode a burstable type starts in, or NULL: it is none */
        bool current_generation;
        int nitro;                    /* version of the Nitro System, 2 and later; 0: Xen */
        int vcpus, max_enis, ebs_max; /* ebs_max 0: no source says */
        int64_t mem_mib;
        int store_count, store_size_gb; /* instance store disks; 0: none */
        char *store_media;              /* "ssd", "hdd", or NULL */
        bool store_nvme;
};

/* 1 and the type, or 0: no such type. */
int ec2_type_find(const char *name, struct ec2_type *ret);
void ec2_type_done(struct ec2_type *t);
#define cleanup_ec2_type _cleanup_(ec2_type_done)

/* All types, sorted by name. */
struct ec2_types {
        struct ec2_type *v;
        size_t n, cap;
};
void ec2_types_load(struct ec2_types *ret);
void ec2_types_done(struct ec2_types *l);
#define cleanup_ec2_types _cleanup_(ec2_types_done)

/* Up to EC2_NEAREST_MAX types whose names are much like this one, the likeliest first. */
void ec2_type_nearest(const char *name, struct strv *ret);

/*
 * The flags that a machine of this type may show: those that any processor it may land on promises.
 * 1 and a sorted list, or 0: nothing is known of one of them.
 */
int ec2_flags_of(const struct ec2_type *type, struct strv *ret);

/* Sorted. */
struct ec2_flags {
        struct strv lost;      /* no processor of the target has it */
        struct strv uncertain; /* some have it, or had it until microcode took it away */
};

/*
 * Which of the instruction-set flags a machine shows (/proc/cpuinfo) the target does not promise.
 * Flags that no program executes, and words that only the kernel uses, are left out. 1, or 0 when
 * nothing is known of a processor the target may land on.
 */
int ec2_flags_compare(const struct ec2_type *target, const struct strv *shown,
                      struct ec2_flags *ret);
void ec2_flags_done(struct ec2_flags *f);
#define cleanup_ec2_flags _cleanup_(ec2_flags_done)
