/*
 * lvm.conf. Of filters: a pattern that takes NVMe disks before the one that rejects them. Of a
 * devices file: LVM is told to look for its disks everywhere. Nothing is taken away, so that the
 * disks of Xen are found as before.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/initramfs.h"
#include "fixes/rewrite.h"
#include "parse/lvmconf.h"
#include "parse/lvmfilter.h"

#define CONFIG "/etc/lvm/lvm.conf"
#define ACCEPT "\"a|^/dev/nvme|\""
#define SEARCH "devices/search_for_devnames"

typedef int edit_fn(void *data, struct span text, struct blob *ret);

/* ---- the file, in the root or in the initramfs ---- */

static int plan_file(struct fix_context *c, const char *const *rules, const char *file,
                     edit_fn *edit, void *data, struct err *err)
{
        const struct plan_reason why = { c->fix->id, rules, PLAN_SOURCES };
        cleanup_blob struct blob after = { 0 };
        struct span text;
        int r = plan_read(c->plan, file, LVMCONF_MAX, &text, err);

        if (r > 0)
                r = edit(data, text, &after);
        if (r > 0)
                r = plan_write(c->plan, &why, file, blob_span(&after), err) < 0 ? -EIO : 1;
        return r;
}

/* An image that is made anew has what the root has; else the copy inside is changed. */
static int plan_place(struct fix_context *c, const struct finding *f, const char *file,
                      edit_fn *edit, void *data, struct err *err)
{
        const char *const rules[] = { f->rule, NULL };

        if (!strstr(file, ":/"))
                return plan_file(c, rules, file, edit, data, err);
        if (initramfs_rebuild(c, rules, err) >= 0)
                return 1;
        return initramfs_edit(c, rules, file, edit, data, err);
}

/* Calls plan() for what failed, and leaves the rest. */
static void plan_findings(struct fix_context *c, const char *unedited,
                          int (*plan)(struct fix_context *c, const struct finding *f,
                                      const char *file, struct err *err))
{
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                struct err err = { 0 };
                int r;

                if (f->severity == SEVERITY_INFO)
                        continue;
                if (f->outcome != OUTCOME_FAIL || f->n_evidence == 0) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                r = plan(c, f, f->evidence[0].file, &err);
                if (r < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
                else if (r == 0)
                        fix_leave(c, f, f->fix, "%s", unedited);
        }
}

/* ---- filters ---- */

/* The first value whose pattern rejects a disk or a partition; NULL: none does. */
static const struct lvmconf_value *find_reject(const struct lvmconf *conf,
                                               const struct lvmconf_setting *s)
{
        static const char *const names[] = { "/dev/nvme0n1", "/dev/nvme0n1p1" };
        const struct lvmconf_value *values = conf->values + s->first;

        for (size_t i = 0; i < s->n; i++) {
                const char *pattern = values[i].text;
                cleanup_lvmfilter struct lvmfilter *filter = NULL;
                bool accept;

                if (lvmfilter_compile(&pattern, 1, &filter, NULL) < 0)
                        return NULL;
                for (size_t k = 0; k < ARRAY_SIZE(names); k++)
                        if (lvmfilter_match(filter, names[k], &accept) == 0 && !accept)
                                return &values[i];
        }
        return NULL;
}

static int accept_nvme(void *setting, struct span text, struct blob *ret)
{
        cleanup_lvmconf struct lvmconf conf = { 0 };
        const struct lvmconf_setting *s;
        const struct lvmconf_value *reject;
        struct rewrite w = rewrite_of(text);

        if (lvmconf_parse(text, &conf, NULL) < 0)
                return 0;
        s = lvmconf_find(&conf, setting);
        reject = s ? find_reject(&conf, s) : NULL;
        /* Somebody who names NVMe disks there wants them left out. */
        if (!reject || strstr(reject->text, "nvme"))
                return 0;
        rewrite_replace(&w, (struct span){ reject->raw.data, 0 },
                        s->is_array ? SPAN(ACCEPT ", ") : SPAN("[ " ACCEPT ", "));
        if (!s->is_array)
                rewrite_replace(&w, (struct span){ reject->raw.data + reject->raw.len, 0 },
                                SPAN(" ]"));
        rewrite_finish(&w, ret);
        return 1;
}

static int plan_filter(struct fix_context *c, const struct finding *f, const char *file,
                       struct err *err)
{
        return plan_place(c, f, file, accept_nvme, f->subject, err);
}

static void plan_filters(struct fix_context *c)
{
        plan_findings(c, "it names NVMe disks itself, to leave them out", plan_filter);
}

const struct fix fix_lvm_filter = {
        .id = "lvm-filter",
        .title = "let LVM see NVMe disks",
        .clears = FIX_CLEARS("lvm-filter"),
        .plan = plan_filters,
};

/* ---- the devices file ---- */

static int search_all(void *data _unused_, struct span text, struct blob *ret)
{
        cleanup_lvmconf struct lvmconf conf = { 0 };
        const struct lvmconf_setting *s;
        struct rewrite w = rewrite_of(text);
        bool open = text.len > 0 && text.data[text.len - 1] != '\n';

        if (lvmconf_parse(text, &conf, NULL) < 0)
                return 0;
        s = lvmconf_find(&conf, SEARCH);
        if (s && s->n != 1)
                return 0;
        /* Written anew as it is where an earlier entry has asked for it. */
        if (s)
                rewrite_replace(&w, conf.values[s->first].raw, SPAN("\"all\""));
        else
                rewrite_replace(&w, (struct span){ text.data + text.len, 0 },
                                open ? SPAN("\n" SEARCH " = \"all\"\n")
                                     : SPAN(SEARCH " = \"all\"\n"));
        rewrite_finish(&w, ret);
        return 1;
}

/* The evidence is the devices file; what is changed is lvm.conf beside it. */
static int plan_search(struct fix_context *c, const struct finding *f, const char *file,
                       struct err *err)
{
        const char *colon = strstr(file, ":/");
        cleanup_free char *config = colon ? xasprintf("%.*s:" CONFIG, (int)(colon - file), file)
                                          : xstrdup(CONFIG);

        return plan_place(c, f, config, search_all, NULL, err);
}

static void plan_devices_file(struct fix_context *c)
{
        plan_findings(c, CONFIG " is not there, or says so elsewhere", plan_search);
}

const struct fix fix_lvm_devices_file = {
        .id = "lvm-devices-file",
        .title = "let LVM look for its disks under other names",
        .clears = FIX_CLEARS("lvm-devices-file"),
        .confirm = true,
        .plan = plan_devices_file,
};
