#include "probe/probe.h"

#include "base/str.h"
#include "probe/shared.h"

#define PROBE(name) extern const struct probe probe_##name;
#include "probe/probe-list.h"
#undef PROBE

const struct probe *const probe_list[] = {
#define PROBE(name) &probe_##name,
#include "probe/probe-list.h"
#undef PROBE
        NULL,
};

void probe_run_all(struct probe_context *context)
{
        cleanup_shared struct probe_shared shared = { 0 };

        context->shared = &shared;
        for (const struct probe *const *p = probe_list; *p; p++)
                (*p)->run(context);
        context->shared = NULL;
        facts_freeze(context->facts);
}

void probe_run(const char *name, struct probe_context *context)
{
        const struct probe *const *p = probe_list;
        cleanup_shared struct probe_shared shared = { 0 };
        struct probe_context own = *context;

        if (!own.shared)
                own.shared = &shared;
        while (!streq((*p)->name, name))
                p++;
        (*p)->run(&own);
}

/* Part by part; `*` in the declaration stands for one part, whatever it is. */
static bool path_matches(const char *declared, const char *path)
{
        while (*declared && *path) {
                if (*declared == '*') {
                        declared++;
                        while (*path && *path != '/')
                                path++;
                } else if (*declared++ != *path++) {
                        return false;
                }
        }
        return *declared == *path;
}

const struct fact_decl *probe_find_decl(const char *path)
{
        for (const struct probe *const *p = probe_list; *p; p++)
                for (const struct fact_decl *d = (*p)->provides; d->path; d++)
                        if (path_matches(d->path, path))
                                return d;
        return NULL;
}
