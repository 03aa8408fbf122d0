/*
 * The part of cloud-init's configuration (#cloud-config, YAML) that names disks: what it mounts,
 * formats, partitions and grows, and the commands it runs.
 *   https://docs.cloud-init.io/en/latest/reference/modules.html
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define CLOUDCONFIG_MAX         (256u << 10) /* bytes of a file */
#define CLOUDCONFIG_ENTRIES_MAX 256

/* Aliases are not here: what stands for a device_aliases name is that device. */
enum cloudconfig_section {
        CLOUDCONFIG_MOUNTS,     /* once per instance, as are all but ... */
        CLOUDCONFIG_FS_SETUP,   /* mkfs */
        CLOUDCONFIG_DISK_SETUP, /* partition tables */
        CLOUDCONFIG_GROWPART,   /* ... this, at every boot ... */
        CLOUDCONFIG_BOOTCMD,    /* ... and this */
        CLOUDCONFIG_RUNCMD,
        _CLOUDCONFIG_SECTION_MAX,
};

struct cloudconfig_entry {
        enum cloudconfig_section section;
        /* A device ("xvdf" of mounts with /dev/ before it), or a command, which may have lines. */
        char *text;
        size_t line;     /* where the text begins */
        bool overwrites; /* fs_setup, disk_setup: what is on the disk does not matter */
};

struct cloudconfig {
        struct cloudconfig_entry *v;
        size_t n, cap;
};

/* -EINVAL: no YAML; cloud-init ignores the file. -E2BIG: over a limit. */
int cloudconfig_parse(struct span text, struct cloudconfig *ret, struct err *err);
void cloudconfig_done(struct cloudconfig *c);
#define cleanup_cloudconfig _cleanup_(cloudconfig_done)

/* "mounts", "fs_setup" ... */
const char *cloudconfig_section_name(enum cloudconfig_section section);
/* At every boot, and not only at the first of an instance. */
bool cloudconfig_is_always(enum cloudconfig_section section);
