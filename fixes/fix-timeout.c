/*
 * Numbers for the NVMe driver: a long time-out for requests, and none that it does not take. Every
 * kernel of the menu gets the same command line, and one that has the parameter as a byte refuses
 * to load its driver with a larger number: then all get what a byte holds.
 *   https://docs.aws.amazon.com/ebs/latest/userguide/timeout-nvme-ebs-volumes.html
 */
#include <errno.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "fixes/cmdline.h"
#include "fixes/initramfs.h"
#include "fixes/modprobe.h"

#define BYTE_MAX "255"

/*
 * The parameter is a byte before 4.15; distributions changed it earlier, and then a byte's largest
 * number is only less than could be.
 *   https://github.com/coreos/coreos-overlay/pull/3367
 */
static bool may_be_byte(const char *release)
{
        unsigned major, minor;

        return !release || sscanf(release, "%u.%u", &major, &minor) != 2 || major < 4 ||
               (major == 4 && minor < 15);
}

/* Whether another kernel of the menu, or one that nobody knows, may have bytes. */
static bool others_may_have_bytes(const struct facts *f)
{
        static const char list[] = "/boot/others";
        const char *file;
        struct json_object *node;

        if (facts_get(f, list, &node) <= 0 || facts_why_incomplete(f, list, &file))
                return true;
        for (size_t i = 0; i < facts_count(f, list); i++) {
                cleanup_free char *starts = xasprintf("%s/%zu/starts", list, i);
                cleanup_free char *release = xasprintf("%s/%zu/kernel/release", list, i);

                if (streq(facts_str(f, starts), "linux") && may_be_byte(facts_str(f, release)))
                        return true;
        }
        return false;
}

/* What to write where the driver that starts next takes at most `max`. */
static const char *largest(const struct facts *f, const char *max)
{
        return others_may_have_bytes(f) ? BYTE_MAX : max;
}

static void leave_if(struct fix_context *c, const struct finding *f, int r, const struct err *err)
{
        if (r < 0)
                fix_leave(c, f, f->fix, "%s", err->text);
        else if (r == 0)
                fix_leave(c, f, f->fix, "it is written in a way that is not edited");
}

/* ---- too short ------------------------------------------------------------------------------- */

static void plan_word(struct fix_context *c, const struct finding *f, const struct paramedit *edit)
{
        struct err err = { 0 };
        int r = cmdline_plan(c, c->fix->clears, edit, 1, &err);

        /* A number out of range is replaced by the fix before this one. */
        if (r != 0 || facts_count(c->facts, "/nvme/params") == 0)
                leave_if(c, f, r, &err);
}

static void plan_timeout(struct fix_context *c)
{
        const char *module = facts_str(c->facts, "/nvme/timeout/module");
        const char *max = facts_str(c->facts, "/nvme/timeout/max");
        const char *source = facts_str(c->facts, "/nvme/timeout/source");
        const struct finding *f;
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                cleanup_free char *name = xasprintf("%s.io_timeout", module ? module : "");
                const struct paramedit edit = { .name = name,
                                                .value = max ? largest(c->facts, max) : NULL,
                                                .add = true };

                if (f->severity == SEVERITY_INFO)
                        continue;
                if (f->outcome != OUTCOME_FAIL || !module)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else if (!max)
                        fix_leave(c, f, NULL, "the driver of this kernel has no such parameter");
                else if (streq(source, "udev"))
                        fix_leave(c, f, f->fix, "a rule of udev has the last word");
                else
                        plan_word(c, f, &edit);
        }
}

const struct fix fix_nvme_io_timeout = {
        .id = "nvme-io-timeout",
        .title = "let the NVMe driver wait for EBS",
        .clears = FIX_CLEARS("nvme-io-timeout"),
        .plan = plan_timeout,
};

/* ---- out of range ---------------------------------------------------------------------------- */

static const char *member(const struct facts *f, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf("/nvme/params/%zu/%s", i, key);

        return facts_str(f, path);
}

/* The parameter that the finding is about: its place in the list, or its length. */
static size_t find_param(const struct facts *f, const struct finding *finding)
{
        size_t n = facts_count(f, "/nvme/params"), i = 0;

        for (; i < n; i++) {
                cleanup_free char *line = xasprintf("/nvme/params/%zu/line", i);
                cleanup_free char *subject = xasprintf("%s.%s", member(f, i, "module") ?: "",
                                                       member(f, i, "name") ?: "");

                if (finding->n_evidence > 0 && streq(subject, finding->subject) &&
                    streq(member(f, i, "file"), finding->evidence[0].file) &&
                    (uint64_t)facts_int(f, line, 0) == finding->evidence[0].line)
                        break;
        }
        return i;
}

/* A line of modprobe.d, "options MODULE NAME=VALUE ...". */
struct number {
        const struct evidence *evidence;
        struct paramedit edit;
};

/* "options MODULE" and nothing behind it. */
static bool is_bare(struct span line)
{
        cleanup_free char *copy = span_dup(line);
        char *at = copy, *word;
        size_t n = 0;

        while ((word = strsep(&at, " \t")))
                n += *word != '\0';
        return n <= 2;
}

static int edit_options(void *data, struct span text, struct blob *ret)
{
        const struct number *n = data;
        cleanup_buf struct buf out = { 0 };
        struct span line;

        if (!modprobe_find_line(text, n->evidence, &line) ||
            !paramedit_apply(line, PARAM_RAW, &n->edit, 1, &out))
                return 0;
        if (is_bare(buf_span(&out))) {
                out.len = 0;
                buf_puts(&out, "# disabled by xen2nitro: ");
                buf_append(&out, line.data, line.len);
        }
        modprobe_replace_line(text, line, buf_span(&out), ret);
        return 1;
}

/* `value` NULL: the parameter is taken out. */
static int plan_number(struct fix_context *c, const struct finding *f, size_t i, const char *value,
                       struct err *err)
{
        const char *module = member(c->facts, i, "module"), *name = member(c->facts, i, "name");
        const char *where = member(c->facts, i, "where");
        cleanup_free char *full = xasprintf("%s.%s", module, name);
        struct number number = {
                .evidence = &f->evidence[0],
                .edit = { .name = name, .old = member(c->facts, i, "value"), .value = value },
        };
        struct paramedit word = number.edit;

        if (streq(where, "cmdline")) {
                word.name = full;
                return cmdline_plan(c, c->fix->clears, &word, 1, err);
        }
        if (streq(where, "root"))
                return modprobe_plan(c, c->fix->clears, f->evidence[0].file, edit_options, &number,
                                     err);
        if (initramfs_rebuild(c, c->fix->clears, err) >= 0)
                return 1;
        return initramfs_edit(c, c->fix->clears, f->evidence[0].file, edit_options, &number, err);
}

static void plan_numbers(struct fix_context *c)
{
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                size_t i = find_param(c->facts, f);
                const char *max = member(c->facts, i, "max");

                if (f->outcome != OUTCOME_FAIL || !max)
                        fix_leave(c, f, f->fix, "%s", f->message);
                else
                        leave_if(c, f, plan_number(c, f, i, largest(c->facts, max), &err), &err);
        }
}

const struct fix fix_nvme_io_timeout_out_of_range = {
        .id = "nvme-io-timeout-out-of-range",
        .title = "give the NVMe driver numbers that it takes",
        .clears = FIX_CLEARS("nvme-io-timeout-out-of-range"),
        .plan = plan_numbers,
};

/* ---- unknown to the driver ------------------------------------------------------------------- */

static void plan_unknown(struct fix_context *c)
{
        const struct finding *f;
        struct err err = { 0 };
        size_t at = 0;

        while ((f = fix_next_finding(c, &at))) {
                size_t i = find_param(c->facts, f);

                if (f->outcome != OUTCOME_FAIL || !member(c->facts, i, "name"))
                        fix_leave(c, f, f->fix, "%s", f->message);
                else
                        leave_if(c, f, plan_number(c, f, i, NULL, &err), &err);
        }
}

const struct fix fix_nvme_param_unknown_old_kernel = {
        .id = "nvme-param-unknown-old-kernel",
        .title = "give the NVMe driver no parameter for which it is not loaded",
        .clears = FIX_CLEARS("nvme-param-unknown-old-kernel"),
        .plan = plan_unknown,
};
