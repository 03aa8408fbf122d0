/* Any bytes that pass modindex_open can be asked everything. */
#include <assert.h>
#include <stdint.h>

#include "parse/modindex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        static const char *const keys[] = {
                "nvme", "nvme_core", "", "pci:v00001D0Fd00008061sv00001D0Fsd00000000bc01sc08i02",
                "\xff",
        };
        struct err err = { 0 };
        struct modindex x;

        if (modindex_open((struct span){ (const char *)data, len }, &x, &err) < 0) {
                assert(err.code < 0 && err.text[0]);
                return 0;
        }
        for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
                cleanup_strv struct strv found = { 0 };
                struct span value;

                if (modindex_find(&x, keys[i], &value))
                        assert(value.data >= (const char *)data &&
                               value.data + value.len < (const char *)data + len);
                modindex_match(&x, keys[i], &found);
        }
        return 0;
}
