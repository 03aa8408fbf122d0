/* The instruction sets that the running machine's CPU shows. */
#include "parse/cpuinfo.h"
#include "probe/probe.h"

#define CPUINFO "/proc/cpuinfo"

static void run_cpu(struct probe_context *context)
{
        cleanup_blob struct blob text = { 0 };
        cleanup_strv struct strv flags = { 0 };
        struct facts *f = context->facts;
        struct err err = { 0 };
        int r;

        if (volume_mode(context->volume) != VOLUME_LIVE) {
                facts_unknown(f, "/cpu", NULL, "only a running machine shows its CPU");
                return;
        }
        r = volume_read(context->volume, CPUINFO, CPUINFO_FILE_MAX, &text, &err);
        if (r < 0)
                facts_unknown(f, "/cpu", NULL, "%s", err.text);
        if (r == 0)
                facts_unknown(f, "/cpu", CPUINFO, "/proc is not mounted");
        if (r <= 0)
                return;
        if (cpuinfo_flags(blob_span(&text), &flags) == 0 || flags.n == 0) {
                facts_unknown(f, "/cpu/flags", CPUINFO, "it lists no flags of the CPU");
                return;
        }
        facts_set_array(f, "/cpu/flags");
        for (size_t i = 0; i < flags.n; i++)
                facts_set_str(f, flags.v[i], "/cpu/flags/%zu", i);
}

static const struct fact_decl cpu_facts[] = {
        { "/cpu/flags", FACT_ARRAY, "flags of the first processor in /proc/cpuinfo, live only" },
        { "/cpu/flags/*", FACT_STRING, "one flag, as avx2" },
        {}
};

const struct probe probe_cpu = {
        .name = "cpu",
        .provides = cpu_facts,
        .run = run_cpu,
};
