#include "parse/bzimage.h"

#include <errno.h>
#include <stdint.h>

#include "base/str.h"

#define OFFSET_SETUP_SECTS 0x1f1
#define OFFSET_BOOT_FLAG   0x1fe
#define OFFSET_MAGIC       0x202
#define OFFSET_VERSION     0x206
#define OFFSET_STRING      0x20e
#define HEADER_END         0x210
#define OFFSET_FLAGS       0x236
#define PROTOCOL_MIN       0x0200 /* older ones have no string */
#define PROTOCOL_FLAGS     0x020c /* since 3.8 */
#define FLAG_KERNEL_64     1      /* XLF_KERNEL_64 */

static uint16_t get16(struct span s, size_t at)
{
        return (uint16_t)((uint8_t)s.data[at] | (uint8_t)s.data[at + 1] << 8);
}

static bool is_bzimage(struct span head)
{
        return head.len >= HEADER_END && get16(head, OFFSET_BOOT_FLAG) == 0xaa55 &&
               memcmp(head.data + OFFSET_MAGIC, "HdrS", 4) == 0;
}

int bzimage_is_64(struct span head)
{
        if (!is_bzimage(head) || head.len < OFFSET_FLAGS + 2 ||
            get16(head, OFFSET_VERSION) < PROTOCOL_FLAGS)
                return -ENODATA;
        return get16(head, OFFSET_FLAGS) & FLAG_KERNEL_64;
}

int bzimage_release(struct span head, struct span *ret_release, struct err *err)
{
        struct span release;
        size_t at, setup;

        if (!is_bzimage(head))
                return err_set(err, -EINVAL, "no x86 kernel image (bzImage)");
        /* The boot sector and the setup sectors; 0 means 4. */
        setup = (uint8_t)head.data[OFFSET_SETUP_SECTS];
        setup = ((setup ? setup : 4) + 1) * 512;
        at = get16(head, OFFSET_STRING);
        if (get16(head, OFFSET_VERSION) < PROTOCOL_MIN || at == 0)
                return err_set(err, -EINVAL, "a kernel image that does not say its version");
        at += 0x200;
        if (at >= setup || at >= head.len)
                return err_set(err, -EINVAL,
                               "a damaged kernel image: its version lies outside its header");
        release = (struct span){ head.data + at, 0 };
        while (at + release.len < head.len && release.len < BZIMAGE_STRING_MAX) {
                char c = release.data[release.len];

                if (c == '\0' || ascii_isspace(c))
                        break;
                if (c < 0x20 || c > 0x7e || c == '/')
                        return err_set(err, -EINVAL,
                                       "a damaged kernel image: its version is not text");
                release.len++;
        }
        if (release.len == 0 || release.len == BZIMAGE_STRING_MAX || at + release.len == head.len)
                return err_set(err, -EINVAL,
                               "a damaged kernel image: its version is empty or has no end");
        *ret_release = release;
        return 0;
}
