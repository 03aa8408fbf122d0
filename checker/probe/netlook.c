#include "probe/netlook.h"

#include <fnmatch.h>
#include <stdio.h>

#include "base/xalloc.h"

#define PATTERN_MAX 256

enum netmatch netmatch_and(enum netmatch a, enum netmatch b)
{
        static const enum netmatch order[] = { NETMATCH_NO, NETMATCH_UNKNOWN, NETMATCH_MAC };

        for (size_t i = 0; i < ARRAY_SIZE(order); i++)
                if (a == order[i] || b == order[i])
                        return order[i];
        return NETMATCH_YES;
}

bool netmatch_glob(const char *pattern, const char *value)
{
        return strlen(pattern) <= PATTERN_MAX && fnmatch(pattern, value, 0) == 0;
}

enum netmatch netmatch_globs(const char *patterns, const char *value)
{
        bool inverted = patterns[0] == '!';
        const char *p = patterns + inverted;

        while (*(p += strspn(p, " \t"))) {
                size_t n = strcspn(p, " \t");
                cleanup_free char *pattern = xmemdup0(p, n);

                if (netmatch_glob(pattern, value))
                        return inverted ? NETMATCH_NO : NETMATCH_YES;
                p += n;
        }
        return inverted ? NETMATCH_YES : NETMATCH_NO;
}

bool netlook_has(struct netlook *l, const char *path)
{
        cleanup_free char *target = NULL;
        struct err err = { 0 };
        struct stat st;
        int r = volume_readlink(l->volume, path, &target, &err);

        if (r == 0)
                r = volume_stat(l->volume, path, &st, &err);
        if (r < 0)
                netreason_set(&l->reason, path, "%s", err.text);
        return r > 0;
}

bool netlook_has_any(struct netlook *l, const char *const *paths)
{
        for (; *paths; paths++)
                if (netlook_has(l, *paths))
                        return true;
        return false;
}

bool netlook_masked(const struct netlook *l, const char *path)
{
        cleanup_free char *target = NULL;

        return volume_readlink(l->volume, path, &target, NULL) > 0 && streq(target, "/dev/null");
}

bool netlook_enabled(struct netlook *l, const char *service)
{
        static const char *const dirs[] = { NETLOOK_WANTS,
                                            "/etc/systemd/system/network-online.target.wants",
                                            "/etc/systemd/system/sysinit.target.wants",
                                            "/usr/lib/systemd/system/multi-user.target.wants",
                                            "/lib/systemd/system/multi-user.target.wants" };
        cleanup_free char *mask = xasprintf("/etc/systemd/system/%s", service);

        if (netlook_masked(l, mask))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
                cleanup_free char *path = xasprintf("%s/%s", dirs[i], service);

                if (netlook_has(l, path))
                        return true;
        }
        return false;
}

char *netlook_find(struct netlook *l, const char *dir, const char *pattern)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(l->volume, dir, &names, &err) < 0)
                netreason_set(&l->reason, dir, "%s", err.text);
        for (size_t i = 0; i < names.n; i++)
                if (fnmatch(pattern, names.v[i], FNM_PERIOD) == 0)
                        return xasprintf("%s/%s", dir, names.v[i]);
        return NULL;
}

int netlook_read(struct netlook *l, const char *path, size_t max, struct blob *ret)
{
        struct err err = { 0 };
        int r;

        if (netlook_masked(l, path))
                return 0;
        r = volume_read(l->volume, path, max, ret, &err);
        if (r < 0)
                netreason_set(&l->reason, path, "%s", err.text);
        return r < 0 ? -1 : r;
}

void netlook_configured(struct netlook *l, const char *name, const char *by, const char *file,
                        size_t line, struct span text)
{
        char path[64];

        if (l->quiet)
                return;
        snprintf(path, sizeof(path), "/network/configured/%zu",
                 facts_count(l->facts, "/network/configured"));
        facts_set_evidence(l->facts, path, file, line, text);
        facts_set_str(l->facts, name, "%s/name", path);
        facts_set_str(l->facts, by, "%s/by", path);
}

void netlook_found(struct netlook *l, enum netmatch match, const char *name, const char *by,
                   const char *file, size_t line, struct span text)
{
        netlook_configured(l, name, by, file, line, text);
        if (match == NETMATCH_UNKNOWN)
                netreason_set(&l->reason, file,
                              "line %zu: whether it matches the card is only to be told on the "
                              "running machine",
                              line);
        if (match != NETMATCH_YES && match != NETMATCH_MAC)
                return;
        l->by_mac = match == NETMATCH_MAC && (l->by_mac || !l->covered);
        l->covered = true;
}
