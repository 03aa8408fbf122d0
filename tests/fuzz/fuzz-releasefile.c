#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/releasefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct osrelease o = { 0 };

        if (releasefile_parse((struct span){ (const char *)data, len }, &o)) {
                assert(o.id && o.pretty_name);
                assert(!o.version_id || strlen(o.version_id) <= len);
        } else {
                assert(!o.id && !o.version_id && !o.pretty_name);
        }
        osrelease_done(&o);
        return 0;
}
