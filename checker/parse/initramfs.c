#include "parse/initramfs.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

#define INPUT_SIZE (64u << 10)

struct reader {
        const struct initramfs_source *source;
        const struct cpio_events *events;
        struct initramfs *result;
        struct err *err; /* of reading */
        char *buffer;
        struct span in;   /* of `buffer`, not yet consumed */
        uint64_t offset;  /* of the end of `in` in the source */
        uint64_t members; /* before this segment */
        struct cpio cpio;
};

static uint64_t position(const struct reader *r)
{
        return r->offset - r->in.len;
}

/* 1: there is something in r->in, 0: the source is at its end. */
static int fill(struct reader *r)
{
        ssize_t n;

        if (r->in.len > 0)
                return 1;
        n = r->source->read(r->source->context, r->buffer, INPUT_SIZE);
        if (n < 0)
                return err_wrap(r->err, (int)n, "reading at byte %llu",
                                (unsigned long long)r->offset);
        r->in = (struct span){ r->buffer, (size_t)n };
        r->offset += (uint64_t)n;
        return n > 0;
}

/* The state that stays; returns 0, as reading ends here without an error. */
static int stop(struct reader *r, enum initramfs_state state, uint64_t offset)
{
        r->result->state = state;
        r->result->offset = offset;
        return 0;
}

static int stop_on(struct reader *r, int code, uint64_t offset)
{
        return stop(r, code == -ENOTSUP ? INITRAMFS_UNKNOWN : INITRAMFS_DAMAGED, offset);
}

static int segment_begin(struct reader *r, enum compression compression)
{
        struct initramfs *i = r->result;
        struct initramfs_segment *s;

        if (i->n >= INITRAMFS_SEGMENTS_MAX)
                return err_set(&i->why, -ENOTSUP, "more than %d segments", INITRAMFS_SEGMENTS_MAX);
        s = ARRAY_PUSH(&i->segments, &i->n, &i->cap);
        s->offset = position(r);
        s->compression = compression;
        r->members = r->cpio.members;
        cpio_begin(&r->cpio, compression == COMPRESSION_NONE ? s->offset : 0);
        return 0;
}

/* Members and unpacked bytes so far, against their caps. */
static int account(struct reader *r, size_t unpacked)
{
        struct initramfs *i = r->result;

        i->segments[i->n - 1].members = r->cpio.members - r->members;
        i->unpacked += unpacked;
        if (r->cpio.members > INITRAMFS_MEMBERS_MAX)
                return err_set(&i->why, -ENOTSUP, "more than %d members", INITRAMFS_MEMBERS_MAX);
        if (i->unpacked > INITRAMFS_UNPACKED_MAX)
                return err_set(&i->why, -ENOTSUP, "it unpacks to more than %llu GiB",
                               (unsigned long long)INITRAMFS_UNPACKED_MAX >> 30);
        return 0;
}

/* Returns like the functions below: 1 go on, 0 the end of the image, or a failed read. */
static int read_cpio(struct reader *r)
{
        uint64_t start = position(r);
        int more, code = segment_begin(r, COMPRESSION_NONE);

        if (code < 0)
                return stop_on(r, code, start);
        while ((more = fill(r)) > 0) {
                code = cpio_feed(&r->cpio, &r->in, &r->result->why);
                if (code >= 0 && account(r, 0) < 0)
                        code = -ENOTSUP;
                if (code < 0)
                        return stop_on(r, code, position(r));
                if (code == 0)
                        return 1;
        }
        if (more == 0 && cpio_finish(&r->cpio, &r->result->why) < 0)
                return stop_on(r, -EBADMSG, start);
        return more;
}

/* What came out of a stream: archives of it may follow each other, and nothing else. */
static int unpack(struct reader *r, struct span out)
{
        size_t made = out.len;
        int code;

        do
                code = cpio_feed(&r->cpio, &out, &r->result->why);
        while (code == 0 && *out.data == '0');
        if (code < 0)
                return code;
        if (code == 0)
                return err_set(&r->result->why, -EBADMSG,
                               "the stream holds something else than cpio archives");
        return account(r, made);
}

/* The decoder over the input, its output into the archive parser; 0 at the end of the stream. A
 * failed read is in *ret_read. */
static int read_stream(struct reader *r, struct decoder *d, int *ret_read)
{
        struct err *why = &r->result->why;
        int more = 1;

        for (int idle = 0; more > 0;) {
                size_t before = r->in.len;
                struct span out;
                int code;

                more = decoder_step(d, &r->in, &out, why);
                if (more < 0)
                        return more;
                code = unpack(r, out);
                if (code < 0)
                        return code;
                idle = r->in.len < before || out.len > 0 ? 0 : idle + 1;
                if (idle > 2 && r->in.len > 0)
                        return err_set(why, -EBADMSG, "the stream is damaged");
                if (more == 0 || r->in.len > 0 || out.len > 0)
                        continue;
                *ret_read = fill(r);
                if (*ret_read < 0)
                        return 0;
                if (*ret_read == 0)
                        return decoder_finish(d, why);
        }
        return 0;
}

static int read_compressed(struct reader *r, enum compression compression)
{
        cleanup_decoder struct decoder *d = NULL;
        uint64_t start = position(r);
        uint32_t archive = r->cpio.archive;
        int failed = 0, code = segment_begin(r, compression);

        if (code >= 0)
                code = decoder_new(compression, &d, &r->result->why);
        if (code >= 0)
                code = read_stream(r, d, &failed);
        if (failed < 0)
                return failed;
        if (code >= 0)
                code = cpio_finish(&r->cpio, &r->result->why);
        if (code >= 0 && r->cpio.members == r->members && r->cpio.archive == archive)
                code = err_set(&r->result->why, -EBADMSG, "the stream holds no archive");
        return code < 0 ? stop_on(r, code, start) : 1;
}

/* Boot loaders also load file system images; the kernel mounts those when it still can. */
static const char *file_system_name(struct span head)
{
        static const struct {
                const char *name;
                size_t offset;
                struct span magic;
        } known[] = {
                { "squashfs", 0, SPAN("hsqs") },        { "cramfs", 0, SPAN("\x45\x3d\xcd\x28") },
                { "romfs", 0, SPAN("-rom1fs-") },       { "erofs", 1024, SPAN("\xe2\xe1\xf5\xe0") },
                { "ext2/3/4", 1080, SPAN("\x53\xef") },
        };

        for (size_t i = 0; i < ARRAY_SIZE(known); i++)
                if (head.len >= known[i].offset + known[i].magic.len &&
                    memcmp(head.data + known[i].offset, known[i].magic.data, known[i].magic.len) ==
                            0)
                        return known[i].name;
        return NULL;
}

static int refuse_junk(struct reader *r)
{
        struct initramfs *i = r->result;

        if (i->n == 0) {
                err_set(&i->why, -EBADMSG,
                        "no cpio archive and no compression the kernel knows begins there");
                return stop(r, INITRAMFS_DAMAGED, position(r));
        }
        /* Older kernels then throw everything away, newer ones (5.9) keep what they have. */
        err_set(&i->why, -ENOTSUP,
                "something that is no archive follows the last one, and what the kernel does then "
                "depends on its version");
        return stop(r, INITRAMFS_UNKNOWN, position(r));
}

static int read_next(struct reader *r)
{
        enum compression compression;

        while (r->in.len > 0 && *r->in.data == '\0') {
                r->in.data++;
                r->in.len--;
        }
        if (r->in.len == 0)
                return 1;
        if (*r->in.data == '0' && (position(r) & 3) == 0)
                return read_cpio(r);
        /* Two bytes tell; they may be on both sides of a read. */
        if (r->in.len == 1) {
                char first = *r->in.data;
                ssize_t n = r->source->read(r->source->context, r->buffer + 1, INPUT_SIZE - 1);

                if (n < 0)
                        return err_wrap(r->err, (int)n, "reading at byte %llu",
                                        (unsigned long long)r->offset);
                r->buffer[0] = first;
                r->in = (struct span){ r->buffer, (size_t)n + 1 };
                r->offset += (uint64_t)n;
        }
        compression = compression_detect(r->in);
        return compression == COMPRESSION_NONE ? refuse_junk(r) : read_compressed(r, compression);
}

static int read_all(struct reader *r)
{
        const char *name;
        int more = fill(r);

        name = more > 0 ? file_system_name(r->in) : NULL;
        if (name && *r->in.data != '0' && compression_detect(r->in) == COMPRESSION_NONE) {
                err_set(&r->result->why, -ENOTSUP,
                        "this is a %s file system (an old-style initrd), not an archive", name);
                return stop(r, INITRAMFS_UNKNOWN, 0);
        }
        r->result->state = INITRAMFS_EMPTY;
        while (more > 0 && (more = fill(r)) > 0)
                more = read_next(r);
        if (more == 0 && r->result->state == INITRAMFS_EMPTY && r->result->n > 0)
                r->result->state = INITRAMFS_OK;
        return more;
}

int initramfs_read(const struct initramfs_source *source, const struct cpio_events *events,
                   struct initramfs *ret, struct err *err)
{
        struct initramfs result = { 0 };
        struct reader r = { .source = source, .events = events, .result = &result, .err = err };
        int code;

        cpio_init(&r.cpio, events);
        r.buffer = xmalloc(INPUT_SIZE);
        code = read_all(&r);
        free(r.buffer);
        if (code < 0) {
                initramfs_done(&result);
                return code;
        }
        *ret = result;
        return 0;
}

void initramfs_done(struct initramfs *i)
{
        free(i->segments);
        *i = (struct initramfs){ 0 };
}
