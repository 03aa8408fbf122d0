#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>

#include "base/fdio.h"
#include "base/jsonx.h"
#include "base/xalloc.h"

#define SUM_LEN 16
/* What the records after "prepared" take, so that a full disk stops no undoing. */
#define ROOM_PER_OP 512
#define ROOM        4096

static const char *const state_names[] = {
        [TXN_NEW] = "new",
        [TXN_PREPARED] = "prepared",
        [TXN_APPLYING] = "applying",
        [TXN_COMMITTED] = "committed",
        [TXN_ROLLED_BACK] = "rolled-back",
        [TXN_STUCK] = "stuck",
};

const char *txn_state_name(enum txn_state s)
{
        return state_names[s];
}

static const char *const kind_names[] = {
        [TXN_WRITE] = "write",
        [TXN_APPEND] = "append",
        [TXN_RUN] = "run",
};

void journal_done(struct journal *j)
{
        for (size_t i = 0; i < j->n_files; i++) {
                free(j->files[i].path);
                attrs_done(&j->files[i].attrs);
                strv_done(&j->files[i].made);
        }
        for (size_t i = 0; i < j->n_ops; i++) {
                free(j->ops[i].fix);
                strv_done(&j->ops[i].rules);
                strv_done(&j->ops[i].argv);
                free(j->ops[i].files);
                free(j->ops[i].after);
        }
        free(j->files);
        free(j->ops);
        free(j->version);
        free(j->why);
        close_fd(&j->fd);
        buf_done(&j->pending);
        *j = JOURNAL_NONE;
}

/* ---- writing ----------------------------------------------------------------------------------
 */

static void line_sum(struct span json, char ret[static SUM_LEN + 1])
{
        char hex[DIGEST_HEX_LEN + 1];
        struct digest d;

        digest_of(json, &d);
        digest_to_hex(&d, hex);
        memcpy(ret, hex, SUM_LEN);
        ret[SUM_LEN] = '\0';
}

/* Takes the record over; it is written with the next flush. */
static void add(struct journal *j, struct json_object *record)
{
        const char *text = json_object_to_json_string_ext(
                record, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
        char sum[SUM_LEN + 1];

        line_sum(span_of(text), sum);
        buf_printf(&j->pending, "%s %s\n", sum, text);
        json_object_put(record);
}

/*
 * What could not be written whole is taken back, so that the next record follows the last good one;
 * when not even that works, there is no next.
 */
static int flush(struct journal *j, struct err *err)
{
        off_t end = lseek(j->fd, 0, SEEK_END);
        int r = end < 0 ? -errno : fd_write_all(j->fd, j->pending.data, j->pending.len);

        if (r == 0 && fsync(j->fd) < 0)
                r = -errno;
        j->pending.len = 0;
        if (r == 0)
                return 0;
        if (end < 0 || ftruncate(j->fd, end) < 0) {
                close_fd(&j->fd);
                j->fd = -EBADF;
        }
        return err_set(err, r, "the journal cannot be written: %s", strerror(-r));
}

static struct json_object *record_new(const char *type)
{
        struct json_object *o = json_object_new_object();

        jsonx_add_str(o, "type", type);
        return o;
}

static void add_digest(struct json_object *o, const char *key, const struct digest *d)
{
        char hex[DIGEST_HEX_LEN + 1];

        digest_to_hex(d, hex);
        jsonx_add_str(o, key, hex);
}

static void add_time(struct json_object *o, const char *key, const struct timespec *t)
{
        struct json_object *pair = json_object_new_array();

        json_object_array_add(pair, json_object_new_int64(t->tv_sec));
        json_object_array_add(pair, json_object_new_int64(t->tv_nsec));
        json_object_object_add(o, key, pair);
}

static void add_list(struct json_object *o, const char *key, const struct strv *list)
{
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < list->n; i++)
                json_object_array_add(array, json_object_new_string(list->v[i]));
        json_object_object_add(o, key, array);
}

/* Values may hold any bytes. */
static void add_xattrs(struct json_object *o, const struct attrs *a)
{
        struct json_object *all = json_object_new_object();

        for (size_t i = 0; i < a->n; i++) {
                cleanup_buf struct buf hex = { 0 };

                buf_puts(&hex, "");
                for (size_t k = 0; k < a->xattrs[i].value.len; k++)
                        buf_printf(&hex, "%02x", (unsigned char)a->xattrs[i].value.data[k]);
                jsonx_add_str(all, a->xattrs[i].name, hex.data);
        }
        json_object_object_add(o, "xattrs", all);
}

static void add_file(struct journal *j, const struct journal_file *f)
{
        struct json_object *o = record_new("file");

        jsonx_add_str(o, "path", f->path);
        json_object_object_add(o, "existed", json_object_new_boolean(f->existed));
        add_list(o, "made", &f->made);
        if (f->existed) {
                add_digest(o, "before", &f->before);
                jsonx_add_int(o, "size", (int64_t)f->size);
                jsonx_add_int(o, "mode", f->attrs.mode);
                jsonx_add_int(o, "uid", f->attrs.uid);
                jsonx_add_int(o, "gid", f->attrs.gid);
                add_time(o, "atime", &f->attrs.atime);
                add_time(o, "mtime", &f->attrs.mtime);
                add_xattrs(o, &f->attrs);
        }
        add(j, o);
}

static void add_after(struct json_object *o, const struct journal_op *op)
{
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < op->n; i++) {
                char hex[DIGEST_HEX_LEN + 1];

                digest_to_hex(&op->after[i].digest, hex);
                json_object_array_add(array,
                                      op->after[i].exists ? json_object_new_string(hex) : NULL);
        }
        json_object_object_add(o, "after", array);
}

static void add_op(struct journal *j, const struct journal_op *op)
{
        struct json_object *o = record_new("op"), *files = json_object_new_array();

        jsonx_add_str(o, "kind", kind_names[op->kind]);
        for (size_t i = 0; i < op->n; i++)
                json_object_array_add(files, json_object_new_int64((int64_t)op->files[i]));
        json_object_object_add(o, "files", files);
        if (op->kind == TXN_RUN)
                add_list(o, "argv", &op->argv);
        else
                add_after(o, op);
        jsonx_add_str(o, "fix", op->fix);
        add_list(o, "rules", &op->rules);
        add(j, o);
}

/* A moment for people; SOURCE_DATE_EPOCH makes runs repeatable. */
static int64_t now(void)
{
        const char *epoch = getenv("SOURCE_DATE_EPOCH");

        return epoch ? strtoll(epoch, NULL, 10) : (int64_t)time(NULL);
}

int journal_create(struct journal *j, int run_fd, struct err *err)
{
        struct json_object *o = record_new("run");

        j->fd = openat(run_fd, JOURNAL_NAME,
                       O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
        j->started = now();
        j->version = xstrdup(XEN2NITRO_VERSION);
        jsonx_add_str(o, "version", j->version);
        jsonx_add_int(o, "started", j->started);
        add(j, o);
        if (j->fd < 0)
                return err_set(err, -errno, "cannot make the journal: %s", strerror(errno));
        return flush(j, err);
}

int journal_prepared(struct journal *j, struct err *err)
{
        off_t room;
        int r;

        for (size_t i = 0; i < j->n_files; i++)
                add_file(j, &j->files[i]);
        for (size_t i = 0; i < j->n_ops; i++)
                add_op(j, &j->ops[i]);
        add(j, record_new("prepared"));
        room = (off_t)(j->pending.len + ROOM + ROOM_PER_OP * (j->n_ops + j->n_files));
        /* Some file systems cannot; the journal then takes its chances. */
        if (fallocate(j->fd, FALLOC_FL_KEEP_SIZE, 0, room + lseek(j->fd, 0, SEEK_END)) < 0 &&
            errno != EOPNOTSUPP && errno != ENOSYS)
                return err_set(err, -errno, "no room for the journal: %s", strerror(errno));
        r = flush(j, err);
        if (r == 0)
                j->state = TXN_PREPARED;
        return r;
}

int journal_intent(struct journal *j, size_t op, struct err *err)
{
        struct json_object *o = record_new("intent");
        int r;

        jsonx_add_int(o, "op", (int64_t)op);
        add(j, o);
        r = flush(j, err);
        /* What could not be taken back may be on the disk all the same. */
        j->ops[op].intent = true;
        j->state = TXN_APPLYING;
        return r;
}

int journal_op_done(struct journal *j, size_t op, struct err *err)
{
        struct json_object *o = record_new("done");
        int r;

        jsonx_add_int(o, "op", (int64_t)op);
        if (j->ops[op].kind == TXN_RUN)
                add_after(o, &j->ops[op]);
        add(j, o);
        r = flush(j, err);
        j->ops[op].done = r == 0;
        return r;
}

/* The record that brings a state about; "undo" is what leads back to applying. */
static const char *const state_records[] = {
        [TXN_PREPARED] = "prepared",       [TXN_APPLYING] = "undo", [TXN_COMMITTED] = "committed",
        [TXN_ROLLED_BACK] = "rolled-back", [TXN_STUCK] = "stuck",
};

int journal_state(struct journal *j, enum txn_state state, const char *why, struct err *err)
{
        struct json_object *o = record_new(state_records[state]);
        int r;

        if (why) {
                cleanup_free char *text = str_to_utf8(span_of(why));

                jsonx_add_str(o, "why", text);
                free(j->why);
                j->why = xstrdup(text);
        }
        add(j, o);
        r = flush(j, err);
        if (r == 0) {
                j->state = state;
                j->ended_once = j->ended_once || state == TXN_COMMITTED;
        }
        return r;
}
