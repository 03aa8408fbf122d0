/*
 * Edits of a kernel command line where it stands written: in a boot loader's file, between quotes
 * of a shell file, alone. Only the words that change are touched; blanks and quotes of the others
 * stay. A word that holds a variable, a command or a quote that does not end is nobody's parameter:
 * it stays, too.
 */
#pragma once

#include "base/buf.h"

enum param_quoting {
        PARAM_RAW,       /* as the kernel reads it: double quotes only */
        PARAM_GRUB,      /* a line of grub.cfg: both quotes, backslash, $ */
        PARAM_IN_DOUBLE, /* between the double quotes of a shell, or in grubenv: backslash, $ */
};

struct paramedit {
        const char *name; /* hyphen and underscore are one letter */
        const char *old;  /* only where it has this value; NULL: whatever it has */
        const char
                *value; /* what it gets; letters, digits and -_.,:=/ only; NULL: it is taken out */
        bool add;       /* put at the end where no such parameter stands; needs a value */
        /* With `add`: put there where none stands that begins like it, up to the first comma:
         * console=ttyS0,115200n8 beside console=tty0. Changes none that stands there. */
        bool beside;
        /*
         * In place of a value: this word goes out of the parameter's list a,b,c, and the parameter
         * with its last one. Hyphen and underscore are one letter; word* is all that begin so.
         */
        const char *drop;
};

/*
 * `text` with the edits made, appended to `out`. True when it differs from `text`. What follows a
 * bare `--` is for init and stays; what is added goes before it; nothing is added behind a quote
 * that does not end. Of a parameter that stands there more than once every one is edited.
 */
bool paramedit_apply(struct span text, enum param_quoting quoting, const struct paramedit *edits,
                     size_t n, struct buf *out);
/*
 * Whether the parameter of the edit stands there, with or without a value; of one that is put
 * beside others, whether one like it does.
 */
bool paramedit_finds(struct span text, enum param_quoting quoting, const struct paramedit *edit);
