#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/lvmconf.h"

/* Values lie in the text, one behind the other, and each belongs to one setting. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        cleanup_lvmconf struct lvmconf c = { 0 };
        const char *at = text.data;
        struct err err = { 0 };
        size_t values = 0;

        if (lvmconf_parse(text, &c, &err) < 0) {
                assert(c.n == 0 && err.text[0]);
                return 0;
        }
        for (size_t i = 0; i < c.n; i++) {
                assert(c.v[i].first == values && c.v[i].path && c.v[i].line > 0);
                values += c.v[i].n;
        }
        assert(values == c.n_values);
        for (size_t i = 0; i < values; i++) {
                assert(c.values[i].raw.data >= at && c.values[i].text);
                at = c.values[i].raw.data + c.values[i].raw.len;
                assert(at <= text.data + len);
        }
        return 0;
}
