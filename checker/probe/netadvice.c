#include "probe/netadvice.h"

#include "base/str.h"
#include "base/xalloc.h"

/* Of the first element that names a card, not a pattern. */
struct configured {
        const char *by, *file, *name;
};

static bool find(const struct facts *f, struct configured *ret)
{
        static const char list[] = "/network/configured";

        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *by = xasprintf("%s/%zu/by", list, i);
                cleanup_free char *file = xasprintf("%s/%zu/file", list, i);
                cleanup_free char *name = xasprintf("%s/%zu/name", list, i);

                *ret = (struct configured){ facts_str(f, by), facts_str(f, file),
                                            facts_str(f, name) };
                if (ret->by && ret->file && ret->name && !strpbrk(ret->name, "*?["))
                        return true;
        }
        return false;
}

static char *advise(const struct configured *c, const char *card)
{
        if (streq(c->by, "ifupdown"))
                return xasprintf("add `allow-hotplug %s` and `iface %s inet dhcp` to %s", card,
                                 card, c->file);
        if (streq(c->by, "netplan"))
                return xasprintf("add `%s: {dhcp4: true, optional: true}` below `ethernets:` in %s",
                                 card, c->file);
        if (streq(c->by, "systemd-networkd"))
                return xasprintf("copy %s to /etc/systemd/network/50-%s.network and write "
                                 "`Name=%s` into its [Match] section, in place of what stands "
                                 "there",
                                 c->file, card, card);
        if (streq(c->by, "NetworkManager"))
                return xasprintf("copy %s to /etc/NetworkManager/system-connections/"
                                 "%s.nmconnection (owner root, mode 0600) with id=%s, "
                                 "interface-name=%s and without its uuid= line",
                                 c->file, card, card, card);
        if (streq(c->by, "ifcfg") && str_startswith(c->file, "/etc/sysconfig/network/"))
                return xasprintf("copy %s to /etc/sysconfig/network/ifcfg-%s with "
                                 "STARTMODE='hotplug'",
                                 c->file, card);
        if (streq(c->by, "ifcfg"))
                return xasprintf("copy %s to /etc/sysconfig/network-scripts/ifcfg-%s with "
                                 "DEVICE=%s and without NAME=, HWADDR= and UUID=; on Xen the old "
                                 "network script then complains about %s, and does the rest",
                                 c->file, card, card, card);
        return NULL;
}

void netadvice_publish(struct facts *f)
{
        const char *card = facts_str(f, "/network/nitro_name");
        cleanup_free char *text = NULL;
        struct configured c;

        if (!card)
                card = "ens5";
        if (!facts_bool(f, "/network/covered", false) && find(f, &c))
                text = advise(&c, card);
        facts_set_str(f, text, "/network/advice");
}
