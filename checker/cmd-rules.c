#include "base/buf.h"
#include "cmd.h"
#include "probe/probe.h"

static int list_rules(const struct options *options)
{
        cleanup_ruleset struct ruleset *set = NULL;
        cleanup_buf struct buf text = { 0 };
        int r = cmd_load_rules(options, &set);

        if (r != EXIT_READY)
                return r;
        for (size_t i = 0; i < ruleset_count(set); i++) {
                const struct rule *rule = ruleset_get(set, i);

                buf_printf(&text, "%-26s %-8s %-8s %s\n", rule->id, rule->area,
                           severity_name(rule->severity), rule->title);
        }
        return cmd_write_output(NULL, buf_span(&text));
}

static int lint_rules(const struct options *options)
{
        cleanup_strv struct strv mistakes = { 0 };
        cleanup_buf struct buf text = { 0 };
        size_t n = ruleset_lint(RULESET_LOCAL_DIR, &options->rules, probe_find_decl, &mistakes);

        for (size_t i = 0; i < n; i++)
                buf_printf(&text, "%s\n", mistakes.v[i]);
        buf_printf(&text, n == 0 ? "no mistakes\n" : n == 1 ? "1 mistake\n" : "%zu mistakes\n", n);
        if (cmd_write_output(NULL, buf_span(&text)) != EXIT_READY)
                return EXIT_INCOMPLETE;
        return n ? EXIT_NOT_READY : EXIT_READY;
}

static int run_rules(const struct options *options)
{
        const char *what = options->n_args ? options->args[0] : "list";

        if (options->n_args > 1)
                return cmd_fail(EXIT_USAGE, "rules: one of list, lint");
        if (streq(what, "list"))
                return list_rules(options);
        if (streq(what, "lint"))
                return lint_rules(options);
        return cmd_fail(EXIT_USAGE, "rules: \"%s\" is not list or lint", what);
}

const struct cmd cmd_rules = {
        .name = "rules",
        .args = "[list|lint]",
        .summary = "the rules, or their mistakes",
        .options = "rules",
        .run = run_rules,
};
