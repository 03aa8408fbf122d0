#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "parse/grubscript.h"

static size_t check_list(const struct grubscript_node *list, size_t line);

/* A chain of elif can be long: no recursion along it. */
static size_t check_node(const struct grubscript_node *n)
{
        const struct grubscript_node *next;
        size_t count = 0;

        for (; n; n = next) {
                count += 1 + check_list(n->condition, n->line) + check_list(n->body, n->line);
                next = n->otherwise;
                if (next && (next->type != GRUBSCRIPT_IF || next->next))
                        return count + check_list(next, n->line);
        }
        return count;
}

static size_t check_list(const struct grubscript_node *list, size_t line)
{
        size_t count = 0;

        for (const struct grubscript_node *n = list; n; n = n->next) {
                assert(n->line >= line);
                line = n->line;
                assert(n->type == GRUBSCRIPT_COMMAND ? n->words && n->words->parts : !!n->body);
                count += check_node(n);
        }
        return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
        struct span text = { (const char *)data, len };
        struct grubscript script = { 0 };
        struct err err = { 0 };

        if (grubscript_parse(text, &script, &err) < 0) {
                assert(strncmp(err.text, "line ", 5) == 0);
                assert(!script.first && !script.n);
                return 0;
        }
        assert(check_list(script.first, 1) <= len);
        grubscript_done(&script);
        return 0;
}
