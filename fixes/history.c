#include "history.h"

#include <time.h>

#include "base/wrap.h"
#include "base/xalloc.h"
#include "state.h"

void history_done(struct history *h)
{
        for (size_t i = 0; i < h->n; i++) {
                free(h->runs[i].id);
                free(h->runs[i].problem);
                journal_done(&h->runs[i].journal);
        }
        free(h->runs);
        *h = (struct history){ 0 };
}

static void read_run(const struct state *s, const char *id, struct history *h)
{
        cleanup_journal struct journal j = JOURNAL_NONE;
        cleanup_fd int fd = -EBADF;
        struct history_run *run;
        struct err err = { 0 };
        int r = state_open_run(s, id, &fd, &err);

        if (r == 0)
                r = journal_load(fd, false, &j, &err);
        if (r == 0 && j.state == TXN_NEW)
                return;
        run = ARRAY_PUSH(&h->runs, &h->n, &h->cap);
        run->id = xstrdup(id);
        run->problem = r < 0 ? str_to_utf8(span_of(err.text)) : NULL;
        run->journal = j;
        j = JOURNAL_NONE;
}

int history_read(const struct volume *v, struct history *ret, struct err *err)
{
        cleanup_state struct state s = STATE_NONE;
        cleanup_strv struct strv ids = { 0 };
        struct history h = { 0 };
        int r = state_open(volume_root_fd(v), false, &s, err);

        if (r > 0)
                r = state_list(&s, &ids, err);
        if (r < 0)
                return r;
        for (size_t i = 0; i < ids.n; i++)
                read_run(&s, ids.v[i], &h);
        *ret = h;
        return 0;
}

const struct history_run *history_find(const struct history *h, const char *id)
{
        for (size_t i = 0; i < h->n; i++)
                if (streq(h->runs[i].id, id))
                        return &h->runs[i];
        return NULL;
}

/* What the journal says of a moment may be any number. */
static char *time_text(int64_t seconds)
{
        time_t t = (time_t)seconds;
        char text[40];
        struct tm tm;

        if (!gmtime_r(&t, &tm) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
                return NULL;
        return xstrdup(text);
}

static const char *state_name(const struct history_run *run)
{
        return run->problem ? "unreadable" : txn_state_name(run->journal.state);
}

static const char *op_state(const struct journal_op *op)
{
        return op->done ? "done" : op->intent ? "begun" : "planned";
}

static const char *op_kind(const struct journal_op *op)
{
        return op->kind == TXN_RUN ? "run" : op->kind == TXN_APPEND ? "append" : "write";
}

static struct json_object *list_json(const struct strv *list)
{
        struct json_object *a = json_object_new_array();

        for (size_t i = 0; i < list->n; i++)
                json_object_array_add(a, json_object_new_string(list->v[i]));
        return a;
}

static void add_digest(struct json_object *o, const char *key, bool known, const struct digest *d)
{
        char hex[DIGEST_HEX_LEN + 1];

        digest_to_hex(d, hex);
        jsonx_add_str(o, key, known ? hex : NULL);
}

static struct json_object *op_json(const struct journal *j, const struct journal_op *op)
{
        struct json_object *o = json_object_new_object(), *files = json_object_new_array();
        bool known = op->kind != TXN_RUN || op->done;

        jsonx_add_str(o, "kind", op_kind(op));
        jsonx_add_str(o, "state", op_state(op));
        jsonx_add_str(o, "fix", op->fix);
        json_object_object_add(o, "rules", list_json(&op->rules));
        json_object_object_add(o, "command", op->kind == TXN_RUN ? list_json(&op->argv) : NULL);
        for (size_t i = 0; i < op->n; i++) {
                const struct journal_file *f = &j->files[op->files[i]];
                struct json_object *file = json_object_new_object();

                jsonx_add_str(file, "file", f->path);
                add_digest(file, "before", f->existed, &f->before);
                add_digest(file, "after", known && op->after[i].exists, &op->after[i].digest);
                json_object_array_add(files, file);
        }
        json_object_object_add(o, "files", files);
        return o;
}

struct json_object *history_run_json(const struct history_run *run)
{
        struct json_object *o = json_object_new_object(), *ops = json_object_new_array();
        const struct journal *j = &run->journal;
        cleanup_free char *started = run->problem ? NULL : time_text(j->started);

        jsonx_add_str(o, "run", run->id);
        jsonx_add_str(o, "state", state_name(run));
        jsonx_add_str(o, "started", started);
        jsonx_add_str(o, "version", j->version);
        jsonx_add_str(o, "reason", run->problem ? run->problem : j->why);
        for (size_t i = 0; i < j->n_ops; i++)
                json_object_array_add(ops, op_json(j, &j->ops[i]));
        json_object_object_add(o, "operations", ops);
        return o;
}

static void op_text(const struct journal *j, const struct journal_op *op, struct buf *out)
{
        cleanup_buf struct buf what = { 0 };
        cleanup_free char *shown = NULL;

        if (op->kind == TXN_RUN)
                for (size_t i = 0; i < op->argv.n; i++)
                        buf_printf(&what, "%s%s", i ? " " : "run     ", op->argv.v[i]);
        else
                buf_printf(&what, "%s  %s",
                           op->kind == TXN_APPEND           ? "append"
                           : j->files[op->files[0]].existed ? "change"
                                                            : "make  ",
                           j->files[op->files[0]].path);
        if (op->fix)
                buf_printf(&what, "  (%s)", op->fix);
        if (!op->done)
                buf_printf(&what, "  %s", op->intent ? "begun only" : "not begun");
        shown = wrap_printable(what.data);
        buf_printf(out, "  %s\n", shown);
}

void history_run_text(const struct history_run *run, struct buf *out)
{
        const struct journal *j = &run->journal;
        cleanup_free char *started = run->problem ? NULL : time_text(j->started);
        const char *why = run->problem ? run->problem : j->why;

        buf_printf(out, "%s  %s  %s\n", run->id, started ? started : "-", state_name(run));
        if (why)
                wrap_text(out, 2, "", why);
        for (size_t i = 0; i < j->n_ops; i++)
                op_text(j, &j->ops[i], out);
}
