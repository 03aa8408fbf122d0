/*
 * Numbers that the NVMe driver does not take, and for which the kernel would refuse to load it:
 * each becomes the largest one that the driver of the kernel that starts next takes.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/cmdline.h"
#include "fixes/initramfs.h"
#include "fixes/rewrite.h"
#include "parse/lines.h"
#include "parse/modprobeconf.h"

#define LIST "/nvme/params"

struct number {
        const struct evidence *at;
        const char *where, *module, *name, *value, *max;
};

static const char *member(const struct facts *f, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf(LIST "/%zu/%s", i, key);

        return facts_str(f, path);
}

/* What the finding, "nvme_core.io_timeout", is about. */
static bool find_number(const struct facts *f, const struct finding *finding, struct number *ret)
{
        for (size_t i = 0; finding->n_evidence > 0 && i < facts_count(f, LIST); i++) {
                const struct evidence *e = &finding->evidence[0];
                const char *module = member(f, i, "module"), *name = member(f, i, "name");
                cleanup_free char *line = xasprintf(LIST "/%zu/line", i);
                cleanup_free char *subject = xasprintf("%s.%s", module, name);

                if (!streq(subject, finding->subject) || !streq(member(f, i, "file"), e->file) ||
                    !streq(member(f, i, "text"), e->text) ||
                    (uint64_t)facts_int(f, line, 0) != e->line)
                        continue;
                *ret = (struct number){
                        e,    member(f, i, "where"), module,
                        name, member(f, i, "value"), member(f, i, "max"),
                };
                return true;
        }
        return false;
}

/* Whether "io-timeout=3" gives that parameter that value. */
static bool gives(struct span word, const struct number *n)
{
        cleanup_free char *copy = span_dup(word);
        char *value = copy, *name = strsep(&value, "=");

        modprobe_normalise(name);
        return streq(name, n->name) && streq(value, n->value);
}

/* The words of an options line, from `line` on, with the number replaced: 1, or 0 for none. */
static int edit_line(struct rewrite *w, struct span line, const struct number *n)
{
        const char *at = line.data, *end = line.data + line.len;
        int found = 0;

        while (at < end) {
                const char *start = at;
                struct span word;

                while (at < end && !ascii_isspace(*at))
                        at++;
                word = (struct span){ start, (size_t)(at - start) };
                if (word.len > 0 && gives(word, n)) {
                        size_t name = strcspn(start, "= \t\n");
                        cleanup_free char *with = xasprintf("%.*s=%s", (int)name, start, n->max);

                        rewrite_replace(w, word, span_of(with));
                        found = 1;
                }
                at += at < end;
        }
        return found;
}

static int edit_number(void *data, struct span text, struct blob *ret)
{
        const struct number *n = data;
        cleanup_rewrite struct rewrite w = rewrite_of(text);
        struct lines lines = lines_of(text);
        size_t len = strlen(n->at->text);
        struct line line;
        int found = 0;

        while (lines_next(&lines, &line)) {
                size_t rest = (size_t)(text.data + text.len - line.text.data);

                /* With the lines that continue it, as it was seen. */
                if (line.number == n->at->line && rest >= len &&
                    memcmp(line.text.data, n->at->text, len) == 0)
                        found = edit_line(&w, (struct span){ line.text.data, len }, n);
        }
        rewrite_finish(&w, ret);
        return found;
}

static int plan_file(struct fix_context *c, struct number *n, struct err *err)
{
        const struct plan_reason why = { c->fix->id, c->fix->clears, PLAN_SOURCES };
        cleanup_blob struct blob after = { 0 };
        struct span text;
        int r = plan_read(c->plan, n->at->file, VOLUME_CONFIG_MAX, &text, err);

        if (r > 0)
                r = edit_number(n, text, &after);
        if (r <= 0)
                return r;
        r = plan_write(c->plan, &why, n->at->file, blob_span(&after), err);
        return r < 0 ? r : 1;
}

static int plan_image(struct fix_context *c, struct number *n, struct err *err)
{
        if (initramfs_rebuild(c, c->fix->clears, err) >= 0)
                return 1;
        return initramfs_edit(c, c->fix->clears, n->at->file, edit_number, n, err);
}

static int plan_cmdline(struct fix_context *c, const struct number *n, struct err *err)
{
        cleanup_free char *name = xasprintf("%s.%s", n->module, n->name);
        const struct paramedit edit = { .name = name, .old = n->value, .value = n->max };

        return cmdline_plan(c, c->fix->clears, &edit, 1, err);
}

static void plan_numbers(struct fix_context *c)
{
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                struct number n;
                int r;

                if (f->outcome != OUTCOME_FAIL || !find_number(c->facts, f, &n) || !n.max ||
                    !n.where) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                if (streq(n.where, "cmdline"))
                        r = plan_cmdline(c, &n, &err);
                else if (streq(n.where, "root"))
                        r = plan_file(c, &n, &err);
                else
                        r = plan_image(c, &n, &err);
                if (r <= 0)
                        fix_leave(c, f, f->fix, "%s",
                                  r < 0 ? err.text : "it is written in a way that is not edited");
        }
}

const struct fix fix_nvme_io_timeout_out_of_range = {
        .id = "nvme-io-timeout-out-of-range",
        .title = "give the NVMe driver numbers that it takes",
        .clears = FIX_CLEARS("nvme-io-timeout-out-of-range"),
        .plan = plan_numbers,
};
