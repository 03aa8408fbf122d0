#include <stdlib.h>

#include "base/xalloc.h"
#include "parse/inifile.h"
#include "probe/netlook.h"
#include "probe/netplans.h"

/* A .network file, or what netplan makes one of; the first that matches the card has it. */
struct candidate {
        char *name; /* without the directory: they are sorted by it */
        char *path; /* NULL: netplan's */
        const struct netplan_def *def;
};

struct candidates {
        struct candidate *v;
        size_t n, cap;
};

static void candidates_done(struct candidates *c)
{
        for (size_t i = 0; i < c->n; i++) {
                free(c->v[i].name);
                free(c->v[i].path);
        }
        free(c->v);
}
#define cleanup_candidates _cleanup_(candidates_done)

static int compare(const void *a, const void *b)
{
        return strcmp(((const struct candidate *)a)->name, ((const struct candidate *)b)->name);
}

/* A file hides those of its name in later directories, also when it is empty. */
static void collect_files(struct netlook *l, struct candidates *c)
{
        static const char *const dirs[] = { "/etc/systemd/network",
                                            "/usr/local/lib/systemd/network",
                                            "/usr/lib/systemd/network", "/lib/systemd/network" };

        for (size_t d = 0; d < ARRAY_SIZE(dirs); d++) {
                cleanup_strv struct strv names = { 0 };
                struct err err = { 0 };

                if (volume_list(l->volume, dirs[d], &names, &err) < 0)
                        netreason_set(&l->reason, dirs[d], "%s", err.text);
                for (size_t i = 0; i < names.n; i++) {
                        bool hidden = !str_endswith(names.v[i], ".network");

                        for (size_t k = 0; k < c->n; k++)
                                hidden |= streq(c->v[k].name, names.v[i]);
                        if (!hidden)
                                *ARRAY_PUSH(&c->v, &c->n, &c->cap) = (struct candidate){
                                        .name = xstrdup(names.v[i]),
                                        .path = xasprintf("%s/%s", dirs[d], names.v[i]),
                                };
                }
        }
}

/* ---- a .network file ---- */

static enum netmatch match_key(const struct netlook *l, const char *key, const char *value)
{
        if (streq(key, "MACAddress") || streq(key, "PermanentMACAddress"))
                return l->mac;
        if (streq(key, "Name"))
                return l->nitro_name ? netmatch_globs(value, l->nitro_name) : NETMATCH_UNKNOWN;
        if (streq(key, "OriginalName"))
                return NETMATCH_UNKNOWN;
        if (streq(key, "Driver"))
                return netmatch_globs(value, NETLOOK_DRIVER);
        if (streq(key, "Path"))
                return netmatch_globs(value, NETLOOK_PATH);
        if (streq(key, "Type"))
                return netmatch_globs(value, "ether");
        if (streq(key, "Kind")) /* a card has none */
                return value[0] == '!' ? NETMATCH_YES : NETMATCH_NO;
        if (streq(key, "WLANInterfaceType") || streq(key, "SSID") || streq(key, "BSSID"))
                return NETMATCH_NO;
        if (streq(key, "Architecture"))
                return netmatch_globs(value, "x86-64");
        return NETMATCH_UNKNOWN;
}

/* A key given twice: an empty value forgets, else one of them must match. */
static enum netmatch match_file(const struct netlook *l, const struct inifile *ini)
{
        enum netmatch all = NETMATCH_YES;
        bool any = false;

        for (size_t i = 0; i < ini->n; i++) {
                const struct inifile_pair *p = &ini->v[i];

                if (!streq(p->section, "Match") || !*p->value)
                        continue;
                any = true;
                if (inifile_find(ini, "Match", p->key) != p)
                        all = netmatch_and(all, NETMATCH_UNKNOWN);
                else
                        all = netmatch_and(all, match_key(l, p->key, p->value));
        }
        return any ? all : NETMATCH_UNKNOWN;
}

/* The line that gives an address, or NULL. */
static const struct inifile_pair *find_address(const struct inifile *ini)
{
        static const char *const on[] = { "yes", "true", "1",    "on",   "y",
                                          "t",   "ipv4", "ipv6", "both", "v4" };
        const struct inifile_pair *dhcp = inifile_find(ini, "Network", "DHCP"), *address;

        for (size_t i = 0; dhcp && i < ARRAY_SIZE(on); i++)
                if (streq(dhcp->value, on[i]))
                        return dhcp;
        address = inifile_find(ini, "Network", "Address");
        if (!address)
                address = inifile_find(ini, "Address", "Address");
        return address && *address->value ? address : NULL;
}

/* What a file calls the cards it is for. */
static const char *name_cards(const struct inifile *ini)
{
        static const char *const keys[] = { "Name",   "MACAddress", "PermanentMACAddress",
                                            "Driver", "Path",       "Type" };

        for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
                const struct inifile_pair *p = inifile_find(ini, "Match", keys[i]);

                if (p && *p->value)
                        return p->value;
        }
        return "*";
}

/* True: the card is taken. */
static bool look_at_file(struct netlook *l, const char *path)
{
        cleanup_inifile struct inifile ini = { 0 };
        cleanup_blob struct blob blob = { 0 };
        cleanup_free char *drop_ins = xasprintf("%s.d", path), *drop_in = NULL;
        struct err err = { 0 };
        const struct inifile_pair *address;
        enum netmatch match;

        if (netlook_read(l, path, INIFILE_MAX, &blob) <= 0)
                return false;
        if (inifile_parse(blob_span(&blob), INIFILE_SYSTEMD, &ini, &err) < 0) {
                netreason_set(&l->reason, path, "%s", err.text);
                return false;
        }
        if (ini.n == 0)
                return false;
        drop_in = netlook_find(l, drop_ins, "*.conf");
        match = drop_in ? NETMATCH_UNKNOWN : match_file(l, &ini);
        address = find_address(&ini);
        if (address && (match != NETMATCH_NO || str_startswith(path, "/etc/")))
                netlook_found(l, match, name_cards(&ini), "systemd-networkd", path, address->line,
                              address->text);
        else if (match != NETMATCH_NO)
                netreason_set(&l->reason, path,
                              "it may take the card, and what it makes of it is not understood");
        return match == NETMATCH_YES || match == NETMATCH_MAC;
}

/* ---- netplan ---- */

static bool look_at_def(struct netlook *l, const struct netplans *plans,
                        const struct netplan_def *d)
{
        enum netmatch match = netplans_match(plans, d, l->nitro_name);

        if (d->held || (!d->dhcp4 && !d->dhcp6 && !d->addresses)) {
                if (match != NETMATCH_NO)
                        netreason_set(&l->reason, plans->paths.v[d->file],
                                      "line %zu gives %s no address at boot", d->line, d->id);
        } else {
                netplans_publish(l, plans, d, match);
        }
        return match == NETMATCH_YES || match == NETMATCH_MAC;
}

static bool runs(struct netlook *l, const struct candidates *c)
{
        static const char service[] = "systemd-networkd.service";

        /* netplan has it started when it has something for it. */
        for (size_t i = 0; i < c->n; i++)
                if (c->v[i].def)
                        return !netlook_masked(l, "/etc/systemd/system/systemd-networkd.service");
        return netlook_enabled(l, service);
}

void netlook_networkd(struct netlook *l, const struct netplans *plans)
{
        cleanup_candidates struct candidates c = { 0 };

        for (size_t i = 0; i < plans->plan.n; i++) {
                const struct netplan_def *d = &plans->plan.v[i];

                if (netplans_renderer(plans, d) == NETPLAN_NETWORKD)
                        *ARRAY_PUSH(&c.v, &c.n, &c.cap) = (struct candidate){
                                .name = xasprintf("10-netplan-%s.network", d->id), .def = d
                        };
        }
        if (!runs(l, &c))
                return;
        collect_files(l, &c);
        if (c.n > 1)
                qsort(c.v, c.n, sizeof(*c.v), compare);
        for (size_t i = 0; i < c.n; i++)
                if (c.v[i].def ? look_at_def(l, plans, c.v[i].def) : look_at_file(l, c.v[i].path))
                        return;
}
