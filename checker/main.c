/* xen2nitro: the verb table and what is common to all verbs. */
#include <stdio.h>

#include "base/xalloc.h"
#include "cmd.h"

static const struct cmd *const verbs[] = { &cmd_check,    &cmd_facts,   &cmd_rules,
                                           &cmd_explain,  &cmd_plan,    &cmd_fix,
                                           &cmd_rollback, &cmd_history, &cmd_types };

static void print_usage(FILE *to)
{
        fputs("xen2nitro tells whether this Linux machine will boot and be reachable after a move\n"
              "from a Xen-based to a Nitro-based EC2 instance type, and why not.\n\n",
              to);
        for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
                fprintf(to, "  xen2nitro %-8s %-12s %s\n", verbs[i]->name,
                        verbs[i]->args ? verbs[i]->args : "[OPTION...]", verbs[i]->summary);
        fputs("\n  xen2nitro VERB --help      the options of a verb\n"
              "  xen2nitro --version\n\n"
              "Exit: 0 ready, 1 not ready, 2 usage error, 3 undetermined;\n"
              "      4 a fix failed and was undone, 5 it failed and needs a person.\n",
              to);
}

static int print_help(const struct cmd *cmd)
{
        cleanup_buf struct buf text = { 0 };

        buf_printf(&text, "xen2nitro %s [OPTION...]%s%s\n%s\n\n", cmd->name, cmd->args ? " " : "",
                   cmd->args ? cmd->args : "", cmd->summary);
        options_help(cmd, &text);
        return cmd_write_output(NULL, buf_span(&text));
}

static int run_verb(const struct cmd *cmd, int argc, char **argv)
{
        cleanup_options struct options options = { 0 };
        struct err err = { 0 };

        if (options_parse(cmd, argc, argv, &options, &err) < 0)
                return cmd_fail(EXIT_USAGE, "%s", err.text);
        if (options.help)
                return print_help(cmd);
        if (options.n_args > 0 && !cmd->args)
                return cmd_fail(EXIT_USAGE, "%s: takes no argument, but was given \"%s\"%s",
                                cmd->name, options.args[0],
                                options.args[0][0] == '/' ? "; a volume is named by --root" : "");
        return cmd->run(&options);
}

int main(int argc, char **argv)
{
        cleanup_strv struct strv names = { 0 };
        cleanup_free char *hint = NULL;
        const char *verb = argc > 1 ? argv[1] : NULL;

        if (!verb) {
                print_usage(stderr);
                return EXIT_USAGE;
        }
        if (streq(verb, "--help") || streq(verb, "-h") || streq(verb, "help")) {
                print_usage(stdout);
                return EXIT_READY;
        }
        if (streq(verb, "--version") || streq(verb, "version")) {
                puts("xen2nitro " XEN2NITRO_VERSION);
                return EXIT_READY;
        }
        for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
                if (streq(verb, verbs[i]->name))
                        return run_verb(verbs[i], argc - 1, argv + 1);
                strv_push(&names, verbs[i]->name);
        }
        hint = cmd_hint(verb, &names);
        return cmd_fail(EXIT_USAGE, "unknown verb \"%s\"%s", verb, hint);
}
