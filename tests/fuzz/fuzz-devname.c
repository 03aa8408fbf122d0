#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/devname.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span s = { (const char *)data, len };
        enum devname_kind kind = devname_classify(s);
        char *name;

        assert(kind >= 0 && kind < _DEVNAME_MAX);
        assert(devname_kind_name(kind));
        /* A kernel disk name is letters and digits after /dev/. */
        if (kind == DEVNAME_XEN || kind == DEVNAME_SCSI || kind == DEVNAME_IDE)
                assert(len > 7 && !memchr(data + 5, '/', len - 5));
        name = devname_of_xen_path(s);
        if (name) {
                assert(kind == DEVNAME_XEN_BY_PATH);
                assert(devname_classify(span_of(name)) == DEVNAME_XEN);
        }
        free(name);
        return 0;
}
