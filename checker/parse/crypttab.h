/*
 * /etc/crypttab, and what Debian's hooks make of it for an initramfs: cryptroot/crypttab, the same
 * format, and before cryptsetup 2.0.3 conf/conf.d/cryptroot, "target=NAME,source=DEVICE,key=...".
 *   https://www.freedesktop.org/software/systemd/man/latest/crypttab.html
 *   https://manpages.debian.org/bookworm/cryptsetup/crypttab.5.en.html
 * Every field is a span of the text parsed, so that an edit can replace exactly these bytes.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define CRYPTTAB_MAX         (1u << 20) /* bytes of the file */
#define CRYPTTAB_ENTRIES_MAX 500

struct crypttab_entry {
        size_t line;
        struct span text;
        struct span name, source;
        struct span key, options; /* empty: not given */
};

struct crypttab {
        struct crypttab_entry *v;
        size_t n, cap;
        size_t odd_line; /* the first line that is no entry, 0: none; systemd ignores such lines */
};

/* -EINVAL: a NUL byte; -E2BIG: too many lines. */
int crypttab_parse(struct span text, struct crypttab *ret, struct err *err);
/* The old format of Debian's initramfs. */
int crypttab_parse_cryptroot(struct span text, struct crypttab *ret, struct err *err);
void crypttab_done(struct crypttab *t);
#define cleanup_crypttab _cleanup_(crypttab_done)

/* One of the options, alone or with a value, which *ret_value gets (it may be NULL). */
bool crypttab_has_option(const struct crypttab_entry *e, const char *name, struct span *ret_value);
