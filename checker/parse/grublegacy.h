/*
 * The menu of GRUB legacy, menu.lst or grub.conf, as GRUB itself reads it: cmain and
 * get_line_from_config in stage2/stage2.c, find_command and run_script in cmdline.c, builtins.c of
 * grub-0.97, and grub-fedora-9.patch of the package of RHEL 6. What its builds do differently and
 * what needs a person is -ENODATA with the line.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "parse/bootmenu.h"

#define GRUBLEGACY_ENTRIES_MAX   1000
#define GRUBLEGACY_LINES_MAX     20000
#define GRUBLEGACY_FALLBACKS_MAX 8

/* Which entry was saved, for "default saved". */
struct grublegacy_saved {
        uint32_t entry;
        uint32_t after;      /* the one for the starts after that, if this is for once */
        const char *by;      /* the file that says so */
        const char *unknown; /* why it is not known; NULL when it is */
        bool once;           /* any "default" means this one, for the next start */
        bool writable;       /* "savedefault" can write it */
};

struct grublegacy_input {
        struct span text;
        const char *name; /* the file, for messages and evidence */
        const char *base; /* its name alone */
        bool red_hat;     /* Red Hat's build: several initrds, long command lines */
        struct grublegacy_saved saved;
};

struct grublegacy_line {
        size_t number; /* where it begins */
        char *text;    /* as GRUB takes it: lines joined, tabs as blanks, no blanks before it */
        bool foreign;  /* GRUB 0.97 has no such command, though a build of it may */
};

struct grublegacy_entry {
        struct grublegacy_line title; /* the whole line */
        struct grublegacy_line *commands;
        size_t n, cap;
};

struct grublegacy {
        struct grublegacy_entry *entries;
        size_t n, cap;
        size_t chosen;   /* started when nobody presses a key */
        char *chosen_by; /* "default=0 in grub.conf" */
        /* Started one after the other when that one cannot be. */
        size_t fallbacks[GRUBLEGACY_FALLBACKS_MAX], n_fallbacks;
        bool is_once; /* the choice is for the next start; what follows is for the one after */
        size_t after;
        char *after_by;
        bool waits;    /* no time-out */
        bool password; /* one is set: a locked entry needs it */
};

int grublegacy_parse(const struct grublegacy_input *input, struct grublegacy *ret, struct err *err);
/* What an entry of the menu starts, which must be Linux. Devices are GRUB's, as "hd0,0". */
int grublegacy_boot(const struct grublegacy_input *input, const struct grublegacy *menu,
                    size_t entry, struct bootentry *ret, struct err *err);
/* What all the others start. */
void grublegacy_list_others(const struct grublegacy_input *input, const struct grublegacy *menu,
                            struct bootmenu *ret);
void grublegacy_done(struct grublegacy *menu);
#define cleanup_grublegacy _cleanup_(grublegacy_done)

/* ---- for its own parts ----------------------------------------------------------------------- */

/* What stands behind a command's name: behind blanks and "=". */
const char *grublegacy_argument(const char *line);
bool grublegacy_is_command(const char *line, const char *name);
/* A number at *p, decimal or 0x..., as GRUB takes it; *p moves behind it. */
bool grublegacy_number(const char **p, uint32_t *ret);
