#include "parse/pe.h"

#include <errno.h>

#include "base/str.h"

#define DOS_HEADER_LEN      64
#define DOS_OFFSET_PE       0x3c
#define PE_HEADER_LEN       24 /* signature and COFF header */
#define PE_OFFSET_MACHINE   4
#define PE_OFFSET_SECTIONS  6
#define PE_OFFSET_OPTIONAL  20 /* size of the optional header, which stands before the table */
#define SECTION_LEN         40
#define SECTION_MEMORY_SIZE 8
#define SECTION_FILE_SIZE   16
#define SECTION_FILE_OFFSET 20

static uint16_t get16(const char *p)
{
        return (uint16_t)((uint8_t)p[0] | (uint8_t)p[1] << 8);
}

static uint32_t get32(const char *p)
{
        return get16(p) | (uint32_t)get16(p + 2) << 16;
}

/* What follows the bytes the file has of a section is zeros in memory. */
static int take_section(const char *entry, uint64_t file_size, struct pe_section *ret,
                        struct err *err)
{
        uint32_t memory = get32(entry + SECTION_MEMORY_SIZE);
        uint32_t file = get32(entry + SECTION_FILE_SIZE);

        memcpy(ret->name, entry, PE_NAME_LEN);
        ret->name[PE_NAME_LEN] = '\0';
        ret->offset = get32(entry + SECTION_FILE_OFFSET);
        ret->size = memory < file ? memory : file;
        if (ret->size > file_size || ret->offset > file_size - ret->size)
                return err_set(err, -EINVAL, "a damaged EFI program: it ends before its sections");
        return 0;
}

int pe_parse(struct span head, uint64_t file_size, struct pe *ret, struct err *err)
{
        uint64_t at, table;
        size_t n;

        if (head.len < DOS_HEADER_LEN || memcmp(head.data, "MZ", 2) != 0)
                return err_set(err, -EINVAL, "no EFI program (PE)");
        at = get32(head.data + DOS_OFFSET_PE);
        if (at > head.len || head.len - at < PE_HEADER_LEN ||
            memcmp(head.data + at, "PE\0\0", 4) != 0)
                return err_set(err, -EINVAL, "no EFI program (PE)");
        n = get16(head.data + at + PE_OFFSET_SECTIONS);
        table = at + PE_HEADER_LEN + get16(head.data + at + PE_OFFSET_OPTIONAL);
        if (n > PE_SECTIONS_MAX)
                return err_set(err, -EINVAL, "an EFI program of more than %d sections",
                               PE_SECTIONS_MAX);
        if (table > head.len || (head.len - table) / SECTION_LEN < n)
                return err_set(err, -EINVAL, "a damaged EFI program: its table has no end");
        ret->machine = get16(head.data + at + PE_OFFSET_MACHINE);
        ret->n = n;
        for (size_t i = 0; i < n; i++) {
                int r = take_section(head.data + table + i * SECTION_LEN, file_size,
                                     &ret->sections[i], err);

                if (r < 0)
                        return r;
        }
        return 0;
}

const struct pe_section *pe_find(const struct pe *pe, const char *name)
{
        for (size_t i = 0; i < pe->n; i++)
                if (streq(pe->sections[i].name, name))
                        return &pe->sections[i];
        return NULL;
}
