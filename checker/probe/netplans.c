#include "probe/netplans.h"

#include <fnmatch.h>

#include "base/xalloc.h"
#include "parse/lines.h"

/* /lib comes first and loses. */
static void collect(struct netlook *l, struct strv *ret_names, struct strv *ret_paths)
{
        static const char *const dirs[] = { "/etc/netplan", "/lib/netplan" };
        cleanup_strv struct strv sorted = { 0 };

        for (size_t d = 0; d < ARRAY_SIZE(dirs); d++) {
                cleanup_strv struct strv names = { 0 };
                struct err err = { 0 };

                if (volume_list(l->volume, dirs[d], &names, &err) < 0)
                        netreason_set(&l->reason, dirs[d], "%s", err.text);
                for (size_t i = 0; i < names.n; i++) {
                        if (fnmatch("*.yaml", names.v[i], FNM_PERIOD) != 0 ||
                            strv_contains(ret_names, names.v[i]))
                                continue;
                        strv_push(ret_names, names.v[i]);
                        strv_push_take(&sorted,
                                       xasprintf("%s %s/%s", names.v[i], dirs[d], names.v[i]));
                }
        }
        strv_sort(&sorted);
        for (size_t i = 0; i < sorted.n; i++)
                strv_push(ret_paths, strstr(sorted.v[i], " /") + 1);
}

void netplans_load(struct netlook *l, struct netplans *ret)
{
        static const char *const generators[] = {
                "/usr/lib/systemd/system-generators/netplan",
                "/lib/systemd/system-generators/netplan",
                "/usr/sbin/netplan",
                NULL,
        };
        cleanup_strv struct strv names = { 0 };

        ret->mac = l->mac;
        if (!netlook_has_any(l, generators))
                return;
        collect(l, &names, &ret->paths);
        ret->blobs = xcalloc(ret->paths.n + 1, sizeof(*ret->blobs));
        for (size_t i = 0; i < ret->paths.n; i++) {
                const char *path = ret->paths.v[i];
                struct err err = { 0 };
                int r = volume_read(l->volume, path, NETPLAN_MAX, &ret->blobs[i], &err);

                if (r > 0)
                        r = netplan_parse(blob_span(&ret->blobs[i]), i, &ret->plan, &err);
                if (r < 0) {
                        netreason_set(&l->reason, path,
                                      "%s; for one wrong file netplan configures nothing",
                                      err.text);
                        netplan_done(&ret->plan);
                        return;
                }
        }
        if (ret->plan.compound)
                netreason_set(&l->reason, ret->paths.v[ret->plan.compound_file],
                              "line %zu makes %s out of other interfaces, which is not understood",
                              ret->plan.compound_line, ret->plan.compound);
}

void netplans_done(struct netplans *p)
{
        netplan_done(&p->plan);
        for (size_t i = 0; i < p->paths.n; i++)
                blob_done(&p->blobs[i]);
        free(p->blobs);
        strv_done(&p->paths);
}

enum netplan_renderer netplans_renderer(const struct netplans *p, const struct netplan_def *d)
{
        enum netplan_renderer r = d->renderer ? d->renderer : p->plan.renderer;

        return r == NETPLAN_DEFAULT ? NETPLAN_NETWORKD : r;
}

enum netmatch netplans_match(const struct netplans *p, const struct netplan_def *d,
                             const char *name)
{
        enum netmatch all = NETMATCH_YES;

        if (!d->has_match)
                return name ? (streq(d->id, name) ? NETMATCH_YES : NETMATCH_NO) : NETMATCH_UNKNOWN;
        /* An empty [Match] is what netplan writes then; newer networkds ignore such a file. */
        if (!d->match_name && !d->match_mac && !d->match_driver)
                return NETMATCH_UNKNOWN;
        if (d->match_name)
                all = !name                                ? NETMATCH_UNKNOWN
                      : netmatch_glob(d->match_name, name) ? NETMATCH_YES
                                                           : NETMATCH_NO;
        if (d->match_mac)
                all = netmatch_and(all, p->mac);
        if (d->match_driver)
                all = netmatch_and(all, netmatch_globs(d->match_driver, NETLOOK_DRIVER));
        return all;
}

const struct netplan_def *netplans_rename(const struct netplans *p)
{
        for (size_t i = 0; i < p->plan.n; i++) {
                const struct netplan_def *d = &p->plan.v[i];

                if (d->set_name && d->has_match && !d->match_name &&
                    netplans_match(p, d, NULL) != NETMATCH_NO)
                        return d;
        }
        return NULL;
}

void netplans_publish(struct netlook *l, const struct netplans *p, const struct netplan_def *d,
                      enum netmatch match)
{
        const char *name = !d->has_match     ? d->id
                           : d->match_name   ? d->match_name
                           : d->match_mac    ? d->match_mac
                           : d->match_driver ? d->match_driver
                                             : "*";
        struct lines lines = lines_of(blob_span(&p->blobs[d->file]));
        struct line line = { 0 };

        while (line.number < d->line && lines_next(&lines, &line))
                ;
        netlook_found(l, match, name, "netplan", p->paths.v[d->file], d->line,
                      line_strip(line.text));
}
