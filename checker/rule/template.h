/*
 * Texts of a rule with facts in them: "{path}" stands for the fact, "{{" for a brace. Where a list
 * of texts is given, the first whose facts are all there is taken.
 */
#pragma once

#include "rule/lint.h"
#include "rule/scope.h"

/* A string or a list of strings. Mistakes go to the lint. */
void template_check(struct json_object *json, const struct place *at);
/* Facts go in as they are; lists of plain values with commas. NULL when no text will do, or for
 * NULL; the caller frees it. */
char *template_expand(struct json_object *json, const struct scope *scope);
/* The same, but when no text will do the last, with "(not known)" for the facts that are not there.
 */
char *template_fill(struct json_object *json, const struct scope *scope);
