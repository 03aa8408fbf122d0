#include "fixes/apply.h"

#include "base/xalloc.h"

static char *join(const struct strv *names)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < names->n; i++)
                buf_printf(&out, "%s%s", i ? "," : "", names->v[i]);
        return buf_take(&out);
}

static struct txn_op op_of(const struct plan_op *op, const char *fixes, bool chroot)
{
        static const enum txn_op_kind kinds[] = {
                [PLAN_WRITE] = TXN_WRITE, [PLAN_APPEND] = TXN_APPEND, [PLAN_RUN] = TXN_RUN
        };

        return (struct txn_op){
                .kind = kinds[op->kind],
                .fix = fixes,
                .rules = &op->rules,
                .path = op->path,
                .existed = op->existed,
                .before = op->digest,
                .bytes = blob_span(&op->after),
                .mode = op->mode,
                .argv = &op->argv,
                .outputs = &op->outputs,
                .timeout_s = op->timeout,
                .chroot = chroot,
        };
}

/* The caller frees the list and `fixes`, which it borrows from. */
static struct txn_op *make_ops(const struct plan *p, bool chroot, struct strv *fixes, size_t *ret_n)
{
        size_t n = plan_count(p);
        struct txn_op *ops = xcalloc(n + 1, sizeof(*ops));

        for (size_t i = 0; i < n; i++) {
                const struct plan_op *op = plan_get(p, i);

                strv_push_take(fixes, join(&op->fixes));
                ops[i] = op_of(op, fixes->v[i], chroot);
        }
        *ret_n = n;
        return ops;
}

int plan_check(const struct plan *p, const struct volume *volume, bool chroot, struct err *err)
{
        cleanup_strv struct strv fixes = { 0 };
        size_t n;
        cleanup_free struct txn_op *ops = make_ops(p, chroot, &fixes, &n);

        return n ? txn_check(volume, ops, n, err) : 0;
}

int plan_apply(const struct plan *p, const struct volume *volume, bool chroot,
               struct txn_result *ret, struct err *err)
{
        cleanup_strv struct strv fixes = { 0 };
        size_t n;
        cleanup_free struct txn_op *ops = make_ops(p, chroot, &fixes, &n);

        return txn_apply(volume, ops, n, ret, err);
}
