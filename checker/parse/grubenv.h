/*
 * GRUB's environment block (grubenv): what load_env makes of it, grub-core/lib/envblk.c. The usual
 * size is 1024 bytes, but GRUB takes any size as long as the first line is there; a line it finds
 * broken ends the block silently.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define GRUBENV_VARS_MAX 1000

struct grubenv_var {
        char *name, *value; /* backslashes undone; a later variable of the same name wins */
};

struct grubenv {
        struct grubenv_var *vars;
        size_t n, cap;
        bool broken; /* GRUB stops reading at some point before the end */
};

/* -EINVAL with a text: no environment block, GRUB then sets nothing at all. */
int grubenv_parse(struct span block, struct grubenv *ret, struct err *err);
void grubenv_done(struct grubenv *env);
#define cleanup_grubenv _cleanup_(grubenv_done)
