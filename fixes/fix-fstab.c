/*
 * /etc/fstab: names that Xen gave to disks become names that are stored on the disk, and only these
 * bytes of a line change. What the name means was found out by the probe (fix_value); what is not
 * certain is left.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "fixes/fix.h"
#include "fixes/rewrite.h"
#include "parse/fstab.h"

#define FSTAB "/etc/fstab"

#define ASK_BLKID                                                                            \
        "Run `blkid > FILE` on the Xen instance with all its disks attached, and give that " \
        "with --blkid FILE."

struct edit {
        struct fix_context *context;
        struct fstab table;
        size_t at; /* entry of the table; lines are visited from first to last */
        struct rewrite rewrite;
        struct strv rules; /* that the edits are for */
};

/* The table as planned so far: 1, or 0 when every finding was left. */
static int begin(struct edit *e, struct fix_context *context)
{
        struct err err = { 0 };
        struct span text;
        int r = plan_read(context->plan, FSTAB, FSTAB_MAX, &text, &err);
        const struct finding *f;
        size_t at = 0;

        e->context = context;
        if (r > 0)
                r = fstab_parse(text, &e->table, &err) < 0 ? -EINVAL : 1;
        if (r > 0) {
                e->rewrite = rewrite_of(text);
                return 1;
        }
        while ((f = fix_next_finding(context, &at)))
                fix_leave(context, f, NULL, "%s",
                          r < 0 ? err.text : FSTAB ": there is no such file");
        return 0;
}

static const char *const *rule_list(const struct strv *rules)
{
        const char **list = xcalloc(rules->n + 1, sizeof(*list));

        for (size_t i = 0; i < rules->n; i++)
                list[i] = rules->v[i];
        return list;
}

static void finish(struct edit *e)
{
        cleanup_free const char *const *rules = rule_list(&e->rules);
        cleanup_blob struct blob after = { 0 };
        struct plan_reason why = { e->context->fix->id, rules, PLAN_SOURCES };
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        rewrite_finish(&e->rewrite, &after);
        if (plan_write(e->context->plan, &why, FSTAB, blob_span(&after), &err) < 0)
                while ((f = fix_next_finding(e->context, &at)))
                        fix_leave(e->context, f, NULL, "%s", err.text);
}

static void edit_done(struct edit *e)
{
        fstab_done(&e->table);
        rewrite_done(&e->rewrite);
        strv_done(&e->rules);
}
#define cleanup_edit _cleanup_(edit_done)

static const struct fstab_entry *entry_of_line(struct edit *e, size_t line)
{
        while (e->at < e->table.n && e->table.v[e->at].line < line)
                e->at++;
        return e->at < e->table.n && e->table.v[e->at].line == line ? &e->table.v[e->at] : NULL;
}

static void note_edit(struct edit *e, const struct finding *f)
{
        if (!strv_contains(&e->rules, f->rule))
                strv_push(&e->rules, f->rule);
}

/* The finding about that line, or NULL: nobody asks for a change there. */
static const struct finding *finding_at(const struct fix_context *c, size_t line)
{
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at)))
                if (f->n_evidence > 0 && streq(f->evidence[0].file, FSTAB) &&
                    f->evidence[0].line == line)
                        return f;
        return NULL;
}

/* ---- names of disks ---- */

/* The finding that more lines are there than were judged, or NULL. */
static const struct finding *finding_of_the_rest(const struct fix_context *c)
{
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at)))
                if (f->outcome == OUTCOME_UNKNOWN && !f->subject && f->n_evidence == 0)
                        return f;
        return NULL;
}

static const char *device_str(const struct fix_context *c, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf("/fstab/devices/%zu/%s", i, key);

        return facts_str(c->facts, path);
}

static size_t device_line(const struct fix_context *c, size_t i)
{
        cleanup_free char *path = xasprintf("/fstab/devices/%zu/line", i);

        return (size_t)facts_int(c->facts, path, 0);
}

/* Whether a name of that kind is the business of the rules that the fix clears. */
static bool is_meant(const struct fix_context *c, const char *kind)
{
        static const struct {
                const char *kind, *rule;
        } kinds[] = {
                { "xen", "fstab-device-name" },      { "scsi", "fstab-device-name" },
                { "ide", "fstab-device-name" },      { "nvme", "fstab-device-name" },
                { "by-path", "fstab-device-name" },  { "xen-by-path", "by-path-xen" },
                { "other", "fstab-custom-symlink" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
                if (streq(kinds[i].kind, kind))
                        return streq(kinds[i].rule, c->fix->clears[0]);
        return false;
}

/* The bytes that name the device in the line, not rewritten yet; no data when they are not found.
 */
static struct span span_of_name(const struct edit *e, const struct fstab_entry *entry,
                                const char *option, const char *name)
{
        struct span rest = entry->options.raw;
        struct fstab_option o;

        if (!option)
                return streq(entry->source.value, name) ? entry->source.raw : (struct span){ 0 };
        while (fstab_option_next(&rest, &o)) {
                cleanup_free char *device = NULL;
                struct span raw = o.value;

                if (!raw.data || raw.data < e->rewrite.rest.data || !span_eq(o.name, option))
                        continue;
                device = fstab_option_device(&o);
                if (streq(device, name))
                        return raw;
        }
        return (struct span){ 0 };
}

static void leave_name(struct fix_context *c, size_t i, const struct finding *f)
{
        const char *value = device_str(c, i, "value"), *why = device_str(c, i, "fix_problem");

        fix_leave(c, f, device_str(c, i, "uuid") ? NULL : ASK_BLKID, "%s: %s", value, why);
}

static void rename_device(struct edit *e, size_t i)
{
        struct fix_context *c = e->context;
        const char *fate = device_str(c, i, "udev/fate"), *fix = device_str(c, i, "fix_value");
        const struct finding *f = finding_at(c, device_line(c, i));
        cleanup_free char *with = NULL;
        const struct fstab_entry *entry;
        struct span old = { 0 };

        if (!f)
                f = finding_of_the_rest(c);
        /* A link that stays needs no other name. */
        if (!f || streq(fate, "stays") || streq(fate, "now"))
                return;
        if (!fix) {
                leave_name(c, i, f);
                return;
        }
        entry = entry_of_line(e, device_line(c, i));
        if (entry)
                old = span_of_name(e, entry, device_str(c, i, "option"), device_str(c, i, "value"));
        if (!old.data) {
                fix_leave(c, f, f->fix, "the name is written in a way that is not edited");
                return;
        }
        with = fstab_encode(fix);
        rewrite_replace(&e->rewrite, old, span_of(with));
        note_edit(e, f);
}

static void plan_names(struct fix_context *c)
{
        size_t n = facts_count(c->facts, "/fstab/devices");
        cleanup_edit struct edit e = { 0 };

        if (!begin(&e, c))
                return;
        for (size_t i = 0; i < n; i++)
                if (is_meant(c, device_str(c, i, "kind")))
                        rename_device(&e, i);
        finish(&e);
}

const struct fix fix_fstab_device_name = {
        .id = "fstab-device-name",
        .title = "name disks in /etc/fstab by what is stored on them",
        .clears = FIX_CLEARS("fstab-device-name"),
        .plan = plan_names,
};

const struct fix fix_fstab_custom_symlink = {
        .id = "fstab-custom-symlink",
        .title = "replace links of udev in /etc/fstab that will be gone",
        .clears = FIX_CLEARS("fstab-custom-symlink"),
        .plan = plan_names,
};

const struct fix fix_by_path_xen = {
        .id = "by-path-xen",
        .title = "replace places on the Xen bus in /etc/fstab",
        .clears = FIX_CLEARS("by-path-xen"),
        .plan = plan_names,
};

/* ---- xenfs ---- */

/*
 * Marks the mount as one that may fail, so that it still happens on Xen. Before the other options
 * where a carriage return would otherwise be taken for a part of it.
 */
static void let_mount_fail(struct edit *e, const struct fstab_entry *entry)
{
        struct span options = entry->options.raw;
        struct span before = { options.data, 0 }, behind = { options.data + options.len, 0 };

        if (!options.data) {
                behind.data = entry->type.raw.data + entry->type.raw.len;
                rewrite_replace(&e->rewrite, behind, SPAN(" nofail,defaults"));
        } else if (entry->cr_in_last_field) {
                rewrite_replace(&e->rewrite, before, SPAN("nofail,"));
        } else {
                rewrite_replace(&e->rewrite, behind, SPAN(",nofail"));
        }
}

/* Lines of a type, or of any. */
static void plan_nofail(struct fix_context *c, const char *type)
{
        cleanup_edit struct edit e = { 0 };

        if (!begin(&e, c))
                return;
        for (size_t i = 0; i < e.table.n; i++) {
                const struct fstab_entry *entry = &e.table.v[i];
                const struct finding *f = finding_at(c, entry->line);

                if (!f || (type && !streq(entry->type.value, type)) || f->severity == SEVERITY_INFO)
                        continue;
                if (f->outcome != OUTCOME_FAIL) {
                        fix_leave(c, f, f->fix, "%s", f->message);
                        continue;
                }
                let_mount_fail(&e, entry);
                note_edit(&e, f);
        }
        finish(&e);
}

static void plan_xenfs(struct fix_context *c)
{
        plan_nofail(c, "xenfs");
}

const struct fix fix_fstab_xenfs = {
        .id = "fstab-xenfs",
        .title = "let mounts of xenfs fail",
        .clears = FIX_CLEARS("fstab-xenfs"),
        .plan = plan_xenfs,
};

/* ---- instance store ---- */

static void plan_ephemeral(struct fix_context *c)
{
        plan_nofail(c, NULL);
}

const struct fix fix_fstab_ephemeral_mount = {
        .id = "fstab-ephemeral-mount",
        .title = "let mounts of instance store fail",
        .clears = FIX_CLEARS("fstab-ephemeral-mount"),
        .confirm = true,
        .plan = plan_ephemeral,
};
