/* The other half of journal.h: what stands there is a stranger's, as everything on a volume is. */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fdio.h"
#include "base/jsonx.h"
#include "base/xalloc.h"
#include "place.h"

#define SUM_LEN 16

static int64_t number(struct json_object *o, const char *key)
{
        struct json_object *n = jsonx_member(o, key, json_type_int);

        return n ? json_object_get_int64(n) : -1;
}

static struct json_object *array(struct json_object *o, const char *key, size_t max, size_t *ret_n)
{
        struct json_object *a = jsonx_member(o, key, json_type_array);

        *ret_n = a ? json_object_array_length(a) : 0;
        return a && *ret_n <= max ? a : NULL;
}

static int read_list(struct json_object *o, const char *key, struct strv *ret)
{
        size_t n;
        struct json_object *a = array(o, key, TXN_OPS_MAX, &n);

        if (!a)
                return -EINVAL;
        for (size_t i = 0; i < n; i++) {
                struct json_object *s = json_object_array_get_idx(a, i);

                if (!json_object_is_type(s, json_type_string))
                        return -EINVAL;
                strv_push(ret, json_object_get_string(s));
        }
        return 0;
}

static int read_time(struct json_object *o, const char *key, struct timespec *ret)
{
        size_t n;
        struct json_object *a = array(o, key, 2, &n);

        if (!a || n != 2)
                return -EINVAL;
        ret->tv_sec = json_object_get_int64(json_object_array_get_idx(a, 0));
        ret->tv_nsec = json_object_get_int64(json_object_array_get_idx(a, 1));
        return ret->tv_nsec < 0 || ret->tv_nsec > 999999999 ? -EINVAL : 0;
}

static int nibble(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_hex(const char *hex, struct blob *ret)
{
        size_t n = hex ? strlen(hex) : 1;
        cleanup_blob struct blob b = { 0 };

        if (n % 2 || n / 2 > ATTRS_XATTR_MAX)
                return -EINVAL;
        b = (struct blob){ xcalloc(1, n / 2 + 1), n / 2 };
        for (size_t i = 0; i < b.len; i++) {
                int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);

                if (high < 0 || low < 0)
                        return -EINVAL;
                b.data[i] = (char)(high << 4 | low);
        }
        *ret = b;
        b = (struct blob){ 0 };
        return 0;
}

static int read_xattrs(struct json_object *o, struct attrs *a)
{
        struct json_object *all = jsonx_member(o, "xattrs", json_type_object);
        struct json_object_iterator it, end;

        if (!all || json_object_object_length(all) > ATTRS_COUNT_MAX)
                return -EINVAL;
        it = json_object_iter_begin(all);
        end = json_object_iter_end(all);
        for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
                const char *name = json_object_iter_peek_name(&it);
                struct attrs_xattr *x = ARRAY_PUSH(&a->xattrs, &a->n, &a->cap);

                x->name = xstrdup(name);
                if (read_hex(jsonx_str(all, name), &x->value) < 0)
                        return -EINVAL;
        }
        return 0;
}

static int read_attrs(struct json_object *o, struct attrs *a)
{
        int64_t mode = number(o, "mode"), uid = number(o, "uid"), gid = number(o, "gid");

        if (mode < 0 || mode > 07777 || uid < 0 || uid > UINT32_MAX || gid < 0 || gid > UINT32_MAX)
                return -EINVAL;
        a->mode = (mode_t)mode;
        a->uid = (uid_t)uid;
        a->gid = (gid_t)gid;
        if (read_time(o, "atime", &a->atime) < 0 || read_time(o, "mtime", &a->mtime) < 0)
                return -EINVAL;
        return read_xattrs(o, a);
}

static int read_made(struct json_object *o, struct journal_file *f)
{
        int r = read_list(o, "made", &f->made);

        for (size_t i = 0; r == 0 && i < f->made.n; i++)
                r = place_check_path(f->made.v[i], NULL);
        return r;
}

static int read_file(struct journal *j, struct json_object *o)
{
        const char *path = jsonx_str(o, "path");
        struct journal_file *f;
        int64_t size = number(o, "size");

        if (j->state != TXN_NEW || j->n_files == TXN_OPS_MAX || !path ||
            place_check_path(path, NULL) < 0)
                return -EINVAL;
        f = ARRAY_PUSH(&j->files, &j->n_files, &j->files_cap);
        f->path = xstrdup(path);
        f->existed = jsonx_is(o, "existed");
        if (!f->existed)
                return read_made(o, f);
        f->size = (uint64_t)size;
        if (size < 0 || digest_from_hex(jsonx_str(o, "before"), &f->before) < 0 ||
            read_made(o, f) < 0)
                return -EINVAL;
        return read_attrs(o, &f->attrs);
}

static int read_after(struct json_object *o, struct journal_op *op)
{
        size_t n;
        struct json_object *a = array(o, "after", TXN_OPS_MAX, &n);

        if (!a || n != op->n)
                return -EINVAL;
        for (size_t i = 0; i < n; i++) {
                struct json_object *s = json_object_array_get_idx(a, i);

                op->after[i].exists = s != NULL;
                if (s && (!json_object_is_type(s, json_type_string) ||
                          digest_from_hex(json_object_get_string(s), &op->after[i].digest) < 0))
                        return -EINVAL;
        }
        return 0;
}

static int read_op_files(const struct journal *j, struct json_object *o, struct journal_op *op)
{
        size_t n;
        struct json_object *a = array(o, "files", TXN_OPS_MAX, &n);

        if (!a || (op->kind != TXN_RUN && n != 1))
                return -EINVAL;
        op->files = xcalloc(n + 1, sizeof(*op->files));
        op->after = xcalloc(n + 1, sizeof(*op->after));
        op->n = n;
        for (size_t i = 0; i < n; i++) {
                struct json_object *index = json_object_array_get_idx(a, i);
                int64_t at = json_object_is_type(index, json_type_int)
                                     ? json_object_get_int64(index)
                                     : -1;

                if (at < 0 || (uint64_t)at >= j->n_files)
                        return -EINVAL;
                op->files[i] = (size_t)at;
        }
        return 0;
}

static int read_op(struct journal *j, struct json_object *o)
{
        const char *kind = jsonx_str(o, "kind"), *fix = jsonx_str(o, "fix");
        struct journal_op *op;

        if (j->state != TXN_NEW || j->n_ops == TXN_OPS_MAX || !kind)
                return -EINVAL;
        op = ARRAY_PUSH(&j->ops, &j->n_ops, &j->ops_cap);
        op->fix = fix ? xstrdup(fix) : NULL;
        if (streq(kind, "run"))
                op->kind = TXN_RUN;
        else if (streq(kind, "append"))
                op->kind = TXN_APPEND;
        else if (streq(kind, "write"))
                op->kind = TXN_WRITE;
        else
                return -EINVAL;
        if (read_list(o, "rules", &op->rules) < 0 || read_op_files(j, o, op) < 0)
                return -EINVAL;
        return op->kind == TXN_RUN ? read_list(o, "argv", &op->argv) : read_after(o, op);
}

static int read_step(struct journal *j, struct json_object *o, bool done)
{
        int64_t at = number(o, "op");
        struct journal_op *op;

        if (at < 0 || (uint64_t)at >= j->n_ops ||
            (j->state != TXN_PREPARED && j->state != TXN_APPLYING))
                return -EINVAL;
        op = &j->ops[at];
        if (done ? !op->intent || op->done : op->intent)
                return -EINVAL;
        j->state = TXN_APPLYING;
        op->intent = true;
        op->done = done;
        return done && op->kind == TXN_RUN ? read_after(o, op) : 0;
}

static int enter(struct journal *j, struct json_object *o, enum txn_state state)
{
        const char *why = jsonx_str(o, "why");

        if (j->state == TXN_ROLLED_BACK || (j->state == TXN_NEW && state != TXN_PREPARED))
                return -EINVAL;
        j->state = state;
        j->ended_once = j->ended_once || state == TXN_COMMITTED;
        if (why) {
                free(j->why);
                j->why = xstrdup(why);
        }
        return 0;
}

static int read_record(struct journal *j, struct json_object *o)
{
        const char *type = jsonx_str(o, "type"), *version = jsonx_str(o, "version");

        if (!type || !j->version != streq(type, "run"))
                return -EINVAL;
        if (streq(type, "run")) {
                j->version = xstrdup(version ? version : "");
                j->started = number(o, "started");
                return 0;
        }
        if (streq(type, "file"))
                return read_file(j, o);
        if (streq(type, "op"))
                return read_op(j, o);
        if (streq(type, "prepared"))
                return j->state == TXN_NEW ? enter(j, o, TXN_PREPARED) : -EINVAL;
        if (streq(type, "intent") || streq(type, "done"))
                return read_step(j, o, type[0] == 'd');
        if (streq(type, "committed"))
                return enter(j, o, TXN_COMMITTED);
        if (streq(type, "undo"))
                return enter(j, o, TXN_APPLYING);
        if (streq(type, "rolled-back"))
                return enter(j, o, TXN_ROLLED_BACK);
        return streq(type, "stuck") ? enter(j, o, TXN_STUCK) : -EINVAL;
}

/* The JSON of a line whose sum is right. */
static bool check_line(struct span line, struct span *ret)
{
        char hex[DIGEST_HEX_LEN + 1];
        struct digest d;

        if (line.len < SUM_LEN + 2 || line.data[SUM_LEN] != ' ')
                return false;
        *ret = (struct span){ line.data + SUM_LEN + 1, line.len - SUM_LEN - 1 };
        digest_of(*ret, &d);
        digest_to_hex(&d, hex);
        return memcmp(hex, line.data, SUM_LEN) == 0;
}

/* The next whole line from `at`; false at the end, or when nothing ends it. */
static bool next_line(struct span text, size_t at, struct span *ret)
{
        const char *end = at < text.len ? memchr(text.data + at, '\n', text.len - at) : NULL;

        if (!end)
                return false;
        *ret = (struct span){ text.data + at, (size_t)(end - text.data) - at };
        return true;
}

/* A good record behind a bad one: that is no torn end. */
static bool good_line_after(struct span text, size_t at)
{
        struct span line, json;

        for (; next_line(text, at, &line); at += line.len + 1)
                if (check_line(line, &json))
                        return true;
        return false;
}

int journal_parse(struct span text, struct journal *ret, size_t *ret_good, struct err *err)
{
        cleanup_journal struct journal j = JOURNAL_NONE;
        struct span line, json;
        size_t at = 0, n = 1;

        for (; next_line(text, at, &line) && check_line(line, &json); at += line.len + 1, n++) {
                cleanup_json struct json_object *o = NULL;
                int r = jsonx_parse(json, &o, err);

                if (r == 0)
                        r = read_record(&j, o);
                if (r < 0)
                        return err_set(err, -EINVAL, "the journal's line %zu makes no sense", n);
        }
        if (good_line_after(text, at))
                return err_set(err, -EINVAL, "the journal is damaged in line %zu", n);
        *ret_good = at;
        *ret = j;
        j = JOURNAL_NONE;
        return 0;
}

int journal_load(int run_fd, bool for_writing, struct journal *ret, struct err *err)
{
        int flags = (for_writing ? O_RDWR | O_APPEND : O_RDONLY) | O_NOFOLLOW | O_NONBLOCK |
                    O_NOCTTY | O_CLOEXEC;
        cleanup_fd int fd = openat(run_fd, JOURNAL_NAME, flags);
        cleanup_blob struct blob text = { 0 };
        size_t good;
        int r;

        /* Killed between making the directory and the journal: nothing was done. */
        if (fd < 0 && errno == ENOENT) {
                *ret = JOURNAL_NONE;
                return 0;
        }
        if (fd < 0)
                return err_set(err, -errno, "the journal cannot be opened: %s", strerror(errno));
        r = fd_read_all(fd, JOURNAL_MAX, &text);
        if (r < 0)
                return err_set(err, r, "the journal cannot be read: %s", strerror(-r));
        r = journal_parse(blob_span(&text), ret, &good, err);
        if (r < 0 || !for_writing)
                return r;
        if (good < text.len && (ftruncate(fd, (off_t)good) < 0 || fsync(fd) < 0)) {
                r = -errno;
                journal_done(ret);
                return err_set(err, r, "the journal cannot be mended: %s", strerror(-r));
        }
        ret->fd = TAKE_FD(fd);
        return 0;
}
