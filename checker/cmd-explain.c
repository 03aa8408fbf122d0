#include "base/buf.h"
#include "base/wrap.h"
#include "base/xalloc.h"
#include "cmd.h"

static int unknown_rule(const struct ruleset *set, const char *id)
{
        cleanup_strv struct strv known = { 0 };
        cleanup_free char *hint = NULL;

        for (size_t i = 0; i < ruleset_count(set); i++)
                strv_push(&known, ruleset_get(set, i)->id);
        hint = cmd_hint(id, &known);
        return cmd_fail(EXIT_USAGE, "explain: no rule \"%s\"%s", id, hint);
}

static int run_explain(const struct options *options)
{
        cleanup_ruleset struct ruleset *set = NULL;
        cleanup_buf struct buf text = { 0 };
        const struct rule *rule;
        int r;

        if (options->n_args != 1)
                return cmd_fail(EXIT_USAGE,
                                "explain: name one rule; \"xen2nitro rules\" lists them");
        r = cmd_load_rules(options, &set);
        if (r != EXIT_READY)
                return r;
        rule = ruleset_find(set, options->args[0]);
        if (!rule)
                return unknown_rule(set, options->args[0]);
        buf_printf(&text, "%s  (%s, %s%s)\n", rule->id, severity_name(rule->severity), rule->area,
                   rule->after ? ", after the move" : "");
        wrap_text(&text, 2, "", rule->title);
        for (const char *p = rule->explain; p && *(p += strspn(p, "\n"));) {
                size_t n = strcspn(p, "\n");
                cleanup_free char *paragraph = xmemdup0(p, n);

                buf_putc(&text, '\n');
                wrap_text(&text, 2, "", paragraph);
                p += n;
        }
        for (size_t i = 0; i < rule->links.n; i++) {
                buf_puts(&text, i ? "" : "\n");
                wrap_text(&text, 2, i ? "      " : "See   ", rule->links.v[i]);
        }
        buf_printf(&text, "\n  Rule file: %s\n", rule->origin);
        return cmd_write_output(NULL, buf_span(&text));
}

const struct cmd cmd_explain = {
        .name = "explain",
        .args = "RULE",
        .summary = "what a rule means, and how to mend it by hand",
        .options = "rules",
        .run = run_explain,
};
