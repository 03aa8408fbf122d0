/*
 * What in the configuration of the network belongs to this one machine: MAC addresses that rules
 * and files wait for, or give to a card, and addresses of the VPC that are written out. A change of
 * the instance type keeps them all; a copy of the machine has others.
 *   https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/enhanced-networking-ena.html: rules of
 *   70-persistent-net.rules are to be removed before an image is made
 *   https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/scenarios-enis.html: a MAC address belongs
 * to its network interface
 */
#include <fnmatch.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/udevrule.h"
#include "probe/netlook.h"
#include "probe/probe.h"

#define NETOWN_MAX 200 /* of one list */

enum place_kind {
        PLACE_UDEV,
        PLACE_IFCFG,
        PLACE_YAML,
        PLACE_SYSTEMD,
        PLACE_KEYFILE,
        PLACE_IFUPDOWN,
};

static const struct place {
        const char *dir, *pattern;
        enum place_kind kind;
} places[] = {
        { "/etc/udev/rules.d", "*.rules", PLACE_UDEV },
        { "/etc/sysconfig/network-scripts", "ifcfg-*", PLACE_IFCFG },
        { "/etc/sysconfig/network", "ifcfg-*", PLACE_IFCFG },
        { "/etc/netplan", "*.yaml", PLACE_YAML },
        { "/etc/cloud/cloud.cfg.d", "*.cfg", PLACE_YAML },
        { "/etc/systemd/network", "*.network", PLACE_SYSTEMD },
        { "/etc/systemd/network", "*.link", PLACE_SYSTEMD },
        { "/etc/NetworkManager/system-connections", "*", PLACE_KEYFILE },
        { "/etc/network", "interfaces", PLACE_IFUPDOWN },
        { "/etc/network/interfaces.d", "*", PLACE_IFUPDOWN },
};

struct scan {
        struct probe_context *context;
        enum place_kind kind;
        const char *path;
        bool rewritten;      /* cloud-init wrote the file, and does so for a new instance */
        char section[32];    /* systemd: between the brackets */
        size_t match_indent; /* YAML: of the last "match:" and one; 0: not below one */
        size_t names_indent; /* the same of "nameservers:" */
};

/* ---- addresses in a line ---- */

static bool is_hex(char c)
{
        return ascii_isdigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The first MAC address that a card may have; NULL: none. The caller frees it. */
static char *find_mac(struct span s)
{
        static const char *const nobody[] = { "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff" };

        for (size_t i = 0; i + 17 <= s.len; i++) {
                char mac[18] = { 0 };
                bool good = (i == 0 || (!is_hex(s.data[i - 1]) && s.data[i - 1] != ':')) &&
                            (i + 17 == s.len || (!is_hex(s.data[i + 17]) && s.data[i + 17] != ':'));

                for (size_t k = 0; good && k < 17; k++) {
                        char c = s.data[i + k];

                        good = k % 3 == 2 ? c == ':' || c == '-' : is_hex(c);
                        mac[k] = (char)(k % 3 == 2 ? ':' : c >= 'A' && c <= 'F' ? c + 32 : c);
                }
                if (good && !streq(mac, nobody[0]) && !streq(mac, nobody[1]))
                        return xstrdup(mac);
        }
        return NULL;
}

/* The first IPv4 address that a card of a VPC may have. The caller frees it. */
static char *find_address(struct span s)
{
        for (size_t i = 0; i < s.len; i++) {
                cleanup_free char *text = NULL;
                unsigned a, b, c, d;
                int n = 0;

                if (!ascii_isdigit(s.data[i]) ||
                    (i > 0 && (ascii_isalnum(s.data[i - 1]) || s.data[i - 1] == '.')))
                        continue;
                text = xmemdup0(s.data + i, s.len - i < 16 ? s.len - i : 16);
                if (sscanf(text, "%3u.%3u.%3u.%3u%n", &a, &b, &c, &d, &n) != 4 || a > 255 ||
                    b > 255 || c > 255 || d > 255)
                        continue;
                if (a == 0 || a == 127 || a == 255 || (a == 169 && b == 254))
                        continue;
                text[n] = '\0';
                return TAKE_PTR(text);
        }
        return NULL;
}

/* ---- what a line does with one ---- */

/* Behind blanks and the "-" of a list. */
static struct span key_of(struct span line)
{
        struct span s = line_strip(line);

        while (s.len > 0 && (s.data[0] == '-' || ascii_isblank(s.data[0])))
                s = (struct span){ s.data + 1, s.len - 1 };
        return s;
}

static bool begins(struct span s, const char *word)
{
        return s.len >= strlen(word) && memcmp(s.data, word, strlen(word)) == 0;
}

static bool has(struct span s, const char *word)
{
        return memmem(s.data, s.len, word, strlen(word)) != NULL;
}

/* "matches": it is for the card with that address; "sets": it gives it to a card; NULL: neither. */
static const char *role_of(const struct scan *s, struct span line)
{
        struct span key = key_of(line);

        switch (s->kind) {
        case PLACE_IFCFG:
                return begins(key, "HWADDR=")                              ? "matches"
                       : begins(key, "MACADDR=") || begins(key, "LLADDR=") ? "sets"
                                                                           : NULL;
        case PLACE_YAML:
                if (!has(line, "macaddress") && !has(line, "mac_address"))
                        return NULL;
                return s->match_indent > 0 || has(line, "match") || begins(key, "mac_address")
                               ? "matches"
                               : "sets";
        case PLACE_SYSTEMD:
                if (!begins(key, "MACAddress=") && !begins(key, "PermanentMACAddress="))
                        return NULL;
                return streq(s->section, "Match")  ? "matches"
                       : streq(s->section, "Link") ? "sets"
                                                   : NULL;
        case PLACE_KEYFILE:
                return begins(key, "mac-address=")          ? "matches"
                       : begins(key, "cloned-mac-address=") ? "sets"
                                                            : NULL;
        case PLACE_IFUPDOWN:
                return begins(key, "hwaddress") ? "sets" : has(line, "mac/") ? "matches" : NULL;
        case PLACE_UDEV:
                break;
        }
        return NULL;
}

/* "- 10.0.0.5/24" of YAML, quoted or not; not "- to: 10.0.0.0/8". */
static bool is_list_of_numbers(struct span s)
{
        return s.len > 2 && s.data[0] == '-' && s.data[1] == ' ' &&
               (ascii_isdigit(s.data[2]) || strchr("'\"", s.data[2]));
}

static bool gives_address(const struct scan *s, struct span line)
{
        struct span key = key_of(line);

        switch (s->kind) {
        case PLACE_IFCFG:
                return begins(key, "IPADDR");
        case PLACE_YAML:
                return s->names_indent == 0 && !has(line, "nameservers") &&
                       (has(line, "addresses") || is_list_of_numbers(line_strip(line)));
        case PLACE_SYSTEMD:
                return begins(key, "Address=");
        case PLACE_KEYFILE:
                return begins(key, "address");
        case PLACE_IFUPDOWN:
                return begins(key, "address ") || begins(key, "address\t");
        case PLACE_UDEV:
                break;
        }
        return false;
}

static void publish_mac(struct scan *s, size_t number, struct span text, const char *mac,
                        const char *role, bool xen_only)
{
        struct facts *f = s->context->facts;
        size_t n = facts_count(f, "/netown/macs");
        char path[64];

        if (n >= NETOWN_MAX)
                return;
        snprintf(path, sizeof(path), "/netown/macs/%zu", n);
        facts_set_evidence(f, path, s->path, number, text);
        facts_set_str(f, mac, "%s/mac", path);
        facts_set_str(f, role, "%s/role", path);
        facts_set_bool(f, xen_only, "%s/xen_only", path);
        facts_set_str(f,
                      s->rewritten ? "cloud-init writes this file anew when a new instance starts "
                                     "for the first time"
                                   : NULL,
                      "%s/rewritten", path);
}

static void publish_address(struct scan *s, size_t number, struct span text, const char *address)
{
        struct facts *f = s->context->facts;
        size_t n = facts_count(f, "/netown/addresses");
        char path[64];

        if (n >= NETOWN_MAX)
                return;
        snprintf(path, sizeof(path), "/netown/addresses/%zu", n);
        facts_set_evidence(f, path, s->path, number, text);
        facts_set_str(f, address, "%s/address", path);
        facts_set_str(f,
                      s->rewritten ? "cloud-init writes this file anew when a new instance starts "
                                     "for the first time"
                                   : NULL,
                      "%s/rewritten", path);
}

/* ---- files ---- */

static void follow(struct scan *s, struct span line)
{
        struct span text = line_strip(line);
        size_t indent = 0;

        if (s->kind == PLACE_SYSTEMD && text.len > 2 && text.data[0] == '[')
                snprintf(s->section, sizeof(s->section), "%.*s", (int)(text.len - 2),
                         text.data + 1);
        if (s->kind != PLACE_YAML)
                return;
        while (indent < line.len && line.data[indent] == ' ')
                indent++;
        if (indent < s->match_indent)
                s->match_indent = 0;
        if (indent < s->names_indent)
                s->names_indent = 0;
        if (begins(text, "match:"))
                s->match_indent = indent + 1;
        if (begins(text, "nameservers:"))
                s->names_indent = indent + 1;
}

static void scan_lines(struct scan *s, struct span text)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line)) {
                cleanup_free char *mac = NULL, *address = NULL;
                struct span stripped = line_strip(line.text);
                const char *role;

                if (stripped.len == 0 || stripped.data[0] == '#' || stripped.data[0] == ';')
                        continue;
                follow(s, line.text);
                role = role_of(s, line.text);
                if (role && (mac = find_mac(line.text)))
                        publish_mac(s, line.number, line.text, mac, role, false);
                if (!role && gives_address(s, line.text) && (address = find_address(line.text)))
                        publish_address(s, line.number, line.text, address);
        }
}

static bool is_of_xen(const struct udevrule_pair *p)
{
        bool asks = streq(p->key, "DRIVERS") || streq(p->key, "SUBSYSTEMS") ||
                    streq(p->key, "KERNELS") || streq(p->key, "DRIVER");

        return asks && streq(p->op, "==") && (strstr(p->value, "vif") || strstr(p->value, "xen"));
}

static void scan_rules(struct scan *s, struct span text)
{
        cleanup_udevrules struct udevrules rules = { 0 };
        struct err err = { 0 };

        if (udevrules_parse(text, &rules, &err) < 0)
                facts_unknown(s->context->facts, "/netown/macs", s->path, "%s", err.text);
        for (size_t i = 0; i < rules.n; i++) {
                cleanup_free char *mac = NULL;
                bool names = false, xen_only = false;

                for (size_t k = 0; k < rules.v[i].n; k++) {
                        const struct udevrule_pair *p = &rules.v[i].v[k];

                        names |= streq(p->key, "NAME") && (streq(p->op, "=") || streq(p->op, ":="));
                        xen_only |= is_of_xen(p);
                        if (!mac && str_endswith(p->key, "{address}") && streq(p->op, "=="))
                                mac = find_mac(span_of(p->value));
                }
                if (names && (mac || xen_only))
                        publish_mac(s, rules.v[i].line, rules.v[i].text, mac, "names", xen_only);
        }
}

/* The first lines say who wrote it. */
static bool is_of_cloud_init(struct span text)
{
        struct span head = { text.data, text.len < 512 ? text.len : 512 };

        return has(head, "cloud-init") || has(head, "provided by the datasource") ||
               has(head, "provided by\n# the datasource");
}

static void scan_file(struct scan *s, bool rewrites)
{
        cleanup_free char *target = NULL;
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        int r = volume_readlink(s->context->volume, s->path, &target, &err);

        if (r > 0 && streq(target, "/dev/null"))
                return;
        if (r >= 0)
                r = volume_read(s->context->volume, s->path, VOLUME_CONFIG_MAX, &blob, &err);
        if (r < 0) {
                facts_unknown(s->context->facts, "/netown/macs", s->path, "%s", err.text);
                facts_unknown(s->context->facts, "/netown/addresses", s->path, "%s", err.text);
        }
        if (r <= 0)
                return;
        s->rewritten = rewrites && is_of_cloud_init(blob_span(&blob));
        if (s->kind == PLACE_UDEV)
                scan_rules(s, blob_span(&blob));
        else
                scan_lines(s, blob_span(&blob));
}

static bool is_copy(const char *name)
{
        static const char *const patterns[] = { "*~",       "*.bak",    "*.old",
                                                "*.orig",   "*.rpmnew", "*.rpmsave",
                                                "*.dpkg-*", "*.swp",    "ifcfg-lo" };

        for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
                if (fnmatch(patterns[i], name, 0) == 0)
                        return true;
        return false;
}

static void scan_place(struct probe_context *context, const struct place *place, bool rewrites)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };
        struct stat st;

        /* /etc/sysconfig/network is a file on Red Hat, a directory on SUSE. */
        if (volume_stat(context->volume, place->dir, &st, NULL) > 0 && S_ISREG(st.st_mode) &&
            place->kind == PLACE_IFCFG)
                return;
        if (volume_list(context->volume, place->dir, &names, &err) < 0) {
                facts_unknown(context->facts, "/netown/macs", place->dir, "%s", err.text);
                facts_unknown(context->facts, "/netown/addresses", place->dir, "%s", err.text);
        }
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", place->dir, names.v[i]);
                struct scan s = { .context = context, .kind = place->kind, .path = path };

                if (fnmatch(place->pattern, names.v[i], FNM_PERIOD) == 0 && !is_copy(names.v[i]))
                        scan_file(&s, rewrites);
        }
}

static void run_netown(struct probe_context *context)
{
        struct netlook l = { .volume = context->volume, .facts = context->facts, .quiet = true };
        bool rewrites = netlook_cloud_writes(&l) == 1;

        netreason_done(&l.reason);
        facts_set_array(context->facts, "/netown/macs");
        facts_set_array(context->facts, "/netown/addresses");
        for (size_t i = 0; i < ARRAY_SIZE(places); i++)
                scan_place(context, &places[i], rewrites);
}

static const struct fact_decl netown_facts[] = {
        { "/netown/macs", FACT_ARRAY, "MAC addresses in the configuration of the network" },
        { "/netown/macs/*/mac", FACT_STRING, "the address; null: the rule is for Xen's driver" },
        { "/netown/macs/*/role", FACT_STRING,
          "names (a card), matches (it is for that card) or sets (the card gets it)" },
        { "/netown/macs/*/xen_only", FACT_BOOL, "it is for Xen's driver or bus" },
        { "/netown/macs/*/rewritten", FACT_STRING, "said when cloud-init writes the file anew" },
        { "/netown/macs/*/file", FACT_STRING, "where it is written" },
        { "/netown/macs/*/line", FACT_INT, "its line" },
        { "/netown/macs/*/text", FACT_STRING, "that line" },
        { "/netown/addresses", FACT_ARRAY, "addresses that cards are given by hand" },
        { "/netown/addresses/*/address", FACT_STRING, "an IPv4 address" },
        { "/netown/addresses/*/rewritten", FACT_STRING,
          "said when cloud-init writes the file anew" },
        { "/netown/addresses/*/file", FACT_STRING, "where it is written" },
        { "/netown/addresses/*/line", FACT_INT, "its line" },
        { "/netown/addresses/*/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_netown = {
        .name = "netown",
        .needs = PROBE_NEEDS("boot"),
        .provides = netown_facts,
        .run = run_netown,
};
