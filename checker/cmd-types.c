#include <fnmatch.h>

#include "base/jsonx.h"
#include "base/wrap.h"
#include "base/xalloc.h"
#include "cmd.h"
#include "ec2/suggest.h"

#define TYPES_SCHEMA "xen2nitro/types/1"

/* ---- text ------------------------------------------------------------------------------------ */

static char *join(const struct strv *l)
{
        struct buf out = { 0 };

        for (size_t i = 0; i < l->n; i++)
                buf_printf(&out, "%s%s", i ? "," : "", l->v[i]);
        return buf_take(&out);
}

static char *memory_of(const struct ec2_type *t)
{
        if (t->mem_mib == 0)
                return xstrdup("?");
        return t->mem_mib % 1024 ? xasprintf("%.2f", (double)t->mem_mib / 1024)
                                 : xasprintf("%lld", (long long)t->mem_mib / 1024);
}

static char *system_of(const struct ec2_type *t)
{
        const char *word = streq(t->hypervisor, "bare-metal") ? "metal" : t->hypervisor;

        return t->nitro ? xasprintf("%s %d", word, t->nitro) : xstrdup(word);
}

static char *boot_of(const struct ec2_type *t)
{
        bool bios = strv_contains(&t->boot, "legacy-bios"), uefi = strv_contains(&t->boot, "uefi");

        return xasprintf("%s%s%s", bios ? "bios" : "", bios && uefi ? "," : "",
                         uefi   ? "uefi"
                         : bios ? ""
                                : "?");
}

static char *store_of(const struct ec2_type *t)
{
        if (t->store_count == 0)
                return xstrdup("-");
        return xasprintf("%dx%d %s", t->store_count, t->store_size_gb,
                         t->store_media ? t->store_media : "");
}

static char *ebs_of(const struct ec2_type *t)
{
        if (t->ebs_max == 0)
                return xstrdup("?");
        return xasprintf("%d%s", t->ebs_max, streq(t->ebs_limit, "shared") ? "*" : "");
}

#define ROW "%-17s %-7s %4s %8s %-11s %-9s %-11s %4s %-11s %s\n"

static void put_type(struct buf *out, const struct ec2_type *t)
{
        cleanup_free char *system = system_of(t), *memory = memory_of(t), *arch = join(&t->arch);
        cleanup_free char *boot = boot_of(t), *ebs = ebs_of(t), *store = store_of(t);
        cleanup_free char *cpu = join(&t->cpu), *vcpus = xasprintf("%d", t->vcpus);

        buf_printf(out, ROW, t->name, system, vcpus, memory, arch, boot, t->ena, ebs, store, cpu);
}

static void put_types(struct buf *out, const struct ec2_types *types, const struct strv *names)
{
        bool shared = false;

        buf_printf(out, ROW, "type", "system", "vCPU", "GiB", "arch", "boot", "ENA", "EBS",
                   "store GB", "CPU");
        for (size_t i = 0; i < types->n; i++)
                if (strv_contains(names, types->v[i].name)) {
                        put_type(out, &types->v[i]);
                        shared |= streq(types->v[i].ebs_limit, "shared");
                }
        if (shared)
                buf_puts(out, "\n* each network interface after the first takes one\n");
}

static void put_suggestions(struct buf *out, const struct ec2_type *from,
                            const struct ec2_suggestions *l)
{
        cleanup_free char *memory = memory_of(from);

        buf_printf(out, "%s: %s, %d vCPU, %s GiB, %s\n", from->name, from->hypervisor, from->vcpus,
                   memory, from->vendor);
        if (streq(from->hypervisor, "xen"))
                wrap_text(out, 2, "",
                          "On each of these, EBS volumes are NVMe disks and the network card is an "
                          "ENA; \"xen2nitro check --target TYPE\" tells whether this machine is "
                          "ready for it.");
        for (size_t i = 0; i < l->n; i++) {
                const struct ec2_type *t = l->v[i].type;
                cleanup_free char *gib = memory_of(t);

                buf_printf(out, "\n%s: %d vCPU, %s GiB, %s, Nitro version %d\n", t->name, t->vcpus,
                           gib, t->vendor, t->nitro);
                for (size_t k = 0; k < l->v[i].changes.n; k++)
                        wrap_text(out, 2, "- ", l->v[i].changes.v[k]);
        }
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static struct json_object *new_words(const struct strv *l)
{
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < l->n; i++)
                json_object_array_add(array, json_object_new_string(l->v[i]));
        return array;
}

/* Null where no source says. */
static void add_number(struct json_object *o, const char *key, int64_t value)
{
        json_object_object_add(o, key, value > 0 ? json_object_new_int64(value) : NULL);
}

static struct json_object *new_store(const struct ec2_type *t)
{
        struct json_object *o;

        if (t->store_count == 0)
                return NULL;
        o = json_object_new_object();
        jsonx_add_int(o, "count", t->store_count);
        jsonx_add_int(o, "size_gb", t->store_size_gb);
        jsonx_add_str(o, "media", t->store_media);
        json_object_object_add(o, "nvme", json_object_new_boolean(t->store_nvme));
        return o;
}

static struct json_object *new_type(const struct ec2_type *t)
{
        struct json_object *o = json_object_new_object();

        jsonx_add_str(o, "name", t->name);
        jsonx_add_str(o, "hypervisor", t->hypervisor);
        add_number(o, "nitro", t->nitro);
        json_object_object_add(o, "arch", new_words(&t->arch));
        json_object_object_add(o, "boot", new_words(&t->boot));
        jsonx_add_str(o, "ena", t->ena);
        add_number(o, "ebs_max", t->ebs_max);
        jsonx_add_str(o, "ebs_limit", t->ebs_limit);
        jsonx_add_str(o, "ebs_optimized", t->ebs_optimized);
        add_number(o, "vcpus", t->vcpus);
        add_number(o, "mem_mib", t->mem_mib);
        add_number(o, "max_enis", t->max_enis);
        json_object_object_add(o, "instance_store", new_store(t));
        jsonx_add_str(o, "vendor", t->vendor);
        json_object_object_add(o, "cpu", new_words(&t->cpu));
        jsonx_add_str(o, "credits", t->credits);
        json_object_object_add(o, "current_generation",
                               json_object_new_boolean(t->current_generation));
        return o;
}

/* Takes over `from` and `types`. */
static void put_json(struct buf *out, struct json_object *from, struct json_object *types)
{
        cleanup_json struct json_object *o = json_object_new_object();
        struct json_object *tool = json_object_new_object();

        jsonx_add_str(tool, "name", "xen2nitro");
        jsonx_add_str(tool, "version", XEN2NITRO_VERSION);
        jsonx_add_str(o, "schema", TYPES_SCHEMA);
        json_object_object_add(o, "tool", tool);
        json_object_object_add(o, "from", from);
        json_object_object_add(o, "types", types);
        jsonx_print(o, out);
}

static void put_types_json(struct buf *out, const struct ec2_types *types, const struct strv *names)
{
        struct json_object *list = json_object_new_array();

        for (size_t i = 0; i < types->n; i++)
                if (strv_contains(names, types->v[i].name))
                        json_object_array_add(list, new_type(&types->v[i]));
        put_json(out, NULL, list);
}

static void put_suggestions_json(struct buf *out, const struct ec2_type *from,
                                 const struct ec2_suggestions *l)
{
        struct json_object *list = json_object_new_array();

        for (size_t i = 0; i < l->n; i++) {
                struct json_object *one = new_type(l->v[i].type);

                json_object_object_add(one, "changes", new_words(&l->v[i].changes));
                json_object_array_add(list, one);
        }
        put_json(out, new_type(from), list);
}

/* ---- the verb -------------------------------------------------------------------------------- */

/* A whole name, a family, or a glob pattern. */
static bool matches(const char *pattern, const char *type)
{
        return !pattern || fnmatch(pattern, type, 0) == 0 ||
               (str_startswith(type, pattern) && type[strlen(pattern)] == '.');
}

static int unknown_type(const char *name)
{
        cleanup_strv struct strv nearest = { 0 };
        cleanup_free char *hint = NULL;

        ec2_type_nearest(name, &nearest);
        hint = cmd_hint(name, &nearest);
        return cmd_fail(EXIT_USAGE, "types: no instance type \"%s\" is known%s", name, hint);
}

static int list_types(const struct options *options, bool json, struct buf *out)
{
        const char *pattern = options->n_args ? options->args[0] : NULL;
        cleanup_ec2_types struct ec2_types types = { 0 };
        cleanup_strv struct strv names = { 0 };

        ec2_types_load(&types);
        for (size_t i = 0; i < types.n; i++)
                if (matches(pattern, types.v[i].name))
                        strv_push(&names, types.v[i].name);
        if (names.n == 0)
                return unknown_type(pattern);
        (json ? put_types_json : put_types)(out, &types, &names);
        return EXIT_READY;
}

static int suggest_types(const struct options *options, bool json, struct buf *out)
{
        cleanup_ec2_suggestions struct ec2_suggestions suggestions = { 0 };
        cleanup_ec2_types struct ec2_types types = { 0 };
        cleanup_ec2_type struct ec2_type from = { 0 };

        if (options->n_args)
                return cmd_fail(EXIT_USAGE, "types: --suggest goes without a pattern");
        if (ec2_type_find(options->suggest, &from) == 0)
                return unknown_type(options->suggest);
        ec2_types_load(&types);
        ec2_suggest(&types, &from, &suggestions);
        if (suggestions.n == 0)
                return cmd_fail(EXIT_NOT_READY,
                                "types: no Nitro type has the virtual CPUs and memory of %s",
                                from.name);
        (json ? put_suggestions_json : put_suggestions)(out, &from, &suggestions);
        return EXIT_READY;
}

static int run_types(const struct options *options)
{
        bool json = streq(options->format, "json");
        cleanup_buf struct buf out = { 0 };
        int r;

        if (options->format && !json && !streq(options->format, "text"))
                return cmd_fail(EXIT_USAGE, "types: --format: \"%s\" is not text or json",
                                options->format);
        if (options->n_args > 1)
                return cmd_fail(EXIT_USAGE, "types: one pattern, such as m5 or \"m5*.large\"");
        r = options->suggest ? suggest_types(options, json, &out) : list_types(options, json, &out);
        return r == EXIT_READY ? cmd_write_output(options->output, buf_span(&out)) : r;
}

const struct cmd cmd_types = {
        .name = "types",
        .args = "[PATTERN]",
        .summary = "what is known of EC2 instance types",
        .options = "suggest format output",
        .run = run_types,
};
