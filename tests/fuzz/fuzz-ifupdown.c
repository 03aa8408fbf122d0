#include <assert.h>
#include <stdint.h>

#include "base/xalloc.h"
#include "parse/ifupdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_ifupdown struct ifupdown config = { 0 };
        struct err err = { 0 };
        size_t line = 0;

        if (ifupdown_parse((struct span){ (const char *)data, len }, &config, &err) < 0) {
                assert(config.n == 0 && err.text[0]);
                return 0;
        }
        for (size_t i = 0; i < config.n; i++) {
                const struct ifupdown_stanza *s = &config.v[i];

                assert(s->line > line);
                line = s->line;
                assert((uint8_t *)s->text.data >= data);
                assert((uint8_t *)s->text.data + s->text.len <= data + len);
                assert(s->kind != IFUPDOWN_IFACE ||
                       (s->words.n == 1 && (s->method || s->inherits)));
                for (size_t w = 0; w < s->words.n; w++) {
                        cleanup_free char *logical = NULL;
                        int r = ifupdown_match(s->words.v[w], "ens5", &logical);

                        assert((r == 1) == (logical != NULL));
                }
        }
        return 0;
}
