#include <assert.h>
#include <stdint.h>

#include "parse/blkidout.h"

/* A value is never empty: that is what NULL says. */
static void check_value(const char *value)
{
        assert(!value || *value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_blkidout struct blkidout o = { 0 };
        struct err err = { 0 };

        if (blkidout_parse((struct span){ (const char *)data, len }, &o, &err) < 0) {
                assert(err.code < 0 && err.text[0] && !o.v);
                return 0;
        }
        assert(o.n <= BLKIDOUT_DEVICES_MAX);
        for (size_t i = 0; i < o.n; i++) {
                assert(o.v[i].name);
                check_value(o.v[i].name);
                check_value(o.v[i].uuid);
                check_value(o.v[i].label);
                check_value(o.v[i].type);
                check_value(o.v[i].partuuid);
                check_value(o.v[i].partlabel);
        }
        return 0;
}
