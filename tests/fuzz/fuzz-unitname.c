#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "parse/unitname.h"

/* The name of a path is that path again, slashes that mean nothing aside. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        cleanup_free char *path = unitname_to_path(text, ".device");
        cleanup_free char *unit = NULL, *again = NULL, *twice = NULL;

        if (!path)
                return 0;
        unit = unitname_of_path(path, ".device");
        again = unitname_to_path(span_of(unit), ".device");
        assert(again);
        twice = unitname_of_path(again, ".device");
        assert(strcmp(unit, twice) == 0);
        return 0;
}
