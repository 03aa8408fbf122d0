#include <assert.h>
#include <stdint.h>

#include "parse/cpuinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_strv struct strv flags = { 0 };

        if (cpuinfo_flags((struct span){ (const char *)data, len }, &flags) == 0) {
                assert(flags.n == 0);
                return 0;
        }
        assert(flags.n <= CPUINFO_FLAGS_MAX && flags.n <= len);
        return 0;
}
