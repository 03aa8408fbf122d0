/*
 * What GRUB 2 does with its configuration when nobody presses a key: the menu, the entry it starts,
 * and that entry's kernel, command line and initrds; and the same of the other entries. What it
 * keeps for the time after (save_env) tells which entry it starts then.
 *
 * The script is run, not searched. What only the machine knows (the result of hwmatch, of a key
 * test) stays open: both branches are run and variables that differ are no longer known. As soon as
 * the choice depends on something not known or not understood, the answer is -ENODATA and the line.
 *
 * GRUB is taken to run on a PC's BIOS (grub-pc), which is what Xen instances have, unless told
 * otherwise.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "parse/bootmenu.h"

#define GRUBCFG_STEPS_MAX      100000      /* commands run */
#define GRUBCFG_LOOPS_MAX      1000        /* times round, of all loops */
#define GRUBCFG_FORKS_MAX      1000        /* conditions that cannot be told */
#define GRUBCFG_FORK_DEPTH_MAX 8           /* such conditions within each other */
#define GRUBCFG_CALLS_MAX      16          /* functions and sourced files within each other */
#define GRUBCFG_READS_MAX      100         /* files read */
#define GRUBCFG_EXPANDED_MAX   (16u << 20) /* bytes of all words together */
#define GRUBCFG_FUNCTIONS_MAX  1000
#define GRUBCFG_ENTRIES_MAX    10000
#define GRUBCFG_MENUS_MAX      8   /* submenus within each other */
#define GRUBCFG_INITRDS_MAX    100 /* named by all initrd commands of the entry */
#define GRUBCFG_BLS_MAX        100 /* files of "blscfg" */

/*
 * What the script asks of the file systems GRUB reads. Paths are GRUB's own, absolute
 * ("/boot/grub/grubenv", on a volume for /boot alone "/grub/grubenv"); the device is as in struct
 * bootentry_file.
 */
struct grubcfg_host {
        void *data;
        /* d: a directory, e: there, f: there and no directory, s: there and not empty.
         * 1, 0, negative: cannot tell. */
        int (*test)(void *data, char op, const char *device, const char *path);
        /* 1 and both are the caller's, `ret_name` for messages; 0 not there; negative with a text.
         */
        int (*read)(void *data, const char *device, const char *path, struct blob *ret,
                    char **ret_name, struct err *err);
        /* The sorted names in a directory: 1, 0 not there, or negative with a text. */
        int (*list)(void *data, const char *device, const char *path, struct strv *ret,
                    struct err *err);
};

struct grubcfg_input {
        struct span text;
        const char *name;      /* the file, for messages and evidence */
        const char *directory; /* where it is as GRUB sees it: "/boot/grub", "/grub" */
        bool red_hat;          /* GRUB may have Red Hat's patches (grubmenu.h) */
        bool efi;              /* grub-efi, of an EFI system partition */
        struct grubcfg_host host;
};

/* Fails when the entry started next is not known; what is not known of others stands there. */
int grubcfg_evaluate(const struct grubcfg_input *input, struct bootmenu *ret, struct err *err);
