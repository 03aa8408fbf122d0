#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "parse/bzimage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span head = { (const char *)data, len }, release = { 0 };
        struct err err = { 0 };
        int wide = bzimage_is_64(head);

        assert(wide == 0 || wide == 1 || wide == -ENODATA);
        if (bzimage_release(head, &release, &err) < 0) {
                assert(*err.text && !release.data);
                return 0;
        }
        assert(release.len && release.len < BZIMAGE_STRING_MAX);
        assert(release.data >= head.data && release.data + release.len < head.data + len);
        assert(!memchr(release.data, '/', release.len) && !memchr(release.data, '\0', release.len));
        return 0;
}
