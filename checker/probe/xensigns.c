#include "probe/xensigns.h"

#include "base/xalloc.h"
#include "parse/lines.h"

#define SCRIPTS    "/guest/scripts"
#define CONDITIONS "/guest/conditions"

static bool has(struct span text, const char *word)
{
        return memmem(text.data, text.len, word, strlen(word)) != NULL;
}

/* "ConditionVirtualization=xen" of systemd.unit(5): true on Xen alone. */
static bool is_condition(struct span line)
{
        static const char *const words[] = { "ConditionVirtualization", "AssertVirtualization" };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
                size_t n = strlen(words[i]);
                struct span rest;

                if (line.len < n || memcmp(line.data, words[i], n) != 0)
                        continue;
                rest = line_strip((struct span){ line.data + n, line.len - n });
                if (rest.len == 0 || rest.data[0] != '=')
                        continue;
                return span_eq(line_strip((struct span){ rest.data + 1, rest.len - 1 }), "xen");
        }
        return false;
}

/* The path of the element that was added, or NULL; the caller frees it. */
static char *publish(struct probe_context *context, const char *list, const char *file,
                     const struct line *line)
{
        size_t n = facts_count(context->facts, list);
        char *path;

        if (n >= XENSIGNS_MAX) {
                facts_unknown(context->facts, list, file, "there are more than %d such lines",
                              XENSIGNS_MAX);
                return NULL;
        }
        path = xasprintf("%s/%zu", list, n);
        facts_set_evidence(context->facts, path, file, line->number, line_strip(line->text));
        return path;
}

void xensigns_look_at(struct probe_context *context, const char *path, struct span text)
{
        struct lines lines = lines_of(text);
        bool any = has(text, "hypervisor/uuid") || has(text, "Virtualization");
        /* What is there on Nitro, too. */
        bool other_way = has(text, "dmi/id") || has(text, "dmidecode") ||
                         has(text, "169.254.169.254");
        struct line line;

        while (any && lines_next(&lines, &line)) {
                struct span stripped = line_strip(line.text);
                cleanup_free char *element = NULL;

                if (stripped.len == 0 || stripped.data[0] == '#')
                        continue;
                if (has(stripped, "hypervisor/uuid"))
                        element = publish(context, SCRIPTS, path, &line);
                else if (is_condition(stripped))
                        free(publish(context, CONDITIONS, path, &line));
                if (element)
                        facts_set_bool(context->facts, other_way, "%s/other_way", element);
        }
}

void xensigns_incomplete(struct probe_context *context, const char *file, const char *reason)
{
        facts_unknown(context->facts, SCRIPTS, file, "%s", reason);
        facts_unknown(context->facts, CONDITIONS, file, "%s", reason);
}
