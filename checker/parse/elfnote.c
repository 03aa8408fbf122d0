#include "parse/elfnote.h"

#include <errno.h>
#include <string.h>

#define PT_NOTE_TYPE         4
#define PT_GNU_PROPERTY_TYPE 0x6474e553
#define NOTE_PROPERTY        5          /* NT_GNU_PROPERTY_TYPE_0 */
#define PROPERTY_ISA_NEEDED  0xc0008002 /* GNU_PROPERTY_X86_ISA_1_NEEDED */

struct elf {
        struct span head;
        bool wide, big;
};

static uint64_t get(const struct elf *e, size_t at, size_t width)
{
        uint64_t value = 0;

        for (size_t i = 0; i < width; i++)
                value = value << 8 | (uint8_t)e->head.data[at + (e->big ? i : width - 1 - i)];
        return value;
}

/* Rounded up; both are far below any overflow. */
static size_t align_up(size_t n, size_t to)
{
        return (n + to - 1) & ~(to - 1);
}

/* The highest level among the bits: v1, v2, v3 and v4 are bits 0 to 3. */
static unsigned level_of(uint64_t bits)
{
        for (unsigned level = 4; level > 0; level--)
                if (bits & 1u << (level - 1))
                        return level;
        return 0;
}

/* type, length, data, each property padded to the size of an address. */
static unsigned read_properties(const struct elf *e, size_t at, size_t end)
{
        size_t align = e->wide ? 8 : 4;

        while (end - at >= 8) {
                uint64_t type = get(e, at, 4), len = get(e, at + 4, 4);

                at += 8;
                if (len > end - at)
                        return 0;
                if (type == PROPERTY_ISA_NEEDED && len == 4)
                        return level_of(get(e, at, 4));
                len = align_up((size_t)len, align);
                if (len > end - at)
                        return 0;
                at += (size_t)len;
        }
        return 0;
}

/* Lengths of name and content, type, name, content. */
static unsigned read_notes(const struct elf *e, size_t at, size_t end)
{
        size_t align = e->wide ? 8 : 4;

        while (end - at >= 12) {
                uint64_t name = get(e, at, 4), len = get(e, at + 4, 4), type = get(e, at + 8, 4);
                size_t content;

                at += 12;
                if (name > end - at)
                        return 0;
                content = align_up((size_t)name, 4);
                if (content > end - at || len > end - at - content)
                        return 0;
                if (type == NOTE_PROPERTY && name == 4 && memcmp(e->head.data + at, "GNU", 4) == 0)
                        return read_properties(e, at + content, at + content + (size_t)len);
                content = align_up(content + (size_t)len, align);
                if (content > end - at)
                        return 0;
                at += content;
        }
        return 0;
}

static int find_level(const struct elf *e, unsigned *ret, struct err *err)
{
        uint64_t headers = e->wide ? get(e, 0x20, 8) : get(e, 0x1c, 4);
        size_t len = (size_t)get(e, e->wide ? 0x36 : 0x2a, 2);
        size_t n = (size_t)get(e, e->wide ? 0x38 : 0x2c, 2);

        *ret = 0;
        if (n == 0)
                return 0;
        if (n > ELFNOTE_HEADERS_MAX || len < (e->wide ? 56 : 32) || headers > e->head.len ||
            n * len > e->head.len - headers)
                return err_set(err, -EINVAL, "an ELF file that is damaged or cut off");
        for (size_t i = 0; i < n && *ret == 0; i++) {
                size_t at = (size_t)headers + i * len;
                uint64_t type = get(e, at, 4);
                uint64_t offset = e->wide ? get(e, at + 8, 8) : get(e, at + 4, 4);
                uint64_t size = e->wide ? get(e, at + 32, 8) : get(e, at + 16, 4);

                if (type != PT_GNU_PROPERTY_TYPE && type != PT_NOTE_TYPE)
                        continue;
                if (offset > e->head.len || size > e->head.len - offset)
                        return err_set(err, -EINVAL,
                                       "an ELF file whose notes are not at its beginning");
                *ret = read_notes(e, (size_t)offset, (size_t)(offset + size));
        }
        return 0;
}

int elfnote_read(struct span head, struct elfnote *ret, struct err *err)
{
        struct elf e = { .head = head };
        struct elfnote note = { 0 };
        int r;

        if (head.len < 52 || memcmp(head.data, "\177ELF", 4) != 0)
                return err_set(err, -EINVAL, "no ELF file");
        if ((head.data[4] != 1 && head.data[4] != 2) || (head.data[5] != 1 && head.data[5] != 2))
                return err_set(err, -EINVAL, "an ELF file of a kind that does not exist");
        e.wide = head.data[4] == 2;
        e.big = head.data[5] == 2;
        if (e.wide && head.len < 64)
                return err_set(err, -EINVAL, "an ELF file that is cut off");
        note.wide = e.wide;
        note.machine = (unsigned)get(&e, 18, 2);
        r = find_level(&e, &note.level, err);
        if (r < 0)
                return r;
        *ret = note;
        return 0;
}
