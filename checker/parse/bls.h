/*
 * An entry file of the Boot Loader Specification, type 1 (https://uapi-group.org/specifications/),
 * as GRUB's blscfg command reads it: a key, blanks, a value; "#" begins a comment line. A line that
 * is empty or has no value ends the file there (read_entry in grub-core/commands/blscfg.c and
 * bls_parse_keyvals in blsuki.c of https://github.com/rhboot/grub2).
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#define BLS_FIELDS_MAX 1000

struct bls_field {
        char *key, *value;
        size_t line;
};

struct bls {
        struct bls_field *fields;
        size_t n, cap;
        size_t stops_at; /* the line GRUB stops at though fields follow; 0: none */
        size_t split_at; /* a line GRUB's versions split at different places; 0: none */
};

/* -EINVAL: it has a NUL byte; -E2BIG: too many fields. Both with a text. */
int bls_parse(struct span text, struct bls *ret, struct err *err);
/* The first of that key at or after `from` (NULL: the first of all); NULL: none. */
const struct bls_field *bls_get(const struct bls *b, const char *key, const struct bls_field *from);
void bls_done(struct bls *b);
#define cleanup_bls _cleanup_(bls_done)

/* An entry as blscfg sorts it. */
struct bls_label {
        const char *name;    /* of the file, without .conf */
        const char *version; /* the field of that name, NULL: none */
};

/*
 * Negative: `a` comes later in the menu. By the name, which is taken as NAME-VERSION-RELEASE and
 * compared part by part (GRUB of RHEL 9, Fedora since 31, Amazon Linux 2023).
 */
int bls_compare(const struct bls_label *a, const struct bls_label *b);
/* By the version first, if both have one, then by the name (GRUB of RHEL 8). */
int bls_compare_rhel8(const struct bls_label *a, const struct bls_label *b);
