/*
 * What is said about modules where modprobe or the kernel looks: modprobe.d of the root, the copy
 * of it inside the initramfs, and the kernel command line.
 */
#pragma once

#include "probe/probe.h"

#define DIRECTIVES_MAX 20000 /* lines; of more, one unknown */

enum directive_where {
        WHERE_ROOT,
        WHERE_INITRAMFS,
        WHERE_CMDLINE,
};

enum directive_kind {
        KIND_BLACKLIST,
        KIND_INSTALL,
        KIND_ALIAS,
        KIND_SOFTDEP,
        KIND_OPTIONS,
        KIND_ALLOW_UNSUPPORTED, /* name: 0, 1, no or yes */
        KIND_MODULE_BLACKLIST,
        KIND_INITCALL_BLACKLIST,
};

struct directive {
        enum directive_where where;
        enum directive_kind kind;
        const char *word; /* how it is written: "blacklist", "modprobe.blacklist" ... */
        char *file;
        size_t line;
        char *text;
        char *name, *value;
        bool early; /* says nothing to what comes after the initramfs */
};

struct directives {
        struct directive *v;
        size_t n, cap;
};

/*
 * Reads all three. What cannot be read is noted with facts_unknown() at each of the paths, a list
 * ended by NULL; the image and the command line are taken from the facts, and where those are not
 * known nothing is noted.
 */
void directives_read(struct probe_context *context, const char *const *paths,
                     struct directives *ret);
void directives_done(struct directives *l);
#define cleanup_directives _cleanup_(directives_done)
