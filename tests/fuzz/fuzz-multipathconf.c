/* Every word has a keyword and stands in its line; what is over a limit says so. */
#include <assert.h>
#include <stdint.h>

#include "parse/multipathconf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_multipath struct multipath_conf conf = { 0 };
        struct err err = { 0 };
        size_t line = 0;

        if (multipath_parse((struct span){ (const char *)data, len }, &conf, &err) < 0) {
                assert(err.text[0] && conf.n == 0);
                return 0;
        }
        for (size_t i = 0; i < conf.n; i++) {
                const struct multipath_word *w = &conf.v[i];

                assert(w->key && w->value && w->section && w->parent && w->line >= line);
                assert(w->text.data >= (const char *)data &&
                       w->text.data + w->text.len <= (const char *)data + len);
                line = w->line;
        }
        return 0;
}
