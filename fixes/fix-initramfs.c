/*
 * The initramfs that starts next: whole, for its kernel, and with the NVMe driver, today and when
 * it is made anew. One that is whole can be mended without running anything of the volume; one that
 * is not has to be made by the distribution's tool.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/initramfs.h"

/* Where the tool would do, but nothing may run. */
static void leave(struct fix_context *c, const struct finding *f, const struct err *err)
{
        cleanup_free char *remedy = NULL;

        if (!c->may_run && facts_str(c->facts, "/rebuild/tool"))
                remedy = xasprintf("Let it run with --chroot, or do it on the machine itself: %s",
                                   f->fix ? f->fix : "");
        fix_leave(c, f, remedy ? remedy : f->fix, "%s", err->text);
}

/* ---- nvme-initramfs-missing ------------------------------------------------------------------ */

static void mend_image(struct fix_context *c, const struct finding *f)
{
        const char *const rules[] = { f->rule, NULL };
        struct err err = { 0 };

        if (initramfs_keep_nvme(c, rules, &err) < 0)
                fix_leave(c, f, f->fix, "the next initramfs will not have the driver: %s",
                          err.text);
        if (initramfs_rebuild(c, rules, &err) < 0 &&
            initramfs_add_driver(c, rules, "nvme", &err) < 0)
                leave(c, f, &err);
}

static void plan_missing(struct fix_context *c)
{
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                if (f->outcome == OUTCOME_FAIL)
                        mend_image(c, f);
                else
                        fix_leave(c, f, f->fix, "%s", f->message);
        }
}

const struct fix fix_nvme_initramfs_missing = {
        .id = "nvme-initramfs-missing",
        .title = "give the initramfs the NVMe driver",
        .clears = FIX_CLEARS("nvme-initramfs-missing"),
        .plan = plan_missing,
};

/* ---- initramfs-stale, initramfs-baked-device-wait ---------------------------------------------
 */

static void plan_anew(struct fix_context *c)
{
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const char *const rules[] = { f->rule, NULL };

                if (f->outcome != OUTCOME_FAIL)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (initramfs_rebuild(c, rules, &err) < 0)
                        leave(c, f, &err);
                else if (!streq(facts_str(c->facts, "/drivers/nvme/state"), "builtin") &&
                         initramfs_keep_nvme(c, rules, &err) < 0)
                        fix_leave(c, f, f->fix, "it may not have the NVMe driver: %s", err.text);
        }
}

const struct fix fix_initramfs_stale = {
        .id = "initramfs-stale",
        .title = "make the initramfs anew",
        .clears = FIX_CLEARS("initramfs-stale"),
        .plan = plan_anew,
};

/* After the names in fstab, by which dracut knows what to wait for. */
const struct fix fix_initramfs_baked_device_wait = {
        .id = "initramfs-baked-device-wait",
        .title = "make the initramfs anew, so that it waits for no device of Xen",
        .clears = FIX_CLEARS("initramfs-baked-device-wait"),
        .plan = plan_anew,
};

/* ---- initramfs-config-drops-nvme ------------------------------------------------------------- */

static void plan_config(struct fix_context *c)
{
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const char *const rules[] = { f->rule, NULL };
                int r;

                if (f->outcome != OUTCOME_FAIL) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                r = initramfs_keep_nvme(c, rules, &err);
                /* Of an image that lacks it today another fix has done so already. */
                if (r < 0 || (r == 0 && streq(f->rule, c->fix->clears[0])))
                        fix_leave(c, f, f->fix, "%s",
                                  r < 0 ? err.text
                                        : "the driver is named there, and something "
                                          "else leaves it out");
        }
}

const struct fix fix_initramfs_config_drops_nvme = {
        .id = "initramfs-config-drops-nvme",
        .title = "let every initramfs have the NVMe driver",
        .clears = FIX_CLEARS("initramfs-config-drops-nvme", "xen-driver-only-initramfs-lists"),
        .plan = plan_config,
};
