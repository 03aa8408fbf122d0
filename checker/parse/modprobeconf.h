/*
 * modprobe.d(5) files, and modules.softdep, line by line as libkmod reads them: `\` at the end of a
 * line continues it, `\` before another byte is that byte, `#` is a comment only at the very start.
 */
#pragma once

#include "base/buf.h"

enum modprobe_verb {
        MODPROBE_ALIAS,     /* name: a pattern, value: the module it stands for */
        MODPROBE_BLACKLIST, /* name: a module */
        MODPROBE_INSTALL,   /* name: a pattern of modules, value: shell command */
        MODPROBE_REMOVE,
        MODPROBE_OPTIONS,           /* name: a module, value: its parameters */
        MODPROBE_SOFTDEP,           /* name: a module, value: "pre: a b post: c" */
        MODPROBE_ALLOW_UNSUPPORTED, /* SUSE's, name: 0, 1, no or yes */
        _MODPROBE_VERB_MAX,
};

struct modprobe_line {
        size_t number;    /* of its first line, from 1 */
        struct span text; /* as it stands there, continuation lines included */
        enum modprobe_verb verb;
        char *name;  /* normalised */
        char *value; /* "" for blacklist and SUSE's verb; that of an alias is normalised */
};

struct modprobe_conf {
        struct modprobe_line *v;
        size_t n, cap;
};

/* Lines that are not understood are left out, as libkmod does. Spans point into `text`. */
void modprobe_parse(struct span text, struct modprobe_conf *ret);
void modprobe_done(struct modprobe_conf *c);
#define cleanup_modprobe _cleanup_(modprobe_done)

const char *modprobe_verb_name(enum modprobe_verb v);

/* `-` becomes `_`, in place, but not within brackets. 0, or -EINVAL for unpaired brackets. */
int modprobe_normalise(char *name);

enum modprobe_effect {
        MODPROBE_LOADS,   /* the command loads the module it stands for */
        MODPROBE_REFUSES, /* it loads nothing */
        MODPROBE_UNCLEAR, /* only running it would tell */
};

/* What an install command does for `module` (normalised). */
enum modprobe_effect modprobe_install_effect(const char *command, const char *module);
