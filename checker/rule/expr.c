#include "rule/expr.h"

#include "base/jsonx.h"
#include "base/xalloc.h"

static const struct {
        const char *name;
        unsigned types; /* of the fact, and of what it is compared with */
} ops[_EXPR_MAX] = {
        [EXPR_ALL] = { "all" },
        [EXPR_ANY] = { "any" },
        [EXPR_NOT] = { "not" },
        [EXPR_EXISTS] = { "exists", LINT_ANY },
        [EXPR_EMPTY] = { "empty", LINT_TYPE(FACT_ARRAY) },
        [EXPR_EQ] = { "eq", LINT_SCALAR },
        [EXPR_NE] = { "ne", LINT_SCALAR },
        [EXPR_LT] = { "lt", LINT_TYPE(FACT_INT) },
        [EXPR_LE] = { "le", LINT_TYPE(FACT_INT) },
        [EXPR_GT] = { "gt", LINT_TYPE(FACT_INT) },
        [EXPR_GE] = { "ge", LINT_TYPE(FACT_INT) },
        [EXPR_IN] = { "in", LINT_SCALAR },
        [EXPR_GLOB] = { "glob", LINT_TYPE(FACT_STRING) },
};

static void parse(struct json_object *json, const struct place *at, unsigned depth,
                  struct expr *ret);

static void parse_list(struct json_object *json, const struct place *at, unsigned depth,
                       struct expr *e)
{
        if (!json_object_is_type(json, json_type_array) || json_object_array_length(json) == 0) {
                lint_mistake(at, "must be a list of conditions");
                return;
        }
        for (size_t i = 0; i < json_object_array_length(json); i++) {
                struct place here = place_index(at, i);

                parse(json_object_array_get_idx(json, i), &here, depth,
                      ARRAY_PUSH(&e->sub, &e->n, &e->cap));
        }
}

static void parse_path(struct json_object *json, const struct place *at, unsigned types,
                       struct expr *e)
{
        if (!json_object_is_type(json, json_type_string)) {
                lint_mistake(at, "must be the path of a fact");
                return;
        }
        e->path = json_object_get_string(json);
        lint_path(at, e->path, types);
}

/* The kind of fact a literal is compared with, as LINT_TYPE; 0 when with none. */
static unsigned literal_type(struct json_object *json)
{
        switch (json_object_get_type(json)) {
        case json_type_string:
                return LINT_TYPE(FACT_STRING);
        case json_type_int:
                return LINT_TYPE(FACT_INT);
        case json_type_boolean:
                return LINT_TYPE(FACT_BOOL);
        default:
                return 0;
        }
}

/* The type, or 0 after a mistake. */
static unsigned one_type(struct json_object *json, const struct place *at)
{
        unsigned type = literal_type(json);

        if (!type)
                lint_mistake(at, "must be a string, a number, true or false");
        return type;
}

/* The type all elements have, or 0 after a mistake. */
static unsigned list_type(struct json_object *json, const struct place *at)
{
        size_t n = json_object_is_type(json, json_type_array) ? json_object_array_length(json) : 0;
        unsigned type = n ? literal_type(json_object_array_get_idx(json, 0)) : 0;

        for (size_t i = 1; i < n; i++)
                if (literal_type(json_object_array_get_idx(json, i)) != type)
                        type = 0;
        if (!type)
                lint_mistake(at, "must be a list of strings or of numbers");
        return type;
}

/* EXPR_ALL when it is none. */
static enum expr_op find_comparison(const char *name)
{
        for (enum expr_op op = EXPR_EQ; op < _EXPR_MAX; op++)
                if (streq(ops[op].name, name))
                        return op;
        return EXPR_ALL;
}

static void parse_comparison(struct json_object *json, const struct place *at, struct expr *e)
{
        struct place fact = place_key(at, "fact"), literal;
        unsigned type;

        json_object_object_foreach(json, key, value)
        {
                enum expr_op op = find_comparison(key);

                if (op == EXPR_ALL)
                        continue;
                e->op = op;
                e->literal = value;
        }
        if (e->op == EXPR_ALL || json_object_object_length(json) != 2) {
                lint_mistake(at, "\"fact\" needs exactly one of eq ne lt le gt ge in glob");
                return;
        }
        literal = place_key(at, ops[e->op].name);
        type = e->op == EXPR_IN ? list_type(e->literal, &literal) : one_type(e->literal, &literal);
        if (type && !(type & ops[e->op].types))
                lint_mistake(&literal, "must be %s", e->op == EXPR_GLOB ? "a string" : "a number");
        parse_path(json_object_object_get(json, "fact"), &fact,
                   type & ops[e->op].types ? type : ops[e->op].types, e);
}

/* Everything but a comparison has exactly one key. */
static void parse(struct json_object *json, const struct place *at, unsigned depth,
                  struct expr *ret)
{
        struct place here;
        struct json_object *value = NULL;

        if (depth > EXPR_DEPTH_MAX) {
                lint_mistake(at, "conditions are nested more than %d deep", EXPR_DEPTH_MAX);
                return;
        }
        if (jsonx_member(json, "fact", json_type_string)) {
                parse_comparison(json, at, ret);
                return;
        }
        for (enum expr_op op = EXPR_ALL; op < EXPR_EQ && !value; op++)
                if (json_object_is_type(json, json_type_object) &&
                    json_object_object_get_ex(json, ops[op].name, &value))
                        ret->op = op;
        if (!value || json_object_object_length(json) != 1) {
                lint_mistake(at, "must be {\"all\": [...]}, {\"any\": [...]}, {\"not\": {...}}, "
                                 "{\"exists\": PATH}, {\"empty\": PATH} or {\"fact\": PATH, "
                                 "\"eq\": VALUE}");
                return;
        }
        here = place_key(at, ops[ret->op].name);
        if (ret->op == EXPR_NOT)
                parse(value, &here, depth + 1, ARRAY_PUSH(&ret->sub, &ret->n, &ret->cap));
        else if (ret->op < EXPR_NOT)
                parse_list(value, &here, depth + 1, ret);
        else
                parse_path(value, &here, ops[ret->op].types, ret);
}

void expr_parse(struct json_object *json, const struct place *at, struct expr *ret)
{
        parse(json, at, 1, ret);
}

void expr_done(struct expr *e)
{
        for (size_t i = 0; i < e->n; i++)
                expr_done(&e->sub[i]);
        free(e->sub);
        *e = (struct expr){ 0 };
}

static enum tri tri_of(bool truth)
{
        return truth ? TRI_TRUE : TRI_FALSE;
}

/* Greedy with one point to go back to, so at most pattern times text. */
static bool glob_match(const char *pattern, const char *text)
{
        const char *star = NULL, *resume = NULL;

        while (*text) {
                if (*pattern == '*') {
                        star = pattern++;
                        resume = text;
                } else if (*pattern == '?' || *pattern == *text) {
                        pattern++;
                        text++;
                } else if (star) {
                        pattern = star + 1;
                        text = ++resume;
                } else {
                        return false;
                }
        }
        return pattern[strspn(pattern, "*")] == '\0';
}

/* Less, equal, greater: -1, 0, 1. Both have the same type. */
static int order(struct json_object *a, struct json_object *b)
{
        int64_t i, j;

        if (json_object_is_type(a, json_type_string))
                return strcmp(json_object_get_string(a), json_object_get_string(b));
        i = json_object_get_int64(a);
        j = json_object_get_int64(b);
        return (i > j) - (i < j);
}

static bool is_in(struct json_object *fact, struct json_object *list)
{
        for (size_t i = 0; i < json_object_array_length(list); i++)
                if (order(fact, json_object_array_get_idx(list, i)) == 0)
                        return true;
        return false;
}

/* A fact of another type than the literal is not understood: unknown. */
static enum tri compare(const struct expr *e, struct json_object *fact)
{
        struct json_object *literal = e->literal;

        if (e->op == EXPR_IN)
                literal = json_object_array_get_idx(literal, 0);
        if (!json_object_is_type(fact, json_object_get_type(literal)))
                return TRI_UNKNOWN;
        switch (e->op) {
        case EXPR_EQ:
                return tri_of(order(fact, literal) == 0);
        case EXPR_NE:
                return tri_of(order(fact, literal) != 0);
        case EXPR_LT:
                return tri_of(order(fact, literal) < 0);
        case EXPR_LE:
                return tri_of(order(fact, literal) <= 0);
        case EXPR_GT:
                return tri_of(order(fact, literal) > 0);
        case EXPR_GE:
                return tri_of(order(fact, literal) >= 0);
        case EXPR_IN:
                return tri_of(is_in(fact, e->literal));
        default:
                return tri_of(
                        glob_match(json_object_get_string(literal), json_object_get_string(fact)));
        }
}

/* An array with a reason at its own path may lack elements (facts.h). */
static enum tri eval_empty(const struct expr *e, const struct scope *scope,
                           struct json_object *fact)
{
        char path[SCOPE_PATH_SIZE];
        const char *file;

        if (!json_object_is_type(fact, json_type_array))
                return TRI_UNKNOWN;
        if (json_object_array_length(fact) > 0)
                return TRI_FALSE;
        scope_path(scope, e->path, path);
        return facts_why_incomplete(scope->facts, path, &file) ? TRI_UNKNOWN : TRI_TRUE;
}

/* Null is known: there is nothing, so it is empty, and different from whatever it is compared with.
 */
static enum tri eval_leaf(const struct expr *e, const struct scope *scope)
{
        struct json_object *fact;
        int r = scope_get(scope, e->path, &fact);

        if (r < 0)
                return TRI_UNKNOWN;
        if (e->op == EXPR_EXISTS)
                return tri_of(r > 0);
        if (r == 0)
                return tri_of(e->op == EXPR_NE || e->op == EXPR_EMPTY);
        return e->op == EXPR_EMPTY ? eval_empty(e, scope, fact) : compare(e, fact);
}

enum tri expr_eval(const struct expr *e, const struct scope *scope)
{
        enum tri result = e->op == EXPR_ANY ? TRI_FALSE : TRI_TRUE;

        if (e->op > EXPR_NOT)
                return eval_leaf(e, scope);
        for (size_t i = 0; i < e->n; i++) {
                enum tri sub = expr_eval(&e->sub[i], scope);

                if (e->op == EXPR_NOT)
                        return TRI_TRUE - sub;
                if (e->op == EXPR_ANY ? sub > result : sub < result)
                        result = sub;
        }
        return result;
}

void expr_doubts(const struct expr *e, const struct scope *scope, struct strv *doubts)
{
        char path[SCOPE_PATH_SIZE];

        if (expr_eval(e, scope) != TRI_UNKNOWN)
                return;
        for (size_t i = 0; i < e->n; i++)
                expr_doubts(&e->sub[i], scope, doubts);
        if (e->op <= EXPR_NOT)
                return;
        scope_path(scope, e->path, path);
        if (!strv_contains(doubts, path))
                strv_push(doubts, path);
}
