#include "fixes/show.h"

#include "fixes/diff.h"

void show_diff(const struct plan_op *op, struct buf *out)
{
        struct span before = blob_span(&op->before), after = blob_span(&op->after);

        if (op->kind == PLAN_WRITE && !diff_is_binary(before) && !diff_is_binary(after))
                diff_unified(op->existed ? op->path : NULL, op->path, before, after, out);
}

static bool is_bad(const struct finding *f)
{
        return f->outcome >= OUTCOME_UNKNOWN;
}

/* How many of the first `n` are bad in the same way. */
static size_t count_like(const struct findings *l, size_t n, const struct finding *like)
{
        size_t count = 0;

        for (size_t i = 0; i < n; i++)
                count += is_bad(&l->v[i]) && streq(l->v[i].rule, like->rule) &&
                         streq(l->v[i].subject, like->subject);
        return count;
}

const struct finding *show_next_only_in(const struct findings *a, const struct findings *b,
                                        size_t *at)
{
        while (*at < a->n) {
                size_t i = (*at)++;

                if (is_bad(&a->v[i]) && count_like(a, i, &a->v[i]) >= count_like(b, b->n, &a->v[i]))
                        return &a->v[i];
        }
        return NULL;
}
