/* The first byte chooses the quoting. Edits are made once; words they do not name stay. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/paramedit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        static const struct paramedit edits[] = {
                { "root", "/dev/xvda1", "UUID=1", false },
                { "clocksource", NULL, NULL, false },
                { "net.ifnames", NULL, "0", true },
                { "console", NULL, "ttyS0,115200n8", true, true },
                { .name = "modprobe.blacklist", .drop = "nvme*" },
        };
        enum param_quoting quoting = len ? data[0] % (PARAM_IN_DOUBLE + 1) : PARAM_RAW;
        struct span text = { (const char *)data + 1, len - 1 };
        struct buf once = { 0 }, twice = { 0 }, none = { 0 };
        bool changed;

        if (len == 0)
                return 0;
        changed = paramedit_apply(text, quoting, edits, 5, &once);
        assert(changed ||
               (once.len == text.len && (!text.len || !memcmp(once.data, text.data, text.len))));
        assert(!paramedit_apply(buf_span(&once), quoting, edits, 5, &twice));
        assert(!paramedit_finds(buf_span(&once), quoting, &edits[1]));
        assert(!paramedit_apply(text, quoting, NULL, 0, &none) && none.len == text.len);
        buf_done(&once);
        buf_done(&twice);
        buf_done(&none);
        return 0;
}
