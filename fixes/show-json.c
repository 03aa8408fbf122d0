/* Plans as JSON, schema xen2nitro/plan/1 (plan.schema.json beside this file). */
#include <json-c/json.h>

#include "base/jsonx.h"
#include "base/xalloc.h"
#include "fixes/show.h"

static const char *const state_names[_SHOW_STATE_MAX] = {
        [SHOW_PLANNED] = "planned",
        [SHOW_DONE] = "done",
        [SHOW_UNDONE] = "undone",
        [SHOW_STUCK] = "stuck",
};

static void add_strings(struct json_object *o, const char *key, const struct strv *strings)
{
        struct json_object *list = json_object_new_array();

        for (size_t i = 0; i < strings->n; i++)
                json_object_array_add(list, json_object_new_string(strings->v[i]));
        json_object_object_add(o, key, list);
}

static struct json_object *new_file_state(uint64_t size, const struct digest *digest)
{
        struct json_object *o = json_object_new_object();
        char hex[DIGEST_HEX_LEN + 1];

        digest_to_hex(digest, hex);
        jsonx_add_int(o, "size", (int64_t)size);
        jsonx_add_str(o, "sha256", hex);
        return o;
}

/* Bytes of a diff that are no UTF-8 stand there as \xNN; the digests tell of every byte. */
static void add_diff(struct json_object *o, const struct plan_op *op)
{
        cleanup_buf struct buf diff = { 0 };
        cleanup_free char *text = NULL;

        show_diff(op, &diff);
        if (diff.len)
                text = str_to_utf8(buf_span(&diff));
        jsonx_add_str(o, "diff", text);
}

static void add_file(struct json_object *o, const struct plan_op *op)
{
        uint64_t size = op->after.len + (op->kind == PLAN_APPEND ? op->size : 0);
        cleanup_free char *mode = xasprintf("%04o", (unsigned)op->mode);

        jsonx_add_str(o, "path", op->path);
        jsonx_add_str(o, "mode", mode);
        json_object_object_add(o, "before",
                               op->existed ? new_file_state(op->size, &op->digest) : NULL);
        json_object_object_add(o, "after", new_file_state(size, &op->digest_after));
        add_diff(o, op);
}

static struct json_object *new_operation(const struct show *show, const struct plan_op *op)
{
        static const char *const kinds[] = {
                [PLAN_WRITE] = "write", [PLAN_APPEND] = "append", [PLAN_RUN] = "run"
        };
        struct json_object *o = json_object_new_object();

        jsonx_add_str(o, "kind", kinds[op->kind]);
        jsonx_add_str(o, "state", state_names[show->state]);
        add_strings(o, "fixes", &op->fixes);
        add_strings(o, "rules", &op->rules);
        if (op->kind == PLAN_RUN) {
                add_strings(o, "command", &op->argv);
                add_strings(o, "outputs", &op->outputs);
        } else {
                add_file(o, op);
        }
        return o;
}

static struct json_object *new_findings(const struct findings *a, const struct findings *b)
{
        struct json_object *list = json_object_new_array();
        const struct finding *f;
        size_t at = 0;

        while ((f = show_next_only_in(a, b, &at))) {
                struct json_object *o = json_object_new_object();

                jsonx_add_str(o, "rule", f->rule);
                jsonx_add_str(o, "subject", f->subject);
                jsonx_add_str(o, "severity", severity_name(f->severity));
                jsonx_add_str(o, "outcome", outcome_name(f->outcome));
                json_object_array_add(list, o);
        }
        return list;
}

static struct json_object *new_left(const struct plan *plan)
{
        struct json_object *list = json_object_new_array();

        for (size_t i = 0; i < plan_left_count(plan); i++) {
                const struct plan_left *l = plan_left_get(plan, i);
                struct json_object *o = json_object_new_object();

                jsonx_add_str(o, "rule", l->rule);
                jsonx_add_str(o, "subject", l->subject);
                jsonx_add_str(o, "fix", l->fix);
                jsonx_add_str(o, "reason", l->reason);
                jsonx_add_str(o, "remedy", l->remedy);
                json_object_array_add(list, o);
        }
        return list;
}

static void add_verdict(struct json_object *o, const char *key, const struct findings *l)
{
        jsonx_add_str(o, key, l ? verdict_name(findings_verdict(l, false)) : NULL);
}

void show_json(const struct show *show, struct buf *out)
{
        cleanup_json struct json_object *o = json_object_new_object();
        struct json_object *tool = json_object_new_object(), *verdict = json_object_new_object();
        struct json_object *operations = json_object_new_array();

        jsonx_add_str(tool, "name", "xen2nitro");
        jsonx_add_str(tool, "version", XEN2NITRO_VERSION);
        add_verdict(verdict, "before", show->before);
        add_verdict(verdict, "predicted", show->predicted);
        add_verdict(verdict, "after", show->now);
        for (size_t i = 0; i < plan_count(show->plan); i++)
                json_object_array_add(operations, new_operation(show, plan_get(show->plan, i)));

        jsonx_add_str(o, "schema", SHOW_SCHEMA);
        json_object_object_add(o, "tool", tool);
        jsonx_add_str(o, "generated_at", show->generated_at);
        jsonx_add_str(o, "state", state_names[show->state]);
        jsonx_add_str(o, "run", show->run && *show->run ? show->run : NULL);
        jsonx_add_str(o, "error", show->error);
        jsonx_add_str(o, "obstacle", show->obstacle);
        json_object_object_add(o, "verdict", verdict);
        json_object_object_add(o, "operations", operations);
        json_object_object_add(o, "clears", new_findings(show->before, show->predicted));
        json_object_object_add(o, "brings", new_findings(show->predicted, show->before));
        json_object_object_add(o, "left", new_left(show->plan));
        jsonx_print(o, out);
}
