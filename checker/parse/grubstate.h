/* The state of one evaluation of a grub.cfg (grubeval.h). */
#pragma once

#include "base/str.h"
#include "parse/grubcfg.h"
#include "parse/grubmenu.h"
#include "parse/grubtest.h"
#include "parse/grubvars.h"

/* A file that was read. Lives as long as the evaluation, since functions and entries point into it.
 */
struct grubsource {
        char *name;
        struct blob owned; /* empty for the configuration itself */
        struct span text;
        struct grubscript script;
};

struct grubfunction {
        const char *name;
        const struct grubscript_node *body;
        const struct grubsource *source;
};

struct grubentry {
        struct grubmenu_label label; /* points to the strings below */
        char *title, *id;            /* id NULL: none given */
        struct grubargs args;        /* $1 is the title */
        bool submenu, restricted;
        bool bls;            /* made by blscfg */
        bool elsewhere;      /* another version of GRUB has it at another place of the menu */
        const char *unknown; /* why it is not known what it starts; NULL: it is */
        size_t line;
        const struct grubscript_node *body;
        const struct grubsource *source;
};

struct grubmenu {
        struct grubentry *v;
        size_t n, cap;
};

enum grubcontrol {
        GRUBCONTROL_NONE,
        GRUBCONTROL_BREAK,
        GRUBCONTROL_CONTINUE,
        GRUBCONTROL_RETURN,
        GRUBCONTROL_BOOT, /* the entry is complete */
        GRUBCONTROL_MENU, /* the menu of another file is shown and this one is over */
};

struct grubeval {
        const struct grubcfg_input *input;
        struct err *err;

        struct grubvars vars;
        struct strv reasons; /* texts variables and words refer to */
        struct grubfunction *functions;
        size_t n_functions, cap_functions;
        struct grubsource **sources;
        size_t n_sources, cap_sources;
        struct grubvars saved;         /* what save_env left in grubenv */
        const struct grubvars *before; /* what it left there the time before; may be NULL */
        struct grubmenu menu;          /* the one being filled */
        const char *config;            /* whose menu it is; NULL: that of the first file */
        bool shown;                    /* the top menu is, an entry or a submenu is run */
        struct bootentry *boot;        /* what linux and initrd said; NULL outside an entry */
        enum bootentry_starts starts;  /* what a command said that starts no Linux */

        const struct grubsource *source; /* where we are */
        size_t line;
        const struct grubargs *parameters; /* $1 ...; NULL outside functions and entries */

        enum grubtri status; /* of the last command: its $? is 0 */
        const char *why;     /* why it is a MAYBE */
        enum grubcontrol control;

        /* How many open conditions we are in: now, where the function began, where the loop did. */
        unsigned forks_open, forks_open_call, forks_open_loop;
        const char *fork_why;
        unsigned calls, functions_open, loops_open;

        /* Against the caps of grubcfg.h. */
        unsigned steps, turns, forks, reads, initrds;
        size_t expanded;
};
