#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubmenu.h"
#define LABELS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct grubmenu_label labels[LABELS_MAX];
        cleanup_free char *text = xmemdup0(data, len);
        char *next = text, *spec = strsep(&next, "\n");
        struct err err = { 0 };
        const char *rest;
        size_t n = 0, index = SIZE_MAX;

        /* The spec, then titles and ids in turn, a line each. */
        while (next && n < LABELS_MAX) {
                labels[n].title = strsep(&next, "\n");
                labels[n].id = next ? strsep(&next, "\n") : labels[n].title;
                n++;
        }
        for (int kind = GRUBMENU_UPSTREAM; kind <= GRUBMENU_EITHER; kind++) {
                int r = grubmenu_select(labels, n, spec, (enum grubmenu_kind)kind, &index, &err);

                assert(r == 0 || r == 1 || r == -ENODATA);
                if (r >= 0)
                        assert(r ? index < n : index == 0);
                else
                        assert(*err.text);
        }
        for (rest = spec; rest; spec = (char *)rest) {
                rest = grubmenu_rest(spec);
                assert(!rest || (rest > spec && *rest && rest[-1] == '>'));
        }
        return 0;
}
