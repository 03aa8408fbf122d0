/*
 * mdadm.conf: a DEVICE line takes all disks as well, and devices= of an array that is known by its
 * UUID or name takes NVMe disks as well. What stands there stays.
 */
#include <errno.h>
#include <strings.h>

#include "base/xalloc.h"
#include "fixes/initramfs.h"
#include "fixes/rewrite.h"
#include "parse/mdadmconf.h"

struct edit {
        size_t line;
};

static int add_to_device(const struct mdadmconf *c, const struct mdadmconf_entry *e,
                         struct rewrite *w)
{
        const struct mdadmconf_word *last = e->n ? &c->words[e->first + e->n - 1] : NULL;

        if (!last)
                return 0;
        rewrite_replace(w, (struct span){ last->raw.data + last->raw.len, 0 }, SPAN(" partitions"));
        return 1;
}

/* Of an array that nothing else tells apart, any NVMe disk would do. */
static int add_to_array(const struct mdadmconf *c, const struct mdadmconf_entry *e,
                        struct rewrite *w)
{
        const struct mdadmconf_word *word = NULL;
        const char *devices = mdadmconf_value(c, e, "devices", &word);
        bool quoted = word && word->raw.len != strlen(word->text);

        if (!devices || !*devices || quoted ||
            (!mdadmconf_value(c, e, "uuid", NULL) && !mdadmconf_value(c, e, "name", NULL)))
                return 0;
        rewrite_replace(w, (struct span){ word->raw.data + word->raw.len, 0 }, SPAN(",/dev/nvme*"));
        return 1;
}

static int take_nvme(void *data, struct span text, struct blob *ret)
{
        cleanup_mdadmconf struct mdadmconf conf = { 0 };
        const struct edit *edit = data;
        struct rewrite w = rewrite_of(text);
        int r = 0;

        if (mdadmconf_parse(text, &conf, NULL) < 0)
                return 0;
        for (size_t i = 0; i < conf.n && r == 0; i++)
                if (conf.v[i].line == edit->line)
                        r = conf.v[i].keyword == MDADMCONF_DEVICE
                                    ? add_to_device(&conf, &conf.v[i], &w)
                                    : add_to_array(&conf, &conf.v[i], &w);
        if (r > 0)
                rewrite_finish(&w, ret);
        return r;
}

static int plan_file(struct fix_context *c, const char *const *rules, const char *file,
                     struct edit *edit, struct err *err)
{
        const struct plan_reason why = { c->fix->id, rules, PLAN_SOURCES };
        cleanup_blob struct blob after = { 0 };
        struct span text;
        int r = plan_read(c->plan, file, MDADMCONF_MAX, &text, err);

        if (r > 0)
                r = take_nvme(edit, text, &after);
        if (r > 0)
                r = plan_write(c->plan, &why, file, blob_span(&after), err) < 0 ? -EIO : 1;
        return r;
}

/* An image that is made anew has what the root has; else the copy inside is changed. */
static int plan_image(struct fix_context *c, const char *const *rules, const char *file,
                      struct edit *edit, struct err *err)
{
        if (initramfs_rebuild(c, rules, err) >= 0)
                return 1;
        return initramfs_edit(c, rules, file, take_nvme, edit, err);
}

static void plan_mdadm(struct fix_context *c)
{
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                const char *const rules[] = { f->rule, NULL };
                const char *file = f->n_evidence > 0 ? f->evidence[0].file : "";
                struct edit edit = { f->n_evidence > 0 ? f->evidence[0].line : 0 };
                struct err err = { 0 };
                int r;

                if (f->severity == SEVERITY_INFO)
                        continue;
                if (f->subject && str_startswith(f->subject, "md=")) {
                        fix_leave(c, f, f->fix, "the boot loader tells the kernel so");
                        continue;
                }
                r = strstr(file, ":/") ? plan_image(c, rules, file, &edit, &err)
                    : edit.line        ? plan_file(c, rules, file, &edit, &err)
                                       : 0;
                if (r < 0)
                        fix_leave(c, f, f->fix, "%s", err.text);
                else if (r == 0)
                        fix_leave(c, f, f->fix, "%s", f->message);
        }
}

const struct fix fix_mdadm_conf = {
        .id = "mdadm-conf",
        .title = "let mdadm take NVMe disks as members of arrays",
        .clears = FIX_CLEARS("mdadm-conf"),
        .plan = plan_mdadm,
};
