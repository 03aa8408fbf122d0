/* Under which name the first network card comes up on Nitro, and whether something configures it.
 */
#include "base/xalloc.h"
#include "probe/netadvice.h"
#include "probe/netlook.h"
#include "probe/netnames.h"
#include "probe/netplans.h"
#include "probe/probe.h"

/* All looks, for one of the two moves. */
struct answer {
        struct netlook look;
        struct netplans plans;
        struct netnames names;
};

static void answer_done(struct answer *a)
{
        free(a->look.renamed);
        netreason_done(&a->look.reason);
        netplans_done(&a->plans);
        netnames_done(&a->names);
}
#define cleanup_answer _cleanup_(answer_done)

static void publish_names(struct facts *f, const struct answer *a, const char *at)
{
        static const char *const kinds[] = { "kernel", "predictable", "given" };
        static const char *const paths[] = { "naming", "naming_text", "nitro_name" };

        if (a->look.renamed) {
                facts_set_str(f, "given", "%s/naming", at);
                facts_set_str(f, "HWADDR= of its ifcfg file, by its MAC address", "%s/naming_text",
                              at);
                facts_set_str(f, a->look.renamed, "%s/nitro_name", at);
                return;
        }
        for (size_t i = 0; !a->names.known && i < ARRAY_SIZE(paths); i++) {
                cleanup_free char *path = xasprintf("%s/%s", at, paths[i]);

                facts_unknown(f, path, a->names.file, "%s", a->names.why);
        }
        if (!a->names.known)
                return;
        facts_set_str(f, kinds[a->names.kind], "%s/naming", at);
        facts_set_str(f, a->names.why, "%s/naming_text", at);
        facts_set_str(f, a->names.name, "%s/nitro_name", at);
}

static void look_at_biosdevname(struct answer *a)
{
        static const char path[] = "/lib/udev/rules.d/71-biosdevname.rules";

        if (a->names.known && a->names.kind == NETNAMES_PREDICTABLE && !a->look.renamed &&
            netlook_has(&a->look, path))
                facts_problem(a->look.facts, path,
                              "biosdevname is installed; it does nothing in a virtual machine, but "
                              "on a metal type it may give the network card another name");
}

static void look_at_others(struct netlook *l)
{
        static const struct {
                const char *name, *service;
        } services[] = { { "connman", "connman.service" }, { "dhcpcd", "dhcpcd.service" } };

        for (size_t i = 0; i < ARRAY_SIZE(services); i++)
                if (netlook_enabled(l, services[i].service))
                        netreason_set(&l->reason, NULL, "%s is not understood yet",
                                      services[i].name);
}

static void publish_covered(struct facts *f, const struct answer *a, const char *at)
{
        cleanup_free char *path = xasprintf("%s/covered", at);

        if (a->look.covered)
                facts_set_bool(f, true, "%s", path);
        else if (!a->names.known)
                facts_unknown(f, path, a->names.file, "%s", a->names.why);
        else if (a->look.reason.text)
                facts_unknown(f, path, a->look.reason.file, "%s", a->look.reason.text);
        else if (facts_count(f, "/network/configured") == 0)
                facts_unknown(
                        f, path, NULL,
                        "nothing was found that configures a network card at boot: no stanza of "
                        "ifupdown, no netplan, systemd-networkd, NetworkManager, ifcfg file, "
                        "cloud-init");
        else
                facts_set_bool(f, false, "%s", path);
}

static void look_with_plans(struct netlook *l, const struct netplans *plans)
{
        if (!netlook_ifupdown(l) && !l->quiet)
                facts_unknown(l->facts, "/network/configured", l->reason.file, "%s",
                              l->reason.text);
        netlook_networkd(l, plans);
        netlook_ifcfg(l);
        netlook_networkmanager(l, plans);
        look_at_others(l);
        netlook_cloud_init(l);
}

/*
 * Where several MAC addresses have a name each, it is not known which of them is the first card's;
 * it makes no difference when all are configured, or none.
 */
static void look_at_other_names(struct answer *a)
{
        for (size_t i = 0; i < a->names.others.n; i++) {
                struct netlook l = a->look;

                l.nitro_name = a->names.others.v[i];
                l.quiet = true;
                l.covered = false;
                l.renamed = NULL;
                l.reason = (struct netreason){ 0 };
                look_with_plans(&l, &a->plans);
                if (l.covered != a->look.covered || l.reason.text) {
                        a->look.covered = false;
                        netreason_set(&a->look.reason, a->names.file,
                                      "%s and %s are names of network cards known by their MAC "
                                      "addresses, and not both are brought up; which one is the "
                                      "first is only to be told on the running machine",
                                      a->names.name, a->names.others.v[i]);
                }
                free(l.renamed);
                netreason_done(&l.reason);
        }
}

static void look_everywhere(const struct probe_context *context, enum netmatch mac,
                            struct answer *ret)
{
        ret->look = (struct netlook){ .volume = context->volume,
                                      .facts = context->facts,
                                      .mac = mac,
                                      .quiet = mac == NETMATCH_NO };
        netplans_load(&ret->look, &ret->plans);
        netnames_find(context, &ret->plans, &ret->names);
        ret->look.nitro_name = ret->names.name;
        look_with_plans(&ret->look, &ret->plans);
        look_at_other_names(ret);
}

static bool is_by_mac(const struct answer *a)
{
        return a->look.by_mac || a->names.by_mac || a->look.renamed;
}

/* What a copy of the machine has, with another MAC address. */
static void publish_copy(const struct probe_context *context, const struct answer *resized)
{
        cleanup_answer struct answer copy = { 0 };
        const struct answer *a = resized;

        if (!resized->look.covered || is_by_mac(resized)) {
                look_everywhere(context, NETMATCH_NO, &copy);
                a = &copy;
        }
        publish_names(context->facts, a, "/network/copy");
        publish_covered(context->facts, a, "/network/copy");
}

static void run_network(struct probe_context *context)
{
        cleanup_answer struct answer a = { 0 };
        struct facts *f = context->facts;

        facts_set_array(f, "/network/configured");
        look_everywhere(context, NETMATCH_MAC, &a);
        publish_names(f, &a, "/network");
        look_at_biosdevname(&a);
        publish_covered(f, &a, "/network");
        facts_set_str(f,
                      a.look.covered && is_by_mac(&a)
                              ? "by its MAC address, which a change of the "
                                "instance type keeps; a copy of the machine has "
                                "another one"
                              : NULL,
                      "/network/by_mac");
        publish_copy(context, &a);
        netadvice_publish(f);
}

static const struct fact_decl network_facts[] = {
        { "/network/naming", FACT_STRING,
          "kernel (eth0), predictable (ens5) or given (by a rule, a .link file ...)" },
        { "/network/naming_text", FACT_STRING, "why" },
        { "/network/nitro_name", FACT_STRING, "name of the first network card on Nitro" },
        { "/network/configured", FACT_ARRAY, "interfaces brought up at boot, lo left out" },
        { "/network/configured/*/file", FACT_STRING, "where it is written" },
        { "/network/configured/*/line", FACT_INT, "its line" },
        { "/network/configured/*/text", FACT_STRING, "that line" },
        { "/network/configured/*/name", FACT_STRING, "a name or a pattern" },
        { "/network/configured/*/by", FACT_STRING,
          "ifupdown, cloud-ifupdown, netplan, systemd-networkd, ifcfg ..." },
        { "/network/covered", FACT_BOOL, "one of them configures that network card" },
        { "/network/copy/naming", FACT_STRING, "the same of a copy, whose MAC address is another" },
        { "/network/copy/naming_text", FACT_STRING, "why" },
        { "/network/copy/nitro_name", FACT_STRING, "name of its first network card on Nitro" },
        { "/network/copy/covered", FACT_BOOL, "something configures that network card" },
        { "/network/advice", FACT_STRING, "how to configure it beside the old name; null: it is" },
        { "/network/by_mac", FACT_STRING, "said when only a MAC address makes it fit" },
        {}
};

const struct probe probe_network = {
        .name = "network",
        .needs = PROBE_NEEDS("os", "boot"),
        .provides = network_facts,
        .run = run_network,
};
