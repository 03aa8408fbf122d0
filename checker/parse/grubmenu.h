/*
 * Which entry of a menu GRUB starts when nobody presses a key: get_entry_number and
 * grub_menu_execute_entry of grub-core/normal/menu.c. Upstream, Debian (2.06 looked at) and Ubuntu
 * (2.04, 2.06, 2.12 looked at) take a number first, then the first entry whose title or id matches.
 * Red Hat's patch ("Fix menu entry selection based on ID and title") takes id, title, number.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct grubmenu_label {
        const char *title;
        const char *id; /* the title where the entry has no id of its own */
};

enum grubmenu_kind {
        GRUBMENU_UPSTREAM,
        GRUBMENU_RED_HAT, /* with Red Hat's patch */
        GRUBMENU_EITHER,
};

/*
 * The entry `spec` (the value of $default; NULL when not set) means: 1 and its index; 0 when it
 * means none, GRUB then takes the first; -ENODATA with a text when that depends on the GRUB
 * installed.
 */
int grubmenu_select(const struct grubmenu_label *labels, size_t n, const char *spec,
                    enum grubmenu_kind kind, size_t *ret_index, struct err *err);

/* The part of "1>2" that is for the submenu; NULL when there is none. */
const char *grubmenu_rest(const char *spec);
