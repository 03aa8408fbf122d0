#include <stdio.h>

#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/udevrule.h"
#include "probe/netconfig.h"
#include "probe/netlook.h"

#define INTERFACES     "/etc/network/interfaces"
#define CLOUD_TEMPLATE "/etc/network/cloud-interfaces-template"
#define CLOUD_HELPER   "/etc/network/cloud-ifupdown-helper"
#define CLOUD_RULES    "/etc/udev/rules.d/75-cloud-ifupdown.rules"

/* Who runs `ifup -a` at boot; allow-hotplug needs nobody but udev. */
static bool runs_autos(struct netlook *l)
{
        static const char *const enabled[] = {
                NETLOOK_WANTS "/networking.service",
                "/etc/systemd/system/network-online.target.wants/networking.service",
                "/etc/systemd/system/sysinit.target.wants/networking.service",
                "/etc/init/networking.conf",
                NULL,
        };
        cleanup_free char *script = NULL;

        if (netlook_masked(l, "/etc/systemd/system/networking.service"))
                return false;
        if (netlook_has_any(l, enabled))
                return true;
        script = netlook_find(l, "/etc/rcS.d", "S[0-9][0-9]networking");
        return script != NULL;
}

static void publish_stanza(struct netlook *l, const struct netconfig *config, const char *file,
                           const struct ifupdown_stanza *s)
{
        if (l->quiet)
                return;
        for (size_t w = 0; w < s->words.n; w++) {
                const char *word = s->words.v[w], *equals = strchr(word, '=');
                const char *logical = equals ? equals + 1 : word;

                if (streq(logical, "lo"))
                        continue;
                if (!strchr(word, '/') && !netconfig_has_iface(config, logical))
                        facts_problem(l->facts, file, "line %zu: there is no iface stanza for %s",
                                      s->line, logical);
                else
                        netlook_configured(l, word, "ifupdown", file, s->line, s->text);
        }
}

/* What ifup reads besides interfaces(5): false when that may keep it from its work. */
static bool look_at_defaults(struct netlook *l)
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

static void look_at_ifupdown(struct netlook *l, const struct netconfig *config)
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

static void look_at_cloud_rule(struct netlook *l, const struct udevrule *r)
{
        const struct udevrule_pair *pattern = udevrule_find(r, "ENV{INTERFACE}");
        int match = rule_matches(r, l->nitro_name ? l->nitro_name : "eth0");

        if (match < 0)
                netreason_set(&l->reason, CLOUD_RULES, "line %zu is not understood", r->line);
        if (match <= 0)
                return;
        netlook_configured(l, pattern ? pattern->value : "*", "cloud-ifupdown", CLOUD_RULES,
                           r->line, r->text);
        l->covered |= l->nitro_name != NULL;
}

/* It writes a stanza below /run from its template, which /etc/network/interfaces must include. */
static void look_at_cloud_helper(struct netlook *l, const struct netconfig *config)
{
        cleanup_netconfig struct netconfig template = { 0 };
        cleanup_udevrules struct udevrules rules = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };

        if (!config->includes_run || !netlook_has(l, CLOUD_HELPER) ||
            netlook_masked(l, CLOUD_RULES))
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

bool netlook_ifupdown(struct netlook *l)
{
        static const char *const ifup[] = { "/sbin/ifup", "/usr/sbin/ifup", NULL };
        static const char *const others[] = { "/usr/share/ifupdown2", "/usr/libexec/ifupdown-ng",
                                              "/usr/lib/ifupdown-ng", NULL };
        cleanup_netconfig struct netconfig config = { 0 };

        if (!netlook_has_any(l, ifup))
                return true; /* its files configure nothing */
        if (netlook_has_any(l, others)) {
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
