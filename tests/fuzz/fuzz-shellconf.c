#include <assert.h>
#include <stdint.h>

#include "base/xalloc.h"
#include "parse/shellconf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct lines lines = lines_of((struct span){ (const char *)data, len });
        struct shellconf conf;
        size_t line = 0;

        while (shellconf_next(&lines, &conf)) {
                cleanup_free char *value = conf.value;

                assert(conf.line > line);
                line = conf.line;
                assert(!value || (conf.name.len > 0 && strlen(value) <= conf.text.len));
                assert(!value || !strpbrk(value, "$`"));
                assert(!conf.append || conf.name.len > 0);
        }
        return 0;
}
