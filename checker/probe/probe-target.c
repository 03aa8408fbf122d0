/* The instance type asked for, and what this machine's CPU shows that it does not promise. */
#include <json-c/json.h>

#include "base/xalloc.h"
#include "ec2/ec2.h"
#include "probe/probe.h"
#include "probe/typefacts.h"

static void flags_unknown(struct facts *f, const char *reason)
{
        facts_unknown(f, "/target/lost_flags", NULL, "%s", reason);
        facts_unknown(f, "/target/uncertain_flags", NULL, "%s", reason);
}

/* False when a recorded file has something else there. */
static bool read_flags(struct json_object *array, struct strv *ret)
{
        if (!json_object_is_type(array, json_type_array))
                return false;
        for (size_t i = 0; i < json_object_array_length(array); i++) {
                struct json_object *flag = json_object_array_get_idx(array, i);

                if (!json_object_is_type(flag, json_type_string))
                        return false;
                strv_push(ret, json_object_get_string(flag));
        }
        return true;
}

/* Where no CPU is seen, the type that the machine moves from tells which it may have. */
static bool take_source_flags(struct facts *f, struct strv *ret)
{
        const char *source = facts_str(f, "/move/source");
        cleanup_ec2_type struct ec2_type type = { 0 };

        if (!source || ec2_type_find(source, &type) == 0 || ec2_flags_of(&type, ret) == 0)
                return false;
        facts_set_str(f, source, "/target/flags_of");
        return true;
}

static bool take_flags(struct facts *f, struct strv *ret)
{
        struct json_object *array;
        const char *file, *why;

        if (facts_get(f, "/cpu/flags", &array) == 1 && read_flags(array, ret)) {
                facts_set_str(f, "this machine", "/target/flags_of");
                return true;
        }
        strv_done(ret);
        if (take_source_flags(f, ret))
                return true;
        why = facts_why_unknown(f, "/cpu/flags", &file);
        flags_unknown(f, why ? why : "the flags of this machine's CPU are not known");
        return false;
}

static void publish_flags(struct facts *f, const struct ec2_type *type)
{
        cleanup_ec2_flags struct ec2_flags flags = { 0 };
        cleanup_strv struct strv shown = { 0 };
        cleanup_free char *reason = NULL;

        if (!take_flags(f, &shown))
                return;
        if (ec2_flags_compare(type, &shown, &flags) == 0) {
                reason = xasprintf("it is not known which flags the CPU of %s has", type->name);
                flags_unknown(f, reason);
                return;
        }
        typefacts_list(f, &flags.lost, "/target/lost_flags");
        typefacts_list(f, &flags.uncertain, "/target/uncertain_flags");
}

/* Works on facts alone: a recorded facts file is asked about other targets, without a volume. */
static void run_target(struct probe_context *context)
{
        cleanup_ec2_type struct ec2_type type = { 0 };
        struct facts *f = context->facts;

        facts_set_str(f, context->target, "/target/type");
        if (typefacts_publish(f, "/target", context->target, "no target type was named (--target)",
                              &type))
                publish_flags(f, &type);
}

static const struct fact_decl target_facts[] = {
        { "/target/type", FACT_STRING, "instance type asked for, null: none" },
        TYPEFACTS_DECLS("/target"),
        { "/target/flags_of", FACT_STRING,
          "whose CPU flags are compared: this machine, or the type it moves from" },
        { "/target/lost_flags", FACT_ARRAY,
          "of those flags the ones that no CPU of the target has" },
        { "/target/lost_flags/*", FACT_STRING, "one flag" },
        { "/target/uncertain_flags", FACT_ARRAY, "of those flags the ones the target may lack" },
        { "/target/uncertain_flags/*", FACT_STRING, "one flag" },
        {}
};

const struct probe probe_target = {
        .name = "target",
        .needs = PROBE_NEEDS("cpu", "move"),
        .provides = target_facts,
        .run = run_target,
};
