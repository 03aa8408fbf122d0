#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/grubenv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span block = { (const char *)data, len };
        struct grubenv env = { 0 };
        struct err err = { 0 };
        size_t total = 0;

        if (grubenv_parse(block, &env, &err) < 0) {
                assert(*err.text && !env.n);
                return 0;
        }
        for (size_t i = 0; i < env.n; i++) {
                assert(!strchr(env.vars[i].name, '='));
                total += strlen(env.vars[i].name) + strlen(env.vars[i].value) + 2;
        }
        assert(total <= len);
        grubenv_done(&env);
        return 0;
}
