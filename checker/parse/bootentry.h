/*
 * What a boot loader starts: an entry of its menu, whoever read it. Paths are the boot loader's
 * own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/macro.h"

/* A line of the configuration. */
struct bootentry_place {
        char *file;
        size_t line;
        char *text;
};

struct bootentry_file {
        struct bootentry_place place;
        char *path;   /* as the boot loader sees it, without device */
        char *device; /* "fs-uuid:...", "label:...", "hd0,gpt1", "at:/efi" (where it is mounted);
                         "" for the one it started from */
        uint64_t offset, size; /* in bytes, when it is a part of that file; size 0: all of it */
};

/* When the loader starts an entry, from soon to hardly ever. */
enum bootentry_role {
        BOOTENTRY_NEXT,       /* the next time */
        BOOTENTRY_AFTER_ONCE, /* the time after, since the next one is for once */
        BOOTENTRY_FALLBACK,   /* when one before it cannot be loaded */
        BOOTENTRY_MENU,       /* when somebody picks it */
};

enum bootentry_starts {
        BOOTENTRY_LINUX,
        BOOTENTRY_HYPERVISOR, /* Xen or the like; Linux is a guest of it */
        BOOTENTRY_OTHER,      /* another loader, another menu, the firmware, a memory test */
};

struct bootentry {
        enum bootentry_role role;
        enum bootentry_starts starts;
        char *unknown; /* why it is not known what it starts; NULL: it is. Never with role NEXT */
        struct bootentry_place place; /* where the entry begins */
        char *title, *id;             /* id NULL: none of its own */
        char *index;                  /* "0", "1>2" */
        char *chosen_by; /* "grubenv next_entry", "default=0 in grub.cfg"; NULL with role MENU */
        struct bootentry_file kernel; /* this and the rest: only of a known one that starts Linux */
        struct bootentry_file *initrds; /* in the order they are loaded */
        size_t n_initrds, cap_initrds;
        char *cmdline; /* as the kernel gets it, but for what the loader puts before it */
        struct bootentry_place args; /* where that is written; file NULL: where the kernel is */
        bool bls;   /* a Boot Loader Specification file, no entry of the configuration itself */
        bool waits; /* no time-out: the loader waits for a key before it starts the entry */
};

static inline void bootentry_file_done(struct bootentry_file *f)
{
        free(f->place.file);
        free(f->place.text);
        free(f->path);
        free(f->device);
        *f = (struct bootentry_file){ 0 };
}

static inline void bootentry_done(struct bootentry *b)
{
        free(b->unknown);
        free(b->place.file);
        free(b->place.text);
        free(b->title);
        free(b->id);
        free(b->index);
        free(b->chosen_by);
        free(b->cmdline);
        free(b->args.file);
        free(b->args.text);
        bootentry_file_done(&b->kernel);
        for (size_t i = 0; i < b->n_initrds; i++)
                bootentry_file_done(&b->initrds[i]);
        free(b->initrds);
        *b = (struct bootentry){ 0 };
}
#define cleanup_bootentry _cleanup_(bootentry_done)
