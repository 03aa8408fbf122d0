#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/grubstage2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct grubstage2 s;
        struct err err = { 0 };

        if (grubstage2_parse((struct span){ (const char *)data, len }, &s, &err) < 0) {
                assert(*err.text);
                return 0;
        }
        assert(len >= GRUBSTAGE2_HEAD_MAX && s.config[0] == '/');
        assert(strlen(s.config) <= GRUBSTAGE2_CONFIG_MAX);
        assert(!s.once || s.saved <= UINT32_MAX >> 8);
        return 0;
}
