/*
 * Whatever is written is read back. The input: for each member a byte with the length of its name,
 * one with the length of its content, and these.
 */
#include <assert.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/cpio.h"
#include "parse/cpiowrite.h"

static bool on_member(void *text, const struct cpio_member *m)
{
        buf_printf(text, "%s %llu ", m->name, (unsigned long long)m->size);
        return true;
}

static void on_content(void *text, struct span piece)
{
        buf_append(text, piece.data, piece.len);
}

static struct span take(struct span *in, size_t n)
{
        struct span piece = { in->data, n < in->len ? n : in->len };

        in->data += piece.len;
        in->len -= piece.len;
        return piece;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_buf struct buf archive = { 0 }, want = { 0 }, got = { 0 };
        const struct cpio_events events = { &got, on_member, on_content };
        struct span in = { (const char *)data, len };
        struct err err = { 0 };
        struct cpio c;

        while (in.len > 2) {
                struct span sizes = take(&in, 2);
                cleanup_free char *name = span_dup(take(&in, (unsigned char)sizes.data[0]));
                struct span content = take(&in, (unsigned char)sizes.data[1]);

                if (streq(name, "TRAILER!!!"))
                        continue;
                cpio_write(&archive, name, S_IFREG | 0644, content);
                buf_printf(&want, "%s %zu ", name, content.len);
                buf_append(&want, content.data, content.len);
        }
        cpio_write_end(&archive);
        in = buf_span(&archive);
        cpio_init(&c, &events);
        cpio_begin(&c, 0);
        assert(cpio_feed(&c, &in, &err) == 1 && in.len == 0);
        assert(cpio_finish(&c, &err) == 0 && c.archive == 1);
        assert(got.len == want.len &&
               (want.len == 0 || memcmp(got.data, want.data, want.len) == 0));
        return 0;
}
