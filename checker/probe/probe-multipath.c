/*
 * Whether multipathd would take NVMe disks of EBS: its blacklist was written for names of Xen. With
 * find_multipaths no or greedy it makes a map of every disk that the configuration does not
 * exclude; otherwise only of one with several paths, which no EBS volume has, or one that it knows
 * (wwids). https://man7.org/linux/man-pages/man5/multipath.conf.5.html
 */
#include "base/xalloc.h"
#include "parse/lines.h"
#include "parse/multipathconf.h"
#include "probe/bootparam.h"
#include "probe/probe.h"

#define CONF  "/etc/multipath.conf"
#define WWIDS "/etc/multipath/wwids"

/* Enabled for systemd, or by the links of its rc scripts. */
static bool is_enabled(const struct volume *v)
{
        static const char *const links[] = {
                "/etc/systemd/system/sysinit.target.wants/multipathd.service",
                "/etc/systemd/system/multi-user.target.wants/multipathd.service",
                "/etc/systemd/system/sockets.target.wants/multipathd.socket",
                "/etc/rc3.d/S13multipathd",
                "/etc/rcS.d/S02multipath-tools",
        };

        for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
                cleanup_free char *link = NULL;

                if (volume_readlink(v, links[i], &link, NULL) > 0)
                        return true;
        }
        return false;
}

static bool is_exclusion(const struct multipath_word *w)
{
        bool all = streq(w->value, "*") || streq(w->value, ".*");

        return (streq(w->key, "devnode") || streq(w->key, "wwid")) &&
               (all || strstr(w->value, "nvme"));
}

/* "yes", "no", or NULL: only running it would tell. */
static const char *find_exclusion(const struct multipath_conf *c)
{
        const char *answer = "no";

        for (size_t i = 0; i < c->n; i++) {
                const struct multipath_word *w = &c->v[i];
                bool excepts = streq(w->section, "blacklist_exceptions") ||
                               streq(w->parent, "blacklist_exceptions");

                if (excepts && (strstr(w->value, "nvme") || strstr(w->value, "NVME")))
                        return NULL;
                if (streq(w->section, "blacklist") && *w->value == '!')
                        return NULL;
                if ((streq(w->section, "blacklist") && is_exclusion(w)) ||
                    (streq(w->parent, "blacklist") && streq(w->key, "vendor") &&
                     strstr(w->value, "NVME")))
                        answer = "yes";
        }
        return answer;
}

/* A line "/WWID/" of an NVMe disk: "/nvme.1d0f-..." or "/eui..." */
static void look_at_wwids(struct probe_context *context)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        struct lines lines;
        struct line line;
        int r = volume_read(context->volume, WWIDS, VOLUME_CONFIG_MAX, &blob, &err);

        if (r < 0) {
                facts_unknown(context->facts, "/multipath/wwid", WWIDS, "%s", err.text);
                return;
        }
        lines = lines_of(r > 0 ? blob_span(&blob) : SPAN(""));
        while (lines_next(&lines, &line)) {
                if (line.text.len < 7 || memcmp(line.text.data, "/nvme.", 6) != 0)
                        continue;
                facts_set_evidence(context->facts, "/multipath/wwid", WWIDS, line.number,
                                   line.text);
                return;
        }
        facts_set_null(context->facts, "/multipath/wwid");
}

static void publish(struct facts *f, const struct multipath_conf *c)
{
        const struct multipath_word *find = multipath_find(c, "defaults", "find_multipaths");
        const char *excluded = find_exclusion(c);

        if (find)
                facts_set_evidence(f, "/multipath/find", CONF, find->line, find->text);
        else
                facts_set_null(f, "/multipath/find");
        if (find)
                facts_set_str(f, find->value, "/multipath/find/value");
        if (excluded)
                facts_set_bool(f, streq(excluded, "yes"), "/multipath/excluded");
        else
                facts_unknown(f, "/multipath/excluded", CONF,
                              "whether its blacklist has NVMe disks is not understood");
}

static void run_multipath(struct probe_context *context)
{
        cleanup_multipath struct multipath_conf conf = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct facts *f = context->facts;
        const char *switched = bootparam_last(f, "multipath");
        struct err err = { 0 };
        int r;

        if (!is_enabled(context->volume) || streq(switched, "off") || bootparam_has(f, "nompath")) {
                facts_set_bool(f, false, "/multipath/runs");
                return;
        }
        facts_set_bool(f, true, "/multipath/runs");
        r = volume_read(context->volume, CONF, VOLUME_CONFIG_MAX, &blob, &err);
        if (r > 0)
                r = multipath_parse(blob_span(&blob), &conf, &err);
        look_at_wwids(context);
        if (r < 0) {
                facts_unknown(f, "/multipath/find", CONF, "%s", err.text);
                facts_unknown(f, "/multipath/excluded", CONF, "%s", err.text);
        } else {
                publish(f, &conf);
        }
}

static const struct fact_decl multipath_facts[] = {
        { "/multipath/runs", FACT_BOOL, "multipathd is started" },
        { "/multipath/find", FACT_OBJECT, "find_multipaths of multipath.conf, null: not said" },
        { "/multipath/find/file", FACT_STRING, "where it is written" },
        { "/multipath/find/line", FACT_INT, "its line" },
        { "/multipath/find/text", FACT_STRING, "that line" },
        { "/multipath/find/value", FACT_STRING, "as yes, no, strict or greedy" },
        { "/multipath/excluded", FACT_BOOL, "the blacklist has NVMe disks" },
        { "/multipath/wwid", FACT_OBJECT, "an NVMe disk it is told to take, null: none" },
        { "/multipath/wwid/file", FACT_STRING, "where it is written" },
        { "/multipath/wwid/line", FACT_INT, "its line" },
        { "/multipath/wwid/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_multipath = {
        .name = "multipath",
        .needs = PROBE_NEEDS("boot"),
        .provides = multipath_facts,
        .run = run_multipath,
};
