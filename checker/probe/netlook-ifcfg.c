/*
 * The ifcfg files of Red Hat's family (the network script, NetworkManager) and of SUSE (wicked).
 *   https://github.com/fedora-sysv/initscripts/blob/master/doc/sysconfig.txt
 *   https://manpages.opensuse.org/Tumbleweed/wicked-service/ifcfg.5.en.html
 */
#include <fnmatch.h>
#include <strings.h>

#include "base/xalloc.h"
#include "parse/shellvar.h"
#include "probe/netlook.h"

#define RED_HAT_DIR "/etc/sysconfig/network-scripts"
#define SUSE_DIR    "/etc/sysconfig/network"
#define WICKED_DIR  "/etc/wicked/ifconfig"

/* The variables that count; NULL: not there. */
enum ifcfg_key {
        DEVICE,
        HWADDR,
        ONBOOT,
        BOOTPROTO,
        IPADDR,
        IPADDR0,
        TYPE,
        BRIDGE,
        MASTER,
        VLAN,
        NM_CONTROLLED,
        STARTMODE,
        BONDING_MASTER,
        ETHERDEVICE,
        IFCFG_KEYS,
};

struct ifcfg {
        const char *suffix; /* of the name of the file */
        char *path;
        struct blob blob;
        char *v[IFCFG_KEYS];
        struct shellvar evidence; /* the DEVICE= line, else the first; no value */
        size_t odd_line;
};

static void ifcfg_done(struct ifcfg *c)
{
        free(c->path);
        blob_done(&c->blob);
        for (size_t i = 0; i < IFCFG_KEYS; i++)
                free(c->v[i]);
}
#define cleanup_ifcfg _cleanup_(ifcfg_done)

static void ifcfg_read(struct ifcfg *c)
{
        static const char *const keys[IFCFG_KEYS] = {
                "DEVICE",        "HWADDR",    "ONBOOT",         "BOOTPROTO",   "IPADDR",
                "IPADDR0",       "TYPE",      "BRIDGE",         "MASTER",      "VLAN",
                "NM_CONTROLLED", "STARTMODE", "BONDING_MASTER", "ETHERDEVICE",
        };
        struct lines lines = lines_of(blob_span(&c->blob));
        struct shellvar var;

        while (shellvar_next(&lines, &var)) {
                cleanup_free char *value = var.value;

                var.value = NULL;
                if (!value && c->odd_line == 0)
                        c->odd_line = var.line;
                if (c->evidence.line == 0 || span_eq(var.name, "DEVICE"))
                        c->evidence = var;
                for (size_t k = 0; value && k < IFCFG_KEYS; k++)
                        if (span_eq(var.name, keys[k])) {
                                free(c->v[k]);
                                c->v[k] = xstrdup(value);
                        }
        }
}

static bool is(const struct ifcfg *c, enum ifcfg_key key, const char *value)
{
        return c->v[key] && strcasecmp(c->v[key], value) == 0;
}

/* What the scripts leave aside: copies, aliases of a card, the loopback. */
static bool is_left_aside(const char *suffix)
{
        static const char *const patterns[] = { "lo",     "*~",       "*.bak",     "*.old",
                                                "*.orig", "*.rpmnew", "*.rpmorig", "*.rpmsave",
                                                "*:*",    "*-range*", "*.swp",     "*.template" };

        for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
                if (fnmatch(patterns[i], suffix, 0) == 0)
                        return true;
        return false;
}

static enum netmatch match_name(const struct netlook *l, const char *name)
{
        if (!l->nitro_name)
                return NETMATCH_UNKNOWN;
        return streq(name, l->nitro_name) ? NETMATCH_YES : NETMATCH_NO;
}

static bool is_compound(const struct ifcfg *c)
{
        return c->v[BRIDGE] || c->v[MASTER] || is(c, VLAN, "yes") || c->v[ETHERDEVICE] ||
               is(c, BONDING_MASTER, "yes") ||
               (c->v[TYPE] && *c->v[TYPE] && !is(c, TYPE, "Ethernet"));
}

/* True: the file is of use; else a reason may have been given. */
static bool is_usable(struct netlook *l, const struct ifcfg *c)
{
        if (c->odd_line > 0)
                netreason_set(&l->reason, c->path, "line %zu is not a plain assignment",
                              c->odd_line);
        else if (is_compound(c))
                netreason_set(&l->reason, c->path,
                              "it makes an interface out of others, which is not understood");
        else
                return true;
        return false;
}

static bool has_address(const struct ifcfg *c)
{
        return is(c, BOOTPROTO, "dhcp") || is(c, BOOTPROTO, "bootp") || is(c, BOOTPROTO, "dhcp4") ||
               is(c, BOOTPROTO, "dhcp6") || c->v[IPADDR] || c->v[IPADDR0];
}

static void publish(struct netlook *l, const struct ifcfg *c, enum netmatch match, const char *name)
{
        if (has_address(c))
                netlook_found(l, match, name, "ifcfg", c->path, c->evidence.line, c->evidence.text);
        else if (match != NETMATCH_NO)
                netreason_set(&l->reason, c->path, "it gives %s no address", name);
}

/* ---- Red Hat ---- */

struct readers {
        bool script, manager;
        bool renames; /* a rule of udev gives the card with HWADDR= the name DEVICE= */
};

static enum netmatch match_red_hat(const struct netlook *l, const struct ifcfg *c,
                                   const struct readers *r)
{
        if (c->v[HWADDR])
                return r->renames || !c->v[DEVICE]
                               ? l->mac
                               : netmatch_and(match_name(l, c->v[DEVICE]), l->mac);
        if (c->v[DEVICE])
                return match_name(l, c->v[DEVICE]);
        return r->manager && !is(c, NM_CONTROLLED, "no") ? NETMATCH_YES : match_name(l, c->suffix);
}

static void look_at_red_hat(struct netlook *l, const struct ifcfg *c, const struct readers *r)
{
        const char *name = c->v[DEVICE] ? c->v[DEVICE] : c->v[HWADDR] ? c->v[HWADDR] : c->suffix;
        enum netmatch match;

        if (is(c, ONBOOT, "no") || (!r->script && is(c, NM_CONTROLLED, "no")) || !is_usable(l, c))
                return;
        match = match_red_hat(l, c, r);
        publish(l, c, match, name);
        if (match == NETMATCH_MAC && c->v[DEVICE] && r->renames && !l->renamed)
                l->renamed = xstrdup(c->v[DEVICE]);
}

static struct readers find_readers(struct netlook *l)
{
        static const char *const rules[] = { "/usr/lib/udev/rules.d/60-net.rules",
                                             "/lib/udev/rules.d/60-net.rules", NULL };
        static const char *const dirs[] = { "/etc/rc.d/rc3.d", "/etc/rc3.d" };
        struct readers r = {
                .manager = netlook_enabled(l, "NetworkManager.service"),
                .renames = netlook_has_any(l, rules) &&
                           !netlook_masked(l, "/etc/udev/rules.d/60-net.rules"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_free char *script = netlook_find(l, dirs[i], "S[0-9][0-9]network");
                cleanup_free char *manager = netlook_find(l, dirs[i], "S[0-9][0-9]NetworkManager");

                r.script |= script != NULL;
                r.manager |= manager != NULL;
        }
        if (netlook_masked(l, "/etc/systemd/system/network.service"))
                r.script = false;
        return r;
}

/* ---- SUSE ---- */

static void look_at_suse(struct netlook *l, const struct ifcfg *c)
{
        static const char *const starts[] = {
                "auto", "onboot", "on", "boot", "hotplug", "nfsroot"
        };

        for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
                if (is(c, STARTMODE, starts[i]) && is_usable(l, c))
                        publish(l, c, match_name(l, c->suffix), c->suffix);
}

/* network.service is another name of wicked's, or of NetworkManager's: whoever is enabled has it.
 */
static bool runs_suse(struct netlook *l)
{
        cleanup_free char *target = NULL, *script = NULL;

        if (netlook_enabled(l, "wicked.service"))
                return true;
        if (volume_readlink(l->volume, "/etc/systemd/system/network.service", &target, NULL) > 0 &&
            str_endswith(target, "/wicked.service"))
                return true;
        script = netlook_find(l, "/etc/init.d/rc3.d", "S[0-9][0-9]network");
        return script != NULL;
}

static void look_at_dir(struct netlook *l, const char *dir, const struct readers *red_hat)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(l->volume, dir, &names, &err) < 0)
                netreason_set(&l->reason, dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                const char *suffix = str_after(names.v[i], "ifcfg-");
                cleanup_ifcfg struct ifcfg c = { .suffix = suffix };

                if (!suffix || is_left_aside(suffix))
                        continue;
                c.path = xasprintf("%s/%s", dir, names.v[i]);
                if (netlook_read(l, c.path, VOLUME_CONFIG_MAX, &c.blob) <= 0)
                        continue;
                ifcfg_read(&c);
                if (red_hat)
                        look_at_red_hat(l, &c, red_hat);
                else
                        look_at_suse(l, &c);
        }
}

void netlook_ifcfg(struct netlook *l)
{
        struct readers readers = find_readers(l);
        cleanup_free char *xml = NULL;

        if (readers.script || readers.manager)
                look_at_dir(l, RED_HAT_DIR, &readers);
        if (!runs_suse(l))
                return;
        look_at_dir(l, SUSE_DIR, NULL);
        xml = netlook_find(l, WICKED_DIR, "*.xml");
        if (xml)
                netreason_set(&l->reason, xml, "wicked's own files are not understood");
}
