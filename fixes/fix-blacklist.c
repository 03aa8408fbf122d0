/*
 * What keeps the NVMe or the ENA driver from loading: lines of modprobe.d become comments, words of
 * the kernel command line go. Somebody put them there on purpose, perhaps: confirm.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/cmdline.h"
#include "fixes/initramfs.h"
#include "fixes/modprobe.h"
#include "parse/modprobeconf.h"

#define MARK "# disabled by xen2nitro: "

/* ---- the command line ------------------------------------------------------------------------ */

/* Whether a word of the list stops the module: its name, or the function that starts it. */
static bool is_about(const char *word, const char *list, const char *module)
{
        cleanup_free char *name = xstrdup(word);
        const char *rest;

        modprobe_normalise(name);
        rest = str_after(name, module);
        if (!rest)
                return false;
        return !*rest || (streq(list, "initcall_blacklist") && str_startswith(rest, "_init"));
}

/* The list without this module; NULL: nothing is left of it. The caller frees it. */
static char *without(const char *value, const char *list, const char *module)
{
        cleanup_free char *copy = xstrdup(value);
        cleanup_buf struct buf out = { 0 };
        char *at = copy, *word;

        while ((word = strsep(&at, ",")))
                if (!is_about(word, list, module))
                        buf_printf(&out, "%s%s", out.len ? "," : "", word);
        return out.len ? buf_take(&out) : NULL;
}

static int plan_cmdline(struct fix_context *c, const struct finding *f, const char *list,
                        struct err *err)
{
        static const char params[] = "/boot/entry/params";
        const char *const rules[] = { f->rule, NULL };
        int planned = 0;

        for (size_t i = 0; i < facts_count(c->facts, params); i++) {
                cleanup_free char *name = xasprintf("%s/%zu/name", params, i);
                cleanup_free char *at = xasprintf("%s/%zu/value", params, i);
                const char *value = facts_str(c->facts, at);
                cleanup_free char *rest = NULL;
                struct paramedit edit = { .name = list, .old = value };
                int r;

                if (!value || !streq(facts_str(c->facts, name), list))
                        continue;
                rest = without(value, list, f->subject);
                if (streq(rest, value))
                        continue;
                edit.value = rest;
                r = cmdline_plan(c, rules, &edit, 1, err);
                if (r < 0)
                        return r;
                planned |= r;
        }
        return planned;
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

/* An image that is made anew has what the root has; else the copy inside is changed. */
static int plan_image(struct fix_context *c, const struct finding *f, struct err *err)
{
        const char *const rules[] = { f->rule, NULL };

        if (initramfs_rebuild(c, rules, err) >= 0)
                return 1;
        return initramfs_edit(c, rules, f->evidence[0].file, comment_out, &f->evidence[0], err);
}

/* ---------------------------------------------------------------------------------------------- */

static void plan_lines(struct fix_context *c, const char *list)
{
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
                if (streq(where, "cmdline"))
                        r = plan_cmdline(c, f, fix_fact(c, f, list, "module", "kind"), &err);
                else if (streq(where, "root"))
                        r = plan_file(c, f, &err);
                else
                        r = plan_image(c, f, &err);
                if (r < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
                else if (r == 0)
                        fix_leave(c, f, f->fix, "it is written in a way that is not edited");
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
