/* The first byte chooses the format. Whatever is edited there, nothing outside a place changes. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/cmdplace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        static const struct paramedit edits[] = {
                { "root", "/dev/xvda1", "UUID=1", false },
                { "clocksource", NULL, NULL, false },
                { "net.ifnames", NULL, "0", true },
        };
        struct span text = { (const char *)data + 1, len - 1 };
        struct cmdplaces p = { 0 };
        const char *end = text.data;
        size_t line = 0;
        struct err err;

        if (len == 0 || cmdplaces_find(text, data[0] % _CMDPLACE_MAX, &p, &err) < 0)
                return 0;
        for (size_t i = 0; i < p.n; i++) {
                struct buf once = { 0 }, twice = { 0 };

                assert(p.v[i].text.data >= end && p.v[i].line >= line);
                end = p.v[i].text.data + p.v[i].text.len;
                line = p.v[i].line;
                assert(end <= text.data + text.len);
                paramedit_apply(p.v[i].text, p.v[i].quoting, edits, 3, &once);
                assert(!paramedit_apply(buf_span(&once), p.v[i].quoting, edits, 3, &twice));
                buf_done(&once);
                buf_done(&twice);
        }
        cmdplaces_done(&p);
        return 0;
}
