/*
 * What the kernel command line says of Xen: the names of disks, a clock source, drivers that may
 * not load. Edited in every entry and in the sources they are made from (cmdline.h).
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/cmdline.h"
#include "fixes/initramfs.h"
#include "fixes/rewrite.h"
#include "parse/cmdplace.h"
#include "parse/lines.h"

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
                cmdline_plan_or_leave(c, f, &edit, 1);
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

struct resume {
        const char *old, *with;
        bool is_cmdline; /* a file of parameters, not of shell variables */
};

/* RESUME= of initramfs-tools: 1, or 0 when it is not there with that value. */
static int edit_variable(struct span text, const struct resume *resume, struct blob *ret)
{
        static const char *const variables[] = { "RESUME", NULL };
        cleanup_cmdplaces struct cmdplaces places = { 0 };
        cleanup_rewrite struct rewrite w = rewrite_of(text);
        struct err err = { 0 };
        int found = 0;

        if (cmdplaces_find_variables(text, variables, &places, &err) < 0)
                return 0;
        for (size_t i = 0; i < places.n; i++) {
                if (!span_eq(places.v[i].text, resume->old))
                        continue;
                rewrite_replace(&w, places.v[i].text, span_of(resume->with));
                found = 1;
        }
        rewrite_finish(&w, ret);
        return found;
}

/* resume= in a file of etc/cmdline.d, which dracut reads line by line. */
static int edit_parameters(struct span text, const struct resume *resume, struct blob *ret)
{
        const struct paramedit edit = { .name = "resume",
                                        .old = resume->old,
                                        .value = resume->with };
        cleanup_rewrite struct rewrite w = rewrite_of(text);
        struct lines lines = lines_of(text);
        struct line line;
        int found = 0;

        while (lines_next(&lines, &line)) {
                cleanup_buf struct buf out = { 0 };

                if (!paramedit_apply(line.text, PARAM_RAW, &edit, 1, &out))
                        continue;
                rewrite_replace(&w, line.text, buf_span(&out));
                found = 1;
        }
        rewrite_finish(&w, ret);
        return found;
}

static int edit_resume(void *data, struct span text, struct blob *ret)
{
        const struct resume *resume = data;

        return resume->is_cmdline ? edit_parameters(text, resume, ret)
                                  : edit_variable(text, resume, ret);
}

static int plan_resume_image(struct fix_context *c, const char *inside, struct resume *resume,
                             struct err *err)
{
        if (initramfs_rebuild(c, c->fix->clears, err) >= 0)
                return 1;
        resume->is_cmdline = strstr(inside, "/etc/cmdline");
        return initramfs_edit(c, c->fix->clears, inside, edit_resume, resume, err);
}

/* The configuration, and the copy of it in the image, which counts until that is made anew. */
static int plan_resume_file(struct fix_context *c, const struct finding *f, struct resume *resume,
                            struct err *err)
{
        const struct plan_reason why = { c->fix->id, c->fix->clears, PLAN_SOURCES };
        const char *path = f->evidence[0].file;
        cleanup_blob struct blob after = { 0 };
        struct span text;
        int r = plan_read(c->plan, path, VOLUME_CONFIG_MAX, &text, err);

        if (r > 0)
                r = edit_variable(text, resume, &after);
        if (r <= 0)
                return r;
        r = plan_write(c->plan, &why, path, blob_span(&after), err);
        if (r < 0)
                return r;
        if (streq(facts_str(c->facts, "/initramfs/generator"), "initramfs-tools") &&
            plan_resume_image(c, "initramfs:/conf/conf.d/resume", resume, err) < 0)
                fix_leave(c, f, f->fix, "the initramfs has a copy of it: %s", err->text);
        return 1;
}

static void plan_resume(struct fix_context *c)
{
        static const char list[] = "/resume/settings";
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;
        int r;

        while ((f = fix_next_finding(c, &at))) {
                const char *fix = fix_fact(c, f, list, "value", "fix_value");
                const char *where = fix_fact(c, f, list, "value", "where");
                const struct paramedit edit = { .name = "resume", .old = f->subject, .value = fix };
                struct resume resume = { .old = f->subject, .with = fix };

                if (f->outcome != OUTCOME_FAIL || !where) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                if (!fix) {
                        fix_leave(c, f, f->fix,
                                  "which disk %s is cannot be told for certain from here",
                                  f->subject);
                        continue;
                }
                if (streq(where, "cmdline")) {
                        cmdline_plan_or_leave(c, f, &edit, 1);
                        continue;
                }
                r = streq(where, "initramfs")
                            ? plan_resume_image(c, f->evidence[0].file, &resume, &err)
                            : plan_resume_file(c, f, &resume, &err);
                if (r <= 0)
                        fix_leave(c, f, f->fix, "%s",
                                  r < 0 ? err.text : "it is written in a way that is not edited");
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
                const char *where = fix_fact(c, f, list, "value", "where");

                if (f->outcome != OUTCOME_FAIL)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (streq(where, "cmdline"))
                        cmdline_plan_or_leave(c, f, &edit, 1);
                else if (streq(where, "parameter"))
                        fix_leave(c, f, f->fix, "somebody may have had a reason for it");
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
