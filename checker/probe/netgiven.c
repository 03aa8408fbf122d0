#include "probe/netgiven.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "parse/inifile.h"
#include "parse/udevrule.h"

#define RULES_DIR "/etc/udev/rules.d"
#define LINKS_DIR "/etc/systemd/network"
#define DEFAULT   "99-default.link"

static void give(struct netgiven *g, enum netgiven_kind kind, const char *name, const char *file,
                 char *why_take)
{
        netgiven_done(g);
        *g = (struct netgiven){
                .kind = kind,
                .name = name ? xstrdup(name) : NULL,
                .file = xstrdup(file),
                .why = why_take,
        };
}

static void give_up(struct netgiven *g, const char *file, const char *why)
{
        give(g, NETGIVEN_UNKNOWN, NULL, file, xstrdup(why));
}

/*
 * The name of another card, by its MAC address, too; the first in the kernel's order is taken for
 * that of the first card.
 */
static void give_other(struct netgiven *g, const char *name, const char *file, char *why_take)
{
        size_t now = strlen(g->name), other = strlen(name);
        cleanup_free char *why = why_take;
        struct strv others;

        if (streq(g->name, name))
                return;
        if (now < other || (now == other && strcmp(g->name, name) < 0)) {
                strv_push(&g->others, name);
                return;
        }
        others = g->others;
        g->others = (struct strv){ 0 };
        strv_push(&others, g->name);
        give(g, NETGIVEN_NAME, name, file, TAKE_PTR(why));
        g->by_mac = true;
        g->others = others;
}

void netgiven_done(struct netgiven *g)
{
        free(g->name);
        free(g->file);
        free(g->why);
        strv_done(&g->others);
        *g = (struct netgiven){ 0 };
}

/* 1: read; 0: not there or masked by a link to /dev/null; -1: given up. */
static int read_file(const struct probe_context *context, const char *path, struct netgiven *g,
                     struct blob *ret)
{
        cleanup_free char *target = NULL;
        struct err err = { 0 };
        int r = volume_readlink(context->volume, path, &target, &err);

        if (r > 0 && streq(target, "/dev/null"))
                return 0;
        if (r >= 0)
                r = volume_read(context->volume, path, UDEVRULE_MAX, ret, &err);
        if (r < 0)
                give_up(g, path, err.text);
        return r < 0 ? -1 : r;
}

/* ---- udev's rules ---- */

/* The card and the devices above it, as udev sees them on Nitro. */
static enum netmatch match_pair(const struct udevrule_pair *p, enum netmatch mac)
{
        static const struct {
                const char *key, *value;
        } card[] = {
                { "SUBSYSTEM", "net" },       { "ACTION", "add" },
                { "KERNEL", "eth0" },         { "DRIVERS", NETLOOK_DRIVER },
                { "SUBSYSTEMS", "pci" },      { "KERNELS", "0000:00:05.0" },
                { "ATTR{type}", "1" },        { "ATTR{dev_id}", "0x0" },
                { "ATTR{dev_port}", "0" },    { "NAME", "" },
                { "ENV{INTERFACE}", "eth0" }, { "ENV{ID_PATH}", NETLOOK_PATH },
                { "ENV{ID_BUS}", "pci" },
        };

        /* Set by the generator of persistent rules, for a card that no rule names. */
        if (streq(p->key, "ENV{INTERFACE_NEW}"))
                return NETMATCH_NO;
        if (streq(p->key, "ATTR{address}") || streq(p->key, "ATTRS{address}"))
                return streq(p->op, "==") ? mac : NETMATCH_UNKNOWN;
        for (size_t i = 0; i < ARRAY_SIZE(card); i++) {
                bool same;

                if (!streq(p->key, card[i].key))
                        continue;
                same = udevrule_glob(p->value, card[i].value);
                return same == streq(p->op, "==") ? NETMATCH_YES : NETMATCH_NO;
        }
        return NETMATCH_UNKNOWN;
}

struct rule_match {
        const char *name; /* assigned, or NULL */
        enum netmatch match;
        bool xen_only;  /* it is the driver or the bus that does not match */
        bool other_mac; /* it is for another machine's card */
};

static struct rule_match match_rule(const struct udevrule *r, enum netmatch mac)
{
        struct rule_match m = { .match = NETMATCH_YES };
        bool others = false;

        for (size_t i = 0; i < r->n; i++) {
                const struct udevrule_pair *p = &r->v[i];
                enum netmatch match;

                if (streq(p->key, "NAME") && (streq(p->op, "=") || streq(p->op, ":=")))
                        m.name = p->value;
                if (!streq(p->op, "==") && !streq(p->op, "!="))
                        continue;
                match = match_pair(p, mac);
                m.match = netmatch_and(m.match, match);
                if (match != NETMATCH_NO)
                        continue;
                if (streq(p->key, "DRIVERS") || streq(p->key, "SUBSYSTEMS") ||
                    streq(p->key, "KERNELS"))
                        m.xen_only = true;
                else if (str_endswith(p->key, "{address}"))
                        m.other_mac = true;
                else
                        others = true;
        }
        m.xen_only &= !others;
        m.other_mac &= !others;
        if (r->malformed && memmem(r->text.data, r->text.len, "NAME", 4)) {
                m.name = m.name ? m.name : "$malformed";
                m.match = netmatch_and(m.match, NETMATCH_UNKNOWN);
        }
        return m;
}

/* It gives a card that no rule names the first name no rule has taken. */
static bool has_generator(const struct volume *v)
{
        static const char *const dirs[] = { RULES_DIR, "/usr/lib/udev/rules.d",
                                            "/lib/udev/rules.d" };

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_free char *path =
                        xasprintf("%s/75-persistent-net-generator.rules", dirs[i]);
                cleanup_free char *target = NULL;
                struct stat st;

                if (volume_readlink(v, path, &target, NULL) > 0 && streq(target, "/dev/null"))
                        return false;
                if (volume_stat(v, path, &st, NULL) > 0)
                        return st.st_size > 0;
        }
        return false;
}

/* A rule that was for this card on Xen, or for that of the machine that is copied. */
static void lose_rule(const struct probe_context *context, const char *path,
                      const struct udevrule *r, const struct rule_match *m, enum netmatch mac,
                      struct netgiven *g)
{
        bool generator = has_generator(context->volume);

        if (m->other_mac && generator)
                give(g, NETGIVEN_UNKNOWN, NULL, path,
                     xasprintf("line %zu keeps its name for the card of the machine that is "
                               "copied; udev writes a rule with another name for the new one; "
                               "remove the line from the copy",
                               r->line));
        else if (generator)
                give(g, NETGIVEN_UNKNOWN, NULL, path,
                     xasprintf("line %zu names a network card by its Xen driver or bus; it does "
                               "not match on Nitro, where udev writes a rule with another name; "
                               "remove the line",
                               r->line));
        else if (!m->other_mac && mac == NETMATCH_MAC)
                facts_problem(context->facts, path,
                              "line %zu names a network card by its Xen driver or bus; it does "
                              "not match on Nitro",
                              r->line);
}

static char *name_by_mac(const char *path, const struct udevrule *r)
{
        return xasprintf("line %zu of %s names it by its MAC address, which stays when the "
                         "instance type is changed",
                         r->line, path);
}

static void look_at_rule(const struct probe_context *context, const char *path,
                         const struct udevrule *r, bool jumps, enum netmatch mac,
                         struct netgiven *g)
{
        struct rule_match m = match_rule(r, mac);

        if (!m.name || g->kind == NETGIVEN_UNKNOWN)
                return;
        if (m.match == NETMATCH_NO) {
                if (m.xen_only || m.other_mac)
                        lose_rule(context, path, r, &m, mac, g);
                return;
        }
        if (m.match == NETMATCH_MAC && !jumps && *m.name && !strpbrk(m.name, "$%") &&
            g->kind == NETGIVEN_NAME && g->by_mac) {
                give_other(g, m.name, path, name_by_mac(path, r));
                return;
        }
        if (m.match == NETMATCH_UNKNOWN || jumps || !*m.name || strpbrk(m.name, "$%"))
                give(g, NETGIVEN_UNKNOWN, NULL, path,
                     xasprintf("line %zu gives network cards names of its own; which one the card "
                               "gets on Nitro is not understood",
                               r->line));
        else if (m.match == NETMATCH_MAC && g->name && !streq(g->name, m.name))
                give(g, NETGIVEN_UNKNOWN, NULL, path,
                     xasprintf("line %zu names another network card by its MAC address; which one "
                               "is the first is only to be told on the running machine",
                               r->line));
        else
                give(g, NETGIVEN_NAME, m.name, path,
                     m.match == NETMATCH_MAC ? name_by_mac(path, r)
                                             : xasprintf("line %zu of %s names it", r->line, path));
        g->by_mac = m.match == NETMATCH_MAC;
}

static void look_at_rules_file(const struct probe_context *context, const char *path,
                               enum netmatch mac, struct netgiven *g)
{
        cleanup_udevrules struct udevrules rules = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        bool jumps = false;

        if (read_file(context, path, g, &blob) <= 0)
                return;
        if (udevrules_parse(blob_span(&blob), &rules, &err) < 0) {
                give_up(g, path, err.text);
                return;
        }
        for (size_t i = 0; i < rules.n; i++)
                jumps |= udevrule_find(&rules.v[i], "GOTO") != NULL;
        for (size_t i = 0; i < rules.n; i++)
                look_at_rule(context, path, &rules.v[i], jumps, mac, g);
}

void netgiven_rules(const struct probe_context *context, enum netmatch mac, struct netgiven *ret)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(context->volume, RULES_DIR, &names, &err) < 0)
                give_up(ret, RULES_DIR, err.text);
        for (size_t i = 0; i < names.n && ret->kind != NETGIVEN_UNKNOWN; i++) {
                cleanup_free char *path = xasprintf(RULES_DIR "/%s", names.v[i]);

                if (str_endswith(names.v[i], ".rules"))
                        look_at_rules_file(context, path, mac, ret);
        }
}

/* ---- .link files ---- */

static enum netmatch match_key(const char *key, const char *value, enum netmatch mac)
{
        if (streq(key, "MACAddress") || streq(key, "PermanentMACAddress"))
                return mac;
        if (streq(key, "OriginalName"))
                return netmatch_globs(value, "eth0");
        if (streq(key, "Driver"))
                return netmatch_globs(value, NETLOOK_DRIVER);
        if (streq(key, "Path"))
                return netmatch_globs(value, NETLOOK_PATH);
        if (streq(key, "Type"))
                return netmatch_globs(value, "ether");
        return NETMATCH_UNKNOWN;
}

static enum netmatch match_link(const struct inifile *ini, enum netmatch mac)
{
        enum netmatch all = NETMATCH_YES;
        bool any = false;

        for (size_t i = 0; i < ini->n; i++) {
                const struct inifile_pair *p = &ini->v[i];

                if (!streq(p->section, "Match") || !*p->value)
                        continue;
                any = true;
                all = netmatch_and(all, inifile_find(ini, "Match", p->key) == p
                                                ? match_key(p->key, p->value, mac)
                                                : NETMATCH_UNKNOWN);
        }
        return any ? all : NETMATCH_UNKNOWN;
}

/* What the policy makes of a PCI card in slot 5: a name, "" for none, NULL: not known. */
static const char *name_by_policy(const char *policy)
{
        for (const char *p = policy; *(p += strspn(p, " \t"));) {
                size_t n = strcspn(p, " \t");
                struct span word = { p, n };

                if (span_eq(word, "slot"))
                        return "ens5";
                if (span_eq(word, "path"))
                        return "enp0s5";
                if (!span_eq(word, "keep") && !span_eq(word, "kernel") &&
                    !span_eq(word, "database") && !span_eq(word, "onboard"))
                        return NULL;
                p += n;
        }
        return "";
}

static void apply_link(const char *path, const struct inifile *ini, int policy, const char *by,
                       struct netgiven *g)
{
        const struct inifile_pair *words = inifile_find(ini, "Link", "NamePolicy");
        const struct inifile_pair *name = inifile_find(ini, "Link", "Name");
        const char *given = words && policy != 0 ? name_by_policy(words->value) : "";

        if (!given || (*given && policy < 0))
                give_up(g, path, "how its NamePolicy= names the card is not understood");
        else if (*given)
                give(g, NETGIVEN_NAME, given, path,
                     xasprintf("%s names it%s, by NamePolicy=", path, by));
        else if (name && *name->value)
                give(g, NETGIVEN_NAME, name->value, path, xasprintf("%s names it%s", path, by));
        else
                give(g, NETGIVEN_KERNEL, NULL, path,
                     xasprintf("%s matches it%s and gives it no name", path, by));
}

/* A file behind one that names a card by its MAC address; true: the last of that kind was seen. */
static bool look_at_other(const char *path, const struct inifile *ini, int policy,
                          enum netmatch match, struct netgiven *g)
{
        const struct inifile_pair *name = inifile_find(ini, "Link", "Name");

        if (match != NETMATCH_MAC)
                return match != NETMATCH_NO;
        if (name && *name->value && (policy == 0 || !inifile_find(ini, "Link", "NamePolicy")))
                give_other(g, name->value, path, xasprintf("%s names it by its MAC address", path));
        return false;
}

/* True: the file is the one that counts, or nothing can be told. */
static bool look_at_link(const struct probe_context *context, const char *path, int policy,
                         enum netmatch mac, struct netgiven *g)
{
        cleanup_inifile struct inifile ini = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        enum netmatch match;
        int r = read_file(context, path, g, &blob);

        if (r <= 0)
                return r < 0;
        if (inifile_parse(blob_span(&blob), INIFILE_SYSTEMD, &ini, &err) < 0) {
                give_up(g, path, err.text);
                return true;
        }
        match = ini.n > 0 ? match_link(&ini, mac) : NETMATCH_NO;
        if (g->kind == NETGIVEN_NAME && g->by_mac)
                return look_at_other(path, &ini, policy, match, g);
        if (match == NETMATCH_UNKNOWN)
                give_up(g, path,
                        "it may give network cards names of its own, which is not understood");
        else if (match != NETMATCH_NO)
                apply_link(path, &ini, policy, match == NETMATCH_MAC ? " by its MAC address" : "",
                           g);
        g->by_mac = match == NETMATCH_MAC;
        return match != NETMATCH_NO && !(g->by_mac && g->kind == NETGIVEN_NAME);
}

/* False, and given up, when the directory has any or cannot be read. */
static bool is_without_drop_ins(const struct probe_context *context, const char *path,
                                struct netgiven *g)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(context->volume, path, &names, &err) < 0)
                give_up(g, path, err.text);
        else if (names.n > 0)
                give_up(g, path,
                        "its files may change how network cards are named, which is not "
                        "understood");
        else
                return true;
        return false;
}

void netgiven_links(const struct probe_context *context, int policy, enum netmatch mac,
                    struct netgiven *ret)
{
        static const char *const dirs[] = { LINKS_DIR, "/usr/lib/systemd/network",
                                            "/lib/systemd/network" };
        cleanup_strv struct strv all = { 0 };

        for (size_t d = 0; d < ARRAY_SIZE(dirs); d++) {
                cleanup_strv struct strv names = { 0 };
                struct err err = { 0 };

                if (volume_list(context->volume, dirs[d], &names, &err) < 0) {
                        give_up(ret, dirs[d], err.text);
                        return;
                }
                for (size_t i = 0; i < names.n; i++) {
                        cleanup_free char *path = xasprintf("%s/%s", dirs[d], names.v[i]);

                        if (str_endswith(path, ".link.d") &&
                            !is_without_drop_ins(context, path, ret))
                                return;
                        if (str_endswith(path, ".link") && !strv_contains(&all, names.v[i]))
                                strv_push(&all, names.v[i]);
                }
        }
        strv_sort(&all);
        for (size_t i = 0; i < all.n; i++)
                for (size_t d = 0; d < ARRAY_SIZE(dirs); d++) {
                        cleanup_free char *path = xasprintf("%s/%s", dirs[d], all.v[i]);
                        cleanup_free char *target = NULL;
                        struct stat st;

                        if (d > 0 && streq(all.v[i], DEFAULT))
                                return;
                        if (volume_readlink(context->volume, path, &target, NULL) <= 0 &&
                            volume_stat(context->volume, path, &st, NULL) == 0)
                                continue;
                        if (look_at_link(context, path, policy, mac, ret))
                                return;
                        break;
                }
}
