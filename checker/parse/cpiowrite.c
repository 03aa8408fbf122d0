#include "parse/cpiowrite.h"

#include <sys/stat.h>

static void pad(struct buf *out)
{
        static const char zeros[3];

        buf_append(out, zeros, -out->len & 3);
}

static void write_member(struct buf *out, const char *name, uint32_t inode, uint32_t mode,
                         struct span content)
{
        size_t name_size = strlen(name) + 1;
        unsigned links = S_ISDIR(mode) ? 2 : 1;

        buf_printf(out, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", inode, mode,
                   0u, 0u, links, 0u, content.len, 0u, 0u, 0u, 0u, name_size, 0u);
        buf_append(out, name, name_size);
        pad(out);
        buf_append(out, content.data, content.len);
        pad(out);
}

void cpio_write(struct buf *out, const char *name, uint32_t mode, struct span content)
{
        /* Two members are at different places; no two may look like one file with two names. */
        write_member(out, name, (uint32_t)out->len + 1, mode, content);
}

void cpio_write_end(struct buf *out)
{
        write_member(out, "TRAILER!!!", 0, 0, SPAN(""));
}
