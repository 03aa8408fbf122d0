/* SHA-256: what a file held when a plan was made, and what was put there. */
#pragma once

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct digest {
        uint8_t bytes[SHA256_DIGEST_SIZE];
};
#define DIGEST_HEX_LEN (2 * SHA256_DIGEST_SIZE)

void digest_of(struct span data, struct digest *ret);
static inline bool digest_eq(const struct digest *a, const struct digest *b)
{
        return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}
/* Lower case, NUL-terminated. */
void digest_to_hex(const struct digest *d, char ret[static DIGEST_HEX_LEN + 1]);
/* -EINVAL when the text is not one in lower case and nothing else. */
int digest_from_hex(const char *hex, struct digest *ret);

/* Piece by piece. A copy of the struct goes on by itself. */
struct hash {
        struct sha256_ctx ctx;
};

void hash_init(struct hash *h);
void hash_add(struct hash *h, const void *data, size_t len);
/* Leaves `h` as hash_init() does. */
void hash_end(struct hash *h, struct digest *ret);
