/*
 * /proc/cpuinfo: the flags of the first processor, "flags" on x86 and "Features" on arm64. All
 * processors of an EC2 instance are alike.
 */
#pragma once

#include "base/str.h"

#define CPUINFO_FILE_MAX  (16u << 20)
#define CPUINFO_FLAGS_MAX 4096

/* 1 and the flags in the kernel's order; 0: no such line. */
int cpuinfo_flags(struct span text, struct strv *ret);
