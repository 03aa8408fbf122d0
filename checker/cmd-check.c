#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "cmd.h"
#include "facts.h"
#include "report/report.h"

/* Every name must be a rule: a misspelt --skip must not go unnoticed. */
static int check_rule_names(const struct ruleset *set, const struct strv *names, const char *option)
{
        cleanup_strv struct strv known = { 0 };

        for (size_t i = 0; i < ruleset_count(set); i++)
                strv_push(&known, ruleset_get(set, i)->id);
        for (size_t i = 0; i < names->n; i++) {
                cleanup_free char *hint = NULL;

                if (ruleset_find(set, names->v[i]))
                        continue;
                hint = cmd_hint(names->v[i], &known);
                return cmd_fail(EXIT_USAGE, "--%s: no rule \"%s\"%s", option, names->v[i], hint);
        }
        return EXIT_READY;
}

/* Now, or the moment a reproducible run names
 * (https://reproducible-builds.org/specs/source-date-epoch/). */
static char *timestamp(void)
{
        const char *epoch = getenv("SOURCE_DATE_EPOCH");
        time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
        char text[32];
        struct tm tm;

        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
        return xstrdup(text);
}

static bool want_color(const struct options *options)
{
        const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */

        return !options->no_color && !(no_color && *no_color) && isatty(STDOUT_FILENO) &&
               (!options->output || streq(options->output, "-"));
}

static int run_check(const struct options *options)
{
        const char *format_name = options->format ? options->format : "text";
        const struct report_format *format = report_format_find(format_name);
        cleanup_ruleset struct ruleset *set = NULL;
        cleanup_facts struct facts *facts = NULL;
        cleanup_findings struct findings findings = { 0 };
        cleanup_free char *generated_at = timestamp();
        cleanup_buf struct buf text = { 0 };
        struct report report;
        int r;

        if (!format)
                return cmd_fail(EXIT_USAGE, "check: --format: \"%s\" is not text or json",
                                format_name);
        r = cmd_load_rules(options, &set);
        if (r == EXIT_READY)
                r = check_rule_names(set, &options->only, "only");
        if (r == EXIT_READY)
                r = check_rule_names(set, &options->skip, "skip");
        if (r == EXIT_READY)
                r = cmd_gather_facts(options, &facts);
        if (r != EXIT_READY)
                return r;

        ruleset_evaluate(set, facts, &options->only, &options->skip, &findings);
        report = (struct report){
                .facts = facts,
                .findings = &findings,
                .verdict = findings_verdict(&findings, options->strict),
                .source = options->facts  ? options->facts
                          : options->root ? options->root
                                          : "this machine",
                .generated_at = generated_at,
                .strict = options->strict,
                .color = want_color(options),
                .verbose = options->verbose,
                .quiet = options->quiet,
        };
        format->write(&report, &text);
        r = cmd_write_output(options->output, buf_span(&text));
        return r == EXIT_READY ? verdict_exit_code(report.verdict) : r;
}

const struct cmd cmd_check = {
        .name = "check",
        .summary = "will it boot and be reachable on Nitro?",
        .options =
                "root facts target blkid format output rules only skip strict no-color verbose quiet",
        .run = run_check,
};
