/*
 * What ifupdown brings up at boot: /etc/network/interfaces with everything it includes, and the
 * helper of Debian's cloud images that makes a stanza for every card udev finds
 * (https://salsa.debian.org/cloud-team/debian-cloud-images).
 */
#pragma once

#include "parse/ifupdown.h"
#include "volume/volume.h"

#define NETCONFIG_FILES_MAX 256
#define NETCONFIG_DEPTH_MAX 16   /* includes, and ifaces that inherit */
#define NETCONFIG_WORDS_MAX 5000 /* of all stanzas, and the stanzas themselves */

/* Why something is not known: the first reason counts. Strings are owned. */
struct netreason {
        char *file; /* in the volume; NULL: none */
        char *text;
};

struct netfile {
        char *path;
        struct blob blob;
        struct ifupdown config;
};

struct netconfig {
        struct netfile *v;
        size_t n, cap;
        size_t words;
        bool includes_run;       /* /run/network/interfaces.d is read */
        struct netreason broken; /* text set: ifup refuses it, or it is not understood */
};

/* Reads `path` and all it includes; what is not there is an empty configuration. */
void netconfig_load(const struct volume *v, const char *path, struct netconfig *ret);
void netconfig_done(struct netconfig *c);
#define cleanup_netconfig _cleanup_(netconfig_done)

/*
 * Whether the interface `name` gets an address at boot. `autos`: "auto" lines are acted upon, else
 * only "allow-hotplug". 1: yes; 0: no; -1: not to be told, *reason says why.
 */
int netconfig_covers(const struct netconfig *c, const char *name, bool autos,
                     struct netreason *reason);
/* Whether there is an iface stanza of this logical name. */
bool netconfig_has_iface(const struct netconfig *c, const char *logical);

/* The first reason stays; printf style. `file` may be NULL. */
void netreason_set(struct netreason *r, const char *file, const char *fmt, ...) _printf_(3, 4);
void netreason_done(struct netreason *r);
#define cleanup_netreason _cleanup_(netreason_done)
