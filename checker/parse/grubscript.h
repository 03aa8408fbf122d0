/*
 * GRUB 2 script: bytes to a tree. The language is the one GRUB 2.02 to 2.12 accepts
 * (grub-core/script/yylex.l and parser.y), and nothing more: && and || are syntax errors there too.
 * What GRUB would skip with an error message is an error here, because what it makes of the rest is
 * no longer what the file's author meant.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

#define GRUBSCRIPT_DEPTH_MAX 64         /* blocks and clauses within each other */
#define GRUBSCRIPT_NODES_MAX (1u << 20) /* commands, words and their parts */

/* Refused in a script, so that the evaluator may use them as marks (grubvars.h). */
#define GRUBSCRIPT_MARK_ANY    '\1'
#define GRUBSCRIPT_MARK_DEVICE '\2'

enum grubscript_part_type {
        GRUBSCRIPT_TEXT,    /* bare: a backslash still protects the byte after it */
        GRUBSCRIPT_QUOTED,  /* quoted: stands for itself; makes a word even when empty */
        GRUBSCRIPT_VAR,     /* $name bare: split at blanks */
        GRUBSCRIPT_QVAR,    /* "$name" */
        GRUBSCRIPT_GETTEXT, /* $"text": translated, so not known */
};

struct grubscript_part {
        enum grubscript_part_type type;
        const char *text; /* the text, or the variable's name */
        struct grubscript_part *next;
};

struct grubscript_word {
        struct grubscript_part *parts;
        struct grubscript_word *next;
};

enum grubscript_type {
        GRUBSCRIPT_COMMAND,
        GRUBSCRIPT_IF,
        GRUBSCRIPT_FOR,
        GRUBSCRIPT_WHILE,
        GRUBSCRIPT_UNTIL,
        GRUBSCRIPT_FUNCTION,
};

struct grubscript_node {
        enum grubscript_type type;
        size_t line;                       /* 1-based, where it begins */
        const char *name;                  /* FOR: the variable; FUNCTION: its name */
        struct grubscript_word *words;     /* COMMAND: name and arguments; FOR: the values */
        struct grubscript_node *condition; /* IF, WHILE, UNTIL */
        struct grubscript_node *body; /* `then`, loop, function, or the { block } of a COMMAND */
        struct grubscript_node *otherwise; /* IF: `else`, or the IF of an `elif` */
        struct grubscript_node *next;
};

struct grubscript {
        struct grubscript_node *first; /* NULL: nothing but blanks and comments */
        void **owned;
        size_t n, cap;
};

/* The tree holds copies, `text` may go away. An error begins with "line N: ". */
int grubscript_parse(struct span text, struct grubscript *ret, struct err *err);
void grubscript_done(struct grubscript *s);
#define cleanup_grubscript _cleanup_(grubscript_done)
