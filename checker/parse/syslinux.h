/*
 * What Syslinux or EXTLINUX starts when nobody presses a key: its configuration as version 6 reads
 * it (com32/elflink/ldlinux/{readconfig,ldlinux,execute,kernel}.c and com32/menu/menumain.c of
 * https://repo.or.cz/syslinux.git). What other versions do differently, and what a module other
 * than the menus does, is -ENODATA with the line.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "parse/bootmenu.h"

#define SYSLINUX_ENTRIES_MAX  1000
#define SYSLINUX_INCLUDES_MAX 32   /* files read, all together */
#define SYSLINUX_LINE_MAX     4095 /* it splits longer ones */
#define SYSLINUX_ADV_SIZE     1024 /* the end of ldlinux.sys */

struct syslinux_host {
        void *data;
        /* A file for INCLUDE, `path` as Syslinux sees it: 1 and both are the caller's, `ret_name`
         * for messages; 0 not there; negative with a text. */
        int (*read)(void *data, const char *path, struct blob *ret, char **ret_name,
                    struct err *err);
};

struct syslinux_input {
        struct span text;
        const char *name;      /* the file, for messages and evidence */
        const char *directory; /* where it is as Syslinux sees it: "/boot/extlinux", "" */
        bool saved;            /* "MENU SAVE" has stored an entry */
        struct syslinux_host host;
};

int syslinux_evaluate(const struct syslinux_input *input, struct bootmenu *ret, struct err *err);

/*
 * What ldlinux.sys keeps at its end, of which `tail` is the last SYSLINUX_ADV_SIZE bytes: whether
 * there is a command for the next start only, and an entry saved by the menu.
 */
void syslinux_read_adv(struct span tail, bool *ret_once, bool *ret_saved);
