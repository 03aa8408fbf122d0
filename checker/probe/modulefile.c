#include "probe/modulefile.h"

#include <errno.h>

#include "parse/compression.h"
#include "parse/modinfo.h"

static int decompress(enum compression c, struct span in, struct buf *out, struct err *err)
{
        cleanup_decoder struct decoder *d = NULL;
        struct span piece = SPAN("");
        int r = decoder_new(c, &d, err);

        if (r < 0)
                return r;
        do {
                r = decoder_step(d, &in, &piece, err);
                if (r < 0)
                        return r;
                if (piece.len > MODULE_SIZE_MAX - out->len)
                        return err_set(err, -EFBIG, "uncompressed it is larger than %u bytes",
                                       MODULE_SIZE_MAX);
                buf_append(out, piece.data, piece.len);
        } while (r > 0 && (in.len > 0 || piece.len > 0));
        return r > 0 ? decoder_finish(d, err) : 0;
}

int modulefile_read(const struct volume *v, const char *path, struct buf *ret, struct err *err)
{
        cleanup_blob struct blob blob = { 0 };
        cleanup_buf struct buf plain = { 0 };
        enum compression c;
        int r = volume_read(v, path, MODULE_FILE_MAX, &blob, err);

        if (r <= 0)
                return r;
        c = compression_detect(blob_span(&blob));
        if (c != COMPRESSION_NONE) {
                r = decompress(c, blob_span(&blob), &plain, err);
                if (r < 0)
                        return r;
        } else {
                buf_append(&plain, blob.data, blob.len);
        }
        *ret = plain;
        plain = (struct buf){ 0 };
        return 1;
}

int modulefile_info(const struct volume *v, const char *path, struct buf *ret, struct err *err)
{
        cleanup_buf struct buf file = { 0 };
        struct span section;
        int r = modulefile_read(v, path, &file, err);

        if (r <= 0)
                return r;
        r = modinfo_section(buf_span(&file), ".modinfo", &section, err);
        if (r < 0)
                return r;
        if (r == 0)
                return err_set(err, -EINVAL, "a module without a section .modinfo");
        buf_append(ret, section.data, section.len);
        return 1;
}
