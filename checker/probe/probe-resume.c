/*
 * The device to resume from that is asked for: on the command line, in the configuration of
 * initramfs-tools, which goes into the next initramfs, and in the initramfs that is there.
 *   https://manpages.debian.org/bookworm/initramfs-tools-core/initramfs-tools.7.en.html
 */
#include "base/xalloc.h"
#include "parse/lines.h"
#include "probe/bootparam.h"
#include "probe/devref.h"
#include "probe/probe.h"

#define CONFIG     "/etc/initramfs-tools/conf.d/resume"
#define CONFIG_MAX (64u << 10)

static void publish(struct probe_context *context, const char *where, const char *file, size_t line,
                    struct span text, const char *value)
{
        struct facts *f = context->facts;
        enum devname_kind kind = devref_classify(context->volume, value);
        cleanup_free char *path =
                xasprintf("/resume/settings/%zu", facts_count(f, "/resume/settings"));
        cleanup_free char *fix = NULL;

        if (!devref_is_stable(kind))
                fix = devref_fix(context->blkids, devref_find(context->blkids, value, false));
        facts_set_evidence(f, path, file, line, text);
        facts_set_str(f, where, "%s/where", path);
        facts_set_str(f, value, "%s/value", path);
        facts_set_str(f, devname_kind_name(kind), "%s/kind", path);
        facts_set_str(f, fix, "%s/fix_value", path);
}

static bool names_none(const char *value)
{
        return streq(value, "none") || streq(value, "auto");
}

/* The last RESUME= of a piece of shell; "none" and "auto" name no device. */
static void publish_config(struct probe_context *context, struct span text)
{
        struct lines lines = lines_of(text);
        cleanup_free char *value = NULL;
        struct line line, last = { 0 };

        while (lines_next(&lines, &line)) {
                cleanup_free char *copy = span_dup(line_strip(line.text));
                const char *after = str_after(copy, "RESUME=");

                if (!after)
                        continue;
                free(value);
                after += *after == '"' || *after == '\'';
                value = xmemdup0(after, strcspn(after, "\"' \t\r;#"));
                last = line;
        }
        if (value && *value && !names_none(value))
                publish(context, "config", CONFIG, last.number, last.text, value);
}

static void look_at_cmdline(struct probe_context *context)
{
        struct facts *f = context->facts;
        const char *value, *file;
        struct bootparam_place place = bootparam_place(f);
        cleanup_free char *why = NULL;

        if (!bootparam_known(f, &why, &file)) {
                facts_unknown(f, "/resume/settings", file, "%s", why);
                facts_unknown(f, "/resume/noresume", file, "%s", why);
                return;
        }
        facts_set_bool(f, bootparam_has(f, "noresume"), "/resume/noresume");
        value = bootparam_last(f, "resume");
        if (value && *value)
                publish(context, "cmdline", place.file, place.line, span_of(place.text), value);
}

static bool is_published(const struct facts *f, const char *value)
{
        for (size_t i = 0; i < facts_count(f, "/resume/settings"); i++) {
                cleanup_free char *path = xasprintf("/resume/settings/%zu/value", i);

                if (streq(facts_str(f, path), value))
                        return true;
        }
        return false;
}

/* What stands in the configuration, too, is said once, there: mending that makes the image anew. */
static void look_at_image(struct probe_context *context)
{
        struct facts *f = context->facts;
        const char *state = facts_str(f, "/initramfs/state"), *file, *why, *text;
        struct json_object *node;
        int r = facts_get(f, "/initramfs/resume", &node);

        if (r > 0) {
                const char *value = facts_str(f, "/initramfs/resume/value");

                text = facts_str(f, "/initramfs/resume/text");
                if (value && !names_none(value) && !is_published(f, value))
                        publish(context, "initramfs", facts_str(f, "/initramfs/resume/file"),
                                (size_t)facts_int(f, "/initramfs/resume/line", 0),
                                span_of(text ? text : ""), value);
                return;
        }
        /* One that is missing or broken does not come so far, and the command line comes last. */
        if (r < 0 && !facts_why_incomplete(f, "/resume/settings", &file) &&
            !bootparam_last(f, "resume") && (!state || streq(state, "ok")) &&
            (why = facts_why_unknown(f, "/initramfs/resume", &file)))
                facts_unknown(f, "/resume/settings", file, "%s", why);
}

static void run_resume(struct probe_context *context)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        int r;

        facts_set_array(context->facts, "/resume/settings");
        look_at_cmdline(context);
        r = volume_read(context->volume, CONFIG, CONFIG_MAX, &blob, &err);
        if (r > 0)
                publish_config(context, blob_span(&blob));
        else if (r < 0)
                facts_unknown(context->facts, "/resume/settings", CONFIG, "%s", err.text);
        look_at_image(context);
}

static const struct fact_decl resume_facts[] = {
        { "/resume/noresume", FACT_BOOL, "the command line forbids to resume" },
        { "/resume/settings", FACT_ARRAY, "devices to resume from" },
        { "/resume/settings/*/file", FACT_STRING, "where it is written" },
        { "/resume/settings/*/line", FACT_INT, "its line" },
        { "/resume/settings/*/text", FACT_STRING, "that line" },
        { "/resume/settings/*/where", FACT_STRING, "cmdline, config or initramfs" },
        { "/resume/settings/*/value", FACT_STRING, "the device" },
        { "/resume/settings/*/kind", FACT_STRING, "tag, link, xen, scsi, ide, nvme, mapper ..." },
        { "/resume/settings/*/fix_value", FACT_STRING, "what to write, null: not certain" },
        {}
};

const struct probe probe_resume = {
        .name = "resume",
        .needs = PROBE_NEEDS("boot", "initramfs"),
        .provides = resume_facts,
        .run = run_resume,
};
