#include <assert.h>
#include <stdint.h>

#include "parse/lines.h"

/* Round trip: all texts and endings, one after the other, are the input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        const char *at = (const char *)data;
        struct lines l = lines_of((struct span){ at, len });
        struct line line;
        size_t n = 0;

        while (lines_next(&l, &line)) {
                struct span strip = line_strip(line.text);

                assert(line.number == ++n);
                assert(line.text.data == at);
                assert(line.ending.data == at + line.text.len);
                assert(!memchr(line.text.data, '\n', line.text.len));
                assert(strip.len <= line.text.len);
                at += line.text.len + line.ending.len;
                assert(line.ending.len > 0 || at == (const char *)data + len);
        }
        assert(at == (const char *)data + len);
        return 0;
}
