/*
 * What the parts of one evaluation offer each other; nobody else includes this.
 *   grubcfg.c      menus, the choice, the answer
 *   grubothers.c   the entries that are not chosen
 *   grubrun.c      control flow, functions, files
 *   grubexpand.c   words: quotes, variables, parameters
 *   grubcommand.c  what each command does
 *   grubfiles.c    the commands that go on with another file
 *   grubload.c     the commands that say what is started
 *   grubbls.c      the command blscfg
 * Functions return 0, or -ENODATA when the answer is not known; err then says why and the whole
 * evaluation ends.
 */
#pragma once

#include "parse/grubstate.h"

/* ---- grubcfg.c ---- */

void grubmenu_done(struct grubmenu *menu);
/* Entry files are read by Red Hat's GRUB, or by one from 2.14 on. */
enum grubmenu_kind grubmenu_kind_of(const struct grubeval *e);
/* The labels of the menu being filled; the caller frees the array. */
struct grubmenu_label *grubmenu_labels(const struct grubmenu *menu);
/* Makes the submenu the menu being filled; the one around it is moved to *outer, also on failure.
 */
int grubeval_enter_submenu(struct grubeval *e, const struct grubentry *entry,
                           struct grubmenu *outer);
void grubeval_leave_submenu(struct grubeval *e, struct grubmenu *outer);
/* Its place and title. */
void grubeval_describe_entry(const struct grubentry *entry, struct bootentry *ret);
/* What it loads; it must be no submenu. */
int grubeval_run_entry(struct grubeval *e, const struct grubentry *entry, struct bootentry *ret);

/* ---- grubothers.c ---- */

/* The other entries, from the state in which the top menu is shown; e->err is not used. */
void grubeval_list_others(struct grubeval *e, struct bootmenu *ret);

/* ---- grubrun.c ---- */

/* "line N: ...", with the file's name when it is not the configuration itself. Returns -ENODATA. */
int grubeval_unknown(struct grubeval *e, const char *fmt, ...) _printf_(2, 3);
/* The same text kept, for `why`. */
const char *grubeval_reason(struct grubeval *e, const char *fmt, ...) _printf_(2, 3);
/* Fails when it is not certain that this command is reached. */
int grubeval_certain(struct grubeval *e, const char *command);
void grubeval_set_status(struct grubeval *e, enum grubtri status, const char *why);
/* Sets a variable. */
int grubeval_set(struct grubeval *e, const char *name, const char *value, const char *why,
                 const char *from);
int grubeval_run(struct grubeval *e, const struct grubscript_node *list);
int grubeval_call(struct grubeval *e, const struct grubfunction *f, const struct grubargs *args);
/* `name` is for messages and taken over; the text has to last as long as the evaluation. */
struct grubsource *grubeval_add_source(struct grubeval *e, char *name, struct span text);
/* `path` is the file's, as GRUB names it. */
int grubeval_run_source(struct grubeval *e, struct grubsource *source, const char *path);
/* Asks the host for a file; returns what it does, or -ENODATA when too many were read. */
int grubeval_read(struct grubeval *e, const char *device, const char *path, struct blob *ret,
                  char **ret_name, struct err *err);
/* Runs the file `path` (GRUB's) in the present context; takes over `blob` and `name`. */
int grubeval_source_take(struct grubeval *e, const char *path, struct blob *blob, char *name);
struct bootentry_place grubeval_place(const struct grubsource *source, size_t line);

/* ---- grubexpand.c ---- */

int grubeval_expand(struct grubeval *e, const struct grubscript_word *words, struct grubargs *ret);
/*
 * Take the device off "(hd0,gpt1)/boot/x": *ret_path points into `text`, *ret_device is a copy.
 * Without one it is $root. 0; -EINVAL when the path is not absolute; -ENODEV when the device may be
 * another disk than the one GRUB started from; -ENODATA when the text is not known.
 */
int grubeval_split_path(const struct grubeval *e, const char *text, char **ret_device,
                        const char **ret_path);

/* The first word from there on of which not everything is known, or NULL; and why. */
const struct grubword *grubeval_find_unknown(const struct grubargs *args, size_t from);
const char *grubeval_why(const struct grubword *w);

/* ---- grubfiles.c ---- */

int grubeval_source(struct grubeval *e, const struct grubscript_node *node,
                    const struct grubargs *args);
int grubeval_configfile(struct grubeval *e, const struct grubscript_node *node,
                        const struct grubargs *args);

/* ---- grubload.c ---- */

int grubeval_linux(struct grubeval *e, const struct grubscript_node *node,
                   const struct grubargs *args);
int grubeval_initrd(struct grubeval *e, const struct grubscript_node *node,
                    const struct grubargs *args);
int grubeval_boot(struct grubeval *e, const struct grubscript_node *node,
                  const struct grubargs *args);

/* ---- grubbls.c ---- */

int grubeval_blscfg(struct grubeval *e, const struct grubscript_node *node,
                    const struct grubargs *args);

/* ---- grubcommand.c ---- */

/* args->v[0] is the command's name; sets e->status. */
int grubeval_command(struct grubeval *e, const struct grubscript_node *node,
                     const struct grubargs *args);
