#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/devname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span s = { (const char *)data, len };
        enum devname_kind kind = devname_classify(s);

        assert(kind >= 0 && kind < _DEVNAME_MAX);
        assert(devname_kind_name(kind));
        /* A kernel disk name is letters and digits after /dev/. */
        if (kind == DEVNAME_XEN || kind == DEVNAME_SCSI || kind == DEVNAME_IDE)
                assert(len > 7 && !memchr(data + 5, '/', len - 5));
        return 0;
}
