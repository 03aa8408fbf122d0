/*
 * What happens at boot when a device that fstab names is not there. Sources:
 *   systemd     src/fstab-generator/fstab-generator.c, src/shared/generator.c, systemd.mount(5),
 * and boots of Debian 12 (systemd 252) in QEMU with such lines mountall    src/mountall.c of
 * Ubuntu's mountall 2.36 (Upstart, up to Ubuntu 14.10) Debian rc   checkroot.sh, checkfs.sh,
 * mountall.sh of sysvinit's initscripts rc.sysinit  of Red Hat and Amazon Linux 1 (sysvinit and
 * Upstart)
 */
#pragma once

#include <stdbool.h>

#include "parse/fstab.h"

enum fstab_reader {
        FSTAB_SYSTEMD,
        FSTAB_MOUNTALL,
        FSTAB_DEBIAN_RC,
        FSTAB_RC_SYSINIT,
};

struct fstab_effect {
        const char *name; /* no-boot, emergency, hang, degraded, harmless */
        const char *text; /* one sentence */
};

/*
 * Whether the reader takes the line at all; of the malformed ones systemd and mountall take those
 * that name a mount point.
 */
bool fstab_is_read(enum fstab_reader reader, const struct fstab_entry *e);

/* `option`: the device is named by this option ("device", "x-systemd.requires"), NULL by field 1.
 */
struct fstab_effect fstab_effect_of(enum fstab_reader reader, const struct fstab_entry *e,
                                    const char *option);

/*
 * What happens when the mount itself fails at once, for the kernel does not have that type, and
 * nothing on it is wanted. False: not known of that reader.
 */
bool fstab_effect_of_failure(enum fstab_reader reader, const struct fstab_entry *e,
                             struct fstab_effect *ret);

/* Whether a path of fstab is `path`, repeated and trailing slashes aside. */
bool fstab_path_eq(const char *written, const char *path);
/* The option is there, alone or with a value, in the spelling that libmount sees. */
bool fstab_has_option(const struct fstab_entry *e, const char *name);
