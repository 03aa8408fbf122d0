#include <assert.h>
#include <stdint.h>

#include "parse/clocksource.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span line = { (const char *)data, len }, name;

        if (clocksource_of_line(line, &name))
                assert(name.data >= line.data && name.data + name.len <= line.data + line.len);
        return 0;
}
