/* Options of GRUB commands, as grub-core/lib/arg.c takes them from the words. */
#pragma once

#include "parse/grubvars.h"

#define GRUBOPTION_MAX 16

struct gruboption {
        const char *name; /* NULL ends the list */
        char letter;      /* 0: none */
        enum {
                GRUBOPTION_FLAG,
                GRUBOPTION_VALUE,
                GRUBOPTION_MAYBE_VALUE
        } kind;
};

/* By the place in the list. All words are borrowed. */
struct gruboptions {
        bool set[GRUBOPTION_MAX];
        const char *value[GRUBOPTION_MAX];
        struct grubargs rest; /* what is no option */
};

/*
 * From the second word on. `accept_dash`: what is none of these options is an ordinary word.
 * -EINVAL: GRUB refuses the command.
 */
int gruboption_parse(const struct grubargs *args, const struct gruboption *list, bool accept_dash,
                     struct gruboptions *ret);
void gruboptions_done(struct gruboptions *o);
#define cleanup_gruboptions _cleanup_(gruboptions_done)
