/* Any bytes as an image: it ends, in one of its states, and never says ok without a segment. */
#include <assert.h>
#include <stdint.h>

#include "parse/initramfs.h"

static ssize_t read_memory(void *context, void *data, size_t len)
{
        struct span *left = context;
        size_t n = left->len < len ? left->len : len;

        if (n > 0)
                memcpy(data, left->data, n);
        left->data += n;
        left->len -= n;
        return (ssize_t)n;
}

static bool on_member(void *context, const struct cpio_member *m)
{
        *(uint64_t *)context += 1;
        return m->size < 100;
}

static void on_content(void *context, struct span piece)
{
        (void)context;
        assert(piece.len < 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_initramfs struct initramfs i = { 0 };
        struct span left = { (const char *)data, len };
        uint64_t members = 0, counted = 0;
        struct initramfs_source source = { &left, read_memory };
        struct cpio_events events = { &members, on_member, on_content };
        struct err err = { 0 };

        assert(initramfs_read(&source, &events, &i, &err) == 0);
        assert((i.state <= INITRAMFS_EMPTY) == (i.why.code == 0));
        assert(i.state != INITRAMFS_OK || (i.n > 0 && left.len == 0));
        assert(i.offset <= len);
        for (size_t n = 0; n < i.n; n++) {
                assert(n == 0 || i.segments[n].offset > i.segments[n - 1].offset);
                counted += i.segments[n].members;
        }
        assert(i.state != INITRAMFS_OK || counted == members);
        return 0;
}
