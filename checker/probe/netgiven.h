/*
 * Names of network cards given by the administrator: NAME= in udev's rules, and .link files.
 *   https://www.freedesktop.org/software/systemd/man/latest/systemd.link.html
 *
 * A rule that names by MAC address, as 75-persistent-net-generator.rules wrote them, keeps the name
 * when the machine moves with its network interface. One that asks for the driver or the bus of Xen
 * does not match on Nitro.
 */
#pragma once

#include "probe/netlook.h"
#include "probe/probe.h"

enum netgiven_kind {
        NETGIVEN_NOT,     /* nothing here names the card */
        NETGIVEN_NAME,    /* `name` */
        NETGIVEN_KERNEL,  /* it keeps the kernel's */
        NETGIVEN_UNKNOWN, /* cannot be told */
};

struct netgiven {
        enum netgiven_kind kind;
        char *name;
        bool by_mac;        /* it is known by its MAC address */
        struct strv others; /* then: the names that other MAC addresses get */
        char *file;         /* in the volume */
        char *why;
};

/* `mac`: as in struct netlook. Rules in /etc; a rule for Xen only is a problem of the facts. */
void netgiven_rules(const struct probe_context *context, enum netmatch mac, struct netgiven *ret);
/*
 * The first .link file that matches, before systemd's own 99-default.link. `policy`: whether
 * NamePolicy= counts: 1, 0 (net.ifnames=0), -1 not known.
 */
void netgiven_links(const struct probe_context *context, int policy, enum netmatch mac,
                    struct netgiven *ret);
void netgiven_done(struct netgiven *g);
#define cleanup_netgiven _cleanup_(netgiven_done)
