#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "parse/lines.h"
#include "parse/lvmfilter.h"

#define PATTERNS 8

/* Every line a pattern; what matches is one of them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct lines lines = lines_of((struct span){ (const char *)data, len });
        cleanup_lvmfilter struct lvmfilter *f = NULL;
        cleanup_strv struct strv patterns = { 0 };
        struct err err = { 0 };
        bool accept = false;
        struct line line;
        int r;

        while (patterns.n < PATTERNS && lines_next(&lines, &line))
                strv_push_take(&patterns, span_dup(line.text));
        if (lvmfilter_compile((const char *const *)patterns.v, patterns.n, &f, &err) < 0) {
                assert(!f && err.text[0]);
                return 0;
        }
        r = lvmfilter_match(f, "/dev/nvme0n1p1", &accept);
        assert(r >= -1 && r < (int)patterns.n);
        assert(r < 0 || accept == (patterns.v[r][0] == 'a'));
        return 0;
}
