/*
 * What a boot loader starts: an entry of its menu, whoever read it. Paths are the boot loader's
 * own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
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
        char *device; /* "fs-uuid:...", "label:...", "hd0,gpt1"; "" for the one it started from */
};

struct bootentry {
        struct bootentry_place place; /* where the entry begins */
        char *title, *id;             /* id NULL: none of its own */
        char *index;                  /* "0", "1>2" */
        char *chosen_by;              /* "grubenv next_entry", "default=0 in grub.cfg" */
        struct bootentry_file kernel;
        struct bootentry_file *initrds; /* in the order they are loaded */
        size_t n_initrds, cap_initrds;
        char *cmdline; /* as the kernel gets it, but for what the loader puts before it */
        bool bls;      /* a Boot Loader Specification file, no entry of the configuration itself */
        bool waits;    /* no time-out: the loader waits for a key before it starts the entry */
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
        free(b->place.file);
        free(b->place.text);
        free(b->title);
        free(b->id);
        free(b->index);
        free(b->chosen_by);
        free(b->cmdline);
        bootentry_file_done(&b->kernel);
        for (size_t i = 0; i < b->n_initrds; i++)
                bootentry_file_done(&b->initrds[i]);
        free(b->initrds);
        *b = (struct bootentry){ 0 };
}
#define cleanup_bootentry _cleanup_(bootentry_done)
