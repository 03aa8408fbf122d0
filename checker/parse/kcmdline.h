/*
 * The kernel command line as the kernel splits it (next_arg in lib/cmdline.c): at blanks outside
 * double quotes; quotes around the whole or around the value are dropped. Order is kept, since for
 * most parameters the last one wins. What follows a bare `--` is for init and not listed.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#define KCMDLINE_MAX        65536 /* x86 takes 2048 bytes, GRUB passes what the kernel allows */
#define KCMDLINE_PARAMS_MAX 4096

struct kcmdline_param {
        char *name;
        char *value; /* NULL: no equals sign */
};

struct kcmdline {
        struct kcmdline_param *params;
        size_t n, cap;
};

int kcmdline_parse(struct span line, struct kcmdline *ret, struct err *err);
void kcmdline_done(struct kcmdline *c);
#define cleanup_kcmdline _cleanup_(kcmdline_done)
