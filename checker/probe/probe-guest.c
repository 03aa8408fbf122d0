/*
 * What was installed because the machine is a guest of Xen, or one that EC2 hibernates: services
 * started at boot, and what the agent of hibernation leaves behind when it is in use.
 *   https://github.com/xenserver/xe-guest-utilities, xen-utils-common (Debian), xen-runtime (Red
 *   Hat): names of their services
 *   https://github.com/aws/amazon-ec2-hibinit-agent: /var/lib/hibinit-agent/hibernation-enabled,
 *   /swap-hibinit in Ubuntu's package; the agent alone is in every image of Ubuntu
 */
#include <fnmatch.h>

#include "base/xalloc.h"
#include "probe/probe.h"

/* Without ".service". */
static const char *const services[] = {
        "xe-daemon",    "xe-linux-distribution", "xenstored",  "xenconsoled",     "xendomains",
        "xen-watchdog", "xen-init-dom0",         "xencommons", "xendriverdomain", "xen",
        "proc-xen",     "var-lib-xenstored",
};

static const struct {
        const char *dir, *front; /* of a link's name */
} wants[] = {
        { "/etc/systemd/system/multi-user.target.wants", "" },
        { "/etc/systemd/system/sysinit.target.wants", "" },
        { "/etc/rc.d/rc3.d", "S[0-9][0-9]" },
        { "/etc/rc3.d", "S[0-9][0-9]" },
        { "/etc/rc2.d", "S[0-9][0-9]" },
};

static bool is_published(const struct facts *f, const char *name)
{
        for (size_t i = 0, n = facts_count(f, "/guest/services"); i < n; i++) {
                cleanup_free char *path = xasprintf("/guest/services/%zu/name", i);

                if (streq(facts_str(f, path), name))
                        return true;
        }
        return false;
}

static void look_at_name(struct probe_context *context, size_t at, const char *name)
{
        for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
                cleanup_free char *unit = xasprintf("%s%s.service", wants[at].front, services[i]);
                cleanup_free char *script = xasprintf("%s%s", wants[at].front, services[i]);
                cleanup_free char *file = xasprintf("%s/%s", wants[at].dir, name);
                cleanup_free char *element = NULL;

                if (fnmatch(*wants[at].front ? script : unit, name, 0) != 0 ||
                    is_published(context->facts, services[i]))
                        continue;
                element = xasprintf("/guest/services/%zu",
                                    facts_count(context->facts, "/guest/services"));
                facts_set_evidence(context->facts, element, file, 0, SPAN("started at boot"));
                facts_set_str(context->facts, services[i], "%s/name", element);
        }
}

static void look_at_services(struct probe_context *context)
{
        for (size_t i = 0; i < ARRAY_SIZE(wants); i++) {
                cleanup_strv struct strv names = { 0 };
                struct err err = { 0 };

                if (volume_list(context->volume, wants[i].dir, &names, &err) < 0)
                        facts_unknown(context->facts, "/guest/services", wants[i].dir, "%s",
                                      err.text);
                for (size_t k = 0; k < names.n; k++)
                        look_at_name(context, i, names.v[k]);
        }
}

static void look_at_hibernation(struct probe_context *context)
{
        static const char *const files[] = { "/var/lib/hibinit-agent/hibernation-enabled",
                                             "/swap-hibinit" };

        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                struct err err = { 0 };
                struct stat st;
                int r = volume_stat(context->volume, files[i], &st, &err);

                if (r < 0)
                        facts_unknown(context->facts, "/guest/hibernation", files[i], "%s",
                                      err.text);
                if (r > 0)
                        facts_set_evidence(context->facts, "/guest/hibernation", files[i], 0,
                                           SPAN("made by the agent of hibernation"));
                if (r != 0)
                        return;
        }
        facts_set_null(context->facts, "/guest/hibernation");
}

static void run_guest(struct probe_context *context)
{
        facts_set_array(context->facts, "/guest/services");
        facts_set_array(context->facts, "/guest/scripts");
        facts_set_array(context->facts, "/guest/conditions");
        look_at_services(context);
        look_at_hibernation(context);
}

static const struct fact_decl guest_facts[] = {
        { "/guest/services", FACT_ARRAY, "services of Xen that are started at boot" },
        { "/guest/services/*/name", FACT_STRING, "as xe-daemon" },
        { "/guest/services/*/file", FACT_STRING, "what starts it" },
        { "/guest/services/*/line", FACT_INT, "0" },
        { "/guest/services/*/text", FACT_STRING, "what that is" },
        { "/guest/hibernation", FACT_OBJECT, "sign that EC2 hibernates it; null: there is none" },
        { "/guest/hibernation/file", FACT_STRING, "the file" },
        { "/guest/hibernation/line", FACT_INT, "0" },
        { "/guest/hibernation/text", FACT_STRING, "what that is" },
        { "/guest/scripts", FACT_ARRAY, "lines of scripts and units that look for Xen's UUID" },
        { "/guest/scripts/*/file", FACT_STRING, "the script" },
        { "/guest/scripts/*/line", FACT_INT, "its line" },
        { "/guest/scripts/*/text", FACT_STRING, "that line" },
        { "/guest/scripts/*/other_way", FACT_BOOL,
          "it also looks at firmware tables or the metadata service" },
        { "/guest/conditions", FACT_ARRAY, "units that systemd starts on Xen alone" },
        { "/guest/conditions/*/file", FACT_STRING, "the unit" },
        { "/guest/conditions/*/line", FACT_INT, "its line" },
        { "/guest/conditions/*/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_guest = {
        .name = "guest",
        .provides = guest_facts,
        .run = run_guest,
};
