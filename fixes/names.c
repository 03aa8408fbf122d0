#include "fixes/names.h"

#include <errno.h>

#include "base/xalloc.h"
#include "fixes/initramfs.h"
#include "fixes/rewrite.h"
#include "parse/lines.h"

#define NAMES_FILE_MAX (4u << 20)

#define ASK_BLKID                                                                            \
        "Run `blkid > FILE` on the Xen instance with all its disks attached, and give that " \
        "with --blkid FILE."

struct edit {
        size_t line;
        const char *old, *with;
};

/* What may stand before or behind a name that is a word of its own. */
static bool is_border(char c)
{
        return ascii_isblank(c) || strchr("\r=,:;\"'|()[]{}<>@", c);
}

/* The only place in the line where the name is a word of its own; no data: none, or several. */
static struct span find_word(struct span line, const char *word)
{
        size_t n = strlen(word);
        struct span found = { 0 };

        for (size_t i = 0; n > 0 && i + n <= line.len; i++) {
                const char *at = line.data + i;

                if (memcmp(at, word, n) != 0 || (i > 0 && !is_border(at[-1])) ||
                    (i + n < line.len && !is_border(at[n])))
                        continue;
                if (found.data)
                        return (struct span){ 0 };
                found = (struct span){ at, n };
        }
        return found;
}

static int replace(void *data, struct span text, struct blob *ret)
{
        const struct edit *edit = data;
        struct rewrite w = rewrite_of(text);
        struct lines lines = lines_of(text);
        struct span old = { 0 };
        struct line line;

        while (lines_next(&lines, &line))
                if (line.number == edit->line)
                        old = find_word(line.text, edit->old);
        if (!old.data)
                return 0;
        rewrite_replace(&w, old, span_of(edit->with));
        rewrite_finish(&w, ret);
        return 1;
}

static int plan_file(struct fix_context *c, const char *const *rules, const char *file,
                     struct edit *edit, struct err *err)
{
        const struct plan_reason why = { c->fix->id, rules, PLAN_SOURCES };
        cleanup_blob struct blob after = { 0 };
        struct span text;
        int r = plan_read(c->plan, file, NAMES_FILE_MAX, &text, err);

        if (r > 0)
                r = replace(edit, text, &after);
        if (r > 0)
                r = plan_write(c->plan, &why, file, blob_span(&after), err) < 0 ? -EIO : 1;
        return r;
}

/* An image that is made anew has what the root has; else the copy inside is changed. */
static int plan_image(struct fix_context *c, const char *const *rules, const char *file,
                      struct edit *edit, struct err *err)
{
        if (initramfs_rebuild(c, rules, err) >= 0)
                return 1;
        return initramfs_edit(c, rules, file, replace, edit, err);
}

static void plan_one(struct fix_context *c, const struct finding *f, const char *list,
                     const char *subject)
{
        const char *const rules[] = { f->rule, NULL };
        const char *problem = fix_fact(c, f, list, subject, "fix_problem");
        const char *file = f->n_evidence > 0 ? f->evidence[0].file : "";
        struct edit edit = {
                .line = f->n_evidence > 0 ? f->evidence[0].line : 0,
                .old = fix_fact(c, f, list, subject, "value"),
                .with = fix_fact(c, f, list, subject, "fix_value"),
        };
        struct err err = { 0 };
        int r;

        if (!edit.old || !edit.with) {
                fix_leave(c, f, problem ? ASK_BLKID : f->fix, "%s", problem ? problem : f->message);
                return;
        }
        r = strstr(file, ":/") ? plan_image(c, rules, file, &edit, &err)
                               : plan_file(c, rules, file, &edit, &err);
        if (r < 0)
                fix_leave(c, f, f->fix, "%s", err.text);
        else if (r == 0)
                fix_leave(c, f, f->fix, "the name is written in a way that is not edited");
}

void names_plan(struct fix_context *c, const char *list, const char *subject)
{
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                if (f->severity == SEVERITY_INFO && f->outcome == OUTCOME_FAIL)
                        continue;
                plan_one(c, f, list, subject);
        }
}
