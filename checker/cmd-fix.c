#include <stdio.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "cmd-planning.h"
#include "fixes/apply.h"

/* Before anything is planned: nobody should wait for a question that cannot be asked. */
static int check_consent(const struct options *options, bool json)
{
        if (options->yes || options->dry_run)
                return EXIT_READY;
        if (json)
                return cmd_fail(EXIT_USAGE, "fix: --format json asks nothing: it needs --yes, or "
                                            "--dry-run to see the plan");
        if (!isatty(STDIN_FILENO))
                return cmd_fail(EXIT_USAGE, "fix: there is no terminal to ask on: it needs --yes, "
                                            "or --dry-run to see the plan");
        return EXIT_READY;
}

static bool ask(void)
{
        cleanup_free char *line = NULL;
        size_t size = 0;

        fputs("\nDo it? [y/N] ", stderr);
        fflush(stderr);
        return getline(&line, &size, stdin) > 0 && (line[0] == 'y' || line[0] == 'Y');
}

/* The first blocker that is not there now, and would be; NULL: there is none. */
static const struct finding *find_new_blocker(const struct planning *p)
{
        const struct finding *f;
        size_t at = 0;

        while ((f = show_next_only_in(&p->predicted, &p->before, &at)))
                if (f->outcome == OUTCOME_FAIL && f->severity == SEVERITY_BLOCKER)
                        return f;
        return NULL;
}

/* What is not written as a whole may be undone as a whole. */
static enum show_state state_of(const struct txn_result *result)
{
        switch (result->state) {
        case TXN_COMMITTED:
                return SHOW_DONE;
        case TXN_STUCK:
                return SHOW_STUCK;
        default:
                return SHOW_UNDONE;
        }
}

static int apply(const struct options *options, struct planning *p, bool json)
{
        cleanup_findings struct findings now = { 0 };
        cleanup_free char *undo = NULL;
        cleanup_buf struct buf text = { 0 };
        struct show show = planning_show(options, p);
        struct txn_result result = { 0 };
        struct err err = { 0 };
        int r;

        r = plan_apply(p->plan, p->subject.volume, options->root != NULL, &result, &err);
        show.state = state_of(&result);
        show.run = result.run;
        show.error = r < 0 ? err.text : NULL;
        planning_look_again(options, p, &now);
        show.now = &now;
        if (show.state == SHOW_DONE)
                show.next = undo = planning_undo_command(options, result.run);
        if (json)
                show_json(&show, &text);
        else
                show_result_text(&show, &text);
        r = cmd_write_output(NULL, buf_span(&text));
        if (show.state != SHOW_DONE)
                return show.state == SHOW_STUCK ? EXIT_STUCK : EXIT_UNDONE;
        return r == EXIT_READY ? verdict_exit_code(findings_verdict(&now, false)) : r;
}

/* EXIT_READY and *ret_go, or why not. */
static int show_and_ask(const struct options *options, const struct planning *p, bool json,
                        bool *ret_go)
{
        struct show show = planning_show(options, p);
        bool nothing = plan_count(p->plan) == 0;
        const struct finding *bad = find_new_blocker(p);
        cleanup_buf struct buf text = { 0 };
        int r;

        *ret_go = !nothing && !options->dry_run;
        if (json && !*ret_go)
                show_json(&show, &text);
        else if (!json)
                show_plan_text(&show, &text);
        r = cmd_write_output(NULL, buf_span(&text));
        if (r != EXIT_READY || !*ret_go)
                return r;
        if (bad)
                return cmd_fail(EXIT_INCOMPLETE,
                                "nothing was written: the plan would bring a new blocker, %s %s",
                                bad->rule, bad->subject ? bad->subject : "");
        /* Where nobody is asked, the transaction itself says so. */
        if (!options->yes && p->obstacle)
                return cmd_fail(EXIT_UNDONE, "nothing was written: %s", p->obstacle);
        if (!options->yes && !ask()) {
                *ret_go = false;
                return cmd_fail(EXIT_READY, "nothing was written");
        }
        return EXIT_READY;
}

static int run_fix(const struct options *options)
{
        cleanup_planning struct planning planning = { 0 };
        int r, json = planning_wants_json(options, "fix");
        bool go;

        r = json < 0 ? EXIT_USAGE : check_consent(options, json);
        if (r == EXIT_READY)
                r = planning_make(options, &planning);
        if (r == EXIT_READY)
                r = show_and_ask(options, &planning, json, &go);
        if (r != EXIT_READY)
                return r;
        if (go)
                return apply(options, &planning, json);
        return verdict_exit_code(
                findings_verdict(options->dry_run ? &planning.predicted : &planning.before, false));
}

const struct cmd cmd_fix = {
        .name = "fix",
        .summary = "mend what can be mended: shows the plan, asks, does it, checks again",
        .options =
                "root mode source target blkid rules waivers only confirm chroot dry-run yes format no-color quiet",
        .run = run_fix,
};
