#include "txn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "base/fdio.h"
#include "base/xalloc.h"
#include "interrupt.h"
#include "journal.h"
#include "place.h"
#include "replace.h"
#include "rollback.h"
#include "run.h"
#include "space.h"
#include "state.h"
#include "volume/resolve.h"

/* The journal, directories, and what else is small. */
#define STATE_ROOM (256u << 10)

struct txn {
        int root_fd;
        const struct txn_op *ops;
        size_t n;
        struct journal j;
        struct stat *st; /* of each file, when it was kept */
        size_t n_st, st_cap;
        struct state s;
        struct space space;
        struct strv made; /* directories, so far */
        int state_fd, run_fd;
        char id[TXN_RUN_ID_SIZE];
};

static void txn_done(struct txn *t)
{
        journal_done(&t->j);
        state_done(&t->s);
        space_done(&t->space);
        strv_done(&t->made);
        free(t->st);
        close_fd(&t->state_fd);
        close_fd(&t->run_fd);
}

/* ---- checks: nothing is written ---------------------------------------------------------------
 */

static bool strv_is_utf8(const struct strv *l)
{
        for (size_t i = 0; i < l->n; i++)
                if (l->v[i][str_utf8_length(span_of(l->v[i]))])
                        return false;
        return true;
}

static int check_tool(const struct txn_op *op, enum volume_mode mode, struct err *err)
{
        if (!op->argv || op->argv->n == 0 || op->argv->v[0][0] != '/' || !strv_is_utf8(op->argv))
                return err_set(err, -EINVAL, "a tool without an absolute path, or not in UTF-8");
        if (mode != VOLUME_LIVE && !op->chroot)
                return err_set(err, -EINVAL,
                               "%s: a tool for another volume than this machine's runs in a chroot",
                               op->argv->v[0]);
        return 0;
}

/* Index of the file among those of the run; new ones are added. *ret_known: it was there. */
static size_t file_index(struct txn *t, const char *path, bool *ret_known)
{
        struct journal_file *f;

        for (size_t i = 0; i < t->j.n_files; i++) {
                *ret_known = streq(t->j.files[i].path, path);
                if (*ret_known)
                        return i;
        }
        *ret_known = false;
        f = ARRAY_PUSH(&t->j.files, &t->j.n_files, &t->j.files_cap);
        f->path = xstrdup(path);
        ARRAY_PUSH(&t->st, &t->n_st, &t->st_cap);
        return t->j.n_files - 1;
}

/* Its directory, or the nearest that is there; those that are not are `f->made`. */
static int open_nearest(const struct txn *t, struct journal_file *f, struct place *ret,
                        struct err *err)
{
        int r = place_open(t->root_fd, f->path, ret, f->made.n ? NULL : &f->made, err);

        return r == 0 ? place_open(t->root_fd, f->made.v[0], ret, NULL, err) : r;
}

/* Whether it is there, and whether we may replace it. */
static int check_file(struct txn *t, size_t file, struct err *err)
{
        struct journal_file *f = &t->j.files[file];
        cleanup_place struct place p = PLACE_NONE;
        cleanup_fd int fd = -EBADF;
        struct stat *st = &t->st[file];
        int r = open_nearest(t, f, &p, err);

        if (r > 0)
                r = f->made.n ? 0 : place_open_file(&p, &fd, st, err);
        if (r < 0)
                return r;
        f->existed = r > 0;
        f->size = f->existed ? (uint64_t)st->st_size : 0;
        if (f->existed && st->st_nlink != 1)
                return err_set(err, -EMLINK, "%s: has %lu names (hard links); not touched", f->path,
                               (unsigned long)st->st_nlink);
        return f->existed ? space_keep(&t->space, t->state_fd, STATE_DIR, f->size, err) : 0;
}

static int add_file(struct txn *t, struct journal_op *op, const char *path, bool again_is_fine,
                    struct err *err)
{
        bool known;
        size_t file;
        int r = place_check_path(path, err);

        if (r < 0)
                return r;
        if (t->j.n_files == TXN_OPS_MAX)
                return err_set(err, -E2BIG, "over %d files", TXN_OPS_MAX);
        file = file_index(t, path, &known);
        if (known && !again_is_fine)
                return err_set(err, -EINVAL, "%s: planned twice", path);
        op->files[op->n++] = file;
        return known ? 0 : check_file(t, file, err);
}

static int check_op(struct txn *t, const struct txn_op *from, enum volume_mode mode,
                    struct err *err)
{
        struct journal_op *op = ARRAY_PUSH(&t->j.ops, &t->j.n_ops, &t->j.ops_cap);
        size_t n = from->kind == TXN_RUN && from->outputs ? from->outputs->n : 1;
        int r = 0;

        op->kind = from->kind;
        op->fix = from->fix ? xstrdup(from->fix) : NULL;
        for (size_t i = 0; from->rules && i < from->rules->n; i++)
                strv_push(&op->rules, from->rules->v[i]);
        op->files = xcalloc(n + 1, sizeof(*op->files));
        op->after = xcalloc(n + 1, sizeof(*op->after));
        if (from->kind != TXN_RUN) {
                r = add_file(t, op, from->path, false, err);
                if (r < 0)
                        return r;
                if (t->j.files[op->files[0]].existed != from->existed)
                        return err_set(err, -ESTALE, "%s: %s since the plan was made", from->path,
                                       from->existed ? "gone" : "has appeared");
                return from->kind == TXN_APPEND && !from->existed
                               ? err_set(err, -EINVAL, "%s: nothing to append to", from->path)
                               : 0;
        }
        r = check_tool(from, mode, err);
        for (size_t i = 0; r == 0 && i < from->argv->n; i++)
                strv_push(&op->argv, from->argv->v[i]);
        for (size_t i = 0; r == 0 && from->outputs && i < from->outputs->n; i++)
                r = add_file(t, op, from->outputs->v[i], true, err);
        return r;
}

/* Of what a tool makes nobody knows the size; with the driver it is more than what was there. */
static int check_room(struct txn *t, struct err *err)
{
        int r = space_keep(&t->space, t->state_fd, STATE_DIR, STATE_ROOM, err);

        for (size_t i = 0; r == 0 && i < t->n; i++) {
                const struct journal_op *op = &t->j.ops[i];

                for (size_t k = 0; r == 0 && k < op->n; k++) {
                        struct journal_file *f = &t->j.files[op->files[k]];
                        uint64_t size = op->kind == TXN_WRITE ? 0 : f->size;
                        uint64_t grown = op->kind == TXN_RUN ? f->size / 10 * 3 : 0;
                        cleanup_place struct place p = PLACE_NONE;

                        r = open_nearest(t, f, &p, err);
                        if (r > 0)
                                r = space_replace(&t->space, p.dir_fd, f->path, f->size,
                                                  size + grown + t->ops[i].bytes.len, err);
                }
        }
        return r < 0 ? r : space_check(&t->space, err);
}

static int check(struct txn *t, enum volume_mode mode, struct err *err)
{
        int r = 0;

        if (t->n > TXN_OPS_MAX)
                return err_set(err, -E2BIG, "over %d operations", TXN_OPS_MAX);
        for (size_t i = 0; r == 0 && i < t->n; i++)
                r = check_op(t, &t->ops[i], mode, err);
        return r < 0 ? r : check_room(t, err);
}

/* ---- preparing: copies and the journal --------------------------------------------------------
 */

/* What the operations write of their own account; of a tool, only what it did tells. */
static void foretell(struct txn *t, size_t file, const struct hash *old)
{
        for (size_t i = 0; i < t->n; i++) {
                struct journal_op *op = &t->j.ops[i];
                struct hash h = *old;

                if (op->kind == TXN_RUN || op->files[0] != file)
                        continue;
                if (op->kind == TXN_WRITE)
                        hash_init(&h);
                hash_add(&h, t->ops[i].bytes.data, t->ops[i].bytes.len);
                op->after[0].exists = true;
                hash_end(&h, &op->after[0].digest);
        }
}

static int check_unchanged(const struct txn *t, size_t file, struct err *err)
{
        for (size_t i = 0; i < t->n; i++)
                if (t->j.ops[i].kind != TXN_RUN && t->j.ops[i].files[0] == file &&
                    !digest_eq(&t->ops[i].before, &t->j.files[file].before))
                        return err_set(err, -ESTALE, "%s: changed since the plan was made",
                                       t->j.files[file].path);
        return 0;
}

static int keep_copy(struct txn *t, size_t file, int fd, struct err *err)
{
        struct journal_file *f = &t->j.files[file];
        cleanup_fd int copy = -EBADF;
        struct hash h, end;
        struct stat now;
        int r = attrs_read(fd, f->path, &f->attrs, err);

        if (r == 0)
                r = state_backup(t->run_fd, file, true, &copy, err);
        hash_init(&h);
        if (r == 0)
                r = replace_copy(fd, copy, &h, f->path, err);
        if (r < 0)
                return r;
        if (fsync(copy) < 0 || fstat(fd, &now) < 0)
                return err_set(err, -errno, "%s: cannot keep a copy: %s", f->path, strerror(errno));
        if (!place_same_file(&now, &t->st[file]))
                return err_set(err, -ESTALE, "%s: somebody is changing it", f->path);
        foretell(t, file, &h);
        end = h;
        hash_end(&end, &f->before);
        return check_unchanged(t, file, err);
}

static int keep(struct txn *t, size_t file, struct err *err)
{
        struct journal_file *f = &t->j.files[file];
        cleanup_place struct place p = PLACE_NONE;
        cleanup_fd int fd = -EBADF;
        struct hash nothing;
        struct stat st;
        int r;

        hash_init(&nothing);
        if (!f->existed) {
                foretell(t, file, &nothing);
                return 0;
        }
        r = place_open(t->root_fd, f->path, &p, NULL, err);
        if (r > 0)
                r = place_open_file(&p, &fd, &st, err);
        if (r < 0)
                return r;
        if (r == 0 || !place_same_file(&st, &t->st[file]))
                return err_set(err, -ESTALE, "%s: somebody is changing it", f->path);
        return keep_copy(t, file, fd, err);
}

static int keep_all(struct txn *t, struct err *err)
{
        cleanup_fd int backup = openat(t->run_fd, "backup", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        int r = 0;

        for (size_t i = 0; r == 0 && i < t->j.n_files; i++)
                r = interrupt_pending() ? err_set(err, -EINTR, "stopped by a signal")
                                        : keep(t, i, err);
        if (r < 0)
                return r;
        if (backup < 0 || fsync(backup) < 0 || fsync(t->run_fd) < 0)
                return err_set(err, -errno, "cannot sync the copies: %s", strerror(errno));
        return journal_prepared(&t->j, err);
}

static int prepare(struct txn *t, struct err *err)
{
        int r = state_new_run(&t->s, t->id, &t->run_fd, err);

        if (r < 0)
                return r;
        r = journal_create(&t->j, t->run_fd, err);
        if (r == 0)
                r = keep_all(t, err);
        if (r < 0)
                state_drop_run(&t->s, t->id, NULL);
        return r;
}

/* ---- applying ---------------------------------------------------------------------------------
 */

static struct attrs attrs_of_new(mode_t mode)
{
        return (struct attrs){ .fresh = true,
                               .mode = mode & 07777,
                               .uid = geteuid(),
                               .gid = geteuid() ? getegid() : 0 };
}

/* Several files may want the same one; the first makes it. */
static int make_dirs(struct txn *t, size_t file, struct err *err)
{
        const struct strv *made = &t->j.files[file].made;
        int r = 0;

        for (size_t k = 0; r == 0 && k < made->n; k++) {
                if (strv_contains(&t->made, made->v[k]))
                        continue;
                strv_push(&t->made, made->v[k]);
                r = place_make_dir(t->root_fd, made->v[k], err);
        }
        return r;
}

static int apply_write(struct txn *t, size_t i, struct err *err)
{
        const struct journal_op *op = &t->j.ops[i];
        const struct journal_file *f = &t->j.files[op->files[0]];
        const struct attrs fresh = attrs_of_new(t->ops[i].mode);
        cleanup_free char *temp = rollback_temp_name(t->id, i);
        cleanup_place struct place p = PLACE_NONE;
        cleanup_fd int old = -EBADF;
        struct stat st;
        int r;

        r = journal_intent(&t->j, i, err);
        if (r == 0)
                r = make_dirs(t, op->files[0], err);
        if (r == 0)
                r = place_open(t->root_fd, f->path, &p, NULL, err);
        if (r > 0)
                r = place_open_file(&p, &old, &st, err);
        if (r < 0)
                return r;
        if (f->existed != (r > 0) || (r > 0 && !place_same_file(&st, &t->st[op->files[0]])))
                return err_set(err, -ESTALE, "%s: somebody else changed it just now", f->path);
        r = replace_file(&p, temp,
                         &(struct replace_content){
                                 .from_fd = op->kind == TXN_APPEND ? old : -EBADF,
                                 .bytes = t->ops[i].bytes,
                         },
                         &op->after[0].digest, f->existed ? &f->attrs : &fresh, false,
                         f->existed ? &st : NULL, err);
        return r < 0 ? r : place_check_still(t->root_fd, &p, err);
}

/* What the tool left in a file, on the disk. */
static int see_output(struct txn *t, const char *path, struct journal_after *ret, struct err *err)
{
        cleanup_place struct place p = PLACE_NONE;
        cleanup_fd int fd = -EBADF;
        struct stat st;
        int r = place_open(t->root_fd, path, &p, NULL, err);

        if (r > 0 && syncfs(p.dir_fd) < 0)
                return err_set(err, -errno, "%s: cannot sync: %s", path, strerror(errno));
        if (r > 0)
                r = place_open_file(&p, &fd, &st, err);
        ret->exists = r > 0;
        return r > 0 ? replace_digest(fd, path, &ret->digest, err) : r;
}

static bool touched_before(const struct txn *t, size_t op, size_t file)
{
        for (size_t i = 0; i < op; i++)
                for (size_t k = 0; k < t->j.ops[i].n; k++)
                        if (t->j.ops[i].files[k] == file)
                                return true;
        return false;
}

/* What the tool may change is still what we have a copy of. */
static int check_output(struct txn *t, size_t file, struct err *err)
{
        const struct journal_file *f = &t->j.files[file];
        cleanup_place struct place p = PLACE_NONE;
        cleanup_fd int fd = -EBADF;
        struct stat st;
        int r = place_open(t->root_fd, f->path, &p, NULL, err);

        if (r > 0)
                r = place_open_file(&p, &fd, &st, err);
        if (r < 0)
                return r;
        if (f->existed != (r > 0) || (r > 0 && !place_same_file(&st, &t->st[file])))
                return err_set(err, -ESTALE, "%s: somebody else changed it just now", f->path);
        return 0;
}

static int apply_tool(struct txn *t, size_t i, struct err *err)
{
        struct journal_op *op = &t->j.ops[i];
        const struct run_tool tool = { .argv = t->ops[i].argv,
                                       .root_fd = t->ops[i].chroot ? t->root_fd : -EBADF,
                                       .held_fd = t->s.lock_fd,
                                       .timeout_s = t->ops[i].timeout_s };
        int r = 0;

        for (size_t k = 0; r == 0 && k < op->n; k++)
                if (!touched_before(t, i, op->files[k]))
                        r = check_output(t, op->files[k], err);
        if (r == 0)
                r = journal_intent(&t->j, i, err);
        if (r == 0)
                r = run_tool(&tool, err);
        for (size_t k = 0; r == 0 && k < op->n; k++)
                r = see_output(t, t->j.files[op->files[k]].path, &op->after[k], err);
        return r;
}

static int apply(struct txn *t, struct err *err)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < t->n; i++) {
                if (interrupt_pending())
                        return err_set(err, -EINTR, "stopped by a signal");
                r = t->ops[i].kind == TXN_RUN ? apply_tool(t, i, err) : apply_write(t, i, err);
                if (r == 0)
                        r = journal_op_done(&t->j, i, err);
        }
        return r < 0 ? r : journal_state(&t->j, TXN_COMMITTED, NULL, err);
}

static int apply_or_undo(struct txn *t, struct txn_result *ret, struct err *err)
{
        struct err first = { 0 }, second = { 0 };
        int r = prepare(t, &first);

        if (r < 0)
                return err_set(err, r, "%s; nothing was changed", first.text);
        memcpy(ret->run, t->id, sizeof(t->id));
        r = apply(t, &first);
        if (r == 0) {
                ret->state = TXN_COMMITTED;
                return 0;
        }
        if (rollback_run(t->root_fd, t->run_fd, t->id, &t->j, first.text, &second) == 0) {
                ret->state = TXN_ROLLED_BACK;
                return err_set(err, r, "%s; all that was done is undone", first.text);
        }
        ret->state = TXN_STUCK;
        return err_set(err, r, "%s; and then: %s", first.text, second.text);
}

/* The directory of the state, or the one it would be made in, open; then every check. */
static int begin(struct txn *t, const struct volume *v, struct err *err)
{
        t->state_fd = state_open_nearest(t->root_fd);
        if (t->state_fd < 0)
                return err_set(err, t->state_fd, "%s: %s", STATE_DIR, strerror(-t->state_fd));
        return check(t, volume_mode(v), err);
}

int txn_check(const struct volume *v, const struct txn_op *ops, size_t n, struct err *err)
{
        _cleanup_(txn_done) struct txn t = { .root_fd = volume_root_fd(v),
                                             .ops = ops,
                                             .n = n,
                                             .j = JOURNAL_NONE,
                                             .s = STATE_NONE,
                                             .state_fd = -EBADF,
                                             .run_fd = -EBADF };

        return begin(&t, v, err);
}

int txn_apply(const struct volume *v, const struct txn_op *ops, size_t n, struct txn_result *ret,
              struct err *err)
{
        _cleanup_(txn_done) struct txn t = { .root_fd = volume_root_fd(v),
                                             .ops = ops,
                                             .n = n,
                                             .j = JOURNAL_NONE,
                                             .s = STATE_NONE,
                                             .state_fd = -EBADF,
                                             .run_fd = -EBADF };
        cleanup_interrupt struct interrupt interrupt;
        struct err why = { 0 };
        int r;

        *ret = (struct txn_result){ .state = TXN_NEW };
        interrupt_begin(&interrupt);
        r = begin(&t, v, &why);
        if (r == 0)
                r = state_open(t.root_fd, true, &t.s, &why);
        if (r > 0)
                r = state_lock(&t.s, &why);
        if (r == 0)
                r = rollback_check_none_open(&t.s, &why);
        if (r < 0)
                return err_set(err, r, "%s; nothing was changed", why.text);
        return apply_or_undo(&t, ret, err);
}
