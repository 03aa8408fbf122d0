#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubnumber.h"
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_free char *text = xmemdup0(data, len);
        const char *end = NULL;
        uint32_t value = 0;
        int r = grubnumber_parse(text, &value, &end);

        assert(r == 0 || r == -EINVAL || r == -ERANGE);
        if (r == 0)
                assert(end > text && end <= text + strlen(text));
        else
                assert(!end && !value);
        return 0;
}
