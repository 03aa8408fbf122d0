/*
 * udev rules files: lines of KEY{attribute}OPERATOR"value" pairs, udev(7). Only the shape is read
 * here; what a key means is for the caller.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define UDEVRULE_MAX       (1u << 20) /* bytes of a file */
#define UDEVRULE_RULES_MAX 20000

struct udevrule_pair {
        char *key;   /* "SUBSYSTEM", "ENV{INTERFACE}" */
        char op[3];  /* "==", "!=", "=", "+=", "-=", ":=" */
        char *value; /* between the quotes, \" undone */
};

struct udevrule {
        size_t line;
        struct span text; /* its first line as written */
        struct udevrule_pair *v;
        size_t n, cap;
        bool malformed; /* udev ignores such a line; v has what came before the fault */
};

/* Spans point into the text parsed, which must outlive it. */
struct udevrules {
        struct udevrule *v;
        size_t n, cap;
};

/* -E2BIG: over a limit. */
int udevrules_parse(struct span text, struct udevrules *ret, struct err *err);
void udevrules_done(struct udevrules *r);
#define cleanup_udevrules _cleanup_(udevrules_done)

/* The first pair with this key, or NULL. */
const struct udevrule_pair *udevrule_find(const struct udevrule *r, const char *key);
/* udev's glob of a match value: "eth*|en*". */
bool udevrule_glob(const char *patterns, const char *name);
