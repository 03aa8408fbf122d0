/* The instance type asked for, and what this machine's CPU shows that it does not promise. */
#include <json-c/json.h>

#include "base/xalloc.h"
#include "ec2/ec2.h"
#include "probe/probe.h"

static void publish_list(struct facts *f, const char *path, const struct strv *l)
{
        facts_set_array(f, "%s", path);
        for (size_t i = 0; i < l->n; i++)
                facts_set_str(f, l->v[i], "%s/%zu", path, i);
}

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

static void publish_flags(struct facts *f, const struct ec2_type *type)
{
        cleanup_ec2_flags struct ec2_flags flags = { 0 };
        cleanup_strv struct strv shown = { 0 };
        cleanup_free char *reason = NULL;
        struct json_object *array;
        const char *file;

        if (facts_get(f, "/cpu/flags", &array) != 1 || !read_flags(array, &shown)) {
                const char *why = facts_why_unknown(f, "/cpu/flags", &file);

                flags_unknown(f, why ? why : "the flags of this machine's CPU are not known");
                return;
        }
        if (ec2_flags_compare(type, &shown, &flags) == 0) {
                reason = xasprintf("it is not known which flags the CPU of %s has", type->name);
                flags_unknown(f, reason);
                return;
        }
        publish_list(f, "/target/lost_flags", &flags.lost);
        publish_list(f, "/target/uncertain_flags", &flags.uncertain);
}

static void publish_unknown_type(struct facts *f, const char *name)
{
        cleanup_strv struct strv nearest = { 0 };
        cleanup_buf struct buf names = { 0 };

        ec2_type_nearest(name, &nearest);
        for (size_t i = 0; i < nearest.n; i++)
                buf_printf(&names, "%s%s", i ? ", " : "; like it are ", nearest.v[i]);
        facts_set_bool(f, false, "/target/known");
        facts_unknown(f, "/target", NULL, "no instance type %s is known%s", name,
                      names.len ? names.data : "");
}

/* Works on facts alone: a recorded facts file is asked about other targets, without a volume. */
static void run_target(struct probe_context *context)
{
        cleanup_ec2_type struct ec2_type type = { 0 };
        struct facts *f = context->facts;

        facts_set_str(f, context->target, "/target/type");
        if (!context->target) {
                facts_unknown(f, "/target", NULL, "no target type was named (--target)");
                return;
        }
        if (ec2_type_find(context->target, &type) == 0) {
                publish_unknown_type(f, context->target);
                return;
        }
        facts_set_bool(f, true, "/target/known");
        facts_set_str(f, type.hypervisor, "/target/hypervisor");
        facts_set_str(f, type.vendor, "/target/vendor");
        facts_set_bool(f, type.current_generation, "/target/current_generation");
        if (type.nitro)
                facts_set_int(f, type.nitro, "/target/nitro");
        else
                facts_set_null(f, "/target/nitro");
        publish_list(f, "/target/arch", &type.arch);
        publish_flags(f, &type);
}

static const struct fact_decl target_facts[] = {
        { "/target/type", FACT_STRING, "instance type asked for, null: none" },
        { "/target/known", FACT_BOOL, "this program knows the type" },
        { "/target/hypervisor", FACT_STRING, "xen, nitro or bare-metal (also a Nitro System)" },
        { "/target/nitro", FACT_INT, "version of its Nitro System; null: it is none" },
        { "/target/vendor", FACT_STRING, "maker of its CPU" },
        { "/target/current_generation", FACT_BOOL, "AWS counts it among the current ones" },
        { "/target/arch", FACT_ARRAY, "architectures of its images, as x86_64" },
        { "/target/arch/*", FACT_STRING, "one architecture" },
        { "/target/lost_flags", FACT_ARRAY, "flags of this CPU that no CPU of the target has" },
        { "/target/lost_flags/*", FACT_STRING, "one flag" },
        { "/target/uncertain_flags", FACT_ARRAY, "flags of this CPU the target may lack" },
        { "/target/uncertain_flags/*", FACT_STRING, "one flag" },
        {}
};

const struct probe probe_target = {
        .name = "target",
        .needs = PROBE_NEEDS("cpu"),
        .provides = target_facts,
        .run = run_target,
};
