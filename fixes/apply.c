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

int plan_apply(const struct plan *p, const struct volume *volume, bool chroot,
               struct txn_result *ret, struct err *err)
{
        size_t n = plan_count(p);
        cleanup_free struct txn_op *ops = xcalloc(n + 1, sizeof(*ops));
        cleanup_strv struct strv fixes = { 0 };

        for (size_t i = 0; i < n; i++) {
                const struct plan_op *op = plan_get(p, i);

                strv_push_take(&fixes, join(&op->fixes));
                ops[i] = op_of(op, fixes.v[i], chroot);
        }
        return txn_apply(volume, ops, n, ret, err);
}
