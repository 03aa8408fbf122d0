/*
 * Settings around the clock that were made for Xen, or that mean something else on Nitro: Xen's
 * wall clock in sysctl files and scripts, a hardware clock in local time, idle states on the
 * command line.
 *
 * xen.independent_wallclock belonged to the kernels of paravirtual machines (RHEL 5, SLES 11, the
 * 2.6.18 of XenSource); the kernels that machines of type HVM have never had it.
 */
#include <stdio.h>
#include <strings.h>

#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/shellvar.h"
#include "probe/bootparam.h"
#include "probe/probe.h"

#define WALLCLOCK     "independent_wallclock"
#define WALLCLOCK_MAX 100

/* ---- Xen's wall clock ---- */

/* What leads to a file that is looked at under its own name. */
static bool leads_to(struct probe_context *c, const char *path, const char *name)
{
        cleanup_free char *target = NULL;

        return volume_readlink(c->volume, path, &target, NULL) > 0 && str_endswith(target, name);
}

static void publish_wallclock(struct probe_context *c, const char *where, const char *file,
                              const struct line *line)
{
        size_t n = facts_count(c->facts, "/timeconf/wallclock");
        struct span text = line_strip(line->text);
        char path[64];

        if (n >= WALLCLOCK_MAX)
                return;
        snprintf(path, sizeof(path), "/timeconf/wallclock/%zu", n);
        facts_set_evidence(c->facts, path, file, line->number, line->text);
        facts_set_str(c->facts, where, "%s/where", path);
        facts_set_bool(c->facts, text.len > 0 && text.data[0] == '-', "%s/forgiven", path);
}

static void look_at_file(struct probe_context *c, const char *where, const char *path)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct lines lines;
        struct line line;
        int r = volume_read(c->volume, path, VOLUME_CONFIG_MAX, &blob, &err);

        if (r < 0)
                facts_unknown(c->facts, "/timeconf/wallclock", path, "%s", err.text);
        if (r <= 0 || !memmem(blob.data, blob.len, WALLCLOCK, strlen(WALLCLOCK)))
                return;
        lines = lines_of(blob_span(&blob));
        while (lines_next(&lines, &line)) {
                struct span text = line_strip(line.text);

                if (text.len > 0 && text.data[0] != '#' && text.data[0] != ';' &&
                    memmem(text.data, text.len, WALLCLOCK, strlen(WALLCLOCK)))
                        publish_wallclock(c, where, path, &line);
        }
}

static void look_at_sysctl(struct probe_context *c)
{
        static const char *const dirs[] = { "/etc/sysctl.d", "/usr/local/lib/sysctl.d",
                                            "/usr/lib/sysctl.d" };

        look_at_file(c, "sysctl", "/etc/sysctl.conf");
        for (size_t d = 0; d < ARRAY_SIZE(dirs); d++) {
                cleanup_strv struct strv names = { 0 };
                struct err err = { 0 };

                if (volume_list(c->volume, dirs[d], &names, &err) < 0)
                        facts_unknown(c->facts, "/timeconf/wallclock", dirs[d], "%s", err.text);
                for (size_t i = 0; i < names.n; i++) {
                        cleanup_free char *path = xasprintf("%s/%s", dirs[d], names.v[i]);

                        if (str_endswith(path, ".conf") && !leads_to(c, path, "/sysctl.conf"))
                                look_at_file(c, "sysctl", path);
                }
        }
}

static void look_at_scripts(struct probe_context *c)
{
        static const char *const scripts[] = { "/etc/rc.local", "/etc/rc.d/rc.local",
                                               "/etc/init.d/boot.local",
                                               "/etc/init.d/after.local" };

        for (size_t i = 0; i < ARRAY_SIZE(scripts); i++)
                if (!leads_to(c, scripts[i], "rc.d/rc.local"))
                        look_at_file(c, "script", scripts[i]);
}

/* ---- the hardware clock ---- */

static bool rtc_unknown(struct probe_context *c, const char *path, const struct err *err)
{
        facts_unknown(c->facts, "/timeconf/rtc_local", path, "%s", err->text);
        return true;
}

/* True: decided. */
static bool look_at_adjtime(struct probe_context *c)
{
        static const char path[] = "/etc/adjtime";
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct lines lines;
        struct line line;

        if (volume_read(c->volume, path, VOLUME_CONFIG_MAX, &blob, &err) < 0)
                return rtc_unknown(c, path, &err);
        lines = lines_of(blob_span(&blob));
        while (lines_next(&lines, &line))
                if (line.number == 3 && span_eq(line_strip(line.text), "LOCAL")) {
                        facts_set_evidence(c->facts, "/timeconf/rtc_local", path, 3, line.text);
                        return true;
                }
        return false;
}

/* What scripts of init hand over to hwclock. */
static bool look_at_setting(struct probe_context *c, const char *path)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct shellvar var;
        struct lines lines;

        if (volume_read(c->volume, path, VOLUME_CONFIG_MAX, &blob, &err) < 0)
                return rtc_unknown(c, path, &err);
        lines = lines_of(blob_span(&blob));
        while (shellvar_next(&lines, &var)) {
                cleanup_free char *value = var.value;
                bool no = value &&
                          (strcasecmp(value, "no") == 0 || strcasecmp(value, "false") == 0);

                if (!(span_eq(var.name, "UTC") && no) &&
                    !(span_eq(var.name, "HWCLOCK") && value && strstr(value, "localtime")))
                        continue;
                facts_set_evidence(c->facts, "/timeconf/rtc_local", path, var.line, var.text);
                return true;
        }
        return false;
}

static void look_at_rtc(struct probe_context *c)
{
        cleanup_free char *zone = NULL;

        if (volume_readlink(c->volume, "/etc/localtime", &zone, NULL) > 0 &&
            (str_endswith(zone, "/UTC") || str_endswith(zone, "/UCT") ||
             str_endswith(zone, "/Universal") || str_endswith(zone, "/Zulu"))) {
                facts_set_null(c->facts, "/timeconf/rtc_local");
                return;
        }
        if (!look_at_adjtime(c) && !look_at_setting(c, "/etc/sysconfig/clock") &&
            !look_at_setting(c, "/etc/default/rcS"))
                facts_set_null(c->facts, "/timeconf/rtc_local");
}

/* ---- idle states ---- */

static void look_at_idle(struct probe_context *c)
{
        static const char *const names[] = { "intel_idle.max_cstate", "processor.max_cstate",
                                             "idle" };
        cleanup_free char *why = NULL;
        const char *file;
        size_t n = 0;

        facts_set_array(c->facts, "/timeconf/idle");
        if (!bootparam_known(c->facts, &why, &file))
                facts_unknown(c->facts, "/timeconf/idle", file, "%s", why);
        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                const char *value = bootparam_last(c->facts, names[i]);
                char path[64];

                if (!value)
                        continue;
                snprintf(path, sizeof(path), "/timeconf/idle/%zu", n++);
                bootparam_set_evidence(c->facts, path);
                facts_set_str(c->facts, names[i], "%s/name", path);
                facts_set_str(c->facts, value, "%s/value", path);
        }
}

static void run_timeconf(struct probe_context *context)
{
        facts_set_array(context->facts, "/timeconf/wallclock");
        look_at_sysctl(context);
        look_at_scripts(context);
        look_at_rtc(context);
        look_at_idle(context);
}

static const struct fact_decl timeconf_facts[] = {
        { "/timeconf/wallclock", FACT_ARRAY, "lines about xen.independent_wallclock" },
        { "/timeconf/wallclock/*/where", FACT_STRING, "sysctl or script" },
        { "/timeconf/wallclock/*/forgiven", FACT_BOOL, "begins with \"-\": a failure is ignored" },
        { "/timeconf/wallclock/*/file", FACT_STRING, "where it is written" },
        { "/timeconf/wallclock/*/line", FACT_INT, "its line" },
        { "/timeconf/wallclock/*/text", FACT_STRING, "that line" },
        { "/timeconf/rtc_local", FACT_OBJECT,
          "the hardware clock is taken for local time of a zone that is not UTC" },
        { "/timeconf/rtc_local/file", FACT_STRING, "where it is written" },
        { "/timeconf/rtc_local/line", FACT_INT, "its line" },
        { "/timeconf/rtc_local/text", FACT_STRING, "that line" },
        { "/timeconf/idle", FACT_ARRAY, "parameters of the boot entry about idle processors" },
        { "/timeconf/idle/*/name", FACT_STRING, "intel_idle.max_cstate ..." },
        { "/timeconf/idle/*/value", FACT_STRING, "its value" },
        { "/timeconf/idle/*/file", FACT_STRING, "the boot loader's file" },
        { "/timeconf/idle/*/line", FACT_INT, "its line" },
        { "/timeconf/idle/*/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_timeconf = {
        .name = "timeconf",
        .needs = PROBE_NEEDS("boot"),
        .provides = timeconf_facts,
        .run = run_timeconf,
};
