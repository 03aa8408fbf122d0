/*
 * What keeps the machine from using all of the instance type asked for: processors and memory that
 * the kernel is told to leave alone, or was not built for, and the firmware that the type starts
 * with. Works on facts alone, as the target does.
 *   https://docs.kernel.org/admin-guide/kernel-parameters.html (maxcpus=, nr_cpus=, nosmp, mem=)
 */
#include <stdlib.h>

#include "base/xalloc.h"
#include "probe/bootparam.h"
#include "probe/probe.h"

#define LIST "/limits/list"

/* Kernels of that size were a common build once; later ones have thousands. */
#define FEW_CPUS 32

struct limit {
        const char *word, *kind;
        int64_t amount;          /* processors, or MiB of memory */
        const char *file, *text; /* file NULL: the command line */
};

static void publish_cut(struct facts *f, const char *path, const struct limit *l)
{
        bool is_cpus = streq(l->kind, "cpus");
        int64_t want = facts_int(f, is_cpus ? "/target/vcpus" : "/target/mem_mib", -1);
        struct json_object *type;

        if (facts_get(f, "/target/type", &type) == 0)
                facts_set_null(f, "%s/cuts", path);
        else if (want < 0)
                facts_unknown(f, path, NULL, "how large %s is, is not known",
                              facts_str(f, "/target/type"));
        else
                facts_set_bool(f, l->amount < want, "%s/cuts", path);
}

static void add_limit(struct facts *f, const struct limit *l)
{
        cleanup_free char *path = xasprintf(LIST "/%zu", facts_count(f, LIST));

        if (l->file)
                facts_set_evidence(f, path, l->file, 0, span_of(l->text));
        else
                bootparam_set_evidence(f, path);
        facts_set_str(f, l->word, "%s/word", path);
        facts_set_str(f, l->kind, "%s/kind", path);
        facts_set_int(f, l->amount, "%s/amount", path);
        publish_cut(f, path, l);
}

/* maxcpus=0 is one processor, as nosmp. Of a name the last counts. */
static void look_at_cpus(struct facts *f)
{
        static const char *const names[] = { "maxcpus", "nr_cpus", "possible_cpus" };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                const char *value = bootparam_last(f, names[i]);
                cleanup_free char *word = xasprintf("%s=%s", names[i], value ? value : "");
                uint64_t number;

                if (value && str_to_u64(span_of(value), &number) == 0 && number <= INT32_MAX)
                        add_limit(f, &(struct limit){ word, "cpus", number ? (int64_t)number : 1,
                                                      NULL, NULL });
        }
        if (bootparam_has(f, "nosmp"))
                add_limit(f, &(struct limit){ "nosmp", "cpus", 1, NULL, NULL });
}

/* "4G": the amount in MiB; -1: not such a number (mem=nopentium, say). */
static int64_t mib_of(const char *value)
{
        char *end;
        unsigned long long number = strtoull(value, &end, 0);
        int shift = *end == 'G' || *end == 'g'   ? 10
                    : *end == 'M' || *end == 'm' ? 0
                    : *end == 'K' || *end == 'k' ? -10
                    : *end == '\0'               ? -20
                                                 : 99;

        if (end == value || !ascii_isdigit(*value) || shift == 99 || number > INT64_MAX >> 10)
                return -1;
        return (int64_t)(shift < 0 ? number >> -shift : number << shift);
}

static void look_at_memory(struct facts *f)
{
        const char *value = bootparam_last(f, "mem");
        cleanup_free char *word = xasprintf("mem=%s", value ? value : "");
        int64_t mib = value ? mib_of(value) : -1;

        if (mib > 0)
                add_limit(f, &(struct limit){ word, "memory", mib, NULL, NULL });
}

static void look_at_kernel(struct facts *f)
{
        int64_t cpus = facts_int(f, "/kconfig/nr_cpus", INT64_MAX);
        int64_t want = facts_int(f, "/target/vcpus", 0);
        cleanup_free char *text = xasprintf("CONFIG_NR_CPUS=%lld", (long long)cpus);
        const char *file, *why;

        if (want > 0 && cpus == INT64_MAX) {
                why = facts_why_unknown(f, "/kconfig/nr_cpus", &file);
                facts_unknown(f, LIST, why ? file : NULL, "%s",
                              why ? why : "how many processors the kernel uses is not known");
        }
        if (cpus <= FEW_CPUS || cpus < want)
                add_limit(f, &(struct limit){ text, "cpus", cpus, facts_str(f, "/kconfig/file"),
                                              text });
}

static bool boots_by(const struct facts *f, const char *mode)
{
        for (size_t i = 0; i < facts_count(f, "/target/boot"); i++) {
                cleanup_free char *path = xasprintf("/target/boot/%zu", i);

                if (streq(facts_str(f, path), mode))
                        return true;
        }
        return false;
}

static void look_at_firmware(struct facts *f)
{
        struct json_object *node;
        const char *file, *why;

        if (facts_get(f, "/target/type", &node) == 0) {
                facts_set_null(f, "/limits/uefi_only");
        } else if (facts_count(f, "/target/boot") == 0) {
                why = facts_why_unknown(f, "/target/boot", &file);
                facts_unknown(f, "/limits/uefi_only", NULL, "%s",
                              why ? why : "the boot modes of the type are not known");
        } else {
                facts_set_bool(f, !boots_by(f, "legacy-bios"), "/limits/uefi_only");
        }
}

static void run_limits(struct probe_context *context)
{
        struct facts *f = context->facts;
        cleanup_free char *why = NULL;
        const char *file;

        facts_set_array(f, LIST);
        if (bootparam_known(f, &why, &file)) {
                look_at_cpus(f);
                look_at_memory(f);
        } else {
                facts_unknown(f, LIST, file, "%s", why);
        }
        look_at_kernel(f);
        look_at_firmware(f);
}

static const struct fact_decl limits_facts[] = {
        { LIST, FACT_ARRAY, "what makes the kernel use less than the instance has" },
        { LIST "/*/file", FACT_STRING, "where it is written" },
        { LIST "/*/line", FACT_INT, "its line" },
        { LIST "/*/text", FACT_STRING, "that line" },
        { LIST "/*/word", FACT_STRING, "as maxcpus=4 or CONFIG_NR_CPUS=32" },
        { LIST "/*/kind", FACT_STRING, "cpus or memory" },
        { LIST "/*/amount", FACT_INT, "processors, or MiB" },
        { LIST "/*/cuts", FACT_BOOL, "the target has more; null: no target was named" },
        { "/limits/uefi_only", FACT_BOOL,
          "the target does not start by BIOS; null: no target was named" },
        {}
};

const struct probe probe_limits = {
        .name = "limits",
        .needs = PROBE_NEEDS("boot", "kconfig", "target"),
        .provides = limits_facts,
        .run = run_limits,
};
