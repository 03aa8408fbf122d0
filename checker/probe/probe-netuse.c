/*
 * Where else the names of network cards stand: firewalls, services, sysctl files, boot scripts. And
 * whether the name is one that a card has on Nitro, under the naming that the network probe found.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "parse/ifname.h"
#include "parse/lines.h"
#include "probe/netlook.h"
#include "probe/netuse.h"
#include "probe/probe.h"

#define NETUSE_MAX 200 /* of one list */

enum use_kind {
        USE_WORDS,      /* any name in a line counts */
        USE_INTERFACES, /* not what ifupdown is to bring up */
        USE_MASTER,     /* "master" of a CNI configuration */
        USE_DHCLIENT,   /* interface "eth0" { */
};

static const struct use {
        const char *dir, *pattern, *what;
        enum use_kind kind;
        const char *const *services; /* one of them reads it; NULL: it is always read */
        const char *chain;           /* of iptables: what lets connections in */
} uses[] = {
#define SERVICES(...) ((const char *const[]){ __VA_ARGS__, NULL })
        { "/etc/sysconfig", "iptables", "iptables", USE_WORDS, SERVICES("iptables"), "INPUT" },
        { "/etc/sysconfig", "ip6tables", "ip6tables", USE_WORDS, SERVICES("ip6tables"), NULL },
        { "/etc/iptables", "rules.v4", "iptables", USE_WORDS,
          SERVICES("netfilter-persistent", "iptables-persistent"), "INPUT" },
        { "/etc/iptables", "rules.v6", "ip6tables", USE_WORDS,
          SERVICES("netfilter-persistent", "iptables-persistent"), NULL },
        { "/etc", "nftables.conf", "nftables", USE_WORDS, SERVICES("nftables"), NULL },
        { "/etc/nftables", "*.nft", "nftables", USE_WORDS, SERVICES("nftables"), NULL },
        { "/etc/sysconfig", "nftables.conf", "nftables", USE_WORDS, SERVICES("nftables"), NULL },
        { "/etc/firewalld/zones", "*.xml", "firewalld", USE_WORDS, SERVICES("firewalld"), NULL },
        { "/etc/ufw", "*.rules", "ufw", USE_WORDS, SERVICES("ufw"), "ufw-user-input" },
        { "/etc/sysconfig", "SuSEfirewall2", "SuSEfirewall2", USE_WORDS, SERVICES("SuSEfirewall2"),
          NULL },
        { "/etc/shorewall", "interfaces", "shorewall", USE_WORDS, SERVICES("shorewall"), NULL },
        { "/etc", "sysctl.conf", "sysctl", USE_WORDS, NULL, NULL },
        { "/etc/sysctl.d", "*.conf", "sysctl", USE_WORDS, NULL, NULL },
        { "/etc/keepalived", "keepalived.conf", "keepalived", USE_WORDS, SERVICES("keepalived"),
          NULL },
        { "/etc/dhcp", "dhcpd.conf", "dhcpd", USE_WORDS, SERVICES("dhcpd", "isc-dhcp-server"),
          NULL },
        { "/etc/default", "isc-dhcp-server", "dhcpd", USE_WORDS, SERVICES("isc-dhcp-server"),
          NULL },
        { "/etc", "dnsmasq.conf", "dnsmasq", USE_WORDS, SERVICES("dnsmasq"), NULL },
        { "/etc/dnsmasq.d", "*", "dnsmasq", USE_WORDS, SERVICES("dnsmasq"), NULL },
        { "/etc/haproxy", "haproxy.cfg", "haproxy", USE_WORDS, SERVICES("haproxy"), NULL },
        { "/etc/samba", "smb.conf", "samba", USE_WORDS, SERVICES("smbd", "smb"), NULL },
        { "/etc/wireguard", "*.conf", "wireguard", USE_WORDS, NULL, NULL },
        { "/etc/openvpn", "*.conf", "openvpn", USE_WORDS, NULL, NULL },
        { "/etc/openvpn/server", "*.conf", "openvpn", USE_WORDS, NULL, NULL },
        { "/etc/sysconfig", "flanneld", "flannel", USE_WORDS, NULL, NULL },
        { "/etc/cni/net.d", "*", "cni", USE_MASTER, NULL, NULL },
        { "/etc/sysconfig", "network", "network", USE_WORDS, NULL, NULL },
        { "/etc/network", "interfaces", "ifupdown", USE_INTERFACES, NULL, NULL },
        { "/etc/network/if-up.d", "*", "script", USE_WORDS, NULL, NULL },
        { "/etc", "rc.local", "script", USE_WORDS, NULL, NULL },
        { "/etc/rc.d", "rc.local", "script", USE_WORDS, NULL, NULL },
        { "/etc/dhcp", "dhclient.conf", "dhclient", USE_DHCLIENT, NULL, NULL },
        { "/etc/resolvconf", "interface-order", "resolvconf", USE_DHCLIENT, NULL, NULL },
};

struct naming {
        const char *kind, *first; /* NULL: not known */
        bool by_mac;
};

struct scan {
        struct probe_context *context;
        struct netlook *look;
        const struct use *use;
        const char *path;
        struct naming naming;
        struct strv seen; /* one element for a name of a file */
};

/* ---- names ---- */

static long number_of(const char *name)
{
        return strtol(name + strcspn(name, "0123456789"), NULL, 10);
}

/* 1, 0, or -1: not known. What goes by MAC address keeps all names. */
static int stays(const struct naming *n, struct span name)
{
        cleanup_free char *copy = span_dup(name);

        if (!n->kind || !n->first)
                return -1;
        if (str_endswith(copy, "+"))
                return memcmp(n->first, copy, strlen(copy) - 1) == 0;
        if (streq(copy, n->first) || n->by_mac)
                return 1;
        if (streq(n->kind, "kernel"))
                return str_startswith(copy, "eth");
        if (streq(n->kind, "predictable"))
                return str_startswith(copy, "ens") && number_of(copy) >= 5 &&
                       strlen(copy) <= strlen("ens99");
        return -1;
}

static int stays_here(void *data, struct span name)
{
        return stays(data, name);
}

static struct naming find_naming(const struct facts *f)
{
        struct naming n = { .kind = facts_str(f, "/network/naming"),
                            .first = facts_str(f, "/network/nitro_name") };
        const char *text = facts_str(f, "/network/naming_text");

        n.by_mac = streq(n.kind, "given") && text && strstr(text, "MAC address");
        return n;
}

/* ---- what is found ---- */

/* Ubuntu starts ufw's service, which does nothing until somebody turns it on. */
static bool is_turned_on(struct scan *s)
{
        cleanup_blob struct blob blob = { 0 };

        if (!streq(s->use->what, "ufw"))
                return true;
        return netlook_read(s->look, "/etc/ufw/ufw.conf", VOLUME_CONFIG_MAX, &blob) > 0 &&
               memmem(blob.data, blob.len, "ENABLED=yes", strlen("ENABLED=yes"));
}

static bool is_read(struct scan *s)
{
        static const char *const dirs[] = { "/etc/rc.d/rc3.d", "/etc/rc3.d", "/etc/rc2.d",
                                            "/etc/rcS.d" };

        if (!s->use->services)
                return true;
        if (!is_turned_on(s))
                return false;
        for (size_t i = 0; s->use->services[i]; i++) {
                cleanup_free char *unit = xasprintf("%s.service", s->use->services[i]);
                cleanup_free char *script = xasprintf("S[0-9][0-9]%s", s->use->services[i]);

                if (netlook_enabled(s->look, unit))
                        return true;
                for (size_t d = 0; d < ARRAY_SIZE(dirs); d++) {
                        cleanup_free char *found = netlook_find(s->look, dirs[d], script);

                        if (found)
                                return true;
                }
        }
        return false;
}

static void publish(struct scan *s, const char *list, const struct line *line, struct span name)
{
        struct facts *f = s->context->facts;
        size_t n = facts_count(f, list);
        cleanup_free char *key = span_dup(name), *at = xasprintf("%s/%zu", list, n);
        int stay = stays(&s->naming, name);

        if (n >= NETUSE_MAX || strv_contains(&s->seen, key))
                return;
        strv_push(&s->seen, key);
        facts_set_evidence(f, at, s->path, line->number, line_strip(line->text));
        facts_set_span(f, name, "%s/name", at);
        facts_set_str(f, s->use->what, "%s/what", at);
        facts_set_bool(f, is_read(s), "%s/read", at);
        if (streq(list, "/netuse/mentions"))
                facts_set_bool(f, false, "%s/locks_out", at);
        if (stay >= 0) {
                facts_set_bool(f, stay > 0, "%s/stays", at);
        } else {
                cleanup_free char *path = xasprintf("%s/stays", at);
                const char *file = NULL;
                const char *why = facts_why_unknown(f, "/network/nitro_name", &file);

                facts_unknown(f, path, file, "%s",
                              why ? why : "which other names cards get is not known");
        }
}

static void publish_offload(struct scan *s, const struct line *line)
{
        static const char list[] = "/netuse/offload";
        cleanup_free char *at = xasprintf("%s/%zu", list, facts_count(s->context->facts, list));

        if (facts_count(s->context->facts, list) < NETUSE_MAX)
                facts_set_evidence(s->context->facts, at, s->path, line->number,
                                   line_strip(line->text));
}

/* ---- lines ---- */

static bool has(struct span s, const char *word)
{
        return memmem(s.data, s.len, word, strlen(word)) != NULL;
}

static bool begins(struct span s, const char *word)
{
        return s.len >= strlen(word) && memcmp(s.data, word, strlen(word)) == 0;
}

/* Segmentation and its like turned off: what helped Xen's driver. */
static bool turns_off(struct span text)
{
        static const char *const words[] = { "tso off", "sg off",   "gso off", "gro off", "tx off",
                                             "rx off",  "offload-", "lro off", "ufo off" };

        if (!has(text, "ethtool") && !has(text, "ETHTOOL_OPTS") && !begins(text, "offload-"))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (has(text, words[i]) && has(text, " off"))
                        return true;
        return false;
}

static bool counts(const struct scan *s, struct span text)
{
        static const char *const brought_up[] = { "auto ",  "allow-",  "iface ",
                                                  "source", "mapping", "no-auto-down" };

        switch (s->use->kind) {
        case USE_MASTER:
                return has(text, "\"master\"");
        case USE_DHCLIENT:
                return begins(text, "interface ") || streq(s->use->what, "resolvconf");
        case USE_INTERFACES:
                for (size_t i = 0; i < ARRAY_SIZE(brought_up); i++)
                        if (begins(text, brought_up[i]))
                                return false;
                return true;
        case USE_WORDS:
                return true;
        }
        return false;
}

static void scan_line(struct scan *s, const struct line *line)
{
        struct span text = line_strip(line->text), rest = text, name;
        const char *list = s->use->kind == USE_DHCLIENT ? "/netuse/dns" : "/netuse/mentions";

        if (text.len == 0 || text.data[0] == '#' || text.data[0] == ';' || begins(text, "//"))
                return;
        if (turns_off(text))
                publish_offload(s, line);
        if (!counts(s, text))
                return;
        while (ifname_next(&rest, &name))
                publish(s, list, line, name);
}

static void mark_locked_out(struct scan *s, struct span text)
{
        static const char list[] = "/netuse/mentions";
        struct facts *f = s->context->facts;
        bool ufw = streq(s->use->what, "ufw");

        if (!s->use->chain || !is_read(s) ||
            !netuse_locks_out(text, s->use->chain, ufw, stays_here, &s->naming))
                return;
        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *file = xasprintf("%s/%zu/file", list, i);

                if (streq(facts_str(f, file), s->path))
                        facts_set_bool(f, true, "%s/%zu/locks_out", list, i);
        }
}

static void look_at_file(struct scan *s)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct lines lines;
        struct line line;
        struct stat st;
        size_t before = facts_count(s->context->facts, "/netuse/mentions");
        int r = volume_stat(s->context->volume, s->path, &st, &err);

        if (r > 0 && !S_ISREG(st.st_mode))
                return; /* a directory of that name is another distribution's */
        if (r >= 0)
                r = volume_read(s->context->volume, s->path, VOLUME_CONFIG_MAX, &blob, &err);
        if (r < 0)
                facts_unknown(s->context->facts, "/netuse/mentions", s->path, "%s", err.text);
        lines = lines_of(blob_span(&blob));
        while (r > 0 && lines_next(&lines, &line))
                scan_line(s, &line);
        if (facts_count(s->context->facts, "/netuse/mentions") > before)
                mark_locked_out(s, blob_span(&blob));
}

/* Red Hat's rc.local leads to /etc/rc.d, Debian's sysctl.d to /etc/sysctl.conf. */
static bool is_elsewhere(const struct scan *s)
{
        cleanup_free char *target = NULL;

        return volume_readlink(s->context->volume, s->path, &target, NULL) > 0 &&
               (str_endswith(target, "rc.d/rc.local") || str_endswith(target, "/sysctl.conf") ||
                streq(target, "/dev/null"));
}

static void look_at_use(struct scan *s)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (strpbrk(s->use->pattern, "*?[")) {
                if (volume_list(s->context->volume, s->use->dir, &names, &err) < 0)
                        facts_unknown(s->context->facts, "/netuse/mentions", s->use->dir, "%s",
                                      err.text);
        } else {
                strv_push(&names, s->use->pattern);
        }
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", s->use->dir, names.v[i]);

                s->path = path;
                if (fnmatch(s->use->pattern, names.v[i], FNM_PERIOD) == 0 && !is_elsewhere(s))
                        look_at_file(s);
                strv_done(&s->seen);
                s->seen = (struct strv){ 0 };
        }
}

/* Several cards that are brought up by name: what becomes of the second and the next. */
static void look_at_cards(struct probe_context *context, const struct naming *naming)
{
        static const char from[] = "/network/configured", list[] = "/netuse/cards";
        struct facts *f = context->facts;
        cleanup_strv struct strv seen = { 0 };

        for (size_t i = 0; i < facts_count(f, from); i++) {
                cleanup_free char *source = xasprintf("%s/%zu", from, i);
                cleanup_free char *key = xasprintf("%s/name", source), *at = NULL;
                const char *name = facts_str(f, key);
                struct span rest = name ? span_of(name) : (struct span){ 0 }, found;
                int stay;

                if (!name || !ifname_next(&rest, &found) || found.len != strlen(name) ||
                    strv_contains(&seen, name))
                        continue;
                strv_push(&seen, name);
                if (seen.n < 2)
                        continue;
                at = xasprintf("%s/%zu", list, facts_count(f, list));
                facts_copy(f, at, f, source);
                stay = stays(naming, found);
                facts_set_bool(f, naming->by_mac, "%s/by_mac", at);
                if (stay >= 0)
                        facts_set_bool(f, stay > 0, "%s/stays", at);
        }
}

static void run_netuse(struct probe_context *context)
{
        struct netlook look = { .volume = context->volume, .facts = context->facts, .quiet = true };
        struct scan s = { .context = context,
                          .look = &look,
                          .naming = find_naming(context->facts) };

        facts_set_array(context->facts, "/netuse/mentions");
        facts_set_array(context->facts, "/netuse/offload");
        facts_set_array(context->facts, "/netuse/dns");
        facts_set_array(context->facts, "/netuse/cards");
        for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
                s.use = &uses[i];
                look_at_use(&s);
        }
        look_at_cards(context, &s.naming);
        netreason_done(&look.reason);
}

#define MENTION_DECLS(list)                                                                        \
        { list, FACT_ARRAY, "lines that name network cards, one for each name in a file" },        \
                { list "/*/name", FACT_STRING, "the name" },                                       \
                { list "/*/what", FACT_STRING, "iptables, sysctl, script ..." },                   \
                { list "/*/read", FACT_BOOL, "something that is started at boot reads the file" }, \
                { list "/*/stays", FACT_BOOL, "a card has that name on Nitro" },                   \
                { list "/*/file", FACT_STRING, "where it is written" },                            \
                { list "/*/line", FACT_INT, "its line" },                                          \
        {                                                                                          \
                list "/*/text", FACT_STRING, "that line"                                           \
        }

static const struct fact_decl netuse_facts[] = {
        MENTION_DECLS("/netuse/mentions"),
        { "/netuse/mentions/*/locks_out", FACT_BOOL,
          "true: on Nitro this firewall lets nobody in by SSH" },
        MENTION_DECLS("/netuse/dns"),
        { "/netuse/offload", FACT_ARRAY, "lines that turn off what the card can do by itself" },
        { "/netuse/offload/*/file", FACT_STRING, "where it is written" },
        { "/netuse/offload/*/line", FACT_INT, "its line" },
        { "/netuse/offload/*/text", FACT_STRING, "that line" },
        { "/netuse/cards", FACT_ARRAY, "further cards that are brought up, after the first" },
        { "/netuse/cards/*/name", FACT_STRING, "the name" },
        { "/netuse/cards/*/by", FACT_STRING, "who brings it up" },
        { "/netuse/cards/*/stays", FACT_BOOL, "a card has that name on Nitro" },
        { "/netuse/cards/*/by_mac", FACT_BOOL, "names go by MAC address" },
        { "/netuse/cards/*/file", FACT_STRING, "where it is written" },
        { "/netuse/cards/*/line", FACT_INT, "its line" },
        { "/netuse/cards/*/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_netuse = {
        .name = "netuse",
        .needs = PROBE_NEEDS("network"),
        .provides = netuse_facts,
        .run = run_netuse,
};
