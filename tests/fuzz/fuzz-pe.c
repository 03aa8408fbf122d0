#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/pe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct err err = { 0 };
        struct pe pe = { 0 };
        size_t head = len < PE_HEAD_MAX ? len : PE_HEAD_MAX;

        if (pe_parse((struct span){ (const char *)data, head }, len, &pe, &err) < 0) {
                assert(*err.text);
                return 0;
        }
        assert(pe.n <= PE_SECTIONS_MAX);
        for (size_t i = 0; i < pe.n; i++) {
                const struct pe_section *s = &pe.sections[i];

                assert(strlen(s->name) <= PE_NAME_LEN && s->size <= len);
                assert(s->offset <= len - s->size && pe_find(&pe, s->name) <= s);
        }
        return 0;
}
