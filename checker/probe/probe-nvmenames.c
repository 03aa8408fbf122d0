/*
 * Disks that are named by their number of NVMe, /dev/nvme1n1, wherever other probes have found
 * names: these numbers follow the order in which the disks answer. Of scripts only those count that
 * write over what is on the disk; others may well look which disk it is.
 *   https://docs.aws.amazon.com/ebs/latest/userguide/nvme-ebs-volumes.html
 */
#include "base/xalloc.h"
#include "probe/probe.h"

#define LIST "/nvmenames/names"

static const char *const lists[] = {
        "/fstab/devices",    "/crypttab/devices",   "/units/devices",
        "/mentions/scripts", "/mentions/databases",
};

static const char *member(const struct facts *f, const char *list, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf("%s/%zu/%s", list, i, key);

        return facts_str(f, path);
}

/* "/dev/nvme1n1" of "/dev/nvme1n1p2". */
static char *disk_of(const char *name)
{
        const char *part = strrchr(name, 'p');

        return part && ascii_isdigit(part[1]) ? xmemdup0(name, (size_t)(part - name))
                                              : xstrdup(name);
}

static void look_at_list(struct facts *f, const char *list, struct strv *disks)
{
        const char *file, *why = facts_why_incomplete(f, list, &file);

        /* A script that is not read may have any name in it; that is said by its own list. */
        if (why && !str_startswith(list, "/mentions/"))
                facts_unknown(f, LIST, file, "%s", why);
        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *path = NULL, *line = NULL, *disk = NULL;
                const char *value = member(f, list, i, "value"), *text;

                if (!value || !streq(member(f, list, i, "kind"), "nvme") ||
                    (streq(list, "/mentions/scripts") &&
                     !streq(member(f, list, i, "act"), "destroyed")))
                        continue;
                path = xasprintf(LIST "/%zu", facts_count(f, LIST));
                line = xasprintf("%s/%zu/line", list, i);
                text = member(f, list, i, "text");
                file = member(f, list, i, "file");
                facts_set_evidence(f, path, file ? file : "", (size_t)facts_int(f, line, 0),
                                   span_of(text ? text : ""));
                facts_set_str(f, value, "%s/value", path);
                disk = disk_of(value);
                if (disks->n < 100 && !strv_contains(disks, disk))
                        strv_push(disks, disk);
        }
}

static void run_nvmenames(struct probe_context *context)
{
        cleanup_strv struct strv disks = { 0 };

        facts_set_array(context->facts, LIST);
        for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
                look_at_list(context->facts, lists[i], &disks);
        facts_set_int(context->facts, (int64_t)disks.n, "/nvmenames/disks");
}

static const struct fact_decl nvmenames_facts[] = {
        { "/nvmenames/disks", FACT_INT, "how many disks are named so" },
        { LIST, FACT_ARRAY, "names of NVMe disks by number, in all files that are looked at" },
        { LIST "/*/file", FACT_STRING, "where it stands" },
        { LIST "/*/line", FACT_INT, "its line" },
        { LIST "/*/text", FACT_STRING, "that line" },
        { LIST "/*/value", FACT_STRING, "the name" },
        {}
};

const struct probe probe_nvmenames = {
        .name = "nvmenames",
        .needs = PROBE_NEEDS("fstab", "crypttab", "units", "mentions"),
        .provides = nvmenames_facts,
        .run = run_nvmenames,
};
