#include <assert.h>
#include <stdint.h>

#include "parse/osrelease.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_osrelease struct osrelease o = { 0 };

        osrelease_parse((struct span){ (const char *)data, len }, &o);
        assert(o.odd_line <= len);
        assert(!o.id || strlen(o.id) < len);
        assert(!o.version_id || strlen(o.version_id) < len);
        assert(!o.pretty_name || strlen(o.pretty_name) < len);
        return 0;
}
