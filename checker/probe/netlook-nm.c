/*
 * NetworkManager: its own connection files, and the connection it makes for a wired card that has
 * none, unless it is told not to.
 *   https://networkmanager.dev/docs/api/latest/NetworkManager.conf.html (no-auto-default)
 *   https://networkmanager.dev/docs/api/latest/nm-settings-keyfile.html
 */
#include "base/xalloc.h"
#include "parse/inifile.h"
#include "probe/netlook.h"
#include "probe/netplans.h"

#define CONFIG "/etc/NetworkManager/NetworkManager.conf"

struct manager {
        struct netlook *look;
        char *no_auto_default, *unmanaged; /* as NetworkManager.conf has them; or NULL */
        bool has_device_sections;
        bool taken; /* a connection is for the card, whatever it does */
};

/* ---- what it is told ---- */

static void read_config(struct manager *m, const char *path)
{
        cleanup_inifile struct inifile ini = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };

        if (netlook_read(m->look, path, INIFILE_MAX, &blob) <= 0)
                return;
        if (inifile_parse(blob_span(&blob), INIFILE_GLIB, &ini, &err) < 0) {
                netreason_set(&m->look->reason, path, "%s", err.text);
                return;
        }
        for (size_t i = 0; i < ini.n; i++) {
                const struct inifile_pair *p = &ini.v[i];
                char **field = streq(p->section, "main") &&
                                               str_startswith(p->key, "no-auto-default")
                                       ? &m->no_auto_default
                               : streq(p->section, "keyfile") &&
                                               str_startswith(p->key, "unmanaged-devices")
                                       ? &m->unmanaged
                                       : NULL;

                if (str_startswith(p->section, "device") && streq(p->key, "managed"))
                        m->has_device_sections = true;
                if (!field)
                        continue;
                if (str_endswith(p->key, "+") && *field) {
                        char *longer = xasprintf("%s,%s", *field, p->value);

                        free(*field);
                        *field = longer;
                        continue;
                }
                free(*field);
                *field = xstrdup(p->value);
        }
}

static void read_config_dir(struct manager *m, const char *dir, const char *over)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(m->look->volume, dir, &names, &err) < 0)
                netreason_set(&m->look->reason, dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);
                cleanup_free char *hides = over ? xasprintf("%s/%s", over, names.v[i]) : NULL;

                if (str_endswith(path, ".conf") && (!hides || !netlook_has(m->look, hides)))
                        read_config(m, path);
        }
}

/* ---- connections ---- */

/* Names of one setting, ";" or "," between them; "!" and "|" and "&" before them are not
 * understood. */
static enum netmatch match_list(const char *list, const char *value)
{
        cleanup_free char *patterns = xstrdup(list);

        if (!value || strpbrk(list, "!&|"))
                return NETMATCH_UNKNOWN;
        for (char *p = patterns; *p; p++)
                if (*p == ';' || *p == ',')
                        *p = ' ';
        return netmatch_globs(patterns, value);
}

static enum netmatch match_connection(const struct netlook *l, const struct inifile *ini)
{
        enum netmatch all = NETMATCH_YES;

        for (size_t i = 0; i < ini->n; i++) {
                const struct inifile_pair *p = &ini->v[i];
                bool wired = streq(p->section, "ethernet") || streq(p->section, "802-3-ethernet");

                if (!*p->value)
                        continue;
                if (streq(p->section, "connection") && streq(p->key, "interface-name"))
                        all = netmatch_and(all, !l->nitro_name                   ? NETMATCH_UNKNOWN
                                                : streq(p->value, l->nitro_name) ? NETMATCH_YES
                                                                                 : NETMATCH_NO);
                else if (wired && streq(p->key, "mac-address"))
                        all = netmatch_and(all, l->mac);
                else if (wired && streq(p->key, "mac-address-blacklist"))
                        all = netmatch_and(all, NETMATCH_UNKNOWN);
                else if (streq(p->section, "match") && streq(p->key, "interface-name"))
                        all = netmatch_and(all, match_list(p->value, l->nitro_name));
                else if (streq(p->section, "match") && streq(p->key, "driver"))
                        all = netmatch_and(all, match_list(p->value, NETLOOK_DRIVER));
                else if (streq(p->section, "match") && streq(p->key, "path"))
                        all = netmatch_and(all, match_list(p->value, NETLOOK_PATH));
                else if (streq(p->section, "match"))
                        all = netmatch_and(all, NETMATCH_UNKNOWN);
        }
        return all;
}

static const char *value_of(const struct inifile *ini, const char *section, const char *key)
{
        const struct inifile_pair *p = inifile_find(ini, section, key);

        return p ? p->value : NULL;
}

static bool has_address(const struct inifile *ini)
{
        static const char *const methods[] = { "auto", "manual", "dhcp" };
        const char *v4 = value_of(ini, "ipv4", "method"), *v6 = value_of(ini, "ipv6", "method");

        for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
                if (streq(v4, methods[i]) || streq(v6, methods[i]))
                        return true;
        return false;
}

static void judge_connection(struct manager *m, const char *path, const struct inifile *ini)
{
        const struct inifile_pair *at = inifile_find(ini, "connection", "interface-name");
        const char *type = value_of(ini, "connection", "type");
        enum netmatch match = match_connection(m->look, ini);
        bool manual = streq(value_of(ini, "connection", "autoconnect"), "false");

        if (!streq(type, "ethernet") && !streq(type, "802-3-ethernet")) {
                if (!streq(type, "wifi") && !streq(type, "loopback"))
                        netreason_set(&m->look->reason, path,
                                      "a connection of type %s is not understood",
                                      type ? type : "unknown");
                return;
        }
        m->taken |= match == NETMATCH_YES || match == NETMATCH_MAC;
        if (!at)
                at = inifile_find(ini, "connection", "type");
        if (!manual && has_address(ini) && !value_of(ini, "connection", "master") &&
            !value_of(ini, "connection", "controller"))
                netlook_found(m->look, match, streq(at->key, "interface-name") ? at->value : "*",
                              "NetworkManager", path, at->line, at->text);
        else if (match != NETMATCH_NO)
                netreason_set(&m->look->reason, path,
                              "it takes the card and may give it no address at boot");
}

static void look_at_connections(struct manager *m, const char *dir)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(m->look->volume, dir, &names, &err) < 0)
                netreason_set(&m->look->reason, dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);
                cleanup_inifile struct inifile ini = { 0 };
                cleanup_blob struct blob blob = { 0 };

                if (names.v[i][0] == '.' || str_endswith(path, "~") ||
                    str_endswith(path, ".rpmsave") || str_endswith(path, ".rpmnew") ||
                    netlook_read(m->look, path, INIFILE_MAX, &blob) <= 0)
                        continue;
                if (inifile_parse(blob_span(&blob), INIFILE_GLIB, &ini, &err) < 0)
                        netreason_set(&m->look->reason, path, "%s", err.text);
                else
                        judge_connection(m, path, &ini);
        }
}

static void look_at_netplan(struct manager *m, const struct netplans *plans)
{
        for (size_t i = 0; i < plans->plan.n; i++) {
                const struct netplan_def *d = &plans->plan.v[i];
                enum netmatch match = netplans_match(plans, d, m->look->nitro_name);

                if (netplans_renderer(plans, d) != NETPLAN_NETWORKMANAGER)
                        continue;
                m->taken |= match == NETMATCH_YES || match == NETMATCH_MAC;
                if (!d->held && (d->dhcp4 || d->dhcp6 || d->addresses))
                        netplans_publish(m->look, plans, d, match);
        }
}

/* The connection for a wired card without one. */
static void look_at_default(struct manager *m)
{
        static const char state[] = "/var/lib/NetworkManager/no-auto-default.state";
        struct netlook *l = m->look;
        cleanup_blob struct blob blob = { 0 };
        const char *list = m->no_auto_default;

        if (m->taken || (list && strchr(list, '*')))
                return;
        if ((list && *list) || (netlook_read(l, state, INIFILE_MAX, &blob) > 0 && blob.len > 0))
                netreason_set(&l->reason, list && *list ? CONFIG : state,
                              "whether NetworkManager may configure the card by itself is only to "
                              "be told on the running machine");
        else
                netlook_found(l, NETMATCH_YES, "*", "NetworkManager", CONFIG, 0,
                              SPAN("no no-auto-default=*: it configures a wired card that has no "
                                   "connection"));
}

/* Ubuntu leaves everything but wireless cards to others, unless netplan says NetworkManager. */
static bool is_hands_off(const struct manager *m, const struct netplans *plans)
{
        return m->unmanaged && m->unmanaged[0] == '*' && !strstr(m->unmanaged, "ethernet") &&
               !strstr(m->unmanaged, "interface-name") &&
               plans->plan.renderer != NETPLAN_NETWORKMANAGER;
}

static void look_at_manager(struct manager *m, const struct netplans *plans)
{
        struct netlook *l = m->look;

        read_config_dir(m, "/usr/lib/NetworkManager/conf.d", "/etc/NetworkManager/conf.d");
        read_config(m, CONFIG);
        read_config_dir(m, "/etc/NetworkManager/conf.d", NULL);
        look_at_netplan(m, plans);
        if (is_hands_off(m, plans))
                return;
        if (m->has_device_sections || (m->unmanaged && *m->unmanaged && m->unmanaged[0] != '*')) {
                netreason_set(&l->reason, CONFIG,
                              "which cards NetworkManager leaves alone is not understood");
                return;
        }
        look_at_connections(m, "/etc/NetworkManager/system-connections");
        look_at_connections(m, "/usr/lib/NetworkManager/system-connections");
        look_at_default(m);
}

void netlook_networkmanager(struct netlook *l, const struct netplans *plans)
{
        struct manager m = { .look = l, .taken = l->covered };

        if (netlook_enabled(l, "NetworkManager.service"))
                look_at_manager(&m, plans);
        else if (netlook_has(l, "/etc/init/network-manager.conf"))
                netreason_set(&l->reason, "/etc/init/network-manager.conf",
                              "NetworkManager under Upstart is not understood");
        free(m.no_auto_default);
        free(m.unmanaged);
}
