/* All entries of a boot loader's menu, whoever read them: the one it starts next, and the others.
 */
#pragma once

#include "base/xalloc.h"
#include "parse/bootentry.h"

#define BOOTMENU_OTHERS_MAX 64

struct bootmenu {
        struct bootentry next;
        struct bootentry *others; /* in the order of the menu */
        size_t n, cap;
        char *config;     /* the file it is written in, where that is not the first one read */
        char *incomplete; /* why there may be more others; NULL: these are all */
};

/* One more of the others, to be filled in; NULL: there are too many, which is noted. */
static inline struct bootentry *bootmenu_add(struct bootmenu *m, enum bootentry_role role)
{
        struct bootentry *b;

        if (m->n == BOOTMENU_OTHERS_MAX) {
                if (!m->incomplete)
                        m->incomplete = xasprintf("the menu has more than %d other entries",
                                                  BOOTMENU_OTHERS_MAX);
                return NULL;
        }
        b = ARRAY_PUSH(&m->others, &m->n, &m->cap);
        b->role = role;
        return b;
}

static inline void bootmenu_done(struct bootmenu *m)
{
        bootentry_done(&m->next);
        for (size_t i = 0; i < m->n; i++)
                bootentry_done(&m->others[i]);
        free(m->others);
        free(m->config);
        free(m->incomplete);
        *m = (struct bootmenu){ 0 };
}
#define cleanup_bootmenu _cleanup_(bootmenu_done)
