#include <assert.h>
#include <stdint.h>

#include "parse/modversions.h"

/* Two modules in one input: the first byte tells where the second begins. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        size_t half = len > 1 ? (size_t)data[0] * 8 : 0;
        struct span a = { (const char *)data + 1, half }, b;
        struct modversions_diff diff = { 0 };
        struct err err = { 0 };
        int r;

        if (len < 2 || half > len - 1 || len > 8192)
                return 0;
        b = (struct span){ a.data + half, len - 1 - half };
        r = modversions_compare(a, b, &diff, &err);
        if (r < 0)
                assert(*err.text && !diff.n);
        if (r > 0) {
                assert(diff.n > 0 && diff.shared <= diff.n);
                assert(!diff.differs.len || diff.shared > 0);
                assert(!diff.differs.len ||
                       (diff.differs.data >= a.data &&
                        diff.differs.data + diff.differs.len <= a.data + a.len));
        }
        r = modversions_compare(a, a, &diff, &err);
        if (r > 0)
                assert(diff.shared == diff.n);
        return 0;
}
