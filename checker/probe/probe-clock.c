/* Which clock source is asked for: on the kernel command line, and by files that write to sysfs at
 * boot. */
#include <errno.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/clocksource.h"
#include "probe/bootparam.h"
#include "probe/probe.h"

#define CLOCK_SETTINGS_MAX 100

static const char *const files[] = { "/etc/rc.local", "/etc/rc.d/rc.local", "/etc/sysfs.conf" };

static const struct {
        const char *path, *suffix;
} dirs[] = {
        { "/etc/sysfs.d", ".conf" },
        { "/etc/tmpfiles.d", ".conf" },
        { "/etc/systemd/system", ".service" },
};

static void publish(struct probe_context *context, const char *where, struct span value,
                    const char *file, size_t line, struct span text)
{
        size_t n = facts_count(context->facts, "/clock/settings");
        char path[64];

        if (n >= CLOCK_SETTINGS_MAX)
                return;
        snprintf(path, sizeof(path), "/clock/settings/%zu", n);
        facts_set_evidence(context->facts, path, file, line, text);
        facts_set_str(context->facts, where, "%s/where", path);
        facts_set_span(context->facts, value, "%s/value", path);
}

static void look_at_file(struct probe_context *context, const char *path)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        size_t line = 1;
        int r = volume_read(context->volume, path, VOLUME_CONFIG_MAX, &blob, &err);

        if (r < 0)
                facts_unknown(context->facts, "/clock/settings", path, "%s", err.text);
        if (r <= 0)
                return;
        for (size_t start = 0; start < blob.len; line++) {
                const char *end = memchr(blob.data + start, '\n', blob.len - start);
                size_t len = end ? (size_t)(end - blob.data) - start : blob.len - start;
                struct span text = { blob.data + start, len }, value;

                if (clocksource_of_line(text, &value))
                        publish(context, "file", value, path, line, text);
                start += len + 1;
        }
}

static void look_at_dir(struct probe_context *context, const char *dir, const char *suffix)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(context->volume, dir, &names, &err) < 0)
                facts_unknown(context->facts, "/clock/settings", dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);
                struct stat st;
                int r;

                if (!str_endswith(names.v[i], suffix))
                        continue;
                /* A link to /dev/null masks a unit; what cannot be looked at says why when read. */
                r = volume_stat(context->volume, path, &st, NULL);
                if (r < 0 || (r > 0 && !S_ISCHR(st.st_mode)))
                        look_at_file(context, path);
        }
}

/* clocksource= is read by the kernel; the last one on the line wins. */
static void look_at_cmdline(struct probe_context *context)
{
        const char *value = bootparam_last(context->facts, "clocksource"), *file;
        cleanup_free char *why = NULL;

        if (!bootparam_known(context->facts, &why, &file))
                facts_unknown(context->facts, "/clock/settings", file, "%s", why);
        if (value)
                publish(context, "cmdline", span_of(value),
                        facts_str(context->facts, "/boot/entry/kernel/file"),
                        (size_t)facts_int(context->facts, "/boot/entry/kernel/line", 0),
                        span_of(facts_str(context->facts, "/boot/entry/kernel/text")));
}

/* What could not be read is noted at the array itself: it is then incomplete (facts.h). */
static void run_clock(struct probe_context *context)
{
        facts_set_array(context->facts, "/clock/settings");
        look_at_cmdline(context);
        for (size_t i = 0; i < ARRAY_SIZE(files); i++)
                look_at_file(context, files[i]);
        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
                look_at_dir(context, dirs[i].path, dirs[i].suffix);
}

static const struct fact_decl clock_facts[] = {
        { "/clock/settings", FACT_ARRAY, "clock sources asked for, each with its evidence" },
        { "/clock/settings/*/where", FACT_STRING, "cmdline or file" },
        { "/clock/settings/*/value", FACT_STRING, "clock source, as xen or tsc" },
        { "/clock/settings/*/file", FACT_STRING, "where it is written" },
        { "/clock/settings/*/line", FACT_INT, "its line" },
        { "/clock/settings/*/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_clock = {
        .name = "clock",
        .needs = PROBE_NEEDS("boot"),
        .provides = clock_facts,
        .run = run_clock,
};
