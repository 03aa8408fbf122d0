#include <assert.h>
#include <stdint.h>

#include "parse/mountinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_mountinfo struct mountinfo m = { 0 };
        struct err err = { 0 };

        if (mountinfo_parse((struct span){ (const char *)data, len }, &m, &err) < 0) {
                assert(err.code < 0 && err.text[0] && !m.v);
                return 0;
        }
        for (size_t i = 0; i < m.n; i++) {
                const struct mountinfo_entry *e = &m.v[i];

                assert(e->root && e->target && e->type && e->source);
                assert(strlen(e->root) + strlen(e->target) + strlen(e->type) < len);
        }
        return 0;
}
