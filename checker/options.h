/* The command line: one table of options, from which parsing and --help both come. */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct cmd;

struct options {
        const char *root;            /* NULL: live */
        const char *facts;           /* NULL: look at the volume */
        const char *mode;            /* NULL: resize */
        const char *source, *target; /* NULL: none named */
        const char *suggest;         /* NULL: list types */
        const char *blkid;
        const char *waivers; /* NULL: live those of the machine, else none */
        const char *format;
        const char *output; /* NULL or "-": stdout */
        struct strv rules, only, skip, confirm;
        bool yes, chroot, dry_run;
        bool strict, no_color, verbose, quiet, help;
        char **args; /* what is left, NULL-terminated */
        int n_args;
};

/*
 * argv[0] is the verb. Pointers of `ret` are into argv. An option that does not exist, or not for
 * this verb, is -EINVAL with a hint.
 */
int options_parse(const struct cmd *cmd, int argc, char **argv, struct options *ret,
                  struct err *err);
void options_done(struct options *o);
#define cleanup_options _cleanup_(options_done)

/* The options of one verb, a line or more each, for --help. */
void options_help(const struct cmd *cmd, struct buf *out);
