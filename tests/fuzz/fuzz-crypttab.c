#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "parse/crypttab.h"

static const char *check_field(struct span field, const char *at, const char *end)
{
        if (field.len == 0)
                return at;
        assert(field.data >= at && field.data + field.len <= end);
        return field.data + field.len;
}

/* Fields lie in their line, in order where the format has an order. */
static void check(const struct crypttab *t, bool ordered)
{
        size_t line = 0;

        for (size_t i = 0; i < t->n; i++) {
                const struct crypttab_entry *e = &t->v[i];
                const char *at = e->text.data, *end = at + e->text.len;
                const struct span fields[] = { e->name, e->source, e->key, e->options };

                assert(e->line > line && e->source.len > 0);
                line = e->line;
                for (size_t f = 0; f < ARRAY_SIZE(fields); f++) {
                        const char *behind = check_field(fields[f], at, end);

                        if (ordered)
                                at = behind;
                }
                crypttab_has_option(e, "header", NULL);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        cleanup_crypttab struct crypttab table = { 0 }, cryptroot = { 0 };
        struct err err = { 0 };

        if (crypttab_parse(text, &table, &err) < 0)
                assert(table.n == 0 && err.text[0]);
        check(&table, true);
        if (crypttab_parse_cryptroot(text, &cryptroot, &err) < 0)
                assert(cryptroot.n == 0 && err.text[0]);
        check(&cryptroot, false);
        return 0;
}
