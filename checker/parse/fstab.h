/*
 * /etc/fstab as its readers see it: mount(8) and swapon(8) by libmount (libmount/src/tab_parse.c of
 * util-linux), systemd and Ubuntu's mountall by getmntent(3) of the C library. Where the two
 * differ, `fault` says so: libmount drops such a line, getmntent takes what it can.
 *
 * Every field keeps the bytes it stands in, so that an edit can replace exactly these.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define FSTAB_MAX         (1u << 20) /* bytes of the file */
#define FSTAB_ENTRIES_MAX 4096
#define FSTAB_LINE_MAX    4095 /* getmntent reads no further */

enum fstab_fault {
        FSTAB_GOOD,
        FSTAB_FEW_FIELDS, /* fewer than three */
        FSTAB_BAD_NUMBER, /* field 5 or 6 is no number: "defaults # my disk" */
        FSTAB_LONG_LINE,  /* over FSTAB_LINE_MAX */
};

struct fstab_field {
        struct span raw; /* as written; empty when the line has no such field */
        char *value;     /* octal escapes undone; NULL when the line has no such field */
};

/* A line that is neither blank nor a comment. Owned by the table. */
struct fstab_entry {
        size_t line;
        struct span text; /* the whole line, without its ending */
        struct fstab_field source, target, type, options;
        int freq, passno; /* 0 when not given or no number */
        enum fstab_fault fault;
        /*
         * A carriage return stands before the newline and belongs to the last of the four text
         * fields for getmntent, which makes "nofail" an unknown option there. Never in `value`.
         */
        bool cr_in_last_field;
        /*
         * An earlier line makes the same unit of systemd: it has the same mount point, slashes
         * aside, or names the same swap device. systemd keeps the first.
         */
        bool is_repeated;
};

/* Spans point into the text parsed, which must outlive the table. */
struct fstab {
        struct fstab_entry *v;
        size_t n, cap;
};

/* -EINVAL: a NUL byte, after which no two programs read the same; -E2BIG: too many lines. */
int fstab_parse(struct span text, struct fstab *ret, struct err *err);
void fstab_done(struct fstab *t);
#define cleanup_fstab _cleanup_(fstab_done)

/* Field 3 as getmntent gives it, that is with a carriage return when it is the last field. */
bool fstab_type_is(const struct fstab_entry *e, const char *type);

/* "is malformed because ..."; NULL for FSTAB_GOOD. */
const char *fstab_fault_text(enum fstab_fault fault);

struct fstab_option {
        struct span name;
        struct span value; /* data is NULL when there is no "=" */
};

/*
 * The next option of a field-4 value; *rest starts as the whole and shrinks. Commas within double
 * quotes or after a backslash do not separate.
 */
bool fstab_option_next(struct span *rest, struct fstab_option *ret);
/*
 * The device that an option names, as a path ("dev-xvdf.device" is /dev/xvdf), for the caller to
 * free; NULL for an option that names none.
 */
char *fstab_option_device(const struct fstab_option *o);

/* A field as written with its octal escapes undone, and the other way; the caller frees it. */
char *fstab_decode(struct span raw);
char *fstab_encode(const char *value);
