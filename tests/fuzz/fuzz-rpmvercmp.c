#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/rpmvercmp.h"

static int sign(int n)
{
        return (n > 0) - (n < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_free char *text = xmemdup0(data, len);
        char *b = text, *a = strsep(&b, "\n");

        for (int plus = 0; b && plus < 2; plus++)
                assert(sign(rpmvercmp(a, b, plus)) == -sign(rpmvercmp(b, a, plus)));
        assert(rpmvercmp(a, a, false) == 0);
        return 0;
}
