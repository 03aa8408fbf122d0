#include <assert.h>
#include <stdint.h>

#include "parse/cloudconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        cleanup_cloudconfig struct cloudconfig c = { 0 };
        struct err err = { 0 };
        int r = cloudconfig_parse(text, &c, &err);

        assert((r == 0) == (err.text[0] == '\0'));
        assert(r == 0 || c.n == 0);
        assert(c.n <= CLOUDCONFIG_ENTRIES_MAX);
        for (size_t i = 0; i < c.n; i++) {
                assert(c.v[i].text && c.v[i].line > 0);
                assert(!c.v[i].overwrites || c.v[i].section == CLOUDCONFIG_FS_SETUP ||
                       c.v[i].section == CLOUDCONFIG_DISK_SETUP);
        }
        return 0;
}
