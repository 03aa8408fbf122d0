#include "parse/grubstage2.h"

#include <errno.h>

#include "base/str.h"

/* Offsets in the second sector, and what they hold in version 0.9x. */
enum {
        SECTOR = 512,
        VERSION_MAJOR = 6,
        VERSION_MINOR = 7,
        SAVED_ENTRY = 0xc,
        STAGE2_ID = 0x10,
        VERSION_TEXT = 0x12,
        MAJOR = 3,
        MINOR = 2,
        ONCE = 0x10000,
};

/* The string at *pos, which must end within its sector; *pos moves behind it. */
static bool take_string(struct span sector, size_t *pos, struct span *ret)
{
        const char *start = sector.data + *pos, *end = memchr(start, 0, sector.len - *pos);

        if (!end)
                return false;
        *ret = (struct span){ start, (size_t)(end - start) };
        *pos += ret->len + 1;
        return true;
}

static uint32_t little_endian(const char *p)
{
        const unsigned char *u = (const unsigned char *)p;

        return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

int grubstage2_parse(struct span head, struct grubstage2 *ret, struct err *err)
{
        struct grubstage2 found = { 0 };
        struct span sector, version, config;
        size_t pos = VERSION_TEXT;
        uint32_t saved;

        if (head.len < GRUBSTAGE2_HEAD_MAX)
                return err_set(err, -EINVAL, "too short for GRUB's second stage");
        sector = (struct span){ head.data + SECTOR, SECTOR };
        if (sector.data[VERSION_MAJOR] != MAJOR || sector.data[VERSION_MINOR] != MINOR ||
            sector.data[STAGE2_ID] != 0 || !take_string(sector, &pos, &version) ||
            version.len < 3 || memcmp(version.data, "0.9", 3) != 0 ||
            !take_string(sector, &pos, &config) || config.len > GRUBSTAGE2_CONFIG_MAX ||
            config.len == 0 || config.data[0] != '/')
                return err_set(err, -EINVAL, "not GRUB's second stage of version 0.9x");
        memcpy(found.config, config.data, config.len);
        saved = little_endian(sector.data + SAVED_ENTRY);
        found.once = saved & ONCE;
        found.after = found.once ? saved & 0xff : saved;
        found.saved = found.once ? (saved & ~(uint32_t)ONCE) >> 8 : saved;
        *ret = found;
        return 0;
}
