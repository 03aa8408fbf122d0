#include "parse/modversions.h"

#include <errno.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "parse/modinfo.h"

#define ROW 64

struct row {
        const char *sum;
        size_t width; /* of the sum */
        struct span name;
};

struct rows {
        struct row *v;
        size_t n;
};

static void rows_done(struct rows *r)
{
        free(r->v);
}

static int compare_names(const void *a, const void *b)
{
        const struct span *x = &((const struct row *)a)->name, *y = &((const struct row *)b)->name;
        size_t len = x->len < y->len ? x->len : y->len;
        int r = memcmp(x->data, y->data, len);

        return r ? r : (x->len > y->len) - (x->len < y->len);
}

/* Sorted by name. */
static int read_rows(struct span file, struct rows *ret, struct err *err)
{
        struct span section;
        int r = modinfo_section(file, "__versions", &section, err);
        /* The class of the ELF file says how long a long is. */
        size_t width = r > 0 && file.data[4] == 2 ? 8 : 4;

        if (r <= 0)
                return r;
        if (section.len / ROW > MODVERSIONS_MAX)
                return err_set(err, -E2BIG, "it uses more than %d symbols", MODVERSIONS_MAX);
        ret->n = section.len / ROW;
        if (ret->n == 0)
                return 0;
        ret->v = xcalloc(ret->n, sizeof(*ret->v));
        for (size_t i = 0; i < ret->n; i++) {
                const char *sum = section.data + i * ROW, *name = sum + width;

                ret->v[i] = (struct row){ sum, width, { name, strnlen(name, ROW - width) } };
        }
        qsort(ret->v, ret->n, sizeof(*ret->v), compare_names);
        return 1;
}

int modversions_compare(struct span module, struct span other, struct modversions_diff *ret,
                        struct err *err)
{
        _cleanup_(rows_done) struct rows a = { 0 }, b = { 0 };
        struct modversions_diff diff = { 0 };
        int r = read_rows(module, &a, err);

        if (r > 0)
                r = read_rows(other, &b, err);
        if (r <= 0)
                return r;
        diff.n = a.n;
        for (size_t i = 0, k = 0; i < a.n && k < b.n;) {
                int order = compare_names(&a.v[i], &b.v[k]);

                if (order == 0) {
                        diff.shared++;
                        if (diff.differs.len == 0 &&
                            (a.v[i].width != b.v[k].width ||
                             memcmp(a.v[i].sum, b.v[k].sum, a.v[i].width) != 0))
                                diff.differs = a.v[i].name;
                }
                i += order <= 0;
                k += order > 0;
        }
        *ret = diff;
        return 1;
}
