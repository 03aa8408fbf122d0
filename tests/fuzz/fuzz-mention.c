#include <assert.h>
#include <stdint.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/mention.h"

/* Within the text, and on the line said. */
static void check_span(struct span text, struct span part, size_t line)
{
        size_t n = 1;

        assert(part.data >= text.data && part.data + part.len <= text.data + text.len);
        for (const char *p = text.data; p < part.data; p++)
                n += *p == '\n';
        assert(n == line);
}

static void check(struct span text, struct mention_syntax syntax)
{
        cleanup_mentions struct mentions m = { 0 };

        if (mentions_parse(text, syntax, &m, NULL) < 0)
                return;
        assert(m.n <= MENTIONS_MAX && (!m.cut || m.n == MENTIONS_MAX));
        for (size_t i = 0; i < m.n; i++) {
                const struct mention *v = &m.v[i];

                assert(str_startswith(v->value, "/dev/"));
                assert(v->is_pattern || devname_classify(span_of(v->value)) == v->kind);
                check_span(text, v->text, v->line);
                assert((v->act == MENTION_USED) == (v->act_line == 0));
                assert((v->act == MENTION_USED) == (v->tool == NULL));
                if (v->act_line != 0)
                        check_span(text, v->act_text, v->act_line);
                for (size_t k = 0; k < i; k++)
                        assert(!streq(v->value, m.v[k].value));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };

        for (enum mention_grammar g = MENTION_SCRIPT; g <= MENTION_XML; g++) {
                check(text, (struct mention_syntax){ g, false });
                check(text, (struct mention_syntax){ g, true });
        }
        return 0;
}
