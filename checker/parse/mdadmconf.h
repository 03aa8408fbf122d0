/*
 * mdadm.conf(5): lines of words that begin with a keyword, cut short to three letters or not; a
 * line that begins with a blank goes on the one before; a word that begins with "#" makes the rest
 * of its line a comment; quotes keep blanks.
 *   https://man7.org/linux/man-pages/man5/mdadm.conf.5.html, config.c of mdadm
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define MDADMCONF_MAX       (256u << 10) /* bytes of the file */
#define MDADMCONF_WORDS_MAX 10000

enum mdadmconf_keyword {
        MDADMCONF_DEVICE,
        MDADMCONF_ARRAY,
        MDADMCONF_OTHER,
};

struct mdadmconf_word {
        struct span raw; /* with its quotes */
        char *text;      /* without */
        size_t line;
};

struct mdadmconf_entry {
        enum mdadmconf_keyword keyword;
        size_t line;
        struct span text; /* its first line */
        size_t first, n;  /* its words, without the keyword */
};

/* Spans point into the text parsed, which must outlive it. */
struct mdadmconf {
        struct mdadmconf_entry *v;
        size_t n, cap;
        struct mdadmconf_word *words;
        size_t n_words, cap_words;
};

/* -EINVAL: a NUL byte; -E2BIG: too many words. */
int mdadmconf_parse(struct span text, struct mdadmconf *ret, struct err *err);
void mdadmconf_done(struct mdadmconf *c);
#define cleanup_mdadmconf _cleanup_(mdadmconf_done)

/* What follows KEY= in the entry, case ignored; NULL: it has none. The word in *ret_word, if asked.
 */
const char *mdadmconf_value(const struct mdadmconf *c, const struct mdadmconf_entry *e,
                            const char *key, const struct mdadmconf_word **ret_word);
