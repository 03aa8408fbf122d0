/*
 * cloud-init writes files for the other stacks when it sees an instance for the first time, by the
 * MAC addresses of the cards it finds then. At a later start of the same instance it writes nothing
 * (https://docs.cloud-init.io/en/latest/explanation/events.html): what it wrote is looked at there.
 */
#include "base/xalloc.h"
#include "parse/lines.h"
#include "probe/bootparam.h"
#include "probe/netlook.h"

#define CONFIG     "/etc/cloud/cloud.cfg"
#define CONFIG_DIR "/etc/cloud/cloud.cfg.d"

struct settings {
        bool disabled;   /* network: {config: disabled} */
        bool other_ec2;  /* a datasource_list without Ec2 */
        bool has_events; /* updates: when to write */
};

static bool is_off(struct netlook *l)
{
        return netlook_has(l, "/etc/cloud/cloud-init.disabled") ||
               streq(bootparam_last(l->facts, "cloud-init"), "disabled") ||
               streq(bootparam_last(l->facts, "network-config"), "disabled");
}

/* Only these few lines are looked for, written as they usually are. */
static void read_settings(struct span text, struct settings *s)
{
        struct lines lines = lines_of(text);
        struct line line;
        bool below_network = false;

        while (lines_next(&lines, &line)) {
                cleanup_buf struct buf dense = { 0 };

                buf_puts(&dense, "");
                for (size_t i = 0; i < line.text.len; i++)
                        if (!ascii_isspace(line.text.data[i]))
                                buf_putc(&dense, line.text.data[i]);
                if (streq(dense.data, "network:{config:disabled}") ||
                    (below_network && streq(dense.data, "config:disabled")))
                        s->disabled = true;
                if (str_startswith(dense.data, "datasource_list:") && !strstr(dense.data, "Ec2"))
                        s->other_ec2 = true;
                if (str_startswith(dense.data, "updates:"))
                        s->has_events = true;
                below_network = streq(dense.data, "network:");
        }
}

static void read_all(struct netlook *l, struct settings *ret)
{
        cleanup_blob struct blob main = { 0 };
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (netlook_read(l, CONFIG, VOLUME_CONFIG_MAX, &main) > 0)
                read_settings(blob_span(&main), ret);
        if (volume_list(l->volume, CONFIG_DIR, &names, &err) < 0)
                netreason_set(&l->reason, CONFIG_DIR, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf(CONFIG_DIR "/%s", names.v[i]);
                cleanup_blob struct blob blob = { 0 };

                if (str_endswith(path, ".cfg") &&
                    netlook_read(l, path, VOLUME_CONFIG_MAX, &blob) > 0)
                        read_settings(blob_span(&blob), ret);
        }
}

/* The part that writes the files of the distribution. */
static bool has_renderer(struct netlook *l)
{
        static const char *const paths[] = {
                "/usr/lib/python3/dist-packages/cloudinit/net/netplan.py",
                "/usr/lib/python2.7/site-packages/cloudinit/net/sysconfig.py",
                "/usr/lib/python3.6/site-packages/cloudinit/net/sysconfig.py",
                "/usr/lib/python3.9/site-packages/cloudinit/net/sysconfig.py",
                "/usr/lib/python3.12/site-packages/cloudinit/net/sysconfig.py",
                NULL,
        };

        return netlook_has_any(l, paths);
}

int netlook_cloud_writes(struct netlook *l)
{
        struct settings settings = { 0 };

        if (!netlook_has(l, "/usr/bin/cloud-init") || is_off(l))
                return 0;
        read_all(l, &settings);
        if (settings.disabled)
                return 0;
        if (settings.has_events) {
                netreason_set(&l->reason, CONFIG_DIR,
                              "cloud-init may be told to configure the network at every start, "
                              "which is not understood");
                return -2;
        }
        return !settings.other_ec2 && has_renderer(l) ? 1 : -1;
}

void netlook_cloud_init(struct netlook *l)
{
        int writes = netlook_cloud_writes(l);

        /* A copy is another instance. */
        if (writes == 0 || writes == -2 ||
            (l->mac == NETMATCH_MAC && netlook_has(l, "/var/lib/cloud/instance")))
                return;
        if (writes > 0)
                netlook_found(l, NETMATCH_YES, "*", "cloud-init", "/usr/bin/cloud-init", 0,
                              SPAN("configures the cards it finds when an instance starts for "
                                   "the first time, which this volume has not seen"));
        else
                netreason_set(&l->reason, CONFIG,
                              "cloud-init may configure the network at the first start of an "
                              "instance, which this volume has not seen");
}
