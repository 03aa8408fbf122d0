/*
 * What systemd-boot does with its configuration when nobody presses a key: loader.conf, the entry
 * files of the Boot Loader Specification, their order and the one that is started (src/boot/boot.c
 * of https://github.com/systemd/systemd, versions 249 to 258). What EFI variables say, which a
 * volume does not hold, is left aside.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define SDBOOT_ENTRIES_MAX 200
#define SDBOOT_INITRDS_MAX 32
#define SDBOOT_PATTERN_MAX 255 /* a file's name is no longer */

struct sdboot_line {
        struct span key, value;
        size_t number;
};

/* A file's lines of a key and a value; comments and what is neither are skipped. */
struct sdboot_lines {
        struct span rest;
        const char *separators; /* " \t", "=" */
        size_t number;
};
bool sdboot_next(struct sdboot_lines *l, struct sdboot_line *ret);

struct sdboot_conf {
        char *pattern; /* of the default, in lower case; NULL: none */
        bool saved;    /* the default is the entry that was started last */
        bool waits;    /* the menu has no time-out */
};

void sdboot_parse_conf(struct span text, struct sdboot_conf *ret);
void sdboot_conf_done(struct sdboot_conf *c);
#define cleanup_sdboot_conf _cleanup_(sdboot_conf_done)

struct sdboot_file {
        char *path;
        size_t line;
};

struct sdboot_entry {
        char *id; /* the file's name in lower case, without counters, with its ending */
        char *title, *sort_key, *version, *machine_id; /* NULL: none */
        struct sdboot_file kernel;
        bool program; /* which is no Linux kernel but another EFI program */
        struct sdboot_file initrds[SDBOOT_INITRDS_MAX];
        size_t n_initrds;
        char *options;       /* NULL: none */
        size_t options_line; /* the first of them; 0: none */
        int64_t left, done;  /* of boot counting; -1: it is not counted */
        size_t title_line;   /* 0: none */
        void *data;          /* the caller's */
};

/* `name` is what the file is called, with its ending. */
void sdboot_name_entry(const char *name, struct sdboot_entry *ret);
/* 1: an entry, 0: none for this machine; -EINVAL, -E2BIG, -ENOTSUP with a text. */
int sdboot_parse_entry(const char *name, struct span text, struct sdboot_entry *ret,
                       struct err *err);
void sdboot_entry_done(struct sdboot_entry *e);
#define cleanup_sdboot_entry _cleanup_(sdboot_entry_done)

/* Versions as rpm compares them, nearly (strverscmp_improved). */
int sdboot_compare_versions(const char *a, const char *b);
/* Negative: `a` comes first in the menu. */
int sdboot_compare(const struct sdboot_entry *a, const struct sdboot_entry *b);
/*
 * The entry that is started, of `n` (at least one) in the order of the menu: 1 by the default of
 * loader.conf, 0 the first; -ENODATA with a text when that depends on the version installed or is
 * not understood.
 */
int sdboot_select(const struct sdboot_conf *conf, const struct sdboot_entry *entries, size_t n,
                  size_t *ret_index, struct err *err);
