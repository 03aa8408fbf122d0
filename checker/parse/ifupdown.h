/*
 * interfaces(5) of Debian's ifupdown. One wrong line makes ifup refuse the whole configuration, so
 * parsing fails then, too. Files named by `source` are for the caller to read.
 * https://manpages.debian.org/bookworm/ifupdown/interfaces.5.en.html
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

#define IFUPDOWN_MAX         (256u << 10) /* bytes of one file */
#define IFUPDOWN_STANZAS_MAX 4096
#define IFUPDOWN_PATTERN_MAX 256

enum ifupdown_kind {
        IFUPDOWN_AUTO,    /* auto, allow-auto: brought up at boot */
        IFUPDOWN_HOTPLUG, /* allow-hotplug: brought up when the interface appears, at boot too */
        IFUPDOWN_IFACE,
        IFUPDOWN_MAPPING,
        IFUPDOWN_RENAME,
        IFUPDOWN_SOURCE,
        IFUPDOWN_SOURCE_DIRECTORY,
        IFUPDOWN_OTHER, /* another allow- class, no-auto-down, no-scripts: nothing at boot */
};

struct ifupdown_stanza {
        enum ifupdown_kind kind;
        size_t line;
        struct span text;    /* its first line as written, without the ending */
        struct strv words;   /* after the keyword; of an iface stanza only the name */
        char *method;        /* iface: "dhcp", "static" ...; NULL when it is inherited */
        char *inherits;      /* iface: the name after "inherits", or NULL */
        struct strv options; /* iface, mapping: the lines below, blanks at the ends cut */
};

/* Spans point into the text parsed, which must outlive it. */
struct ifupdown {
        struct ifupdown_stanza *v;
        size_t n, cap;
};

/* -EINVAL: ifup would refuse it; the error names the line. -E2BIG: over a limit. */
int ifupdown_parse(struct span text, struct ifupdown *ret, struct err *err);
void ifupdown_done(struct ifupdown *i);
#define cleanup_ifupdown _cleanup_(ifupdown_done)

/*
 * Whether a word of an auto or allow- line stands for the interface `name`, the only one of its
 * kind: a name, or a pattern [VARIABLE]/VALUE[/[OPTIONS]], each with =LOGICAL behind it or not.
 * 1 and the name of the iface stanza to use (the caller frees it), 0, or -ENOTSUP: only the running
 * machine can tell (by MAC address, the second of several ...).
 */
int ifupdown_match(const char *word, const char *name, char **ret_logical);
