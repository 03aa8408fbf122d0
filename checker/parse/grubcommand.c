/* The commands a grub.cfg uses, and what they mean for the choice of the entry. */
#include <errno.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubenv.h"
#include "parse/grubeval.h"
#include "parse/gruboption.h"

static const char anything[] = { GRUBSCRIPT_MARK_ANY, '\0' };

/* ---- variables ------------------------------------------------------------------------------- */

static int run_set(struct grubeval *e, const struct grubscript_node *node _unused_,
                   const struct grubargs *args)
{
        const struct grubword *w = &args->v[1];
        const char *equals = args->n > 1 ? strchr(w->text, '=') : NULL;
        cleanup_free char *name = NULL;

        if (args->n > 1 && !equals && grubeval_find_unknown(args, 1))
                return grubeval_unknown(e, "which variable is set depends on %s", grubeval_why(w));
        grubeval_set_status(e, args->n == 1 || equals ? GRUBTRI_YES : GRUBTRI_NO, NULL);
        if (!equals)
                return 0;
        name = xmemdup0(w->text, (size_t)(equals - w->text));
        if (!grubword_is_known(name))
                return grubeval_unknown(e, "which variable is set depends on %s", grubeval_why(w));
        return grubeval_set(e, name, equals + 1, w->why, w->from);
}

static int run_unset(struct grubeval *e, const struct grubscript_node *node _unused_,
                     const struct grubargs *args)
{
        grubeval_set_status(e, args->n > 1 ? GRUBTRI_YES : GRUBTRI_NO, NULL);
        if (args->n == 1)
                return 0;
        if (grubeval_find_unknown(args, 1))
                return grubeval_unknown(e, "which variable is unset depends on %s",
                                        grubeval_why(&args->v[1]));
        grubvars_unset(&e->vars, args->v[1].text);
        return 0;
}

static int run_export(struct grubeval *e, const struct grubscript_node *node _unused_,
                      const struct grubargs *args)
{
        for (size_t i = 1; i < args->n; i++) {
                /* "export $prefix", as Red Hat writes it, exports a variable nobody has. */
                if (*args->v[i].text == '(' && !args->v[i].ragged)
                        continue;
                if (grubeval_find_unknown(&(struct grubargs){ &args->v[i], 1, 0 }, 0))
                        return grubeval_unknown(e, "which variable is exported depends on %s",
                                                grubeval_why(&args->v[i]));
                if (grubvars_export(&e->vars, args->v[i].text) < 0)
                        return grubeval_unknown(e, "too many variables");
        }
        grubeval_set_status(e, args->n > 1 ? GRUBTRI_YES : GRUBTRI_NO, NULL);
        return 0;
}

/* Wanted are the names given, or all. */
static bool is_wanted(const struct grubargs *names, const char *name)
{
        for (size_t i = 0; i < names->n; i++)
                if (streq(names->v[i].text, name))
                        return true;
        return names->n == 0;
}

/* What save_env left there the time before comes on top. */
static int load_saved(struct grubeval *e, const struct grubargs *names)
{
        int r = 0;

        for (size_t i = 0; e->before && i < e->before->n && r == 0; i++) {
                const struct grubvar *var = &e->before->v[i];

                if (is_wanted(names, var->name))
                        r = grubeval_set(e, var->name, var->value, var->why, var->from);
        }
        return r;
}

static int load_variables(struct grubeval *e, struct span block, const char *file,
                          const struct grubargs *names)
{
        cleanup_grubenv struct grubenv env = { 0 };
        const char *base = strrchr(file, '/');
        int r = 0;

        grubeval_set_status(e, GRUBTRI_YES, NULL);
        if (grubenv_parse(block, &env, NULL) < 0) {
                grubeval_set_status(e, GRUBTRI_NO, NULL); /* GRUB sets nothing then, either */
                return 0;
        }
        for (size_t i = 0; i < env.n && r == 0; i++) {
                const struct grubenv_var *var = &env.vars[i];
                bool known = grubword_is_known(var->value);
                const char *from;

                if (!is_wanted(names, var->name))
                        continue;
                from = grubeval_reason(e, "%s %s", base ? base + 1 : file, var->name);
                r = grubeval_set(e, var->name, known ? var->value : anything, from, from);
        }
        return r;
}

/* GRUB writes into the block that is there; a variable that is not set is taken out of it. */
static int run_save_env(struct grubeval *e, const struct grubscript_node *node _unused_,
                        const struct grubargs *args)
{
        static const struct gruboption list[] = { { "file", 'f', GRUBOPTION_VALUE }, {} };
        const char *why = grubeval_reason(e, "the result of \"save_env\"");
        cleanup_gruboptions struct gruboptions o = { 0 };

        grubeval_set_status(e, GRUBTRI_MAYBE, why);
        if (gruboption_parse(args, list, false, &o) < 0 || o.set[0] ||
            grubeval_find_unknown(&o.rest, 0))
                return 0;
        for (size_t i = 0; i < o.rest.n; i++) {
                const struct grubvar *var = grubvars_get(&e->vars, o.rest.v[i].text);
                const char *value = var ? var->value : "";
                cleanup_free char *from = xasprintf("grubenv %.100s", o.rest.v[i].text);

                if (e->forks_open)
                        value = anything;
                else if (var && var->why)
                        why = var->why;
                if (grubvars_set(&e->saved, o.rest.v[i].text, value, why,
                                 grubeval_reason(e, "%s", from)) < 0)
                        return grubeval_unknown(e, "too many variables, or too long ones");
        }
        return 0;
}

static int run_load_env(struct grubeval *e, const struct grubscript_node *node _unused_,
                        const struct grubargs *args)
{
        static const struct gruboption list[] = { { "file", 'f', GRUBOPTION_VALUE },
                                                  { "skip-sig", 's', GRUBOPTION_FLAG },
                                                  {} };
        const struct grubvar *prefix = grubvars_get(&e->vars, "prefix");
        cleanup_gruboptions struct gruboptions o = { 0 };
        cleanup_free char *file = NULL, *device = NULL, *name = NULL;
        cleanup_blob struct blob blob = { 0 };
        const char *path;
        struct err err = { 0 };
        int r;

        grubeval_set_status(e, GRUBTRI_NO, NULL);
        if (gruboption_parse(args, list, false, &o) < 0)
                return 0;
        if (grubeval_find_unknown(&o.rest, 0))
                return grubeval_unknown(e, "which variables are loaded depends on %s",
                                        grubeval_why(grubeval_find_unknown(&o.rest, 0)));
        file = o.set[0] ? xstrdup(o.value[0])
                        : xasprintf("%s/grubenv", prefix ? prefix->value : "");
        r = grubeval_split_path(e, file, &device, &path);
        if (r == -EINVAL)
                return 0;
        if (r < 0)
                return grubeval_unknown(e, "variables are loaded from a file that is not known");
        r = grubeval_read(e, device, path, &blob, &name, &err);
        if (r < 0)
                return grubeval_unknown(e, "variables are loaded from %s: %s", path, err.text);
        if (r > 0)
                r = load_variables(e, blob_span(&blob), name, &o.rest);
        return r == 0 && e->status == GRUBTRI_YES && !o.set[0] ? load_saved(e, &o.rest) : r;
}

/* ---- devices --------------------------------------------------------------------------------- */

enum {
        SEARCH_FILE,
        SEARCH_LABEL,
        SEARCH_UUID,
        SEARCH_SET
};

/* What can be found by it is a device; the name says which, where that fits into a word. */
static int set_device(struct grubeval *e, const char *variable, const char *how, const char *what)
{
        cleanup_free char *value = NULL;
        const char *why = grubeval_reason(e, "which device \"search\" finds");
        bool plain = grubword_is_known(what) && !strpbrk(what, " \t\n()");

        value = xasprintf("%c%s:%s", GRUBSCRIPT_MARK_DEVICE, how, plain ? what : "");
        grubeval_set_status(e, GRUBTRI_MAYBE, why);
        return grubeval_set(e, variable, value, why, NULL);
}

static int run_search(struct grubeval *e, const struct grubscript_node *node _unused_,
                      const struct grubargs *args)
{
        static const struct gruboption list[] = {
                [SEARCH_FILE] = { "file", 'f', GRUBOPTION_FLAG },
                [SEARCH_LABEL] = { "label", 'l', GRUBOPTION_FLAG },
                [SEARCH_UUID] = { "fs-uuid", 'u', GRUBOPTION_FLAG },
                [SEARCH_SET] = { "set", 's', GRUBOPTION_MAYBE_VALUE },
                { "no-floppy", 'n', GRUBOPTION_FLAG },
                { "hint", 'h', GRUBOPTION_VALUE },
                { "hint-ieee1275", 0, GRUBOPTION_VALUE },
                { "hint-bios", 0, GRUBOPTION_VALUE },
                { "hint-baremetal", 0, GRUBOPTION_VALUE },
                { "hint-efi", 0, GRUBOPTION_VALUE },
                { "hint-arc", 0, GRUBOPTION_VALUE },
                { "efidisk-only", 0, GRUBOPTION_FLAG },
                { "root-dev-only", 'r', GRUBOPTION_FLAG }, /* Red Hat's */
                {}
        };
        cleanup_gruboptions struct gruboptions o = { 0 };
        const char *variable, *what;
        size_t i = 0;

        grubeval_set_status(e, GRUBTRI_NO, NULL);
        if (gruboption_parse(args, list, true, &o) < 0)
                return 0;
        while (i < o.rest.n && str_startswith(o.rest.v[i].text, "--hint-"))
                i++;
        variable = o.value[SEARCH_SET] ? o.value[SEARCH_SET] : "root";
        what = i < o.rest.n ? o.rest.v[i].text : o.value[SEARCH_SET];
        if (i == o.rest.n)
                variable = "root";
        if (!what)
                return 0;
        if (!grubword_is_known(variable))
                return grubeval_unknown(e, "which variable is set is not known");
        if (!o.set[SEARCH_SET]) {
                grubeval_set_status(e, GRUBTRI_MAYBE, "which device \"search\" finds");
                return 0;
        }
        return set_device(e, variable,
                          o.set[SEARCH_LABEL]  ? "label"
                          : o.set[SEARCH_UUID] ? "fs-uuid"
                                               : "file",
                          what);
}

/* search.fs_uuid WHAT [VARIABLE [HINT...]] */
static int run_search_module(struct grubeval *e, const struct grubscript_node *node _unused_,
                             const struct grubargs *args)
{
        const char *by = args->v[0].text + strlen("search.");

        grubeval_set_status(e, GRUBTRI_MAYBE, "which device \"search\" finds");
        if (args->n < 3)
                return 0;
        if (!grubword_is_known(args->v[2].text))
                return grubeval_unknown(e, "which variable is set is not known");
        return set_device(e, args->v[2].text,
                          streq(by, "fs_uuid")    ? "fs-uuid"
                          : streq(by, "fs_label") ? "label"
                                                  : "file",
                          args->v[1].text);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static enum grubtri test_file(void *data, char op, const struct grubword *word)
{
        struct grubeval *e = data;
        cleanup_free char *device = NULL;
        const char *path;
        int r = grubeval_split_path(e, word->text, &device, &path);

        if (r == -EINVAL)
                return GRUBTRI_NO;
        if (r == 0)
                r = e->input->host.test(e->input->host.data, op, device, path);
        if (r >= 0)
                return r > 0 ? GRUBTRI_YES : GRUBTRI_NO;
        e->why = grubeval_reason(e, "a test of the file \"%.200s\"", word->text);
        return GRUBTRI_MAYBE;
}

static int run_test(struct grubeval *e, const struct grubscript_node *node _unused_,
                    const struct grubargs *args)
{
        size_t n = args->n - 1;
        const char *why;
        enum grubtri result;

        if (n && streq(args->v[n].text, "]"))
                n--;
        e->why = NULL;
        result = grubtest_evaluate(args->v + 1, n, test_file, e, &why);
        if (!why)
                why = e->why ? e->why : "a comparison that is not understood";
        grubeval_set_status(e, result, why);
        return 0;
}

static int run_true(struct grubeval *e, const struct grubscript_node *node _unused_,
                    const struct grubargs *args)
{
        grubeval_set_status(e, streq(args->v[0].text, "true") ? GRUBTRI_YES : GRUBTRI_NO, NULL);
        return 0;
}

/* ---- menu ------------------------------------------------------------------------------------ */

enum {
        MENU_CLASS,
        MENU_USERS,
        MENU_HOTKEY,
        MENU_SOURCE,
        MENU_ID,
        MENU_UNRESTRICTED
};

static int run_menuentry(struct grubeval *e, const struct grubscript_node *node,
                         const struct grubargs *args)
{
        static const struct gruboption list[] = { [MENU_CLASS] = { "class", 0, GRUBOPTION_VALUE },
                                                  [MENU_USERS] = { "users", 0, GRUBOPTION_VALUE },
                                                  [MENU_HOTKEY] = { "hotkey", 0, GRUBOPTION_VALUE },
                                                  [MENU_SOURCE] = { "source", 0, GRUBOPTION_VALUE },
                                                  [MENU_ID] = { "id", 0, GRUBOPTION_VALUE },
                                                  [MENU_UNRESTRICTED] = { "unrestricted", 0,
                                                                          GRUBOPTION_FLAG },
                                                  {} };
        const char *command = args->v[0].text;
        cleanup_gruboptions struct gruboptions o = { 0 };
        struct grubentry *entry;

        if (grubeval_certain(e, command) < 0)
                return -ENODATA;
        if (grubeval_find_unknown(args, 1))
                return grubeval_unknown(e, "the title or an option of a %s depends on %s", command,
                                        grubeval_why(grubeval_find_unknown(args, 1)));
        if (gruboption_parse(args, list, true, &o) < 0 || o.set[MENU_SOURCE] || !o.rest.n ||
            !node->body)
                return grubeval_unknown(e, "a %s that is not understood", command);
        if (e->menu.n == GRUBCFG_ENTRIES_MAX)
                return grubeval_unknown(e, "too many menu entries");
        entry = ARRAY_PUSH(&e->menu.v, &e->menu.n, &e->menu.cap);
        entry->title = xstrdup(o.rest.v[0].text);
        entry->id = o.value[MENU_ID] ? xstrdup(o.value[MENU_ID]) : NULL;
        entry->label =
                (struct grubmenu_label){ entry->title, entry->id ? entry->id : entry->title };
        entry->submenu = streq(command, "submenu");
        entry->restricted = o.set[MENU_USERS] || !o.set[MENU_UNRESTRICTED];
        entry->line = node->line;
        entry->body = node->body;
        entry->source = e->source;
        for (size_t i = 0; i < o.rest.n; i++)
                ARRAY_PUSH(&entry->args.v, &entry->args.n, &entry->args.cap)->text =
                        xstrdup(o.rest.v[i].text);
        grubeval_set_status(e, GRUBTRI_YES, NULL);
        return 0;
}

/* ---- control flow ---------------------------------------------------------------------------- */

static int run_leave(struct grubeval *e, const struct grubscript_node *node _unused_,
                     const struct grubargs *args)
{
        const char *command = args->v[0].text;
        bool is_return = streq(command, "return");
        unsigned inside = is_return ? e->forks_open_call : e->forks_open_loop;

        if (args->n > 2 || (args->n == 2 && !streq(args->v[1].text, is_return ? "0" : "1")))
                return grubeval_unknown(e, "\"%s\" with a number is not understood", command);
        if (is_return ? e->functions_open == 0 : e->loops_open == 0)
                return grubeval_unknown(e, "\"%s\" is out of place", command);
        if (e->forks_open != inside)
                return grubeval_unknown(e, "whether \"%s\" is reached depends on %s", command,
                                        e->fork_why);
        e->control = is_return         ? GRUBCONTROL_RETURN
                     : *command == 'b' ? GRUBCONTROL_BREAK
                                       : GRUBCONTROL_CONTINUE;
        if (!is_return || args->n == 2)
                grubeval_set_status(e, GRUBTRI_YES, NULL);
        return 0;
}

/* ---- the rest -------------------------------------------------------------------------------- */

/* Nothing of these changes which entry is started or what it loads; 0 is what they always return.
 */
static const char *const always_true[] = {
        "echo",
        "insmod",
};

static const char *const irrelevant[] = {
        "acpi",
        "background_color",
        "background_image",
        "clear",
        "terminal",
        "terminal_input",
        "terminal_output",
        "badram",
        "cat",
        "cmosclean",
        "cmosdump",
        "cmosset",
        "cmostest",
        "cpuid",
        "cryptomount",
        "cutmem",
        "date",
        "distrust",
        "drivemap",
        "gettext",
        "hashsum",
        "hdparm",
        "hello",
        "help",
        "hexdump",
        "keymap",
        "keystatus",
        "list_env",
        "list_trusted",
        "loadfont",
        "loopback",
        "ls",
        "lsacpi",
        "lsapm",
        "lsfonts",
        "lsmmap",
        "lsmod",
        "lspci",
        "md5sum",
        "parttool",
        "password",
        "nativedisk",
        "outb",
        "outl",
        "outw",
        "pcidump",
        "password_pbkdf2",
        "play",
        "rmmod",
        "serial",
        "sha1sum",
        "sha256sum",
        "sha512sum",
        "sleep",
        "sendkey",
        "terminfo",
        "testspeed",
        "trust",
        "vbeinfo",
        "verify_detached",
        "videoinfo",
};

/* These can also set a variable. */
static const char *const setters[] = { "decrement", "hwmatch", "increment",
                                       "probe",     "regexp",  "smbios" };

static const struct {
        const char *name;
        enum bootentry_starts starts;
        const char *reason;
} refused[] = {
        { "chainloader", BOOTENTRY_OTHER, "\"chainloader\" starts another boot loader" },
        { "exit", BOOTENTRY_OTHER, "\"exit\" gives up" },
        { "fwsetup", BOOTENTRY_OTHER, "\"fwsetup\" starts the setup of the firmware" },
        { "halt", BOOTENTRY_OTHER, "\"halt\" turns the machine off" },
        { "multiboot", BOOTENTRY_HYPERVISOR,
          "\"multiboot\" starts no Linux kernel but a hypervisor or the like" },
        { "multiboot2", BOOTENTRY_HYPERVISOR,
          "\"multiboot2\" starts no Linux kernel but a hypervisor or the like" },
        { "reboot", BOOTENTRY_OTHER, "\"reboot\" starts over" },
        { "xen_hypervisor", BOOTENTRY_HYPERVISOR,
          "\"xen_hypervisor\" starts no Linux kernel but a hypervisor" },
};

static bool is_in(const char *const *list, size_t n, const char *name)
{
        for (size_t i = 0; i < n; i++)
                if (streq(list[i], name))
                        return true;
        return false;
}

static int run_irrelevant(struct grubeval *e, const struct grubargs *args)
{
        const char *name = args->v[0].text;

        if (is_in(always_true, ARRAY_SIZE(always_true), name))
                grubeval_set_status(e, GRUBTRI_YES, NULL);
        else
                grubeval_set_status(e, GRUBTRI_MAYBE,
                                    grubeval_reason(e, "the result of \"%s\"", name));
        return 0;
}

/* hwmatch sets $match, increment and decrement (Red Hat's) their argument, the others what --set
 * names: "--set=x", "--set x", "-s x", "--set 1:x". */
static int run_setter(struct grubeval *e, const struct grubargs *args)
{
        const char *why = grubeval_reason(e, "the result of \"%s\"", args->v[0].text);
        int r = 0;

        if (streq(args->v[0].text, "hwmatch"))
                r = grubeval_set(e, "match", anything, why, NULL);
        for (size_t i = 1; i < args->n && r == 0; i++) {
                const char *arg = args->v[i].text, *name = str_after(arg, "--set="), *colon;

                if (str_endswith(args->v[0].text, "crement"))
                        name = arg;
                if ((streq(arg, "--set") || streq(arg, "-s")) && i + 1 < args->n)
                        name = args->v[++i].text;
                if (args->v[i].ragged || (name && !grubword_is_known(name)))
                        return grubeval_unknown(e, "which variable is set is not known");
                colon = name ? strchr(name, ':') : NULL;
                if (name)
                        r = grubeval_set(e, colon ? colon + 1 : name, anything, why, NULL);
        }
        grubeval_set_status(e, GRUBTRI_MAYBE, why);
        return r;
}

static const struct {
        const char *name;
        int (*run)(struct grubeval *e, const struct grubscript_node *node,
                   const struct grubargs *args);
} commands[] = {
        { "[", run_test },
        { "test", run_test },
        { "true", run_true },
        { "false", run_true },
        { "set", run_set },
        { "unset", run_unset },
        { "export", run_export },
        { "load_env", run_load_env },
        { "save_env", run_save_env },
        { "search", run_search },
        { "search.fs_uuid", run_search_module },
        { "search.fs_label", run_search_module },
        { "search.file", run_search_module },
        { "menuentry", run_menuentry },
        { "submenu", run_menuentry },
        { "source", grubeval_source },
        { ".", grubeval_source },
        { "configfile", grubeval_configfile },
        { "linux", grubeval_linux },
        { "linux16", grubeval_linux },
        { "linuxefi", grubeval_linux },
        { "initrd", grubeval_initrd },
        { "initrd16", grubeval_initrd },
        { "initrdefi", grubeval_initrd },
        { "boot", grubeval_boot },
        { "blscfg", grubeval_blscfg },
        { "bls_import", grubeval_blscfg },
        { "break", run_leave },
        { "continue", run_leave },
        { "return", run_leave },
};

static const struct grubfunction *find_function(const struct grubeval *e, const char *name)
{
        for (size_t i = 0; i < e->n_functions; i++)
                if (streq(e->functions[i].name, name))
                        return &e->functions[i];
        return NULL;
}

/* A command comes first, then a function, then an assignment. */
int grubeval_command(struct grubeval *e, const struct grubscript_node *node,
                     const struct grubargs *args)
{
        const char *name = args->v[0].text;
        const struct grubfunction *function;

        for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
                if (streq(commands[i].name, name))
                        return commands[i].run(e, node, args);
        if (is_in(always_true, ARRAY_SIZE(always_true), name) ||
            is_in(irrelevant, ARRAY_SIZE(irrelevant), name))
                return run_irrelevant(e, args);
        if (is_in(setters, ARRAY_SIZE(setters), name))
                return run_setter(e, args);
        for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
                if (streq(refused[i].name, name)) {
                        if (!e->forks_open)
                                e->starts = refused[i].starts;
                        return grubeval_unknown(e, "%s", refused[i].reason);
                }
        function = find_function(e, name);
        if (function && node->body)
                return grubeval_unknown(e, "\"%.60s\" with a block is not understood", name);
        if (function)
                return grubeval_call(e, function, args);
        if (strchr(name, '=')) {
                struct grubargs set = { (struct grubword[]){ args->v[0], args->v[0] }, 2, 0 };

                return run_set(e, node, &set);
        }
        if (!grubword_is_known(name))
                return grubeval_unknown(e, "which command is run depends on %s",
                                        grubeval_why(&args->v[0]));
        return grubeval_unknown(e, "\"%.60s\" is not understood", name);
}
