/* The report as JSON, schema xen2nitro/report/1 (report.schema.json beside this file). */
#include <json-c/json.h>

#include "base/jsonx.h"
#include "report/report.h"

/* A string fact, or null when it is null or not known. */
static void add_fact(struct json_object *o, const char *key, const struct facts *facts,
                     const char *path)
{
        jsonx_add_str(o, key, facts_str(facts, path));
}

static struct json_object *new_boot_entry(const struct facts *facts)
{
        struct json_object *boot, *initrd;
        size_t n = facts_count(facts, "/boot/entry/initrd");

        if (!facts_str(facts, "/boot/entry/title"))
                return NULL;
        boot = json_object_new_object();
        add_fact(boot, "loader", facts, "/boot/loader");
        add_fact(boot, "title", facts, "/boot/entry/title");
        add_fact(boot, "chosen_by", facts, "/boot/entry/chosen_by");
        add_fact(boot, "kernel_version", facts, "/boot/kernel/release");
        add_fact(boot, "kernel", facts, "/boot/entry/kernel/path");
        initrd = json_object_new_array();
        for (size_t i = 0; i < n; i++) {
                char path[64];

                snprintf(path, sizeof(path), "/boot/entry/initrd/%zu/path", i);
                json_object_array_add(initrd, json_object_new_string(facts_str(facts, path)));
        }
        json_object_object_add(boot, "initrd", initrd);
        add_fact(boot, "cmdline", facts, "/boot/entry/cmdline");
        return boot;
}

static struct json_object *new_volume(const struct facts *facts)
{
        struct json_object *volume = json_object_new_object();
        struct json_object *os = json_object_new_object();

        add_fact(volume, "mode", facts, "/volume/mode");
        add_fact(os, "id", facts, "/os/id");
        add_fact(os, "version_id", facts, "/os/version_id");
        add_fact(os, "name", facts, "/os/name");
        json_object_object_add(volume, "os", os);
        json_object_object_add(volume, "boot", new_boot_entry(facts));
        return volume;
}

static struct json_object *new_counts(const struct findings *l)
{
        struct json_object *o = json_object_new_object();
        const struct {
                const char *key;
                size_t n;
        } counts[] = {
                { "blockers", findings_count_at(l, OUTCOME_FAIL, SEVERITY_BLOCKER) },
                { "warnings", findings_count_at(l, OUTCOME_FAIL, SEVERITY_WARNING) },
                { "info", findings_count_at(l, OUTCOME_FAIL, SEVERITY_INFO) },
                { "unknown", findings_count(l, OUTCOME_UNKNOWN) },
                { "waived", findings_count(l, OUTCOME_WAIVED) },
                { "pass", findings_count(l, OUTCOME_PASS) },
                { "not_applicable", findings_count(l, OUTCOME_NOT_APPLICABLE) },
                { "skipped", findings_count(l, OUTCOME_SKIPPED) },
        };

        for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
                jsonx_add_int(o, counts[i].key, (int64_t)counts[i].n);
        return o;
}

/* Who answers for the finding, or null. */
static struct json_object *new_waiver(const struct finding *f)
{
        struct json_object *o;

        if (f->outcome != OUTCOME_WAIVED)
                return NULL;
        o = json_object_new_object();
        jsonx_add_str(o, "outcome", outcome_name(f->was));
        jsonx_add_str(o, "reason", f->waiver_reason);
        jsonx_add_str(o, "owner", f->waiver_owner);
        jsonx_add_str(o, "expires", f->waiver_expires);
        return o;
}

static struct json_object *new_finding(const struct finding *f)
{
        struct json_object *o = json_object_new_object();
        struct json_object *evidence = json_object_new_array();
        struct json_object *links = json_object_new_array();

        for (size_t i = 0; i < f->n_evidence; i++) {
                const struct evidence *e = &f->evidence[i];
                struct json_object *one = json_object_new_object();

                jsonx_add_str(one, "file", e->file);
                jsonx_add_int(one, "line", (int64_t)e->line);
                jsonx_add_str(one, "text", e->text);
                json_object_array_add(evidence, one);
        }
        for (size_t i = 0; i < f->links.n; i++)
                json_object_array_add(links, json_object_new_string(f->links.v[i]));
        jsonx_add_str(o, "rule", f->rule);
        jsonx_add_str(o, "severity", severity_name(f->severity));
        jsonx_add_str(o, "outcome", outcome_name(f->outcome));
        jsonx_add_str(o, "subject", f->subject);
        jsonx_add_str(o, "title", f->title);
        jsonx_add_str(o, "message", f->message);
        jsonx_add_str(o, "consequence", f->consequence);
        json_object_object_add(o, "evidence", evidence);
        jsonx_add_str(o, "fix", f->fix);
        json_object_object_add(o, "links", links);
        json_object_object_add(o, "waiver", new_waiver(f));
        return o;
}

/* Those of the file that waive nothing now: they expired, or there is no such finding. */
static struct json_object *new_idle_waivers(const struct waivers *w, bool expired)
{
        struct json_object *list = json_object_new_array();

        for (size_t i = 0; i < w->n; i++) {
                const struct waiver *one = &w->v[i];
                struct json_object *o;

                if (one->expired != expired || (!expired && one->used))
                        continue;
                o = json_object_new_object();
                jsonx_add_str(o, "rule", one->rule);
                jsonx_add_str(o, "subject", one->subject);
                jsonx_add_str(o, "reason", one->reason);
                jsonx_add_str(o, "owner", one->owner);
                jsonx_add_str(o, "expires", one->expires);
                json_object_array_add(list, o);
        }
        return list;
}

static struct json_object *new_waivers(const struct waivers *w)
{
        struct json_object *o;

        if (!w->file)
                return NULL;
        o = json_object_new_object();
        jsonx_add_str(o, "file", w->file);
        jsonx_add_str(o, "problem", w->problem);
        json_object_object_add(o, "expired", new_idle_waivers(w, true));
        json_object_object_add(o, "unused", new_idle_waivers(w, false));
        return o;
}

static struct json_object *new_problems(const struct facts *facts)
{
        struct json_object *list = json_object_new_array();

        for (size_t i = 0; i < facts_problem_count(facts); i++) {
                struct json_object *one = json_object_new_object();
                const char *file, *text = facts_problem_get(facts, i, &file);

                jsonx_add_str(one, "file", file);
                jsonx_add_str(one, "text", text);
                json_object_array_add(list, one);
        }
        return list;
}

static void write_json(const struct report *report, struct buf *out)
{
        cleanup_json struct json_object *o = json_object_new_object();
        struct json_object *tool = json_object_new_object();
        struct json_object *findings = json_object_new_array();

        jsonx_add_str(tool, "name", "xen2nitro");
        jsonx_add_str(tool, "version", XEN2NITRO_VERSION);
        for (size_t i = 0; i < report->findings->n; i++)
                json_object_array_add(findings, new_finding(&report->findings->v[i]));

        jsonx_add_str(o, "schema", REPORT_SCHEMA);
        json_object_object_add(o, "tool", tool);
        jsonx_add_str(o, "generated_at", report->generated_at);
        json_object_object_add(o, "volume", new_volume(report->facts));
        add_fact(o, "mode", report->facts, "/move/mode");
        add_fact(o, "source", report->facts, "/move/source");
        add_fact(o, "target", report->facts, "/target/type");
        jsonx_add_str(o, "verdict", verdict_name(report->verdict));
        json_object_object_add(o, "strict", json_object_new_boolean(report->strict));
        json_object_object_add(o, "counts", new_counts(report->findings));
        json_object_object_add(o, "findings", findings);
        json_object_object_add(o, "waivers", new_waivers(report->waivers));
        json_object_object_add(o, "problems", new_problems(report->facts));
        jsonx_print(o, out);
}

const struct report_format report_format_json = { .name = "json", .write = write_json };
