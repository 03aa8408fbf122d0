/*
 * How long the NVMe driver of the kernel that starts next waits for an EBS volume before it fails a
 * request. What is written last counts: the default of the driver, `options` lines, the command
 * line, and, once the disk is there, a udev rule.
 *   https://docs.aws.amazon.com/ebs/latest/userguide/timeout-nvme-ebs-volumes.html
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>

#include "base/xalloc.h"
#include "parse/modinfo.h"
#include "parse/rpmvercmp.h"
#include "probe/modulefile.h"
#include "probe/probe.h"
#include "probe/shared.h"
#include "probe/udevlinks.h"

/* Seconds. AWS asks for the largest number there is, which is 255 for a parameter that is a byte;
 * what people set by other advice begins at 240. */
#define ENOUGH 240

#define ROOT "/nvme/timeout"

struct timeout {
        struct probe_context *context;
        struct facts *facts;
        const char *release;
        const char *module; /* whose parameter it is */
};

/* nvme was split in two in 4.6; distributions took that over into older kernels. */
static const char *find_module(const struct timeout *t)
{
        static const char list[] = "/drivers/nvme/modules";

        for (size_t i = 0, n = facts_count(t->facts, list); i < n; i++) {
                cleanup_free char *name = xasprintf("%s/%zu/name", list, i);

                if (streq(facts_str(t->facts, name), "nvme_core"))
                        return "nvme_core";
        }
        return rpmvercmp(t->release, "4.6", false) >= 0 ? "nvme_core" : "nvme";
}

/* ---- the largest number it takes ------------------------------------------------------------- */

static char *find_path(const struct timeout *t)
{
        static const char list[] = "/drivers/nvme/modules";

        for (size_t i = 0, n = facts_count(t->facts, list); i < n; i++) {
                cleanup_free char *name = xasprintf("%s/%zu/name", list, i);
                cleanup_free char *path = xasprintf("%s/%zu/path", list, i);
                const char *value = facts_str(t->facts, path);

                if (value && streq(facts_str(t->facts, name), t->module))
                        return xstrdup(value);
        }
        return NULL;
}

static const char *param(const struct timeout *t, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf("/nvme/params/%zu/%s", i, key);

        return facts_str(t->facts, path);
}

/*
 * Linux has the larger type since 4.15 (https://github.com/coreos/coreos-overlay/pull/3367), so
 * only an older module is unpacked to see whether the distribution took that over. When it cannot
 * be read, 255 is right for both. One without the parameter must not be given it: before 3.11 the
 * kernel then refuses the module.
 */
static const char *find_max(struct timeout *t)
{
        cleanup_free char *path = NULL;
        cleanup_buf struct buf info = { 0 };
        struct span type;

        /* Where somebody gave it a number, the driver was looked at. */
        for (size_t i = 0, n = facts_count(t->facts, "/nvme/params"); i < n; i++)
                if (streq(param(t, i, "name"), "io_timeout") &&
                    streq(param(t, i, "module"), t->module) && param(t, i, "max"))
                        return param(t, i, "max");
        if (rpmvercmp(t->release, "4.15", false) >= 0)
                return "4294967295";
        path = find_path(t);
        if (!path || modulefile_info(t->context->volume, path, &info, NULL) <= 0)
                return "255";
        if (!modinfo_param_type(buf_span(&info), NULL, "io_timeout", &type))
                return NULL;
        return span_eq(type, "uint") ? "4294967295" : "255";
}

/* ---- what is set ----------------------------------------------------------------------------- */

struct setting {
        const char *source; /* NULL: nothing is set */
        const char *file, *text, *value;
        size_t line;
        bool unclear; /* whether it counts is not known */
        const char *why, *why_file;
};

/* Above any number the kernel takes: it counts as the largest. */
static uint64_t seconds_of(const char *value)
{
        uint64_t n = 0;
        int r = str_to_u64(span_of(value), &n);

        if (r == -EINVAL)
                n = strtoull(value, NULL, 0);
        return r == -ERANGE ? UINT64_MAX : n;
}

static int param_flag(const struct timeout *t, size_t i, const char *key)
{
        cleanup_free char *path = xasprintf("/nvme/params/%zu/%s", i, key);
        struct json_object *node;

        if (facts_get(t->facts, path, &node) != 1)
                return -1;
        return facts_bool(t->facts, path, false);
}

static struct setting setting_of(const struct timeout *t, size_t i)
{
        cleanup_free char *line = xasprintf("/nvme/params/%zu/line", i);

        return (struct setting){
                .source = streq(param(t, i, "where"), "cmdline") ? "cmdline" : "options",
                .file = param(t, i, "file"),
                .text = param(t, i, "text"),
                .value = param(t, i, "value"),
                .line = (size_t)facts_int(t->facts, line, 0),
        };
}

/* The parameters stand in the order in which they are applied. One that is refused changes nothing.
 */
static struct setting find_parameter(const struct timeout *t)
{
        struct setting found = { 0 };

        for (size_t i = 0, n = facts_count(t->facts, "/nvme/params"); i < n; i++) {
                cleanup_free char *path = xasprintf("/nvme/params/%zu", i);
                int counts = param_flag(t, i, "counts"), fits = param_flag(t, i, "fits");

                if (!streq(param(t, i, "name"), "io_timeout") ||
                    !streq(param(t, i, "module"), t->module) || counts == 0 || fits == 0 ||
                    !param(t, i, "value"))
                        continue;
                found = setting_of(t, i);
                found.unclear = counts < 0 || fits < 0;
                if (found.unclear)
                        found.why = facts_why_unknown(t->facts, path, &found.why_file);
        }
        return found;
}

/* Said to a module whose parameter it is not. */
static void publish_misnamed(struct timeout *t)
{
        facts_set_null(t->facts, ROOT "/misnamed");
        for (size_t i = 0, n = facts_count(t->facts, "/nvme/params"); i < n; i++) {
                struct setting s;

                if (!streq(param(t, i, "name"), "io_timeout") ||
                    streq(param(t, i, "module"), t->module))
                        continue;
                s = setting_of(t, i);
                facts_set_evidence(t->facts, ROOT "/misnamed", s.file, s.line,
                                   span_of(s.text ? s.text : ""));
                facts_set_str(t->facts, param(t, i, "module"), ROOT "/misnamed/module");
                return;
        }
}

/*
 * The document above says that Amazon Linux has the largest number by default. Its images have it
 * on the command line and in a udev rule; that its kernels have it, too, is not known.
 */
static struct setting find_default(const struct timeout *t)
{
        if (fnmatch("*.amzn*", t->release, 0) == 0)
                return (struct setting){ .source = "amazon" };
        return (struct setting){ .source = "default", .value = "30" };
}

/* A rule says milliseconds, and is applied to the disk when it is there, whatever was before. */
static bool look_at_rules(struct timeout *t, struct setting *s, char **ret_value)
{
        const char *value = NULL;
        struct udevlink found = udevlinks_find_attribute(shared_links(t->context),
                                                         "ATTR{queue/io_timeout}", &value);

        if (found.fate == UDEVLINK_UNCLEAR) {
                facts_unknown(t->facts, ROOT, found.file,
                              "whether a udev rule sets queue/io_timeout is not known");
                return false;
        }
        if (found.fate != UDEVLINK_STAYS)
                return true;
        *ret_value = xasprintf("%llu", (unsigned long long)seconds_of(value) / 1000);
        *s = (struct setting){ .source = "udev", .value = *ret_value, .line = found.line };
        facts_set_evidence(t->facts, ROOT, found.file, found.line, found.text);
        return true;
}

static void publish(struct timeout *t, const struct setting *s)
{
        facts_set_str(t->facts, s->source, ROOT "/source");
        facts_set_str(t->facts, s->value, ROOT "/value");
        if (s->value)
                facts_set_bool(t->facts, seconds_of(s->value) >= ENOUGH, ROOT "/enough");
        else
                facts_set_null(t->facts, ROOT "/enough");
        if (s->file)
                facts_set_evidence(t->facts, ROOT, s->file, s->line,
                                   span_of(s->text ? s->text : ""));
}

static void look(struct timeout *t)
{
        struct setting s = find_parameter(t);
        cleanup_free char *value = NULL;
        const char *file = NULL, *why = facts_why_incomplete(t->facts, "/nvme/params", &file);

        if (!look_at_rules(t, &s, &value))
                return;
        if (!streq(s.source, "udev") && (why || s.unclear)) {
                facts_unknown(
                        t->facts, ROOT, why ? file : s.why_file, "%s",
                        why     ? why
                        : s.why ? s.why
                                : "which of the numbers given to the driver counts is not known");
                return;
        }
        if (!s.source)
                s = find_default(t);
        publish(t, &s);
}

static void run_iotimeout(struct probe_context *context)
{
        struct timeout t = {
                .context = context,
                .facts = context->facts,
                .release = facts_str(context->facts, "/boot/kernel/release"),
        };
        const char *state = facts_str(t.facts, "/drivers/nvme/state"), *file = NULL;

        if (!state || !t.release) {
                const char *why = facts_why_unknown(t.facts, "/drivers/nvme/state", &file);

                facts_unknown(t.facts, ROOT, file, "which NVMe driver starts next is not known%s%s",
                              why ? ": " : "", why ? why : "");
                return;
        }
        if (streq(state, "missing")) {
                facts_set_null(t.facts, ROOT);
                return;
        }
        t.module = find_module(&t);
        facts_set_str(t.facts, t.module, ROOT "/module");
        publish_misnamed(&t);
        facts_set_str(t.facts, find_max(&t), ROOT "/max");
        look(&t);
}

static const struct fact_decl iotimeout_facts[] = {
        { ROOT, FACT_OBJECT, "how long the driver waits for a request; null: there is no driver" },
        { ROOT "/file", FACT_STRING, "where it is written, when it is" },
        { ROOT "/line", FACT_INT, "its line" },
        { ROOT "/text", FACT_STRING, "that line" },
        { ROOT "/module", FACT_STRING, "whose parameter it is: nvme_core, before 4.6 nvme" },
        { ROOT "/source", FACT_STRING, "cmdline, options, udev, amazon or default" },
        { ROOT "/value", FACT_STRING, "seconds; null: not known" },
        { ROOT "/enough", FACT_BOOL, "long enough for EBS; null: not known" },
        { ROOT "/max", FACT_STRING, "largest number the parameter takes; null: it has none" },
        { ROOT "/misnamed", FACT_OBJECT, "the first given to the wrong module; null: none" },
        { ROOT "/misnamed/file", FACT_STRING, "where it is written" },
        { ROOT "/misnamed/line", FACT_INT, "its line" },
        { ROOT "/misnamed/text", FACT_STRING, "that line" },
        { ROOT "/misnamed/module", FACT_STRING, "that module" },
        {}
};

const struct probe probe_iotimeout = {
        .name = "iotimeout",
        .needs = PROBE_NEEDS("boot", "drivers", "nvme"),
        .provides = iotimeout_facts,
        .run = run_iotimeout,
};
