/*
 * Modules of the NVMe and ENA drivers that are compressed otherwise than those the kernel came
 * with: put there by hand, perhaps, for a kmod or a kernel that cannot read them. kmod reads what
 * it was built for, and distributions build it for what their own modules are.
 *   https://github.com/kmod-project/kmod (libkmod-file.c)
 */
#include "base/xalloc.h"
#include "probe/probe.h"

#define LIST "/module_compression"

struct compression_probe {
        struct probe_context *context;
        struct facts *facts;
        const char *dir; /* the kernel's modules */
        char *own;       /* how its own modules end: "ko.xz" */
};

/* "ko", "ko.xz" of a file name, or NULL. */
static const char *suffix_of(const char *name)
{
        for (const char *dot = strrchr(name, '/') ?: name; (dot = strchr(dot, '.')); dot++)
                if (streq(dot, ".ko") || str_startswith(dot, ".ko."))
                        return dot + 1;
        return NULL;
}

/* From the first module of a directory that holds what nobody puts there by hand. */
static void find_own(struct compression_probe *p)
{
        static const char *const dirs[] = { "kernel/crypto", "kernel/lib", "kernel/fs/fat",
                                            "kernel/drivers/block" };

        for (size_t i = 0; i < ARRAY_SIZE(dirs) && !p->own; i++) {
                cleanup_free char *path = xasprintf("%s/%s", p->dir, dirs[i]);
                cleanup_strv struct strv names = { 0 };

                if (volume_list(p->context->volume, path, &names, NULL) <= 0)
                        continue;
                for (size_t k = 0; k < names.n && !p->own; k++) {
                        const char *suffix = suffix_of(names.v[k]);

                        p->own = suffix ? xstrdup(suffix) : NULL;
                }
        }
}

/* Uncompressed modules are read by all. */
static void look_at(struct compression_probe *p, const char *path)
{
        const char *suffix = suffix_of(path);
        cleanup_free char *node = NULL;

        if (!suffix || streq(suffix, "ko"))
                return;
        if (!p->own)
                find_own(p);
        if (streq(suffix, p->own))
                return;
        if (!p->own) {
                facts_unknown(p->facts, LIST, path,
                              "how the kernel's own modules are compressed is not known");
                return;
        }
        node = xasprintf(LIST "/%zu", facts_count(p->facts, LIST));
        facts_set_evidence(p->facts, node, path, 0, (struct span){ 0 });
        facts_set_str(p->facts, suffix, "%s/suffix", node);
        facts_set_str(p->facts, p->own, "%s/own", node);
}

static void run_compression(struct probe_context *context)
{
        static const char *const drivers[] = { "nvme", "ena" };
        struct compression_probe p = {
                .context = context,
                .facts = context->facts,
                .dir = facts_str(context->facts, "/drivers/dir"),
        };
        const char *file = NULL, *why = facts_why_unknown(p.facts, "/drivers", &file);

        if (!p.dir) {
                facts_unknown(p.facts, LIST, file, "which modules the kernel has is not known%s%s",
                              why ? ": " : "", why ? why : "");
                return;
        }
        facts_set_array(p.facts, LIST);
        for (size_t d = 0; d < ARRAY_SIZE(drivers); d++) {
                cleanup_free char *list = xasprintf("/drivers/%s/modules", drivers[d]);

                for (size_t i = 0, n = facts_count(p.facts, list); i < n; i++) {
                        cleanup_free char *fact = xasprintf("%s/%zu/path", list, i);
                        const char *path = facts_str(p.facts, fact);

                        if (path)
                                look_at(&p, path);
                }
        }
        free(p.own);
}

static const struct fact_decl compression_facts[] = {
        { LIST, FACT_ARRAY, "modules of the drivers compressed otherwise than the kernel's own" },
        { LIST "/*/file", FACT_STRING, "the module" },
        { LIST "/*/line", FACT_INT, "0" },
        { LIST "/*/text", FACT_STRING, "empty" },
        { LIST "/*/suffix", FACT_STRING, "how its name ends: ko.zst" },
        { LIST "/*/own", FACT_STRING, "how the names of the kernel's own end" },
        {}
};

const struct probe probe_compression = {
        .name = "compression",
        .needs = PROBE_NEEDS("drivers"),
        .provides = compression_facts,
        .run = run_compression,
};
