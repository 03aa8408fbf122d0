/*
 * NVMe disks in the blacklist of multipath.conf: a section more at the end, for those of one name
 * add up. Where somebody wants multipath for such disks it would be wrong: confirm.
 */
#include <errno.h>

#include "fixes/fix.h"
#include "fixes/initramfs.h"

#define CONF    "/etc/multipath.conf"
#define SECTION "blacklist {\n\tdevnode \"^nvme[0-9]+n[0-9]+\"\n}\n"

static int append_section(struct fix_context *c, struct err *err)
{
        const struct plan_reason why = { c->fix->id, c->fix->clears, PLAN_SOURCES };
        cleanup_buf struct buf after = { 0 };
        struct span before;
        int r = plan_read(c->plan, CONF, VOLUME_CONFIG_MAX, &before, err);

        if (r < 0)
                return r;
        if (r == 0)
                return plan_create(c->plan, &why, CONF, 0644, SPAN(SECTION), err);
        buf_append(&after, before.data, before.len);
        if (before.len > 0 && before.data[before.len - 1] != '\n')
                buf_putc(&after, '\n');
        buf_puts(&after, SECTION);
        return plan_write(c->plan, &why, CONF, buf_span(&after), err);
}

/* The image may have a copy; one that is made by the distribution's tool has the new one. */
static void plan_multipath(struct fix_context *c)
{
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                if (f->outcome != OUTCOME_FAIL)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (append_section(c, &err) < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
                else if (initramfs_rebuild(c, c->fix->clears, &err) < 0 && c->may_run)
                        fix_leave(c, f, f->fix, "the initramfs may have a copy of it: %s",
                                  err.text);
        }
}

const struct fix fix_nvme_multipath = {
        .id = "nvme-multipath",
        .title = "keep multipathd from NVMe disks",
        .clears = FIX_CLEARS("nvme-multipath"),
        .confirm = true,
        .plan = plan_multipath,
};
