/*
 * Where the paths of a rule point: "/boot/entry" is absolute; "value" is a member of the element
 * that `each` stands at, and "." that element.
 */
#pragma once

#include "facts.h"

struct json_object;

#define RULE_PATH_MAX   100 /* bytes of a path in a rule */
#define SCOPE_PATH_SIZE 256 /* an element's path and a rule's path below it */

struct scope {
        const struct facts *facts;
        const char *element; /* absolute path of the element; NULL outside `each` */
};

/* The absolute path; without an element a relative one stays as it is, and is missing. */
void scope_path(const struct scope *scope, const char *path, char ret[static SCOPE_PATH_SIZE]);
/* As facts_get: 1, 0 for null, -ENOENT; what is below null is null too, *ret_node is then unset. */
int scope_get(const struct scope *scope, const char *path, struct json_object **ret_node);
