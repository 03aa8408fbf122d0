#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubtest.h"
static enum grubtri test_file(void *data, char op, const struct grubword *path)
{
        assert(strchr("defs", op) && path->text);
        return *(enum grubtri *)data;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_free char *text = xmemdup0(data, len);
        struct grubargs words = { 0 };
        char *next = text;

        /* A word a line; bytes 1 and 2 are the marks. What every answer about a file agrees on is
         * not changed by not knowing it. */
        while (next)
                ARRAY_PUSH(&words.v, &words.n, &words.cap)->text = strsep(&next, "\n");
        for (size_t first = 0; first < words.n && first < 2; first++) {
                enum grubtri results[3];
                const char *why;

                for (enum grubtri file = GRUBTRI_NO; file <= GRUBTRI_MAYBE; file++) {
                        results[file] = grubtest_evaluate(words.v + first, words.n - first,
                                                          test_file, &file, &why);
                        assert(results[file] <= GRUBTRI_MAYBE);
                }
                if (results[GRUBTRI_MAYBE] != GRUBTRI_MAYBE)
                        assert(results[GRUBTRI_NO] == results[GRUBTRI_MAYBE] &&
                               results[GRUBTRI_YES] == results[GRUBTRI_MAYBE]);
        }
        free(words.v);
        return 0;
}
