#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/bls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_bls struct bls b = { 0 };
        struct err err = { 0 };
        size_t total = 0;

        if (bls_parse((struct span){ (const char *)data, len }, &b, &err) < 0) {
                assert(*err.text && !b.n);
                return 0;
        }
        for (size_t i = 0; i < b.n; i++) {
                const struct bls_field *f = &b.fields[i];
                struct bls_label label = { f->key, f->value };

                assert(*f->key && !strpbrk(f->key, " \t\n") && *f->value);
                assert(i == 0 || f->line > f[-1].line);
                assert(bls_compare(&label, &label) == 0 && bls_compare_rhel8(&label, &label) == 0);
                assert(bls_get(&b, f->key, f) == f);
                total += strlen(f->key) + strlen(f->value);
        }
        assert(total <= len);
        return 0;
}
