/* What was read from any sound index and written again says the same. */
#include <assert.h>
#include <stdint.h>

#include "parse/modindexwrite.h"

static int print_one(void *out, const char *key, const char *value, uint32_t priority)
{
        buf_printf(out, "%s %s %u\n", key, value, priority);
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_modindex_entries struct modindex_entries entries = { 0 }, again = { 0 };
        cleanup_buf struct buf first = { 0 }, second = { 0 }, a = { 0 }, b = { 0 };
        struct err err = { 0 };
        struct modindex x;

        if (modindex_open((struct span){ (const char *)data, len }, &x, &err) < 0)
                return 0;
        if (modindex_read(&x, &entries, &err) < 0)
                return 0;
        modindex_write(&entries, &first);
        assert(modindex_open(buf_span(&first), &x, &err) == 0);
        assert(modindex_each(&x, print_one, &a) == 0);
        assert(modindex_read(&x, &again, &err) == 0 && again.n <= entries.n);
        modindex_write(&again, &second);
        assert(modindex_open(buf_span(&second), &x, &err) == 0);
        assert(modindex_each(&x, print_one, &b) == 0);
        assert(a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0));
        return 0;
}
