/*
 * Texts of a rule with facts in them: "{path}" stands for the fact, "{{" for a brace. Where a list
 * of texts is given, the first whose facts are all there is taken.
 */
#pragma once

#include "rule/lint.h"
#include "rule/scope.h"

/* A string or a list of strings. Mistakes go to the lint. */
void template_check(struct json_object *json, const struct place *at);
/*
 * Facts go in as they are; lists of plain values with commas. A fact that is missing or null stands
 * as "(not known)", but only when no other text would do. NULL for NULL; the caller frees it.
 */
char *template_expand(struct json_object *json, const struct scope *scope);
