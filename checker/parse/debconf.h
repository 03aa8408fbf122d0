/*
 * What Debian's packages were told when they were configured: /var/cache/debconf/config.dat.
 * Stanzas of "Key: value" lines with blank lines between them.
 *   https://manpages.debian.org/bookworm/debconf-doc/debconf-devel.7.en.html
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

struct debconf_answer {
        struct span value; /* as written; several choices have ", " between them */
        size_t line;       /* of "Value:" */
        struct span text;
};

/* The answer to a question ("grub-pc/install_devices"); false: it was not asked, or not answered.
 */
bool debconf_find(struct span text, const char *question, struct debconf_answer *ret);

/* The next of several choices, blanks cut; false at the end. "\\," is a comma within one. */
bool debconf_next_choice(struct span *rest, struct span *ret);
