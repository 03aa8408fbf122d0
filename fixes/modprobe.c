#include "fixes/modprobe.h"

#include "base/xalloc.h"
#include "fixes/rewrite.h"
#include "parse/lines.h"

#define OWN_DIR "/etc/modprobe.d"

bool modprobe_find_line(struct span text, const struct evidence *evidence, struct span *ret)
{
        size_t n = evidence->text ? strlen(evidence->text) : 0;
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line)) {
                const char *here = line.text.data;

                if (line.number != evidence->line)
                        continue;
                if (n == 0 || (size_t)(text.data + text.len - here) < n ||
                    memcmp(here, evidence->text, n) != 0)
                        return false;
                *ret = (struct span){ here, n };
                return true;
        }
        return false;
}

void modprobe_replace_line(struct span text, struct span line, struct span with, struct blob *ret)
{
        cleanup_rewrite struct rewrite w = rewrite_of(text);

        rewrite_replace(&w, line, with);
        rewrite_finish(&w, ret);
}

int modprobe_plan(struct fix_context *context, const char *const *rules, const char *file,
                  int (*edit)(void *data, struct span text, struct blob *ret), void *data,
                  struct err *err)
{
        const struct plan_reason why = { context->fix->id, rules, PLAN_SOURCES };
        cleanup_free char *own = xasprintf(OWN_DIR "%s", strrchr(file, '/'));
        cleanup_blob struct blob after = { 0 };
        bool copies = false;
        struct span text;
        int r = plan_read(context->plan, own, VOLUME_CONFIG_MAX, &text, err);

        if (r == 0) {
                copies = true;
                r = plan_read(context->plan, file, VOLUME_CONFIG_MAX, &text, err);
        }
        if (r > 0)
                r = edit(data, text, &after);
        if (r <= 0)
                return r;
        r = copies ? plan_create(context->plan, &why, own, 0644, blob_span(&after), err)
                   : plan_write(context->plan, &why, own, blob_span(&after), err);
        return r < 0 ? r : 1;
}
