/*
 * Who configures the first network card on Nitro: one look per network stack, each in a file of its
 * own (netlook-*.c). What they have in common is here.
 *
 * A look adds what it finds to /network/configured and says, where it is certain, that the card is
 * covered. What it cannot tell is a reason: then nobody can say that nothing covers the card.
 *
 * Whose MAC address this machine's card has is not known offline. In an in-place resize the network
 * interface stays and its MAC address with it, so what matches by MAC address counts as matching;
 * `by_mac` remembers it. A copy of the machine has another one: all looks are done a second time
 * for it, with nothing that matches by MAC address.
 */
#pragma once

#include "facts.h"
#include "probe/netconfig.h"
#include "volume/volume.h"

#define NETLOOK_WANTS  "/etc/systemd/system/multi-user.target.wants"
#define NETLOOK_DRIVER "ena"
#define NETLOOK_PATH   "pci-0000:00:05.0" /* ID_PATH of the first card */

struct netplans;

/* What is asked of a card by a configuration that has to match it. */
enum netmatch {
        NETMATCH_NO,
        NETMATCH_YES,
        NETMATCH_MAC,     /* yes, if the MAC address is the card's */
        NETMATCH_UNKNOWN, /* only the running machine can tell */
};

struct netlook {
        const struct volume *volume;
        struct facts *facts;
        const char *nitro_name; /* of the card; NULL: not known */
        enum netmatch mac;      /* what the MAC address of the card in the configuration means:
                                 * NETMATCH_MAC, or NETMATCH_NO in a copy of the machine */
        bool quiet;             /* publishes nothing */
        bool covered, by_mac;
        char *renamed; /* the name the card gets by its MAC address from ifcfg files; or NULL */
        struct netreason reason; /* why it is not certain that nothing covers the card */
};

/* The weaker of two that both have to match. */
enum netmatch netmatch_and(enum netmatch a, enum netmatch b);
bool netmatch_glob(const char *pattern, const char *value);
/* Globs separated by blanks; the one without "!" before it, or not the ones after a leading "!". */
enum netmatch netmatch_globs(const char *patterns, const char *value);

/* Whether there is a file or a link, wherever the link leads: an enabled unit is one. What cannot
 * be looked at is a reason. */
bool netlook_has(struct netlook *l, const char *path);
bool netlook_has_any(struct netlook *l, const char *const *paths); /* NULL-terminated */
/* Whether it is a link to /dev/null. */
bool netlook_masked(const struct netlook *l, const char *path);
/* Whether systemd starts the service, "NAME.service", at boot. */
bool netlook_enabled(struct netlook *l, const char *service);
/* The first file of `dir` that matches the glob; the caller frees it. A directory that cannot be
 * read is a reason. */
char *netlook_find(struct netlook *l, const char *dir, const char *pattern);
/* 1: read; 0: not there, or masks a file of that name elsewhere; -1: a reason. */
int netlook_read(struct netlook *l, const char *path, size_t max, struct blob *ret);

/* Adds to /network/configured. */
void netlook_configured(struct netlook *l, const char *name, const char *by, const char *file,
                        size_t line, struct span text);
/* The same, and what the match means for the card. */
void netlook_found(struct netlook *l, enum netmatch match, const char *name, const char *by,
                   const char *file, size_t line, struct span text);

/* ---- the looks ---- */

/* False when ifupdown's configuration is not all known. */
bool netlook_ifupdown(struct netlook *l);
/* netplan and systemd-networkd, which most of netplan becomes. */
void netlook_networkd(struct netlook *l, const struct netplans *plans);
/* The ifcfg files of Red Hat's scripts, which NetworkManager reads, too, and of SUSE's wicked. */
void netlook_ifcfg(struct netlook *l);
/* NetworkManager's own files, and what it does without any. */
void netlook_networkmanager(struct netlook *l, const struct netplans *plans);
void netlook_cloud_init(struct netlook *l);
/*
 * Whether cloud-init writes the files of the network when a new instance starts for the first time:
 * 1, 0, -1 perhaps, -2 perhaps at every start (with a reason).
 */
int netlook_cloud_writes(struct netlook *l);
