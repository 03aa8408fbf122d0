/* Syslinux's configuration as it stands in its files; syslinux.h says what comes of it. */
#pragma once

#include "parse/syslinux.h"

struct sysline {
        char *file; /* NULL: there is no such line */
        size_t number;
        char *text;     /* the whole line */
        char *argument; /* behind the keyword */
};

enum syskind {
        SYSKIND_KERNEL, /* by the name of its file */
        SYSKIND_LINUX,
        SYSKIND_MODULE, /* COM32 */
        SYSKIND_OTHER,  /* boot sectors, another configuration, the next boot device */
};

struct sysentry {
        struct sysline label, kernel, append, initrd;
        char *title;
        enum syskind kind;
        bool hidden, disabled, is_default;
};

struct sysconfig {
        const struct syslinux_input *input;
        struct sysentry *entries; /* in the order of the files */
        size_t n, cap;
        struct sysline append; /* for labels without one */
        struct sysline ui, preset /* DEFAULT */, on_timeout, on_error;
        bool in_label; /* the last entry is not finished */
        bool prompt, has_timeout, has_submenu, saves, shiftkey;
        size_t includes;
};

/* Negative with a text. What was read stays in *c, for sysconfig_done(). */
int sysconfig_read(struct sysconfig *c, struct err *err);
void sysconfig_done(struct sysconfig *c);
#define cleanup_sysconfig _cleanup_(sysconfig_done)

/* A path of the configuration as one from the root of Syslinux's file system; freed by the caller.
 */
char *sysconfig_path(const struct sysconfig *c, struct span path);
