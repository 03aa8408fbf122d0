/*
 * Module indexes as depmod writes them (modindex.h), from keys and values: to say of a directory of
 * modules what an index of another one says of some of them.
 */
#pragma once

#include "parse/modindex.h"

#define MODINDEX_ENTRIES_MAX 200000 /* real indexes have up to 40000 */

struct modindex_entry {
        char *key, *value;
        uint32_t priority; /* of values of one key, the smallest counts first */
};

struct modindex_entries {
        struct modindex_entry *v;
        size_t n, cap;
};

/* Adds all entries of an index: 0, or -E2BIG with a text. */
int modindex_read(const struct modindex *x, struct modindex_entries *ret, struct err *err);
/* -EINVAL with a text for a key that no index can have. */
int modindex_add(struct modindex_entries *l, const char *key, const char *value, uint32_t priority,
                 struct err *err);
/* Takes out all entries of that key. */
void modindex_remove(struct modindex_entries *l, const char *key);
/* Sorts the entries; what is there twice is written once. */
void modindex_write(struct modindex_entries *l, struct buf *out);
void modindex_entries_done(struct modindex_entries *l);
#define cleanup_modindex_entries _cleanup_(modindex_entries_done)
