/*
 * For which processor an ELF file is made: class, machine, and the x86-64 level it asks for in
 * .note.gnu.property, which the dynamic loader of glibc checks in itself, in libc and in programs:
 * "CPU ISA level is lower than required".
 * https://gitlab.com/x86-psABIs/x86-64-ABI (program property), glibc: sysdeps/x86/isa-level.c
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* So much of the file is enough: linkers put the note into the first page. */
#define ELFNOTE_HEAD_MAX    65536
#define ELFNOTE_HEADERS_MAX 256 /* program headers */

#define ELFNOTE_MACHINE_386     3
#define ELFNOTE_MACHINE_X86_64  62
#define ELFNOTE_MACHINE_AARCH64 183

struct elfnote {
        bool wide; /* 64 bits */
        unsigned machine;
        unsigned level; /* x86-64-v1 to v4; 0: the file does not say */
};

/* `head` is the beginning of the file. -EINVAL with a text: no ELF file, or a damaged one. */
int elfnote_read(struct span head, struct elfnote *ret, struct err *err);
