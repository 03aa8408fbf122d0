/*
 * GRUB 2's device.map: lines of disks that are gone on Nitro become comments. GRUB 2 passes over
 * such lines in any case, and finds disks that no line names by itself, on Xen, too. GRUB legacy
 * does not: what it needs is the name on Nitro, which nobody knows before.
 *   https://github.com/rhboot/grub2/blob/master/grub-core/kern/emu/hostdisk.c (read_device_map)
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/fix.h"
#include "fixes/rewrite.h"
#include "parse/lines.h"

#define DEVICE_MAP_MAX (64u << 10)

/* 1, 0 when the line is not there any more, or an error. */
static int comment_out(struct fix_context *c, const struct evidence *where, struct err *err)
{
        const struct plan_reason why = { c->fix->id, c->fix->clears, PLAN_SOURCES };
        cleanup_rewrite struct rewrite w = { 0 };
        cleanup_blob struct blob after = { 0 };
        struct lines lines;
        struct line line;
        struct span text;
        int r = plan_read(c->plan, where->file, DEVICE_MAP_MAX, &text, err);

        if (r <= 0)
                return r;
        lines = lines_of(text);
        w = rewrite_of(text);
        while (lines_next(&lines, &line))
                if (line.number == where->line && span_eq(line.text, where->text)) {
                        rewrite_replace(&w, (struct span){ line.text.data, 0 }, SPAN("# "));
                        rewrite_finish(&w, &after);
                        r = plan_write(c->plan, &why, where->file, blob_span(&after), err);
                        return r < 0 ? r : 1;
                }
        return 0;
}

static void plan_device_map(struct fix_context *c)
{
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                struct err err = { 0 };
                int r;

                if (f->outcome != OUTCOME_FAIL || f->severity != SEVERITY_INFO) {
                        fix_leave(c, f, f->fix, "%s",
                                  f->outcome == OUTCOME_FAIL
                                          ? "the name that GRUB legacy needs is known on Nitro only"
                                          : f->message);
                        continue;
                }
                r = f->n_evidence > 0 ? comment_out(c, &f->evidence[0], &err) : 0;
                if (r < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
                else if (r == 0)
                        fix_leave(c, f, f->fix, "the line is written in a way that is not edited");
        }
}

const struct fix fix_grub_device_map = {
        .id = "grub-device-map",
        .title = "take disks that Nitro calls otherwise out of GRUB's device.map",
        .clears = FIX_CLEARS("grub-device-map"),
        .plan = plan_device_map,
};
