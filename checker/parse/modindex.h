/*
 * The binary indexes depmod writes (modules.dep.bin, modules.alias.bin, modules.builtin.bin, ...):
 * a trie from keys to values. In alias indexes the keys are patterns.
 *
 * Opening checks every node, so that nothing later, libkmod included, can run out of the bytes, in
 * circles, or too deep. Format: kmod, libkmod/libkmod-index.c.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define MODINDEX_FILE_MAX (32u << 20)
#define MODINDEX_KEY_MAX  1024 /* bytes of a key, and so the depth of the trie */

struct modindex {
        struct span bytes; /* borrowed */
        uint32_t root;
};

/* 0, or -EBADMSG with a text: not an index of this version, or one that is damaged. */
int modindex_open(struct span bytes, struct modindex *ret, struct err *err);
/* The first value of exactly this key, pointing into the bytes: 1, or 0 when it has none. */
int modindex_find(const struct modindex *x, const char *key, struct span *ret);
/* Adds the values of all keys that match `name` as patterns (fnmatch), each once. */
void modindex_match(const struct modindex *x, const char *name, struct strv *ret);
/*
 * Calls `each` for every value of every key, in the order of keys; neither outlives the call. Stops
 * when it is told to by something else than 0, and returns that.
 */
int modindex_each(const struct modindex *x,
                  int (*each)(void *context, const char *key, const char *value, uint32_t priority),
                  void *context);
