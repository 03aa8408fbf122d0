#include "rollback.h"

#include <errno.h>
#include <stdio.h>

#include "attrs.h"
#include "base/xalloc.h"
#include "interrupt.h"
#include "place.h"
#include "replace.h"

char *rollback_temp_name(const char *id, size_t op)
{
        return xasprintf(".xen2nitro-%s-%zu.tmp", id, op);
}

/* What is to be done with one file. */
enum todo {
        TODO_NOTHING,
        TODO_RESTORE,
        TODO_REMOVE,
};

struct undo {
        int root_fd, run_fd;
        const char *id;
        struct journal *j;
        enum todo *todo; /* one per file */
        struct stat *st; /* as it was looked at; st_nlink 0: nothing there */
};

/* The file was left by an operation that began: as said beforehand, or as seen after a tool. */
static bool is_ours(const struct journal *j, size_t file, bool exists, const struct digest *d)
{
        for (size_t i = 0; i < j->n_ops; i++) {
                const struct journal_op *op = &j->ops[i];

                for (size_t k = 0; op->intent && k < op->n; k++) {
                        if (op->files[k] != file)
                                continue;
                        if (op->kind == TXN_RUN && !op->done)
                                return true;
                        if (op->after[k].exists == exists &&
                            (!exists || digest_eq(&op->after[k].digest, d)))
                                return true;
                }
        }
        return false;
}

static bool is_touched(const struct journal *j, size_t file)
{
        for (size_t i = 0; i < j->n_ops; i++)
                for (size_t k = 0; j->ops[i].intent && k < j->ops[i].n; k++)
                        if (j->ops[i].files[k] == file)
                                return true;
        return false;
}

static int foreign(const struct undo *u, size_t file, bool gone, struct err *err)
{
        const struct journal_file *f = &u->j->files[file];
        cleanup_free char *backup = state_backup_name(u->id, file);

        if (gone)
                return err_set(err, -ESTALE,
                               "%s: somebody else has removed it, or its file system is not "
                               "mounted; what was there before is kept in %s: mount it, or copy "
                               "that to its place, then roll back again",
                               f->path, backup);
        if (!f->existed)
                return err_set(err, -ESTALE,
                               "%s: somebody else has changed it since; remove it, or keep it "
                               "elsewhere, then roll back again",
                               f->path);
        return err_set(err, -ESTALE,
                       "%s: somebody else has changed it since; what was there before is kept in "
                       "%s: copy that over it, then roll back again",
                       f->path, backup);
}

static int examine_absent(struct undo *u, size_t file, struct err *err)
{
        const struct journal_file *f = &u->j->files[file];

        if (!f->existed)
                return 0;
        if (!is_ours(u->j, file, false, NULL))
                return foreign(u, file, true, err);
        u->todo[file] = TODO_RESTORE;
        return 0;
}

static int examine_present(struct undo *u, size_t file, int fd, struct err *err)
{
        const struct journal_file *f = &u->j->files[file];
        cleanup_attrs struct attrs attrs = { 0 };
        struct digest d;
        int r = replace_digest(fd, f->path, &d, err);

        if (r == 0)
                r = attrs_read(fd, f->path, &attrs, err);
        if (r < 0)
                return r;
        if (f->existed && digest_eq(&d, &f->before))
                u->todo[file] = attrs_eq(&attrs, &f->attrs) ? TODO_NOTHING : TODO_RESTORE;
        else if (!is_ours(u->j, file, true, &d))
                return foreign(u, file, false, err);
        else
                u->todo[file] = f->existed ? TODO_RESTORE : TODO_REMOVE;
        return 0;
}

static int examine(struct undo *u, size_t file, struct err *err)
{
        cleanup_place struct place p = PLACE_NONE;
        cleanup_fd int fd = -EBADF;
        int r = place_open(u->root_fd, u->j->files[file].path, &p, NULL, err);

        if (r > 0)
                r = place_open_file(&p, &fd, &u->st[file], err);
        if (r < 0)
                return r;
        return r == 0 ? examine_absent(u, file, err) : examine_present(u, file, fd, err);
}

static int restore(struct undo *u, size_t file, struct err *err)
{
        const struct journal_file *f = &u->j->files[file];
        cleanup_free char *temp = rollback_temp_name(u->id, u->j->n_ops + file);
        cleanup_place struct place p = PLACE_NONE;
        cleanup_fd int backup = -EBADF;
        int r = place_open(u->root_fd, f->path, &p, NULL, err);

        if (r <= 0)
                return r < 0 ? r : err_set(err, -ENOENT, "%s: its directory is gone", f->path);
        if (u->todo[file] == TODO_REMOVE)
                return replace_remove(&p, &u->st[file], err);
        r = state_backup(u->run_fd, file, false, &backup, err);
        if (r < 0)
                return r;
        return replace_file(&p, temp, &(struct replace_content){ .from_fd = backup }, &f->before,
                            &f->attrs, true, u->st[file].st_nlink ? &u->st[file] : NULL, err);
}

/* Of an operation that began, and of an undoing that was stopped. */
static int clean(struct undo *u, size_t file, size_t number, struct err *err)
{
        cleanup_free char *temp = rollback_temp_name(u->id, number);
        cleanup_place struct place p = PLACE_NONE;
        int r = place_open(u->root_fd, u->j->files[file].path, &p, NULL, err);

        return r <= 0 ? r : replace_clean(&p, temp, err);
}

static int clean_all(struct undo *u, struct err *err)
{
        const struct journal *j = u->j;
        int r = 0;

        for (size_t i = 0; r == 0 && i < j->n_ops; i++)
                if (j->ops[i].intent && !j->ops[i].done && j->ops[i].kind != TXN_RUN)
                        r = clean(u, j->ops[i].files[0], i, err);
        for (size_t i = 0; r == 0 && i < j->n_files; i++)
                if (is_touched(j, i))
                        r = clean(u, i, j->n_ops + i, err);
        return r;
}

static int examine_all(struct undo *u, struct err *err)
{
        int r = 0;

        for (size_t i = u->j->n_files; r == 0 && i-- > 0;)
                if (is_touched(u->j, i))
                        r = examine(u, i, err);
        return r;
}

static int restore_all(struct undo *u, struct err *err)
{
        const struct journal *j = u->j;
        int r = 0;

        for (size_t i = j->n_files; r == 0 && i-- > 0;)
                if (u->todo[i] != TODO_NOTHING)
                        r = restore(u, i, err);
        for (size_t i = j->n_files; r == 0 && i-- > 0;)
                for (size_t k = j->files[i].made.n; r == 0 && is_touched(j, i) && k-- > 0;)
                        r = place_remove_dir(u->root_fd, j->files[i].made.v[k], err);
        return r;
}

static int undo_steps(struct undo *u, const char *why, struct err *err)
{
        int r = clean_all(u, err);

        if (r == 0)
                r = examine_all(u, err);
        if (r < 0)
                return r;
        /* Of a run that is not committed the journal says already that it needs this. */
        r = journal_state(u->j, TXN_APPLYING, why, u->j->state == TXN_COMMITTED ? err : NULL);
        if (r == 0 || u->j->state != TXN_COMMITTED)
                r = restore_all(u, err);
        if (r == 0)
                r = journal_state(u->j, TXN_ROLLED_BACK, NULL, err);
        return r;
}

int rollback_run(int root_fd, int run_fd, const char *id, struct journal *j, const char *why,
                 struct err *err)
{
        struct undo u = { .root_fd = root_fd, .run_fd = run_fd, .id = id, .j = j };
        struct err local = { 0 };
        bool committed = j->state == TXN_COMMITTED;
        int r;

        u.todo = xcalloc(j->n_files + 1, sizeof(*u.todo));
        u.st = xcalloc(j->n_files + 1, sizeof(*u.st));
        r = undo_steps(&u, why, &local);
        free(u.todo);
        free(u.st);
        if (r < 0 && committed && j->state == TXN_COMMITTED)
                return err_set(err, r, "run %s: nothing was undone: %s", id, local.text);
        if (r < 0) {
                journal_state(j, TXN_STUCK, local.text, NULL);
                j->state = TXN_STUCK;
                return err_set(err, r, "run %s is stuck: %s", id, local.text);
        }
        /* The files are what the copies are; that these go is no matter of safety. */
        state_drop_backups(run_fd, NULL);
        return 0;
}

static bool is_open(enum txn_state s)
{
        return s == TXN_PREPARED || s == TXN_APPLYING || s == TXN_STUCK;
}

static int load(const struct state *s, const char *id, bool for_writing, int *ret_fd,
                struct journal *ret, struct err *err)
{
        cleanup_fd int fd = -EBADF;
        int r = state_open_run(s, id, &fd, err);

        if (r < 0)
                return r;
        r = journal_load(fd, for_writing, ret, err);
        if (r < 0)
                return err_wrap(err, r, "%s/runs/%s", STATE_DIR, id);
        *ret_fd = TAKE_FD(fd);
        return 0;
}

int rollback_check_none_open(const struct state *s, struct err *err)
{
        cleanup_strv struct strv ids = { 0 };
        int r = state_list(s, &ids, err);

        for (size_t i = 0; r == 0 && i < ids.n; i++) {
                cleanup_journal struct journal j = JOURNAL_NONE;
                cleanup_fd int fd = -EBADF;

                r = load(s, ids.v[i], false, &fd, &j, err);
                if (r == 0 && is_open(j.state))
                        r = err_set(err, -EBUSY,
                                    "run %s is not finished (%s): run `xen2nitro rollback` first",
                                    ids.v[i], txn_state_name(j.state));
                if (r == 0 && j.state == TXN_NEW)
                        r = state_drop_run(s, ids.v[i], err);
        }
        return r;
}

/* The last run that is not undone; an unfinished one is always the last. 1, or 0: none. */
static int find(const struct state *s, char ret_id[static TXN_RUN_ID_SIZE], struct err *err)
{
        cleanup_strv struct strv ids = { 0 };
        int r = state_list(s, &ids, err);

        for (size_t i = ids.n; r == 0 && i-- > 0;) {
                cleanup_journal struct journal j = JOURNAL_NONE;
                cleanup_fd int fd = -EBADF;

                r = load(s, ids.v[i], false, &fd, &j, err);
                if (r == 0 && j.state == TXN_NEW)
                        r = state_drop_run(s, ids.v[i], err);
                if (r < 0 || j.state == TXN_NEW || j.state == TXN_ROLLED_BACK)
                        continue;
                snprintf(ret_id, TXN_RUN_ID_SIZE, "%s", ids.v[i]);
                return 1;
        }
        return r;
}

static int rollback_locked(const struct volume *v, const struct state *s, const char *id,
                           struct txn_result *ret, struct err *err)
{
        cleanup_journal struct journal j = JOURNAL_NONE;
        cleanup_fd int fd = -EBADF;
        int r = load(s, id, true, &fd, &j, err);

        if (r < 0)
                return r;
        snprintf(ret->run, sizeof(ret->run), "%s", id);
        ret->state = j.state;
        if (j.state == TXN_ROLLED_BACK || j.state == TXN_NEW)
                return 0;
        r = rollback_run(volume_root_fd(v), fd, id, &j, "asked to", err);
        ret->state = j.state;
        return r;
}

int rollback(const struct volume *v, const char *id, struct txn_result *ret, struct err *err)
{
        cleanup_state struct state s = STATE_NONE;
        cleanup_interrupt struct interrupt interrupt;
        char last[TXN_RUN_ID_SIZE] = "";
        int r;

        /* Nobody wants to stop in the middle of this. */
        interrupt_begin(&interrupt);
        *ret = (struct txn_result){ 0 };
        r = state_open(volume_root_fd(v), false, &s, err);
        if (r == 0)
                return id ? err_set(err, -ENOENT, "there is no run %.32s", id) : 0;
        if (r > 0)
                r = state_lock(&s, err);
        if (r == 0 && !id)
                r = find(&s, last, err);
        if (r < 0 || (!id && r == 0))
                return r;
        return rollback_locked(v, &s, id ? id : last, ret, err);
}
