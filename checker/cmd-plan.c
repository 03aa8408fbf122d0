#include "base/xalloc.h"
#include "cmd-planning.h"

static int run_plan(const struct options *options)
{
        cleanup_planning struct planning planning = { 0 };
        cleanup_free char *apply = NULL;
        cleanup_buf struct buf text = { 0 };
        int r, json = planning_wants_json(options, "plan");
        struct show show;

        if (json < 0)
                return EXIT_USAGE;
        r = planning_make(options, &planning);
        if (r != EXIT_READY)
                return r;
        apply = planning_command(options);
        show = planning_show(options, &planning);
        show.next = apply;
        if (json)
                show_json(&show, &text);
        else
                show_plan_text(&show, &text);
        r = cmd_write_output(options->output, buf_span(&text));
        return r == EXIT_READY ? verdict_exit_code(findings_verdict(&planning.predicted, false))
                               : r;
}

const struct cmd cmd_plan = {
        .name = "plan",
        .summary = "what fix would change, and what it would leave; writes nothing",
        .options =
                "root mode source target blkid rules waivers only confirm chroot format output no-color quiet",
        .run = run_plan,
};
