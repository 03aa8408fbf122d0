#include <assert.h>
#include <stdint.h>

#include "parse/ifname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span rest = { (const char *)data, len }, name;
        const char *end = rest.data + len, *last = rest.data;

        while (ifname_next(&rest, &name)) {
                assert(name.len > 3 && name.data >= last && name.data + name.len <= end);
                assert(rest.data == name.data + name.len && rest.data + rest.len == end);
                last = rest.data;
        }
        assert(rest.len == 0);
        return 0;
}
