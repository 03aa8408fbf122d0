/*
 * Mistakes of a rule file, each told with file and key: "x.json: fail/0/if/fact: no probe provides
 * /boot/kernle". Parsing goes on after a mistake, so that one run shows them all; what was parsed
 * may only be used when there was none.
 */
#pragma once

#include "base/macro.h"
#include "base/str.h"
#include "rule/ruleset.h"

struct json_object;

struct lint {
        const char *file;
        fact_find_fn *find_decl; /* NULL: paths are not checked against the declarations */
        const char *each;        /* the array relative paths begin below; NULL: none; "": there
                                  * is one, but mistaken, so that they cannot be checked */
        struct strv *mistakes;
};

/* A value's position in the file; a chain on the stack, written out only for a mistake. */
struct place {
        const struct lint *lint;
        const struct place *up; /* NULL: the whole file */
        const char *key;        /* NULL: an element of an array */
        size_t index;
};

static inline struct place place_key(const struct place *up, const char *key)
{
        return (struct place){ up->lint, up, key, 0 };
}

static inline struct place place_index(const struct place *up, size_t index)
{
        return (struct place){ up->lint, up, NULL, index };
}

void lint_mistake(const struct place *at, const char *fmt, ...) _printf_(2, 3);

/* Every member is one of `known` (NULL-terminated), else mistakes with a hint. */
void lint_keys(const struct place *at, struct json_object *object, const char *const *known);

/* Kinds of facts a path may have at that place. */
#define LINT_TYPE(fact_type) (1u << (fact_type))
#define LINT_SCALAR          (LINT_TYPE(FACT_STRING) | LINT_TYPE(FACT_INT) | LINT_TYPE(FACT_BOOL))
#define LINT_TREE            (LINT_TYPE(FACT_ARRAY) | LINT_TYPE(FACT_OBJECT))
#define LINT_ANY             (LINT_SCALAR | LINT_TREE)

/* A well-formed path that some probe provides with one of the types. False after a mistake. */
bool lint_path(const struct place *at, const char *path, unsigned types);
/* A path of an object, or of an array of objects, that has evidence (facts_set_evidence). */
void lint_evidence(const struct place *at, const char *path);
