#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/gruboption.h"
static const struct gruboption list[] = { { "set", 's', GRUBOPTION_MAYBE_VALUE },
                                          { "file", 'f', GRUBOPTION_VALUE },
                                          { "no-floppy", 'n', GRUBOPTION_FLAG },
                                          { "id", 0, GRUBOPTION_VALUE },
                                          {} };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_free char *text = xmemdup0(data, len);
        struct grubargs args = { 0 };
        char *next = text;

        /* A word a line. */
        while (next)
                ARRAY_PUSH(&args.v, &args.n, &args.cap)->text = strsep(&next, "\n");
        for (int accept_dash = 0; accept_dash < 2; accept_dash++) {
                cleanup_gruboptions struct gruboptions o = { 0 };
                int r = gruboption_parse(&args, list, accept_dash, &o);

                assert(r == 0 || r == -EINVAL);
                assert(o.rest.n < args.n);
                assert(!o.value[2]);
                if (r == 0)
                        assert(o.set[1] == !!o.value[1] && o.set[3] == !!o.value[3]);
        }
        free(args.v);
        return 0;
}
