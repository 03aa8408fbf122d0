#include "base/digest.h"

#include <errno.h>

#if __has_include(<nettle/version.h>)
#include <nettle/version.h>
#endif

void hash_init(struct hash *h)
{
        sha256_init(&h->ctx);
}

void hash_add(struct hash *h, const void *data, size_t len)
{
        sha256_update(&h->ctx, len, data);
}

void hash_end(struct hash *h, struct digest *ret)
{
/* nettle 4 no longer asks for the length. */
#if defined(NETTLE_VERSION_MAJOR) && NETTLE_VERSION_MAJOR >= 4
        sha256_digest(&h->ctx, ret->bytes);
#else
        sha256_digest(&h->ctx, sizeof(ret->bytes), ret->bytes);
#endif
}

void digest_of(struct span data, struct digest *ret)
{
        struct hash h;

        hash_init(&h);
        hash_add(&h, data.data, data.len);
        hash_end(&h, ret);
}

void digest_to_hex(const struct digest *d, char ret[static DIGEST_HEX_LEN + 1])
{
        for (size_t i = 0; i < sizeof(d->bytes); i++) {
                ret[2 * i] = "0123456789abcdef"[d->bytes[i] >> 4];
                ret[2 * i + 1] = "0123456789abcdef"[d->bytes[i] & 15];
        }
        ret[DIGEST_HEX_LEN] = '\0';
}

static int hex_digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int digest_from_hex(const char *hex, struct digest *ret)
{
        struct digest d;

        if (!hex || strlen(hex) != DIGEST_HEX_LEN)
                return -EINVAL;
        for (size_t i = 0; i < sizeof(d.bytes); i++) {
                int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

                if (high < 0 || low < 0)
                        return -EINVAL;
                d.bytes[i] = (uint8_t)(high << 4 | low);
        }
        *ret = d;
        return 0;
}
