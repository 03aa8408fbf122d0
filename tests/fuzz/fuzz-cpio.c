/* Whole or in two pieces, the parser says the same of any bytes. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "parse/cpio.h"

struct seen {
        uint64_t members, wanted, bytes;
};

static bool on_member(void *context, const struct cpio_member *m)
{
        struct seen *s = context;

        assert(strlen(m->name) < CPIO_NAME_MAX);
        s->members++;
        return m->name[0] & 1;
}

static void on_content(void *context, struct span piece)
{
        struct seen *s = context;

        s->bytes += piece.len;
        s->wanted += piece.len == 0;
}

static int feed(struct cpio *c, struct span in)
{
        struct err err = { 0 };
        int r;

        do
                r = cpio_feed(c, &in, &err);
        while (r == 0 && in.len > 0 && *in.data == '0');
        assert(r <= 0 || in.len == 0);
        assert(r >= 0 || err.code == r);
        return r;
}

static int parse(const char *data, size_t len, size_t cut, struct seen *seen)
{
        struct cpio_events events = { seen, on_member, on_content };
        struct cpio c;
        int r;

        cpio_init(&c, &events);
        cpio_begin(&c, 0);
        r = feed(&c, (struct span){ data, cut });
        if (r > 0)
                r = feed(&c, (struct span){ data + cut, len - cut });
        assert(c.members == seen->members);
        return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct seen whole = { 0 }, split = { 0 };
        const char *bytes = (const char *)data;
        int r = parse(bytes, len, len, &whole);

        assert(parse(bytes, len, len ? data[len - 1] % len : 0, &split) == r);
        assert(memcmp(&whole, &split, sizeof(whole)) == 0);
        return 0;
}
