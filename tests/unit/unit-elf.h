/* Kernel modules that hold nothing but their sections .modinfo and, when given, __versions. */
#pragma once

#include "unit.h"

#include "base/buf.h"

/* A file of sections (none, .modinfo, names, __versions), in either width and byte order. */
struct elf_builder {
        struct buf b;
        bool wide, big;
        struct buf versions; /* empty: no such section */
};

static inline void elf_put(struct elf_builder *b, uint64_t value, size_t width)
{
        for (size_t i = 0; i < width; i++)
                buf_putc(&b->b, (char)(value >> 8 * (b->big ? width - 1 - i : i)));
}

static inline void elf_put_section(struct elf_builder *b, uint32_t name, uint32_t type,
                                   size_t offset, size_t len)
{
        size_t word = b->wide ? 8 : 4;

        elf_put(b, name, 4);
        elf_put(b, type, 4);
        elf_put(b, 0, word);
        elf_put(b, 0, word);
        elf_put(b, offset, word);
        elf_put(b, len, word);
        elf_put(b, 0, 4);
        elf_put(b, 0, 4);
        elf_put(b, 1, word);
        elf_put(b, 0, word);
}

/* A row of __versions. */
static inline void elf_add_version(struct elf_builder *b, const char *symbol, uint64_t sum)
{
        size_t word = b->wide ? 8 : 4;

        for (size_t i = 0; i < word; i++)
                buf_putc(&b->versions, (char)(sum >> 8 * (b->big ? word - 1 - i : i)));
        buf_puts(&b->versions, symbol);
        for (size_t i = word + strlen(symbol); i < 64; i++)
                buf_putc(&b->versions, 0);
}

#define ELF_NAMES "\0.modinfo\0.shstrtab\0__versions"

static inline void elf_build(struct elf_builder *b, struct span info)
{
        size_t word = b->wide ? 8 : 4, head = b->wide ? 64 : 52;
        const char ident[16] = { 0x7f, 'E', 'L', 'F', b->wide ? 2 : 1, b->big ? 2 : 1, 1 };

        buf_append(&b->b, ident, 16);
        elf_put(b, 1, 2);
        elf_put(b, 62, 2);
        elf_put(b, 1, 4);
        elf_put(b, 0, word);
        elf_put(b, 0, word);
        elf_put(b, head + info.len + sizeof(ELF_NAMES) + b->versions.len, word);
        elf_put(b, 0, 4);
        elf_put(b, head, 2);
        elf_put(b, 0, 4);
        elf_put(b, b->wide ? 64 : 40, 2);
        elf_put(b, b->versions.len ? 4 : 3, 2);
        elf_put(b, 2, 2);
        assert_int_equal(b->b.len, head);
        buf_append(&b->b, info.data, info.len);
        buf_append(&b->b, ELF_NAMES, sizeof(ELF_NAMES));
        buf_append(&b->b, b->versions.data, b->versions.len);
        elf_put_section(b, 0, 0, 0, 0);
        elf_put_section(b, 1, 1, head, info.len);
        elf_put_section(b, 10, 3, head + info.len, sizeof(ELF_NAMES));
        if (b->versions.len)
                elf_put_section(b, 20, 1, head + info.len + sizeof(ELF_NAMES), b->versions.len);
        buf_done(&b->versions);
}
