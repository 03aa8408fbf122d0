#include "rule/scope.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

void scope_path(const struct scope *scope, const char *path, char ret[static SCOPE_PATH_SIZE])
{
        if (path[0] == '/' || !scope->element)
                snprintf(ret, SCOPE_PATH_SIZE, "%s", path);
        else if (streq(path, "."))
                snprintf(ret, SCOPE_PATH_SIZE, "%s", scope->element);
        else
                snprintf(ret, SCOPE_PATH_SIZE, "%s/%s", scope->element, path);
}

/* What is certainly not there has no members either. */
static bool is_below_null(const struct facts *facts, char *path)
{
        struct json_object *node;
        char *slash;
        int r = -ENOENT;

        while (r == -ENOENT && (slash = strrchr(path, '/')) && slash > path) {
                *slash = '\0';
                r = facts_get(facts, path, &node);
        }
        return r == 0;
}

int scope_get(const struct scope *scope, const char *path, struct json_object **ret_node)
{
        char absolute[SCOPE_PATH_SIZE];
        int r;

        scope_path(scope, path, absolute);
        r = facts_get(scope->facts, absolute, ret_node);
        return r == -ENOENT && is_below_null(scope->facts, absolute) ? 0 : r;
}
