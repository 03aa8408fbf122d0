/*
 * What the kernel that starts next was built with, where its package says so: /boot/config-RELEASE,
 * or the file config beside its modules (Red Hat 8 and later have both). Modules and drivers are
 * looked for as files; this is for what has none.
 */
#include "base/xalloc.h"
#include "parse/lines.h"
#include "probe/probe.h"

static const struct {
        const char *fact, *option;
} options[] = {
        { "sig_force", "CONFIG_MODULE_SIG_FORCE" },
        { "lockdown_integrity", "CONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY" },
        { "lockdown_confidentiality", "CONFIG_LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY" },
        { "hotplug_acpi", "CONFIG_HOTPLUG_PCI_ACPI" },
        { "hotplug_pcie", "CONFIG_HOTPLUG_PCI_PCIE" },
};

/* The value of an option that is set, at the beginning of a line. */
static bool find_option(struct span text, const char *option, struct span *ret)
{
        cleanup_free char *line = xasprintf("\n%s=", option);
        const char *at = memmem(text.data, text.len, line, strlen(line)), *end;

        if (!at)
                return false;
        at += strlen(line);
        end = memchr(at, '\n', (size_t)(text.data + text.len - at));
        *ret = (struct span){ at, (size_t)((end ? end : text.data + text.len) - at) };
        return true;
}

/* ---- a module that must be loaded by name ---------------------------------------------------- */

static bool names_module(struct probe_context *context, const char *path, const char *module)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct lines lines;
        struct line line;
        int r = volume_read(context->volume, path, VOLUME_CONFIG_MAX, &blob, &err);

        if (r < 0)
                facts_unknown(context->facts, "/kconfig/acpiphp_loaded", path, "%s", err.text);
        if (r <= 0)
                return false;
        lines = lines_of(blob_span(&blob));
        while (lines_next(&lines, &line)) {
                struct span text = line_strip(line.text);

                if (text.len > 0 && *text.data != '#' &&
                    memmem(text.data, text.len, module, strlen(module)))
                        return true;
        }
        return false;
}

/* Where a start loads modules by name: modules-load.d(5), Debian's and Red Hat's older places. */
static void look_for_acpiphp(struct probe_context *context)
{
        static const char *const dirs[] = { "/etc/modules-load.d", "/etc/sysconfig/modules" };
        bool found = names_module(context, "/etc/modules", "acpiphp");

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_strv struct strv names = { 0 };
                struct err err = { 0 };

                if (volume_list(context->volume, dirs[i], &names, &err) < 0)
                        facts_unknown(context->facts, "/kconfig/acpiphp_loaded", dirs[i], "%s",
                                      err.text);
                for (size_t n = 0; n < names.n && !found; n++) {
                        cleanup_free char *path = xasprintf("%s/%s", dirs[i], names.v[n]);

                        found = names_module(context, path, "acpiphp");
                }
        }
        if (found || !facts_why_incomplete(context->facts, "/kconfig/acpiphp_loaded",
                                           &(const char *){ NULL }))
                facts_set_bool(context->facts, found, "/kconfig/acpiphp_loaded");
}

/* ---------------------------------------------------------------------------------------------- */

static void publish(struct facts *f, const char *file, struct span text)
{
        struct span value;
        uint64_t number;

        facts_set_str(f, file, "/kconfig/file");
        for (size_t i = 0; i < ARRAY_SIZE(options); i++)
                facts_set_span(f, find_option(text, options[i].option, &value) ? value : SPAN("n"),
                               "/kconfig/%s", options[i].fact);
        if (find_option(text, "CONFIG_HOTPLUG_PCI_ACPI", &value) && span_eq(value, "y"))
                facts_set_null(f, "/kconfig/hotplug");
        else
                facts_set_evidence(f, "/kconfig/hotplug", file, 0,
                                   span_of(streq(facts_str(f, "/kconfig/hotplug_acpi"), "m")
                                                   ? "CONFIG_HOTPLUG_PCI_ACPI=m"
                                                   : "CONFIG_HOTPLUG_PCI_ACPI is not set"));
        if (find_option(text, "CONFIG_NR_CPUS", &value) && str_to_u64(value, &number) == 0 &&
            number <= INT32_MAX)
                facts_set_int(f, (int64_t)number, "/kconfig/nr_cpus");
        else
                facts_unknown(f, "/kconfig/nr_cpus", file, "it does not say CONFIG_NR_CPUS");
}

/* A file that has no option at all is no configuration. */
static bool is_config(struct span text)
{
        return memmem(text.data, text.len, "\nCONFIG_", strlen("\nCONFIG_"));
}

static void run_kconfig(struct probe_context *context)
{
        const char *release = facts_str(context->facts, "/boot/kernel/release"), *why, *at;
        const char *dir = facts_str(context->facts, "/drivers/dir");
        cleanup_free char *in_boot = xasprintf("/boot/config-%s", release ? release : "");
        cleanup_free char *beside = xasprintf("%s/config", dir ? dir : "");
        const char *const paths[] = { in_boot, beside };

        if (!release) {
                why = facts_why_unknown(context->facts, "/boot/kernel/release", &at);
                facts_unknown(context->facts, "/kconfig", why ? at : NULL,
                              "which kernel starts next is not known%s%s", why ? ": " : "",
                              why ? why : "");
                return;
        }
        for (size_t i = 0; i < (dir ? 2 : 1); i++) {
                cleanup_blob struct blob blob = { 0 };
                struct err err = { 0 };
                int r = volume_read(context->volume, paths[i], VOLUME_CONFIG_MAX, &blob, &err);

                if (r == 0)
                        continue;
                if (r < 0)
                        facts_unknown(context->facts, "/kconfig", paths[i], "%s", err.text);
                else if (!is_config(blob_span(&blob)))
                        facts_unknown(context->facts, "/kconfig", paths[i],
                                      "no configuration of a kernel");
                else
                        publish(context->facts, paths[i], blob_span(&blob));
                if (streq(facts_str(context->facts, "/kconfig/hotplug_acpi"), "m"))
                        look_for_acpiphp(context);
                return;
        }
        facts_unknown(context->facts, "/kconfig", in_boot,
                      "it is not there, and so what kernel %s was built with is not known",
                      release);
}

static const struct fact_decl kconfig_facts[] = {
        { "/kconfig/file", FACT_STRING, "the configuration of the kernel that starts next" },
        { "/kconfig/sig_force", FACT_STRING, "y: it takes signed modules only; or n" },
        { "/kconfig/lockdown_integrity", FACT_STRING, "y: locked down, so the same; or n" },
        { "/kconfig/lockdown_confidentiality", FACT_STRING, "y: locked down, so the same; or n" },
        { "/kconfig/hotplug_acpi", FACT_STRING, "PCI devices come and go by ACPI: y, m or n" },
        { "/kconfig/hotplug", FACT_OBJECT, "where that is written, null: it is y" },
        { "/kconfig/hotplug/file", FACT_STRING, "the configuration" },
        { "/kconfig/hotplug/line", FACT_INT, "0" },
        { "/kconfig/hotplug/text", FACT_STRING, "what it says" },
        { "/kconfig/acpiphp_loaded", FACT_BOOL, "where that is m: the module is loaded by name" },
        { "/kconfig/hotplug_pcie", FACT_STRING, "the same by PCI Express: y or n" },
        { "/kconfig/nr_cpus", FACT_INT, "processors it uses at most" },
        {}
};

const struct probe probe_kconfig = {
        .name = "kconfig",
        .needs = PROBE_NEEDS("boot", "drivers"),
        .provides = kconfig_facts,
        .run = run_kconfig,
};
