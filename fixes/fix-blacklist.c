/*
 * What keeps the NVMe or the ENA driver from loading: lines of modprobe.d become comments, words of
 * the kernel command line go. Somebody put them there on purpose, perhaps: confirm.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/cmdline.h"
#include "fixes/initramfs.h"
#include "fixes/modprobe.h"

#define MARK "# disabled by xen2nitro: "

/* ---- the command line ------------------------------------------------------------------------ */

/* Every list that can hold the module, whatever other modules it names; for the kernel's own list
 * of functions, those that start it. */
static int plan_cmdline(struct fix_context *c, const struct finding *f, struct err *err)
{
        const char *const rules[] = { f->rule, NULL };
        cleanup_free char *start = xasprintf("%s_init*", f->subject);
        const struct paramedit edits[] = {
                { .name = "modprobe.blacklist", .drop = f->subject },
                { .name = "module_blacklist", .drop = f->subject },
                { .name = "rd.driver.blacklist", .drop = f->subject },
                { .name = "rdblacklist", .drop = f->subject },
                { .name = "initcall_blacklist", .drop = start },
        };

        return cmdline_plan(c, rules, edits, ARRAY_SIZE(edits), err);
}

/* ---- modprobe.d ------------------------------------------------------------------------------ */

/* The line becomes a comment, continuation lines included. */
static int comment_out(void *evidence, struct span text, struct blob *ret)
{
        struct span line;

        if (!modprobe_find_line(text, evidence, &line))
                return 0;
        modprobe_replace_line(text, (struct span){ line.data, 0 }, SPAN(MARK), ret);
        return 1;
}

static int plan_file(struct fix_context *c, const struct finding *f, struct err *err)
{
        const char *const rules[] = { f->rule, NULL };

        return modprobe_plan(c, rules, f->evidence[0].file, comment_out, &f->evidence[0], err);
}

/* Of several install lines for a module one counts; without that one, the next would. */
static int plan_overridden(struct fix_context *c, const struct finding *f, const char *list,
                           struct err *err)
{
        const char *const rules[] = { f->rule, NULL };
        size_t n = facts_count(c->facts, list);
        int r = 0;

        for (size_t i = 0; r >= 0 && i < n; i++) {
                const char *keys[] = { "module", "where", "kind", "file", "text" };
                const char *values[ARRAY_SIZE(keys)];
                cleanup_free char *line = xasprintf("%s/%zu/line", list, i);
                struct evidence evidence = { .line = (uint64_t)facts_int(c->facts, line, 0) };

                for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
                        cleanup_free char *path = xasprintf("%s/%zu/%s", list, i, keys[k]);

                        values[k] = facts_str(c->facts, path);
                }
                if (!streq(values[0], f->subject) || !streq(values[1], "root") ||
                    !streq(values[2], "install") || !values[3] || !values[4])
                        continue;
                evidence.file = (char *)values[3];
                evidence.text = (char *)values[4];
                r = modprobe_plan(c, rules, values[3], comment_out, &evidence, err);
        }
        return r;
}

/* An image that is made anew has what the root has; else the copy inside is changed. */
static int plan_image(struct fix_context *c, const struct finding *f, struct err *err)
{
        const char *const rules[] = { f->rule, NULL };

        if (initramfs_rebuild(c, rules, err) >= 0)
                return 1;
        return initramfs_edit(c, rules, f->evidence[0].file, comment_out, &f->evidence[0], err);
}

/* ---------------------------------------------------------------------------------------------- */

static int plan_one(struct fix_context *c, const struct finding *f, const char *list,
                    const char *where, struct err *err)
{
        int r;

        if (streq(where, "cmdline"))
                return plan_cmdline(c, f, err);
        if (!streq(where, "root"))
                return plan_image(c, f, err);
        r = plan_file(c, f, err);
        if (r > 0 && plan_overridden(c, f, list, err) < 0)
                return -EINVAL;
        return r;
}

static void plan_lines(struct fix_context *c, const char *list)
{
        cleanup_strv struct strv on_cmdline = { 0 }; /* modules that are off the command line */
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;
        int r = 0;

        while ((f = fix_next_finding(c, &at))) {
                const char *where = fix_fact(c, f, list, "module", "where");

                if (f->outcome != OUTCOME_FAIL || !where) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                if (streq(where, "cmdline") && strv_contains(&on_cmdline, f->subject))
                        continue;
                r = plan_one(c, f, list, where, &err);
                if (r < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
                else if (r == 0)
                        fix_leave(c, f, f->fix, "it is written in a way that is not edited");
                else if (streq(where, "cmdline"))
                        strv_push(&on_cmdline, f->subject);
        }
}

static void plan_nvme(struct fix_context *c)
{
        plan_lines(c, "/blacklist/nvme");
}

static void plan_ena(struct fix_context *c)
{
        plan_lines(c, "/blacklist/ena");
}

const struct fix fix_nvme_blacklisted = {
        .id = "nvme-blacklisted",
        .title = "let the NVMe driver load",
        .clears = FIX_CLEARS("nvme-blacklisted"),
        .confirm = true,
        .plan = plan_nvme,
};

const struct fix fix_ena_blacklisted = {
        .id = "ena-blacklisted",
        .title = "let the ENA driver load",
        .clears = FIX_CLEARS("ena-blacklisted"),
        .confirm = true,
        .plan = plan_ena,
};
