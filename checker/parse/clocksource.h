/*
 * Lines of boot files that choose a clock source through sysfs
 * (/sys/devices/system/clocksource/clocksource0/current_clocksource), in whatever language: a shell
 * redirection, sysfs.conf(5), tmpfiles.d(5), a tuned profile, an ExecStart=.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/*
 * The clock source this line selects: one of the kernel's names for x86 (xen, tsc, kvm-clock, hpet,
 * acpi_pm, hyperv_clocksource_tsc_page, jiffies, pit, refined-jiffies). False for a comment, and
 * for a line that names the file but no clock source (a read).
 */
bool clocksource_of_line(struct span line, struct span *ret_name);
