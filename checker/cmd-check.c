#include "base/xalloc.h"
#include "cmd.h"
#include "report/report.h"

static int run_check(const struct options *options)
{
        const char *format_name = options->format ? options->format : "text";
        const struct report_format *format = report_format_find(format_name);
        cleanup_ruleset struct ruleset *set = NULL;
        cleanup_facts struct facts *facts = NULL;
        cleanup_findings struct findings findings = { 0 };
        cleanup_waivers struct waivers waivers = { 0 };
        cleanup_free char *generated_at = cmd_timestamp();
        cleanup_buf struct buf text = { 0 };
        struct report report;
        int r;

        if (!format)
                return cmd_fail(EXIT_USAGE, "check: --format: \"%s\" is not text or json",
                                format_name);
        r = cmd_load_rules(options, &set);
        if (r == EXIT_READY)
                r = cmd_check_rule_names(set, &options->only, "only");
        if (r == EXIT_READY)
                r = cmd_check_rule_names(set, &options->skip, "skip");
        if (r == EXIT_READY)
                r = cmd_gather_facts(options, &facts);
        if (r == EXIT_READY)
                r = cmd_load_waivers(options, set, &waivers);
        if (r != EXIT_READY)
                return r;

        ruleset_evaluate(set, facts, &options->only, &options->skip, &findings);
        waivers_apply(&waivers, generated_at, &findings);
        report = (struct report){
                .facts = facts,
                .findings = &findings,
                .waivers = &waivers,
                .verdict = findings_verdict(&findings, options->strict),
                .source = options->facts ? options->facts : cmd_source(options),
                .generated_at = generated_at,
                .strict = options->strict,
                .color = cmd_want_color(options),
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
                "root facts mode source target blkid format output rules waivers only skip strict no-color verbose quiet",
        .run = run_check,
};
