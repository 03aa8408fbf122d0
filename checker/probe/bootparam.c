#include "probe/bootparam.h"

#include <stdio.h>

#include "base/str.h"
#include "base/xalloc.h"

#define PARAMS "/boot/entry/params"

int bootparam_known(const struct facts *f, char **ret_why, const char **ret_file)
{
        struct json_object *params;
        const char *why, *file;

        if (facts_get(f, PARAMS, &params) > 0)
                return 1;
        why = facts_why_unknown(f, PARAMS, &file);
        *ret_why = xasprintf("the kernel command line is not known%s%s", why ? ": " : "",
                             why ? why : "");
        *ret_file = why ? file : NULL;
        return 0;
}

const char *bootparam_last(const struct facts *f, const char *name)
{
        size_t n = facts_count(f, PARAMS);
        const char *last = NULL;

        for (size_t i = 0; i < n; i++) {
                char name_path[64], value_path[64];

                snprintf(name_path, sizeof(name_path), PARAMS "/%zu/name", i);
                snprintf(value_path, sizeof(value_path), PARAMS "/%zu/value", i);
                if (streq(facts_str(f, name_path), "--"))
                        break;
                if (streq(facts_str(f, name_path), name) && facts_str(f, value_path))
                        last = facts_str(f, value_path);
        }
        return last;
}

bool bootparam_has(const struct facts *f, const char *name)
{
        size_t n = facts_count(f, PARAMS);

        for (size_t i = 0; i < n; i++) {
                char path[64];

                snprintf(path, sizeof(path), PARAMS "/%zu/name", i);
                if (streq(facts_str(f, path), "--"))
                        return false;
                if (streq(facts_str(f, path), name))
                        return true;
        }
        return false;
}

bool bootparam_next(const struct facts *f, size_t *at, const char **ret_name,
                    const char **ret_value)
{
        char name[64], value[64];

        if (*at >= facts_count(f, PARAMS))
                return false;
        snprintf(name, sizeof(name), PARAMS "/%zu/name", *at);
        snprintf(value, sizeof(value), PARAMS "/%zu/value", *at);
        ++*at;
        *ret_name = facts_str(f, name);
        *ret_value = facts_str(f, value);
        return *ret_name && !streq(*ret_name, "--");
}

bool bootparam_is(const char *name, const char *want)
{
        for (; *name && *want; name++, want++)
                if ((*name == '-' ? '_' : *name) != (*want == '-' ? '_' : *want))
                        return false;
        return !*name && !*want;
}

struct bootparam_place bootparam_place(const struct facts *f)
{
        const char *file = facts_str(f, "/boot/entry/args/file");
        const char *text = facts_str(f, file ? "/boot/entry/args/text" : "/boot/entry/kernel/text");
        int64_t line = facts_int(f, file ? "/boot/entry/args/line" : "/boot/entry/kernel/line", 0);

        return (struct bootparam_place){ file ? file : facts_str(f, "/boot/entry/kernel/file"),
                                         text ? text : "", (size_t)line };
}

void bootparam_set_evidence(struct facts *f, const char *path)
{
        struct bootparam_place place = bootparam_place(f);

        facts_set_evidence(f, path, place.file, place.line, span_of(place.text));
}
