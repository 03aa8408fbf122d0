/*
 * netplan's files of a volume, as one configuration. netplan reads *.yaml of /lib, /etc and /run; a
 * file hides those of its name in an earlier directory; all are read in the order of their names.
 * The kernel makes /run anew at every boot: it is not looked at.
 */
#pragma once

#include "parse/netplan.h"
#include "probe/netlook.h"

struct netplans {
        struct netplan plan;
        struct strv paths; /* by the `file` of a definition, and so the blobs */
        struct blob *blobs;
        enum netmatch mac; /* netlook.h */
};

/* Nothing when netplan is not installed. What netplan would refuse is a reason of `l`. */
void netplans_load(struct netlook *l, struct netplans *ret);
void netplans_done(struct netplans *p);
#define cleanup_netplans _cleanup_(netplans_done)

/* Never NETPLAN_DEFAULT. */
enum netplan_renderer netplans_renderer(const struct netplans *p, const struct netplan_def *d);
/* Whether the definition is for the first card on Nitro; `name` may be NULL, not known. */
enum netmatch netplans_match(const struct netplans *p, const struct netplan_def *d,
                             const char *name);
/* The definition that gives the card a name (set-name) whatever name it had, or NULL. */
const struct netplan_def *netplans_rename(const struct netplans *p);
/* Adds a definition that gives an address. */
void netplans_publish(struct netlook *l, const struct netplans *p, const struct netplan_def *d,
                      enum netmatch match);
