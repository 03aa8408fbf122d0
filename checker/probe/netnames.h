/*
 * How udev names the first network card once it is a PCI device (ENA in slot 5 on Nitro).
 *   https://manpages.debian.org/bookworm/udev/systemd.link.5.en.html
 *   /usr/share/doc/udev/README.Debian.gz: predictable names are on since udev 220-7, that is from
 *   Debian 9 and Ubuntu 15.10, and how to turn them off
 *   https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/enhanced-networking-ena.html: ens5, eth0
 *   https://github.com/openSUSE/systemd, branches SLE12 to SLE15-SP6: eth0 unless net.ifnames=1
 */
#pragma once

#include <stdbool.h>

#include "probe/netplans.h"
#include "probe/probe.h"

enum netnames_kind {
        NETNAMES_KERNEL,
        NETNAMES_PREDICTABLE,
        NETNAMES_GIVEN, /* by a rule of the administrator, a .link file, netplan */
};

struct netnames {
        bool known;
        enum netnames_kind kind;
        char *name;         /* NULL when not known */
        bool by_mac;        /* that name is given by MAC address */
        struct strv others; /* then: the names that other MAC addresses get */
        char *why;  /* a piece of a sentence: what decides, or what is in the way when not known */
        char *file; /* in the volume; NULL: no file */
};

/* `plans` are those of the move: resized, or a copy (netlook.h). */
void netnames_find(const struct probe_context *context, const struct netplans *plans,
                   struct netnames *ret);
void netnames_done(struct netnames *n);
#define cleanup_netnames _cleanup_(netnames_done)
