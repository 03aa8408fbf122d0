/* Which clock source is asked for: on the kernel command line, and by files that write to sysfs at
 * boot; and what keeps the kernel from taking the best one. */
#include <errno.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/clocksource.h"
#include "parse/inifile.h"
#include "probe/bootparam.h"
#include "probe/probe.h"

#define CLOCK_SETTINGS_MAX 100
#define CLOCK_PROFILES_MAX 16 /* of tuned */

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

/* /etc/rc.local of Red Hat leads to the other one. */
static bool leads_on(struct probe_context *context, const char *path)
{
        cleanup_free char *target = NULL;

        return volume_readlink(context->volume, path, &target, NULL) > 0 &&
               str_endswith(target, "rc.d/rc.local");
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

static void publish_of_entry(struct probe_context *context, const char *where, const char *value)
{
        struct bootparam_place place = bootparam_place(context->facts);

        publish(context, where, span_of(value), place.file, place.line, span_of(place.text));
}

/* Blanks and commas between them; each once, and not many. */
static void add_words(struct strv *words, struct span text)
{
        for (size_t i = 0; i < text.len && words->n < CLOCK_PROFILES_MAX;) {
                size_t start = i;
                cleanup_free char *word = NULL;

                while (i < text.len && !ascii_isspace(text.data[i]) && text.data[i] != ',')
                        i++;
                word = span_dup((struct span){ text.data + start, i - start });
                if (*word && !strchr(word, '/') && !strv_contains(words, word))
                        strv_push(words, word);
                i += i == start || i < text.len;
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
                publish_of_entry(context, "cmdline", value);
}

/*
 * Parameters about the clocks of the processor. Without its TSC a virtual machine of Nitro has
 * kvm-clock, which a metal type has not; without both there are the slow ones.
 *   https://docs.kernel.org/admin-guide/kernel-parameters.html: notsc, tsc=, lpj=, no-kvmclock
 */
static void look_at_parameters(struct probe_context *context)
{
        const struct facts *f = context->facts;
        const char *tsc = bootparam_last(f, "tsc"), *lpj = bootparam_last(f, "lpj");
        bool no_tsc = bootparam_has(f, "notsc"), unstable = streq(tsc, "unstable");
        bool no_kvm = bootparam_has(f, "no-kvmclock");
        cleanup_free char *loops = lpj ? xasprintf("lpj=%s", lpj) : NULL;
        const struct {
                bool there;
                const char *value;
        } words[] = {
                { no_tsc, "notsc" },
                { unstable, "tsc=unstable" },
                { no_kvm, "no-kvmclock" },
                { lpj && !streq(lpj, "0"), loops },
        };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
                if (!words[i].there)
                        continue;
                publish_of_entry(context, "parameter", words[i].value);
                facts_set_bool(context->facts, (no_tsc || unstable) && no_kvm,
                               "/clock/settings/%zu/slow", facts_count(f, "/clock/settings") - 1);
        }
}

/* The profile that tuned applies, and those it builds on; only what is in /etc is somebody's. */
static void look_at_tuned(struct probe_context *context)
{
        cleanup_strv struct strv profiles = { 0 };
        cleanup_blob struct blob active = { 0 };
        struct err err = { 0 };

        if (volume_read(context->volume, "/etc/tuned/active_profile", VOLUME_CONFIG_MAX, &active,
                        &err) < 0)
                facts_unknown(context->facts, "/clock/settings", "/etc/tuned/active_profile", "%s",
                              err.text);
        add_words(&profiles, blob_span(&active));
        for (size_t i = 0; i < profiles.n; i++) {
                cleanup_free char *path = xasprintf("/etc/tuned/%s/tuned.conf", profiles.v[i]);
                cleanup_blob struct blob blob = { 0 };
                cleanup_inifile struct inifile ini = { 0 };
                const struct inifile_pair *include;

                look_at_file(context, path);
                if (volume_read(context->volume, path, INIFILE_MAX, &blob, NULL) <= 0 ||
                    inifile_parse(blob_span(&blob), INIFILE_GLIB, &ini, NULL) < 0)
                        continue;
                include = inifile_find(&ini, "main", "include");
                if (include)
                        add_words(&profiles, span_of(include->value));
        }
}

/* What could not be read is noted at the array itself: it is then incomplete (facts.h). */
static void run_clock(struct probe_context *context)
{
        facts_set_array(context->facts, "/clock/settings");
        look_at_cmdline(context);
        look_at_parameters(context);
        for (size_t i = 0; i < ARRAY_SIZE(files); i++)
                if (!leads_on(context, files[i]))
                        look_at_file(context, files[i]);
        look_at_tuned(context);
        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
                look_at_dir(context, dirs[i].path, dirs[i].suffix);
}

static const struct fact_decl clock_facts[] = {
        { "/clock/settings", FACT_ARRAY, "clock sources asked for, each with its evidence" },
        { "/clock/settings/*/where", FACT_STRING, "cmdline, parameter (another one) or file" },
        { "/clock/settings/*/value", FACT_STRING, "clock source, as xen or tsc; the parameter" },
        { "/clock/settings/*/slow", FACT_BOOL, "of a parameter: only slow clocks are left" },
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
