/*
 * Tags by which fstab and root= want a disk and that two disks of the machine have: a snapshot of
 * the root beside it. By name it was always the same one; by tag it is the one that comes first,
 * and NVMe disks come in any order.
 */
#include "base/xalloc.h"
#include "probe/bootparam.h"
#include "probe/devref.h"
#include "probe/probe.h"

#define LIST "/duplicates/tags"

static void publish(struct probe_context *context, const char *file, size_t line, const char *text,
                    const char *value, const char *target)
{
        struct facts *f = context->facts;
        cleanup_free char *path = NULL;

        if (devref_is_shared(context->blkids, value) <= 0)
                return;
        path = xasprintf(LIST "/%zu", facts_count(f, LIST));
        facts_set_evidence(f, path, file, line, span_of(text ? text : ""));
        facts_set_str(f, value, "%s/value", path);
        facts_set_str(f, target, "%s/target", path);
}

static void look_at_fstab(struct probe_context *context)
{
        struct facts *f = context->facts;

        for (size_t i = 0; i < facts_count(f, "/fstab/devices"); i++) {
                cleanup_free char *value = xasprintf("/fstab/devices/%zu/value", i);
                cleanup_free char *target = xasprintf("/fstab/devices/%zu/entry_target", i);
                cleanup_free char *line = xasprintf("/fstab/devices/%zu/line", i);
                cleanup_free char *text = xasprintf("/fstab/devices/%zu/text", i);
                const char *name = facts_str(f, value);

                if (name)
                        publish(context, "/etc/fstab", (size_t)facts_int(f, line, 0),
                                facts_str(f, text), name, facts_str(f, target));
        }
}

static void run_duplicates(struct probe_context *context)
{
        struct facts *f = context->facts;
        const char *root = bootparam_last(f, "root");

        facts_set_array(f, LIST);
        facts_set_bool(f, devref_is_shared(context->blkids, "") >= 0, "/duplicates/known");
        look_at_fstab(context);
        if (root && facts_str(f, "/boot/entry/kernel/file"))
                publish(context, facts_str(f, "/boot/entry/kernel/file"),
                        (size_t)facts_int(f, "/boot/entry/kernel/line", 0),
                        facts_str(f, "/boot/entry/kernel/text"), root, "root=");
}

static const struct fact_decl duplicates_facts[] = {
        { "/duplicates/known", FACT_BOOL, "all disks of the machine are at hand" },
        { LIST, FACT_ARRAY, "tags that are asked for and that two disks have" },
        { LIST "/*/file", FACT_STRING, "where it is asked for" },
        { LIST "/*/line", FACT_INT, "its line" },
        { LIST "/*/text", FACT_STRING, "that line" },
        { LIST "/*/value", FACT_STRING, "the tag" },
        { LIST "/*/target", FACT_STRING, "mount point, or root=" },
        {}
};

const struct probe probe_duplicates = {
        .name = "duplicates",
        .needs = PROBE_NEEDS("fstab", "boot"),
        .provides = duplicates_facts,
        .run = run_duplicates,
};
