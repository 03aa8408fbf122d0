/* Every decoder ends on any bytes, takes them in order, and makes no more than 8 MiB at a step. */
#include <assert.h>
#include <errno.h>
#include <stdint.h>

#include "parse/compression.h"

#define MADE_MAX (64u << 20) /* enough of a bomb */

static void decode(struct decoder *d, struct span in)
{
        size_t made = 0;

        for (int idle = 0; idle < 4 && made < MADE_MAX;) {
                const char *before = in.data, *end = in.data + in.len;
                struct err err = { 0 };
                struct span out;
                int r = decoder_step(d, &in, &out, &err);

                assert(in.data >= before && in.data + in.len == end);
                assert(r <= 1 && out.len <= (8u << 20));
                if (r < 0) {
                        assert(err.code == r && (r == -EBADMSG || r == -ENOTSUP));
                        return;
                }
                if (r == 0)
                        return;
                idle = in.data == before && out.len == 0 ? idle + 1 : 0;
                made += out.len;
        }
        /* Nothing moves any more only because the input is at its end. */
        assert(in.len == 0 || made >= MADE_MAX);
        decoder_finish(d, &(struct err){ 0 });
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span in = { (const char *)data, len };
        cleanup_decoder struct decoder *d = NULL;
        struct err err = { 0 };
        enum compression c = compression_detect(in);

        if (c != COMPRESSION_NONE && decoder_new(c, &d, &err) == 0)
                decode(d, in);
        return 0;
}
