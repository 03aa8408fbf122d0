/*
 * lvm.conf(5): sections in braces, "key = value" and "section/key = value", where a value is a
 * string, a number or an array of these.
 *   https://man7.org/linux/man-pages/man5/lvm.conf.5.html, libdm/config/libdm-config.c of lvm2
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#define LVMCONF_MAX        (1u << 20) /* bytes of the file */
#define LVMCONF_VALUES_MAX 20000
#define LVMCONF_DEPTH_MAX  16 /* sections in sections */

struct lvmconf_value {
        struct span raw; /* as written, with the quotes of a string */
        char *text;      /* quotes and backslashes undone */
};

struct lvmconf_setting {
        char *path; /* "devices/filter" */
        size_t line;
        struct span text; /* that line */
        size_t first, n;  /* which values are its own */
        bool is_array;    /* also with one element */
};

/* Spans point into the text parsed, which must outlive it. */
struct lvmconf {
        struct lvmconf_setting *v;
        size_t n, cap;
        struct lvmconf_value *values;
        size_t n_values, cap_values;
};

/* -EINVAL: it is not understood, and the text says where; LVM refuses such a file, too. */
int lvmconf_parse(struct span text, struct lvmconf *ret, struct err *err);
void lvmconf_done(struct lvmconf *c);
#define cleanup_lvmconf _cleanup_(lvmconf_done)

/* LVM takes the last of several with one path. NULL: it is not set. */
const struct lvmconf_setting *lvmconf_find(const struct lvmconf *c, const char *path);
