/*
 * Drivers that modprobe may not load, or that the initramfs does not have although it needs the
 * network.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/initramfs.h"
#include "fixes/modprobe.h"

/* ---- SUSE ------------------------------------------------------------------------------------ */

static int allow(void *evidence, struct span text, struct blob *ret)
{
        struct span line;

        if (!modprobe_find_line(text, evidence, &line))
                return 0;
        modprobe_replace_line(text, line, SPAN("allow_unsupported_modules 1"), ret);
        return 1;
}

/* One line for all modules. The image has a copy of it where the NVMe driver loads. */
static void plan_suse(struct fix_context *c)
{
        struct evidence line = {
                .file = (char *)facts_str(c->facts, "/modpolicy/unsupported/file"),
                .line = (uint64_t)facts_int(c->facts, "/modpolicy/unsupported/line", 0),
                .text = (char *)facts_str(c->facts, "/modpolicy/unsupported/text"),
        };
        const struct finding *f;
        struct err err = { 0 };
        bool planned = false;
        size_t at = 0;
        int r;

        while ((f = fix_next_finding(c, &at))) {
                const char *const rules[] = { f->rule, NULL };

                if (f->outcome != OUTCOME_FAIL || !line.file) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                if (planned)
                        continue;
                r = modprobe_plan(c, rules, line.file, allow, &line, &err);
                if (r <= 0)
                        fix_leave(c, f, f->fix, "%s",
                                  r < 0 ? err.text : "it is written in a way that is not edited");
                planned = r > 0;
                if (planned && initramfs_rebuild(c, rules, &err) < 0 && err.code != -EPERM)
                        fix_leave(c, f, f->fix, "the initramfs has a copy of it: %s", err.text);
        }
}

const struct fix fix_suse_unsupported_modules = {
        .id = "suse-unsupported-modules",
        .title = "let SUSE's modprobe load modules that SUSE does not support",
        .clears = FIX_CLEARS("suse-unsupported-modules"),
        .confirm = true,
        .plan = plan_suse,
};

/* ---- ENA in the initramfs -------------------------------------------------------------------- */

static void plan_ena(struct fix_context *c)
{
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const char *const rules[] = { f->rule, NULL };

                if (f->outcome != OUTCOME_FAIL) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                if (initramfs_keep_ena(c, rules, &err) < 0)
                        fix_leave(c, f, f->fix, "the next initramfs will not have it: %s",
                                  err.text);
                if (initramfs_rebuild(c, rules, &err) < 0 &&
                    initramfs_add_driver(c, rules, "ena", &err) < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
        }
}

const struct fix fix_ena_needed_in_initramfs = {
        .id = "ena-needed-in-initramfs",
        .title = "give the initramfs the ENA driver, too",
        .clears = FIX_CLEARS("ena-needed-in-initramfs"),
        .plan = plan_ena,
};
