/*
 * The section table of an EFI program (PE32+), as unified kernel images have it: kernel, initrd and
 * command line are sections (https://uapi-group.org/specifications/specs/unified_kernel_image/,
 * https://learn.microsoft.com/windows/win32/debug/pe-format).
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define PE_HEAD_MAX     65536 /* so much of the file is looked at for the table */
#define PE_SECTIONS_MAX 96
#define PE_NAME_LEN     8
#define PE_X86_64       0x8664

struct pe_section {
        char name[PE_NAME_LEN + 1];
        uint64_t offset, size; /* in the file, within its bounds */
};

struct pe {
        uint16_t machine;
        struct pe_section sections[PE_SECTIONS_MAX];
        size_t n;
};

/*
 * `head` is the beginning of a file of `file_size` bytes. -EINVAL with a text: no such program, or
 * one that ends before its sections do.
 */
int pe_parse(struct span head, uint64_t file_size, struct pe *ret, struct err *err);
/* The first section of that name; NULL: none. */
const struct pe_section *pe_find(const struct pe *pe, const char *name);
