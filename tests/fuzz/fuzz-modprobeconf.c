/* Every line understood has a name, stands where it says, and its command can be judged. */
#include <assert.h>
#include <stdint.h>

#include "parse/modprobeconf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_modprobe struct modprobe_conf conf = { 0 };
        const char *bytes = (const char *)data;
        size_t number = 0;

        modprobe_parse((struct span){ bytes, len }, &conf);
        for (size_t i = 0; i < conf.n; i++) {
                const struct modprobe_line *l = &conf.v[i];

                assert(l->number > number);
                number = l->number;
                assert(l->name[0] && l->text.data >= bytes &&
                       l->text.data + l->text.len <= bytes + len);
                assert((l->verb == MODPROBE_BLACKLIST || l->verb == MODPROBE_ALLOW_UNSUPPORTED) ==
                       (l->value[0] == '\0'));
                assert(modprobe_install_effect(l->value, l->name) <= MODPROBE_UNCLEAR);
        }
        return 0;
}
