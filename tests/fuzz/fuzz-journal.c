/*
 * Each line of the input becomes a record with the right sum, so that what is behind the sum is
 * reached; lines that have one already stay.
 */
#include <assert.h>
#include <stdint.h>

#include "base/str.h"
#include "fixes/journal.h"
#include "fixes/place.h"

static void add_sums(struct span text, struct buf *out)
{
        for (size_t at = 0; at < text.len;) {
                const char *line = text.data + at, *end = memchr(line, '\n', text.len - at);
                size_t len = end ? (size_t)(end - line) : text.len - at;
                char hex[DIGEST_HEX_LEN + 1];
                struct digest d;

                digest_of((struct span){ line, len }, &d);
                digest_to_hex(&d, hex);
                if (len && line[0] == '{')
                        buf_printf(out, "%.16s ", hex);
                buf_append(out, line, len);
                if (end)
                        buf_putc(out, '\n');
                at += len + 1;
        }
}

static void check_file(const struct journal_file *f)
{
        assert(place_check_path(f->path, NULL) == 0);
        assert(f->attrs.n <= ATTRS_COUNT_MAX && f->attrs.mode <= 07777);
        for (size_t i = 0; i < f->made.n; i++)
                assert(place_check_path(f->made.v[i], NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        cleanup_journal struct journal j = JOURNAL_NONE;
        cleanup_buf struct buf text = { 0 };
        struct err err = { 0 };
        size_t good;

        add_sums((struct span){ (const char *)data, len }, &text);
        if (journal_parse(buf_span(&text), &j, &good, &err) < 0) {
                assert(err.code < 0 && err.text[0] && !j.n_files && !j.n_ops);
                return 0;
        }
        assert(good <= text.len && (good == 0 || text.data[good - 1] == '\n'));
        assert(j.n_files <= TXN_OPS_MAX && j.n_ops <= TXN_OPS_MAX);
        assert(j.state == TXN_NEW || j.version);
        for (size_t i = 0; i < j.n_files; i++)
                check_file(&j.files[i]);
        for (size_t i = 0; i < j.n_ops; i++) {
                assert(j.ops[i].kind == TXN_RUN || j.ops[i].n == 1);
                assert(j.ops[i].intent || !j.ops[i].done);
                assert(j.state >= TXN_APPLYING || !j.ops[i].intent);
                for (size_t k = 0; k < j.ops[i].n; k++)
                        assert(j.ops[i].files[k] < j.n_files);
        }
        return 0;
}
