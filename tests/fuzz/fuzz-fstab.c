#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/fstab.h"

/* Takes the bytes up to the field from the input, then the field as written. */
static void print_field(struct buf *out, const char **at, const struct fstab_field *f)
{
        if (!f->value) {
                assert(f->raw.len == 0);
                return;
        }
        assert(f->raw.data >= *at);
        assert(strlen(f->value) <= f->raw.len);
        buf_append(out, *at, (size_t)(f->raw.data - *at));
        buf_append(out, f->raw.data, f->raw.len);
        *at = f->raw.data + f->raw.len;
}

static void walk_options(const char *options)
{
        struct span rest = span_of(options);
        struct fstab_option o;

        for (size_t before = rest.len + 1; fstab_option_next(&rest, &o); before = rest.len) {
                assert(rest.len < before);
                assert(o.name.len + o.value.len > 0 || o.value.data);
        }
}

/* Round trip: the fields in order, with what stands between them, are the input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        cleanup_fstab struct fstab t = { 0 };
        cleanup_buf struct buf out = { 0 };
        struct err err = { 0 };
        const char *at = text.data;

        if (fstab_parse(text, &t, &err) < 0) {
                assert(t.n == 0 && err.text[0]);
                return 0;
        }
        for (size_t i = 0; i < t.n; i++) {
                const struct fstab_entry *e = &t.v[i];

                assert(e->source.value && e->line > 0);
                print_field(&out, &at, &e->source);
                print_field(&out, &at, &e->target);
                print_field(&out, &at, &e->type);
                print_field(&out, &at, &e->options);
                if (e->options.value)
                        walk_options(e->options.value);
        }
        buf_append(&out, at, (size_t)(text.data + len - at));
        assert(out.len == len && (len == 0 || memcmp(out.data, data, len) == 0));
        return 0;
}
