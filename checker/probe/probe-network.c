/* Under which name the first network card comes up on Nitro, and whether something configures it.
 */
#include "base/xalloc.h"
#include "probe/netlook.h"
#include "probe/netnames.h"
#include "probe/netplans.h"
#include "probe/probe.h"

static void publish_unknown(struct facts *f, const struct netnames *names)
{
        static const char *const paths[] = { "/network/naming", "/network/naming_text",
                                             "/network/nitro_name" };

        for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
                facts_unknown(f, paths[i], names->file, "%s", names->why);
}

static void publish_names(struct netlook *l, const struct netnames *names)
{
        static const char *const kinds[] = { "kernel", "predictable", "given" };
        static const char biosdevname[] = "/lib/udev/rules.d/71-biosdevname.rules";

        if (l->renamed) {
                facts_set_str(l->facts, "given", "/network/naming");
                facts_set_str(l->facts, "HWADDR= of its ifcfg file, by its MAC address",
                              "/network/naming_text");
                facts_set_str(l->facts, l->renamed, "/network/nitro_name");
                return;
        }
        if (!names->known) {
                publish_unknown(l->facts, names);
                return;
        }
        facts_set_str(l->facts, kinds[names->kind], "/network/naming");
        facts_set_str(l->facts, names->why, "/network/naming_text");
        facts_set_str(l->facts, names->name, "/network/nitro_name");
        if (names->kind == NETNAMES_PREDICTABLE && netlook_has(l, biosdevname))
                facts_problem(l->facts, biosdevname,
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

static void publish_covered(struct netlook *l, const struct netnames *names)
{
        if (l->covered)
                facts_set_bool(l->facts, true, "/network/covered");
        else if (!names->known)
                facts_unknown(l->facts, "/network/covered", names->file, "%s", names->why);
        else if (l->reason.text)
                facts_unknown(l->facts, "/network/covered", l->reason.file, "%s", l->reason.text);
        else if (facts_count(l->facts, "/network/configured") == 0)
                facts_unknown(
                        l->facts, "/network/covered", NULL,
                        "nothing was found that configures a network card at boot: no stanza of "
                        "ifupdown, no netplan, systemd-networkd, NetworkManager, ifcfg file, "
                        "cloud-init");
        else
                facts_set_bool(l->facts, false, "/network/covered");
        facts_set_str(l->facts,
                      l->covered && (l->by_mac || names->by_mac)
                              ? "by its MAC address, which a change of the "
                                "instance type keeps; a copy of the machine has "
                                "another one"
                              : NULL,
                      "/network/by_mac");
}

static void run_network(struct probe_context *context)
{
        struct netlook l = { .volume = context->volume, .facts = context->facts };
        cleanup_netnames struct netnames names = { 0 };
        cleanup_netplans struct netplans plans = { 0 };

        facts_set_array(l.facts, "/network/configured");
        netplans_load(&l, &plans);
        netnames_find(context, &plans, &names);
        l.nitro_name = names.name;
        if (!netlook_ifupdown(&l))
                facts_unknown(l.facts, "/network/configured", l.reason.file, "%s", l.reason.text);
        netlook_networkd(&l, &plans);
        netlook_ifcfg(&l);
        netlook_networkmanager(&l, &plans);
        look_at_others(&l);
        netlook_cloud_init(&l);
        publish_names(&l, &names);
        publish_covered(&l, &names);
        free(l.renamed);
        netreason_done(&l.reason);
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
        { "/network/by_mac", FACT_STRING, "said when only a MAC address makes it fit" },
        {}
};

const struct probe probe_network = {
        .name = "network",
        .needs = PROBE_NEEDS("os", "boot"),
        .provides = network_facts,
        .run = run_network,
};
