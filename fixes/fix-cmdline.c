/*
 * What the kernel command line says of Xen: the names of disks, a clock source, drivers that may
 * not load. Edited in every entry and in the sources they are made from (cmdline.h).
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/cmdline.h"
#include "fixes/rewrite.h"
#include "parse/cmdplace.h"

/* Plans the edits for this finding, or leaves it and says why. */
static void plan_or_leave(struct fix_context *c, const struct finding *f,
                          const struct paramedit *edits, size_t n)
{
        const char *const rules[] = { f->rule, NULL };
        struct err err = { 0 };
        int r = cmdline_plan(c, rules, edits, n, &err);

        if (r == 0)
                fix_leave(c, f, f->fix, "it is written in a way that is not edited");
        else if (r < 0)
                fix_leave(c, f, f->fix, "%s", err.text);
}

/* ---- root= ----------------------------------------------------------------------------------- */

#define ASK_ROOT                                                                                      \
        "Mount the volume and check that mount point, so that its UUID can be read; or run `blkid > " \
        "FILE` on the Xen instance and give that with --blkid FILE."

/* The name to write, or NULL: none is certain. The caller frees it. */
static char *find_root(const struct facts *f)
{
        const char *fix = facts_str(f, "/cmdline/root/fix_value");
        const char *uuid = facts_str(f, "/volume/uuid");

        if (fix)
                return xstrdup(fix);
        /* Only an initramfs understands it. */
        if (uuid && streq(facts_str(f, "/cmdline/root/resolves"), "no") &&
            facts_count(f, "/boot/entry/initrd") > 0)
                return xasprintf("UUID=%s", uuid);
        return NULL;
}

static void plan_root(struct fix_context *c)
{
        const char *const rules[] = { c->fix->clears[0], NULL };
        const char *old = facts_str(c->facts, "/cmdline/root/value");
        cleanup_free char *root = find_root(c->facts);
        const struct paramedit edit = { .name = "root", .old = old, .value = root };
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                if (f->outcome != OUTCOME_FAIL || !old) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                if (!root) {
                        fix_leave(c, f, ASK_ROOT,
                                  "which disk root=%s is cannot be told for certain from here",
                                  old);
                        continue;
                }
                plan_or_leave(c, f, &edit, 1);
                if (cmdline_plan_uuid(c, rules, &err) < 0)
                        fix_leave(c, f, f->fix, "the next update of the boot menu may undo it: %s",
                                  err.text);
        }
}

const struct fix fix_cmdline_root_device = {
        .id = "cmdline-root-device",
        .title = "name the root disk by what is stored on it, for the kernel",
        .clears = FIX_CLEARS("cmdline-root-device"),
        .plan = plan_root,
};

/* ---- resume= --------------------------------------------------------------------------------- */

/* RESUME= in the configuration of initramfs-tools. */
static int plan_resume_file(struct fix_context *c, const char *path, const char *old,
                            const char *with, struct err *err)
{
        static const char *const variables[] = { "RESUME", NULL };
        const struct plan_reason why = { c->fix->id, c->fix->clears, PLAN_SOURCES };
        cleanup_cmdplaces struct cmdplaces places = { 0 };
        cleanup_rewrite struct rewrite w = { 0 };
        cleanup_blob struct blob after = { 0 };
        struct span text;
        int r = plan_read(c->plan, path, VOLUME_CONFIG_MAX, &text, err);

        if (r > 0 && cmdplaces_find_variables(text, variables, &places, err) < 0)
                return err_wrap(err, -E2BIG, "%s", path);
        if (r <= 0)
                return r < 0 ? r : err_set(err, -ENOENT, "%s is not there", path);
        w = rewrite_of(text);
        for (size_t i = 0; i < places.n; i++)
                if (span_eq(places.v[i].text, old))
                        rewrite_replace(&w, places.v[i].text, span_of(with));
        rewrite_finish(&w, &after);
        return plan_write(c->plan, &why, path, blob_span(&after), err);
}

static void plan_resume(struct fix_context *c)
{
        static const char list[] = "/resume/settings";
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const char *fix = fix_fact(c, f, list, "value", "fix_value");
                const char *where = fix_fact(c, f, list, "value", "where");
                const struct paramedit edit = { .name = "resume", .old = f->subject, .value = fix };

                if (f->outcome != OUTCOME_FAIL || !where || streq(where, "initramfs"))
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (!fix)
                        fix_leave(c, f, f->fix,
                                  "which disk %s is cannot be told for certain from here",
                                  f->subject);
                else if (streq(where, "cmdline"))
                        plan_or_leave(c, f, &edit, 1);
                else if (plan_resume_file(c, f->evidence[0].file, f->subject, fix, &err) < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
        }
}

const struct fix fix_cmdline_resume_device = {
        .id = "cmdline-resume-device",
        .title = "name the device to resume from by what is stored on it",
        .clears = FIX_CLEARS("cmdline-resume-device"),
        .plan = plan_resume,
};

/* ---- clocksource= ---------------------------------------------------------------------------- */

static void plan_clocksource(struct fix_context *c)
{
        static const char list[] = "/clock/settings";
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const struct paramedit edit = { .name = "clocksource", .old = f->subject };

                if (f->outcome != OUTCOME_FAIL)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (streq(fix_fact(c, f, list, "value", "where"), "cmdline"))
                        plan_or_leave(c, f, &edit, 1);
                else
                        fix_leave(c, f, f->fix, "a program of this machine sets it");
        }
}

const struct fix fix_clocksource_xen = {
        .id = "clocksource-xen",
        .title = "let the kernel choose its clock source",
        .clears = FIX_CLEARS("clocksource-xen"),
        .plan = plan_clocksource,
};
