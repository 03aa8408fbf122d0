/*
 * The part of netplan's YAML that says which network card gets an address, and which name.
 * https://netplan.readthedocs.io/en/stable/netplan-yaml/
 *
 * netplan reads several files as one: later ones add to, and override, the definitions of earlier
 * ones. So several are parsed, in netplan's order, into one struct.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define NETPLAN_MAX      (256u << 10) /* bytes of a file */
#define NETPLAN_DEFS_MAX 256

enum netplan_renderer {
        NETPLAN_DEFAULT, /* not said; in the end it is systemd-networkd */
        NETPLAN_NETWORKD,
        NETPLAN_NETWORKMANAGER,
        NETPLAN_OTHER,
};

/* An entry below "ethernets:". */
struct netplan_def {
        char *id;    /* the name of the card when there is no match */
        size_t file; /* of the first file that has it, as the caller counts */
        size_t line;
        bool has_match;
        char *match_name, *match_mac, *match_driver; /* globs, blanks between drivers; or NULL */
        char *set_name;                              /* or NULL */
        enum netplan_renderer renderer;              /* its own or that of "ethernets:" */
        bool dhcp4, dhcp6, addresses;
        bool held; /* activation-mode: manual or off */
};

struct netplan {
        struct netplan_def *v;
        size_t n, cap;
        enum netplan_renderer renderer;
        /* The first interface made out of others (bridges:, bonds: ...); NULL: none. */
        char *compound;
        size_t compound_file, compound_line;
};

/* Adds one file to *plan. -EINVAL: no YAML, or not netplan's; netplan then configures nothing.
 * -E2BIG: over a limit. What came before a fault stays. */
int netplan_parse(struct span text, size_t file, struct netplan *plan, struct err *err);
void netplan_done(struct netplan *p);
#define cleanup_netplan _cleanup_(netplan_done)
