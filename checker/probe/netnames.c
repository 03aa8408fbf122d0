#include "probe/netnames.h"

#include <stdio.h>
#include <strings.h>

#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/udevrule.h"
#include "probe/bootparam.h"
#include "probe/netgiven.h"

#define RULES_DIR "/etc/udev/rules.d"
#define LINKS_DIR "/etc/systemd/network"

struct look {
        const struct probe_context *context;
        enum netmatch mac;
        struct netnames *ret;
        bool decided;
};

static void decide(struct look *l, bool known, enum netnames_kind kind, const char *file,
                   char *why_take)
{
        cleanup_free char *why = why_take;

        if (l->decided)
                return;
        l->decided = true;
        l->ret->known = known;
        l->ret->kind = kind;
        l->ret->name = known ? xstrdup(kind == NETNAMES_PREDICTABLE ? "ens5" : "eth0") : NULL;
        l->ret->file = file ? xstrdup(file) : NULL;
        l->ret->why = TAKE_PTR(why);
}

static void unknown(struct look *l, const char *file, char *why_take)
{
        decide(l, false, NETNAMES_KERNEL, file, why_take);
}

/* What cannot be looked at may be there: then the name is not known. */
static bool is_there(struct look *l, const char *path)
{
        struct err err = { 0 };
        struct stat st;
        int r = volume_stat(l->context->volume, path, &st, &err);

        if (r < 0)
                unknown(l, path, xstrdup(err.text));
        return r > 0;
}

static bool is_blank(struct span text)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line)) {
                struct span s = line_strip(line.text);

                if (s.len > 0 && s.data[0] != '#' && s.data[0] != ';')
                        return false;
        }
        return true;
}

/*
 * The text of a file in one of udev's directories. 1, or 0: it is not there, or only masks a file
 * of the same name elsewhere (a link to /dev/null, nothing in it), or -1: decided, not readable.
 */
static int read_unmasked(struct look *l, const char *path, bool *ret_masks, struct blob *ret)
{
        cleanup_free char *target = NULL;
        struct err err = { 0 };
        int r = volume_readlink(l->context->volume, path, &target, &err);

        *ret_masks = false;
        if (r > 0 && streq(target, "/dev/null")) {
                *ret_masks = true;
                return 0;
        }
        if (r >= 0)
                r = volume_read(l->context->volume, path, UDEVRULE_MAX, ret, &err);
        if (r < 0) {
                unknown(l, path, xstrdup(err.text));
                return -1;
        }
        if (r > 0 && is_blank(blob_span(ret)))
                *ret_masks = true;
        return r > 0 && !*ret_masks;
}

/* What systemd takes for "no"; whatever is no truth value leaves the names predictable. */
static bool is_no(const char *value)
{
        static const char *const words[] = { "0", "no", "n", "false", "f", "off" };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (strcasecmp(value, words[i]) == 0)
                        return true;
        return false;
}

/* ---- distributions ---- */

/* "14.04" -> 1404; "8" -> 800; 0 when there is none. */
static unsigned version_number(const char *version)
{
        unsigned major = 0, minor = 0;

        if (version)
                sscanf(version, "%4u.%2u", &major, &minor);
        return major * 100 + minor;
}

static bool is_one_of(const char *id, const char *const *ids)
{
        for (; id && *ids; ids++)
                if (streq(id, *ids))
                        return true;
        return false;
}

/* Distributions with systemd's own default. */
static bool names_as_systemd(const char *id)
{
        static const char *const ids[] = { "rhel", "centos", "rocky", "almalinux",           "ol",
                                           "amzn", "fedora", "arch",  "opensuse-tumbleweed", NULL };

        return is_one_of(id, ids);
}

/*
 * SUSE turned the default of systemd around: only net.ifnames=1 makes names predictable. Branches
 * SLE12 to SLE15-SP6, src/udev/net/link-config.c, enable_name_policy().
 */
static bool is_suse_enterprise(const struct facts *f)
{
        static const char *const ids[] = { "sles",    "sles_sap",      "sled",
                                           "sle_hpc", "opensuse-leap", NULL };
        unsigned version = version_number(facts_str(f, "/os/version_id"));

        return is_one_of(facts_str(f, "/os/id"), ids) && version >= 1200 && version < 1600;
}

/* ---- names given by the administrator ---- */

static void take_given(struct look *l, const struct netgiven *g)
{
        if (g->kind == NETGIVEN_UNKNOWN)
                unknown(l, g->file, xstrdup(g->why));
        else if (g->kind == NETGIVEN_KERNEL)
                decide(l, true, NETNAMES_KERNEL, g->file, xstrdup(g->why));
        else if (g->kind == NETGIVEN_NAME && !l->decided) {
                decide(l, true, NETNAMES_GIVEN, g->file, xstrdup(g->why));
                free(l->ret->name);
                l->ret->name = xstrdup(g->name);
                l->ret->by_mac = g->by_mac;
                for (size_t i = 0; i < g->others.n; i++)
                        strv_push(&l->ret->others, g->others.v[i]);
        }
}

static void look_at_rules(struct look *l)
{
        cleanup_netgiven struct netgiven given = { 0 };

        netgiven_rules(l->context, l->mac, &given);
        take_given(l, &given);
}

/* netplan writes a .link file for every set-name. */
static void look_at_netplan(struct look *l, const struct netplans *plans)
{
        const struct netplan_def *d = netplans_rename(plans);
        cleanup_netgiven struct netgiven given = { 0 };

        if (!d)
                return;
        given = (struct netgiven){
                .kind = netplans_match(plans, d, NULL) == NETMATCH_UNKNOWN ? NETGIVEN_UNKNOWN
                                                                           : NETGIVEN_NAME,
                .name = xstrdup(d->set_name),
                .by_mac = d->match_mac != NULL,
                .file = xstrdup(plans->paths.v[d->file]),
                .why = xasprintf("set-name of %s, line %zu of %s%s", d->id, d->line,
                                 plans->paths.v[d->file],
                                 d->match_mac ? ", which matches by MAC address" : ""),
        };
        take_given(l, &given);
}

/* Whether NamePolicy= of .link files counts: 1, 0, -1 not known. */
static int find_policy(const struct facts *f)
{
        const char *setting = bootparam_last(f, "net.ifnames"), *file;
        cleanup_free char *why = NULL;

        if (!bootparam_known(f, &why, &file))
                return -1;
        if (setting && is_no(setting))
                return 0;
        if (!is_suse_enterprise(f))
                return 1;
        return !bootparam_has(f, "net.ifnames") ? 0 : streq(setting, "1") ? 1 : -1;
}

static void look_at_links(struct look *l)
{
        cleanup_netgiven struct netgiven given = { 0 };

        netgiven_links(l->context, find_policy(l->context->facts), l->mac, &given);
        take_given(l, &given);
}

/* ---- predictable names turned off in a file ---- */

static void look_at_mask(struct look *l, const char *path)
{
        cleanup_blob struct blob blob = { 0 };
        bool masks;

        if (read_unmasked(l, path, &masks, &blob) == 0 && masks)
                decide(l, true, NETNAMES_KERNEL, path,
                       xasprintf("%s turns predictable names off", path));
}

static bool is_in_vendor_dir(struct look *l, const char *name)
{
        static const char *const dirs[] = { "/usr/lib", "/lib" };

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_free char *path = xasprintf("%s/%s", dirs[i], name);

                if (is_there(l, path))
                        return true;
        }
        return false;
}

static void look_at_masks(struct look *l)
{
        bool by_link = is_in_vendor_dir(l, "udev/rules.d/80-net-setup-link.rules");
        bool by_slot = is_in_vendor_dir(l, "udev/rules.d/80-net-name-slot.rules");

        look_at_mask(l, RULES_DIR "/80-net-setup-link.rules");
        if (!by_link)
                look_at_mask(l, RULES_DIR "/80-net-name-slot.rules");
        if (!by_link && !by_slot)
                decide(l, true, NETNAMES_KERNEL, NULL,
                       xstrdup("no rule of this system's udev renames network cards"));
}

static void look_at_default_link(struct look *l)
{
        look_at_mask(l, LINKS_DIR "/99-default.link");
        if (is_in_vendor_dir(l, "udev/rules.d/80-net-setup-link.rules") &&
            !is_in_vendor_dir(l, "systemd/network/99-default.link"))
                decide(l, true, NETNAMES_KERNEL, NULL,
                       xstrdup("no 99-default.link tells udev to rename network cards"));
}

/* ---- what the distribution and the command line say ---- */

static void look_at_suse(struct look *l)
{
        const struct facts *f = l->context->facts;
        int policy = find_policy(f);

        if (policy == 0 && !bootparam_has(f, "net.ifnames"))
                decide(l, true, NETNAMES_KERNEL, NULL,
                       xstrdup("SUSE's udev renames no network cards unless net.ifnames=1 is on "
                               "the command line"));
        else if (policy < 0 && bootparam_has(f, "net.ifnames"))
                unknown(l, facts_str(f, "/boot/entry/kernel/file"),
                        xstrdup("net.ifnames= is neither 0 nor 1 on the command line of the boot "
                                "entry, and what SUSE's udev makes of it is not understood"));
}

static void look_at_distribution(struct look *l)
{
        const struct facts *f = l->context->facts;
        const char *id = facts_str(f, "/os/id"), *setting = bootparam_last(f, "net.ifnames");
        unsigned version = version_number(facts_str(f, "/os/version_id"));
        bool debian = streq(id, "debian"), ubuntu = streq(id, "ubuntu");
        bool off = setting && is_no(setting);
        bool old = version > 0 && ((debian && version < 900) || (ubuntu && version < 1510));

        if (!debian && !ubuntu && !off && !names_as_systemd(id))
                unknown(l, "/etc/os-release",
                        xasprintf("how %s names network cards is not understood",
                                  id ? id : "this distribution"));
        else if (old && setting && !streq(setting, "0"))
                unknown(l, facts_str(f, "/boot/entry/kernel/file"),
                        xasprintf("net.ifnames=%s on a system that does not rename network cards "
                                  "by itself is not understood",
                                  setting));
        else if (old)
                decide(l, true, NETNAMES_KERNEL, NULL,
                       xasprintf("%s does not rename network cards by itself",
                                 facts_str(f, "/os/name") ? facts_str(f, "/os/name") : id));
}

static void look_at_cmdline(struct look *l)
{
        const struct facts *f = l->context->facts;
        const char *setting = bootparam_last(f, "net.ifnames"), *file;
        cleanup_free char *why = NULL;

        if (!bootparam_known(f, &why, &file)) {
                unknown(l, file, xasprintf("net.ifnames= decides, but %s", why));
                return;
        }
        file = facts_str(f, "/boot/entry/kernel/file");
        if (setting && is_no(setting))
                decide(l, true, NETNAMES_KERNEL, file,
                       xasprintf("net.ifnames=%s is on the command line of the boot entry",
                                 setting));
        else if (setting)
                decide(l, true, NETNAMES_PREDICTABLE, file,
                       xasprintf("net.ifnames=%s is on the command line of the boot entry",
                                 setting));
        else
                decide(l, true, NETNAMES_PREDICTABLE, NULL,
                       xstrdup("udev gives predictable names, and nothing turns them off"));
}

void netnames_find(const struct probe_context *context, const struct netplans *plans,
                   struct netnames *ret)
{
        struct look l = { .context = context, .mac = plans->mac, .ret = ret };

        look_at_rules(&l);
        look_at_masks(&l);
        look_at_netplan(&l, plans);
        look_at_links(&l);
        look_at_default_link(&l);
        if (is_suse_enterprise(context->facts))
                look_at_suse(&l);
        else
                look_at_distribution(&l);
        look_at_cmdline(&l);
}

void netnames_done(struct netnames *n)
{
        free(n->name);
        free(n->why);
        free(n->file);
        strv_done(&n->others);
        *n = (struct netnames){ 0 };
}
