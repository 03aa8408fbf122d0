/* The network probe over a handful of files. */
#pragma once

#include "unit-probe.h"

extern const struct probe probe_network;
static const struct probe *const network_probes[] = { &probe_network, NULL };

#define FILES_MAX 8
#define LINK      "-> " /* a text that begins so makes a link */
#define RULE      "usr/lib/udev/rules.d/80-net-setup-link.rules"
#define DEFAULT   "usr/lib/systemd/network/99-default.link"
#define ENABLED   "etc/systemd/system/multi-user.target.wants/networking.service"

struct file {
        const char *path, *text;
};

static inline void add_files(const char *dir, const struct file *files)
{
        for (size_t i = 0; i < FILES_MAX && files[i].path; i++) {
                const char *target = str_after(files[i].text, LINK);

                if (target)
                        unit_link(dir, files[i].path, target);
                else
                        unit_write_text(dir, files[i].path, files[i].text);
        }
}

/* As the os and boot probes leave them; `os` is "debian 12". */
static inline struct facts *earlier_facts(const char *os, const char *param)
{
        struct facts *f = facts_new();
        cleanup_free char *id = xstrdup(os ? os : "debian 12"), *name = NULL;
        char *version = strchr(id, ' '), *value;

        if (version)
                *version++ = '\0';
        facts_set_str(f, id, "/os/id");
        facts_set_str(f, version, "/os/version_id");
        facts_set_null(f, "/os/name");
        facts_set_evidence(f, "/boot/entry/kernel", "/boot/grub/grub.cfg", 1, SPAN("linux"));
        facts_set_array(f, "/boot/entry/params");
        if (!param)
                return f;
        name = xstrdup(param);
        value = strchr(name, '=');
        if (value)
                *value++ = '\0';
        facts_set_str(f, name, "/boot/entry/params/0/name");
        facts_set_str(f, value, "/boot/entry/params/0/value");
        return f;
}

/* "name(by)..." of what is configured. */
static inline char *describe_configured(const struct facts *f)
{
        struct buf b = { 0 };

        for (size_t i = 0; i < facts_count(f, "/network/configured"); i++) {
                cleanup_free char *name = unit_fact(f, "/network/configured/%zu/name", i);
                cleanup_free char *by = unit_fact(f, "/network/configured/%zu/by", i);
                cleanup_free char *file = unit_fact(f, "/network/configured/%zu/file", i);
                cleanup_free char *line = unit_fact(f, "/network/configured/%zu/line", i);

                buf_printf(&b, "%s%s(%s %s:%s)", i ? " " : "", name, by, file, line);
        }
        return buf_take(&b);
}

#define NOTHING                                                                                  \
        "? nothing was found that configures a network card at boot: no stanza of ifupdown, no " \
        "netplan, systemd-networkd, NetworkManager, ifcfg file, cloud-init"
