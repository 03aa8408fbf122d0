#include <assert.h>
#include <stdint.h>

#include "parse/udevrule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_udevrules struct udevrules rules = { 0 };
        struct err err = { 0 };
        size_t line = 0;

        if (udevrules_parse((struct span){ (const char *)data, len }, &rules, &err) < 0) {
                assert(rules.n == 0 && err.text[0]);
                return 0;
        }
        for (size_t i = 0; i < rules.n; i++) {
                const struct udevrule *r = &rules.v[i];

                assert(r->line > line);
                line = r->line;
                assert(r->malformed || r->n > 0 || r->text.len > 0);
                for (size_t p = 0; p < r->n; p++) {
                        assert(r->v[p].key[0] && r->v[p].op[0]);
                        assert(udevrule_find(r, r->v[p].key));
                        udevrule_glob(r->v[p].value, "ens5");
                }
        }
        return 0;
}
