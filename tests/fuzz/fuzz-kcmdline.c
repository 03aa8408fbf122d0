#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/kcmdline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span line = { (const char *)data, len };
        struct kcmdline c = { 0 };
        struct err err = { 0 };
        size_t total = 0;

        if (kcmdline_parse(line, &c, &err) < 0) {
                assert(*err.text && !c.n);
                return 0;
        }
        for (size_t i = 0; i < c.n; i++) {
                const char *value = c.params[i].value;

                assert(!*c.params[i].name || !strchr(c.params[i].name + 1, '='));
                total += strlen(c.params[i].name) + (value ? strlen(value) + 1 : 0);
        }
        assert(total <= len);
        kcmdline_done(&c);
        return 0;
}
