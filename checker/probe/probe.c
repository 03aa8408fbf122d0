#include "probe/probe.h"

#include "base/str.h"
#include "probe/udevlinks.h"

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
        cleanup_udevlinks struct udevlinks *links = NULL;

        context->links = &links;
        for (const struct probe *const *p = probe_list; *p; p++)
                (*p)->run(context);
        context->links = NULL;
        facts_freeze(context->facts);
}

void probe_run(const char *name, struct probe_context *context)
{
        const struct probe *const *p = probe_list;
        cleanup_udevlinks struct udevlinks *links = NULL;
        struct probe_context own = *context;

        if (!own.links)
                own.links = &links;
        while (!streq((*p)->name, name))
                p++;
        (*p)->run(&own);
}

const struct udevlinks *probe_links(struct probe_context *context)
{
        if (!*context->links)
                *context->links = udevlinks_load(context->volume);
        return *context->links;
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
