#include <assert.h>
#include <stdint.h>

#include "base/xalloc.h"
#include "parse/shellvar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct lines lines = lines_of((struct span){ (const char *)data, len });
        struct shellvar var;
        size_t line = 0;

        while (shellvar_next(&lines, &var)) {
                cleanup_free char *value = var.value;

                assert(var.line > line);
                line = var.line;
                assert(!value || (var.name.len > 0 && strlen(value) <= var.text.len));
        }
        return 0;
}
