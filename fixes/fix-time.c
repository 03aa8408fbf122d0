/*
 * xen.independent_wallclock in a sysctl file becomes a comment: the kernels that run on EC2's HVM
 * types never had it, so nothing is taken from Xen.
 */
#include "base/xalloc.h"
#include "fixes/fix.h"
#include "fixes/modprobe.h"

#define MARK "# disabled by xen2nitro: "

static int comment_out(struct fix_context *c, const struct finding *f, struct err *err)
{
        const struct plan_reason why = { c->fix->id, c->fix->clears, PLAN_SOURCES };
        cleanup_blob struct blob after = { 0 };
        struct span text, line;
        int r = plan_read(c->plan, f->evidence[0].file, VOLUME_CONFIG_MAX, &text, err);

        if (r <= 0 || !modprobe_find_line(text, &f->evidence[0], &line))
                return r < 0 ? r : 0;
        modprobe_replace_line(text, (struct span){ line.data, 0 }, SPAN(MARK), &after);
        r = plan_write(c->plan, &why, f->evidence[0].file, blob_span(&after), err);
        return r < 0 ? r : 1;
}

static void plan_wallclock(struct fix_context *c)
{
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const char *where = fix_fact(c, f, "/timeconf/wallclock", "file", "where");
                int r;

                if (f->outcome != OUTCOME_FAIL || !streq(where, "sysctl") ||
                    !str_startswith(f->evidence[0].file, "/etc/")) {
                        fix_leave(c, f, f->fix, "%s",
                                  f->outcome != OUTCOME_FAIL ? f->message
                                                             : "a program of this machine sets it");
                        continue;
                }
                r = comment_out(c, f, &err);
                if (r < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
                else if (r == 0)
                        fix_leave(c, f, f->fix, "the line is not where it was");
        }
}

const struct fix fix_independent_wallclock = {
        .id = "independent-wallclock",
        .title = "do not set Xen's wall clock",
        .clears = FIX_CLEARS("independent-wallclock"),
        .plan = plan_wallclock,
};
