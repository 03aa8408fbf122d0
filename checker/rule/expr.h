/*
 * Conditions, in Kleene's three-valued logic (rules/README.md has the tables). A zeroed struct expr
 * is `all` of nothing, which is true.
 */
#pragma once

#include "base/str.h"
#include "rule/lint.h"
#include "rule/scope.h"

#define EXPR_DEPTH_MAX 8

/* In this order `all` is the least, `any` the greatest, and `not` the mirror. */
enum tri {
        TRI_FALSE,
        TRI_UNKNOWN,
        TRI_TRUE,
};

enum expr_op {
        EXPR_ALL,
        EXPR_ANY,
        EXPR_NOT,
        EXPR_EXISTS,
        EXPR_EMPTY,
        EXPR_EQ,
        EXPR_NE,
        EXPR_LT,
        EXPR_LE,
        EXPR_GT,
        EXPR_GE,
        EXPR_IN,
        EXPR_GLOB,
        _EXPR_MAX,
};

struct expr {
        enum expr_op op;
        const char *path;            /* of a leaf */
        struct json_object *literal; /* what a comparison compares with */
        struct expr *sub;
        size_t n, cap;
};

/* Path and literal stay in `json`, which must outlive the result. Mistakes go to the lint. */
void expr_parse(struct json_object *json, const struct place *at, struct expr *ret);
void expr_done(struct expr *e);

enum tri expr_eval(const struct expr *e, const struct scope *scope);
/* Absolute paths whose facts would make an unknown condition known; each once. */
void expr_doubts(const struct expr *e, const struct scope *scope, struct strv *doubts);
