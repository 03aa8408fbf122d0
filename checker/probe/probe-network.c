/* Under which name the first network card comes up on Nitro, and whether something configures it.
 */
#include <fnmatch.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/udevrule.h"
#include "probe/bootparam.h"
#include "probe/netconfig.h"
#include "probe/netnames.h"
#include "probe/probe.h"

#define INTERFACES     "/etc/network/interfaces"
#define CLOUD_TEMPLATE "/etc/network/cloud-interfaces-template"
#define CLOUD_HELPER   "/etc/network/cloud-ifupdown-helper"
#define CLOUD_RULES    "/etc/udev/rules.d/75-cloud-ifupdown.rules"
#define WANTS          "/etc/systemd/system/multi-user.target.wants"

struct look {
        const struct volume *volume;
        struct facts *facts;
        const char *nitro_name;
        bool covered;
        struct netreason reason; /* why it is not certain that nothing covers the card */
};

/* What cannot be looked at may be there, and is a reason not to be sure. */
static bool is_there(struct look *l, const char *path)
{
        cleanup_free char *target = NULL;
        struct err err = { 0 };
        struct stat st;
        int r = volume_readlink(l->volume, path, &target, &err);

        /* An enabled unit is a link; where it leads is not the question. */
        if (r == 0)
                r = volume_stat(l->volume, path, &st, &err);
        if (r < 0)
                netreason_set(&l->reason, path, "%s", err.text);
        return r > 0;
}

static bool is_any_there(struct look *l, const char *const *paths)
{
        for (; *paths; paths++)
                if (is_there(l, *paths))
                        return true;
        return false;
}

/* The first file of `dir` that matches; the caller frees it. A directory that cannot be read is a
 * reason not to be sure. */
static char *find_file(struct look *l, const char *dir, const char *pattern)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(l->volume, dir, &names, &err) < 0)
                netreason_set(&l->reason, dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++)
                if (fnmatch(pattern, names.v[i], FNM_PERIOD) == 0)
                        return xasprintf("%s/%s", dir, names.v[i]);
        return NULL;
}

static bool is_masked(const struct look *l, const char *path)
{
        cleanup_free char *target = NULL;

        return volume_readlink(l->volume, path, &target, NULL) > 0 && streq(target, "/dev/null");
}

/* ---- ifupdown ---- */

/* Who runs `ifup -a` at boot; allow-hotplug needs nobody but udev. */
static bool runs_autos(struct look *l)
{
        static const char *const enabled[] = {
                WANTS "/networking.service",
                "/etc/systemd/system/network-online.target.wants/networking.service",
                "/etc/systemd/system/sysinit.target.wants/networking.service",
                "/etc/init/networking.conf",
                NULL,
        };
        cleanup_free char *script = NULL;

        if (is_masked(l, "/etc/systemd/system/networking.service"))
                return false;
        if (is_any_there(l, enabled))
                return true;
        script = find_file(l, "/etc/rcS.d", "S[0-9][0-9]networking");
        return script != NULL;
}

static void publish_configured(struct look *l, const char *name, const char *by, const char *file,
                               size_t line, struct span text)
{
        char path[64];

        snprintf(path, sizeof(path), "/network/configured/%zu",
                 facts_count(l->facts, "/network/configured"));
        facts_set_evidence(l->facts, path, file, line, text);
        facts_set_str(l->facts, name, "%s/name", path);
        facts_set_str(l->facts, by, "%s/by", path);
}

static void publish_stanza(struct look *l, const struct netconfig *config, const char *file,
                           const struct ifupdown_stanza *s)
{
        for (size_t w = 0; w < s->words.n; w++) {
                const char *word = s->words.v[w], *equals = strchr(word, '=');
                const char *logical = equals ? equals + 1 : word;

                if (streq(logical, "lo"))
                        continue;
                if (!strchr(word, '/') && !netconfig_has_iface(config, logical))
                        facts_problem(l->facts, file, "line %zu: there is no iface stanza for %s",
                                      s->line, logical);
                else
                        publish_configured(l, word, "ifupdown", file, s->line, s->text);
        }
}

/* What ifup reads besides interfaces(5): false when that may keep it from its work. */
static bool look_at_defaults(struct look *l)
{
        static const char path[] = "/etc/default/networking";
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct lines lines;
        struct line line;

        if (volume_read(l->volume, path, VOLUME_CONFIG_MAX, &blob, &err) < 0) {
                netreason_set(&l->reason, path, "%s", err.text);
                return false;
        }
        lines = lines_of(blob_span(&blob));
        while (lines_next(&lines, &line)) {
                cleanup_free char *text = span_dup(line_strip(line.text));

                if (!str_startswith(text, "CONFIGURE_INTERFACES=") &&
                    !str_startswith(text, "EXCLUDE_INTERFACES="))
                        continue;
                netreason_set(&l->reason, path,
                              "line %zu may keep ifup from configuring a card, which is not "
                              "understood",
                              line.number);
                return false;
        }
        return true;
}

static void look_at_ifupdown(struct look *l, const struct netconfig *config)
{
        cleanup_netreason struct netreason reason = { 0 };
        bool autos = runs_autos(l);
        int r;

        for (size_t i = 0; i < config->n; i++)
                for (size_t s = 0; s < config->v[i].config.n; s++) {
                        const struct ifupdown_stanza *stanza = &config->v[i].config.v[s];

                        if (stanza->kind == IFUPDOWN_HOTPLUG ||
                            (stanza->kind == IFUPDOWN_AUTO && autos))
                                publish_stanza(l, config, config->v[i].path, stanza);
                }
        if (!l->nitro_name)
                return;
        r = netconfig_covers(config, l->nitro_name, autos, &reason);
        if (r == 0 && !autos && netconfig_covers(config, l->nitro_name, true, &reason) != 0)
                netreason_set(&l->reason, INTERFACES,
                              "no enabled service runs ifup for its \"auto\" lines");
        if (r < 0)
                netreason_set(&l->reason, reason.file, "%s", reason.text);
        l->covered |= r > 0;
}

/* ---- the helper of Debian's cloud images ---- */

/* Whether the rule runs the helper for the card: 1, 0, or -1 when it asks for more than a name. */
static int rule_matches(const struct udevrule *r, const char *name)
{
        int found = 0;

        for (size_t i = 0; i < r->n; i++) {
                const struct udevrule_pair *p = &r->v[i];
                const char *actual = streq(p->key, "SUBSYSTEM")        ? "net"
                                     : streq(p->key, "ACTION")         ? "add"
                                     : streq(p->key, "DRIVERS")        ? "ena"
                                     : streq(p->key, "ENV{INTERFACE}") ? name
                                                                       : NULL;
                bool match = streq(p->op, "==") || streq(p->op, "!=");

                if (streq(p->key, "RUN") && !match && streq(p->value, CLOUD_HELPER))
                        found = found < 0 ? found : 1;
                else if (match && !actual)
                        found = -1;
                else if (match && udevrule_glob(p->value, actual) != streq(p->op, "=="))
                        return 0;
        }
        return r->malformed ? 0 : found;
}

static void look_at_cloud_rule(struct look *l, const struct udevrule *r)
{
        const struct udevrule_pair *pattern = udevrule_find(r, "ENV{INTERFACE}");
        int match = rule_matches(r, l->nitro_name ? l->nitro_name : "eth0");

        if (match < 0)
                netreason_set(&l->reason, CLOUD_RULES, "line %zu is not understood", r->line);
        if (match <= 0)
                return;
        publish_configured(l, pattern ? pattern->value : "*", "cloud-ifupdown", CLOUD_RULES,
                           r->line, r->text);
        l->covered |= l->nitro_name != NULL;
}

/* It writes a stanza below /run from its template, which /etc/network/interfaces must include. */
static void look_at_cloud_helper(struct look *l, const struct netconfig *config)
{
        cleanup_netconfig struct netconfig template = { 0 };
        cleanup_udevrules struct udevrules rules = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };

        if (!config->includes_run || !is_there(l, CLOUD_HELPER) || is_masked(l, CLOUD_RULES))
                return;
        netconfig_load(l->volume, CLOUD_TEMPLATE, &template);
        if (template.broken.text) {
                netreason_set(&l->reason, template.broken.file, "%s", template.broken.text);
                return;
        }
        if (netconfig_covers(&template, "$INTERFACE", true, &l->reason) <= 0)
                return;
        if (volume_read(l->volume, CLOUD_RULES, UDEVRULE_MAX, &blob, &err) < 0 ||
            udevrules_parse(blob_span(&blob), &rules, &err) < 0) {
                netreason_set(&l->reason, CLOUD_RULES, "%s", err.text);
                return;
        }
        for (size_t i = 0; i < rules.n; i++)
                look_at_cloud_rule(l, &rules.v[i]);
}

/* ---- other network managers ---- */

static bool is_cloud_init_off(struct look *l)
{
        const char *all = bootparam_last(l->facts, "cloud-init");
        const char *network = bootparam_last(l->facts, "network-config");

        return is_there(l, "/etc/cloud/cloud-init.disabled") || streq(all, "disabled") ||
               streq(network, "disabled");
}

/* "network: {config: disabled}" on a line of its own. */
static bool disables_network(struct span text)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line)) {
                cleanup_buf struct buf dense = { 0 };

                for (size_t i = 0; i < line.text.len; i++)
                        if (!ascii_isblank(line.text.data[i]))
                                buf_putc(&dense, line.text.data[i]);
                if (span_eq(buf_span(&dense), "network:{config:disabled}"))
                        return true;
        }
        return false;
}

static void look_at_cloud_init(struct look *l)
{
        static const char dir[] = "/etc/cloud/cloud.cfg.d";
        cleanup_strv struct strv names = { 0 };

        if (!is_there(l, "/usr/bin/cloud-init") || is_cloud_init_off(l))
                return;
        volume_list(l->volume, dir, &names, NULL);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);
                cleanup_blob struct blob blob = { 0 };

                if (str_endswith(path, ".cfg") &&
                    volume_read(l->volume, path, VOLUME_CONFIG_MAX, &blob, NULL) > 0 &&
                    disables_network(blob_span(&blob)))
                        return;
        }
        netreason_set(&l->reason, "/etc/cloud/cloud.cfg",
                      "cloud-init may configure the network at boot, which is not understood yet");
}

static void look_at_netplan(struct look *l)
{
        static const char *const generators[] = {
                "/usr/lib/systemd/system-generators/netplan",
                "/lib/systemd/system-generators/netplan",
                "/usr/sbin/netplan",
                NULL,
        };
        static const char *const dirs[] = { "/etc/netplan", "/usr/lib/netplan", "/lib/netplan" };

        if (!is_any_there(l, generators))
                return;
        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_free char *path = find_file(l, dirs[i], "*.yaml");

                if (path)
                        netreason_set(&l->reason, path, "netplan is not understood yet");
        }
}

static void look_at_networkd(struct look *l)
{
        cleanup_free char *path = find_file(l, "/etc/systemd/network", "*.network");

        if (path && is_there(l, WANTS "/systemd-networkd.service"))
                netreason_set(&l->reason, path, "systemd-networkd is not understood yet");
}

static void look_at_managers(struct look *l)
{
        static const struct {
                const char *name, *enabled;
        } services[] = {
                { "NetworkManager", WANTS "/NetworkManager.service" },
                { "NetworkManager", "/etc/init/network-manager.conf" },
                { "connman", WANTS "/connman.service" },
                { "dhcpcd", WANTS "/dhcpcd.service" },
                { "wicked", WANTS "/wicked.service" },
        };

        look_at_netplan(l);
        look_at_networkd(l);
        for (size_t i = 0; i < ARRAY_SIZE(services); i++)
                if (is_there(l, services[i].enabled))
                        netreason_set(&l->reason, services[i].enabled, "%s is not understood yet",
                                      services[i].name);
        look_at_cloud_init(l);
}

/* ---- putting it together ---- */

static void publish_names(struct look *l, const struct netnames *names)
{
        if (!names->known) {
                facts_unknown(l->facts, "/network/naming", names->file, "%s", names->why);
                facts_unknown(l->facts, "/network/naming_text", names->file, "%s", names->why);
                facts_unknown(l->facts, "/network/nitro_name", names->file, "%s", names->why);
                return;
        }
        l->nitro_name = names->predictable ? "ens5" : "eth0";
        facts_set_str(l->facts, names->predictable ? "predictable" : "kernel", "/network/naming");
        facts_set_str(l->facts, names->why, "/network/naming_text");
        facts_set_str(l->facts, l->nitro_name, "/network/nitro_name");
        if (names->predictable && is_there(l, "/lib/udev/rules.d/71-biosdevname.rules"))
                facts_problem(l->facts, "/lib/udev/rules.d/71-biosdevname.rules",
                              "biosdevname is installed; it does nothing in a virtual machine, but "
                              "on a metal type it may give the network card another name");
}

/* False when the configuration of ifupdown is not all known. */
static bool look_at_interfaces(struct look *l)
{
        static const char *const ifup[] = { "/sbin/ifup", "/usr/sbin/ifup", NULL };
        static const char *const others[] = { "/usr/share/ifupdown2", "/usr/libexec/ifupdown-ng",
                                              "/usr/lib/ifupdown-ng", NULL };
        cleanup_netconfig struct netconfig config = { 0 };

        if (!is_any_there(l, ifup))
                return true; /* its files configure nothing */
        if (is_any_there(l, others)) {
                netreason_set(&l->reason, INTERFACES,
                              "ifupdown2 or ifupdown-ng reads it, which is not understood yet");
                return false;
        }
        netconfig_load(l->volume, INTERFACES, &config);
        if (config.broken.text) {
                netreason_set(&l->reason, config.broken.file, "%s", config.broken.text);
                return false;
        }
        if (!look_at_defaults(l))
                return false;
        look_at_ifupdown(l, &config);
        look_at_cloud_helper(l, &config);
        return true;
}

static void publish_covered(struct look *l, const struct netnames *names)
{
        if (!names->known)
                facts_unknown(l->facts, "/network/covered", names->file, "%s", names->why);
        else if (l->covered)
                facts_set_bool(l->facts, true, "/network/covered");
        else if (l->reason.text)
                facts_unknown(l->facts, "/network/covered", l->reason.file, "%s", l->reason.text);
        else if (facts_count(l->facts, "/network/configured") == 0)
                facts_unknown(
                        l->facts, "/network/covered", NULL,
                        "nothing was found that configures a network card at boot: no stanza "
                        "of ifupdown, no netplan, systemd-networkd, NetworkManager, cloud-init");
        else
                facts_set_bool(l->facts, false, "/network/covered");
}

static void run_network(struct probe_context *context)
{
        struct look l = { .volume = context->volume, .facts = context->facts };
        cleanup_netnames struct netnames names = { 0 };

        facts_set_array(l.facts, "/network/configured");
        netnames_find(context, &names);
        publish_names(&l, &names);
        if (!look_at_interfaces(&l))
                facts_unknown(l.facts, "/network/configured", l.reason.file, "%s", l.reason.text);
        look_at_managers(&l);
        publish_covered(&l, &names);
        netreason_done(&l.reason);
}

static const struct fact_decl network_facts[] = {
        { "/network/naming", FACT_STRING, "kernel (eth0) or predictable (ens5)" },
        { "/network/naming_text", FACT_STRING, "why" },
        { "/network/nitro_name", FACT_STRING, "name of the first network card on Nitro" },
        { "/network/configured", FACT_ARRAY, "interfaces brought up at boot, lo left out" },
        { "/network/configured/*/file", FACT_STRING, "where it is written" },
        { "/network/configured/*/line", FACT_INT, "its line" },
        { "/network/configured/*/text", FACT_STRING, "that line" },
        { "/network/configured/*/name", FACT_STRING, "a name or a pattern" },
        { "/network/configured/*/by", FACT_STRING, "ifupdown or cloud-ifupdown" },
        { "/network/covered", FACT_BOOL, "one of them configures that network card" },
        {}
};

const struct probe probe_network = {
        .name = "network",
        .needs = PROBE_NEEDS("os", "boot"),
        .provides = network_facts,
        .run = run_network,
};
