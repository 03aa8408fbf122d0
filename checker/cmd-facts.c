#include "base/buf.h"
#include "cmd.h"
#include "facts.h"

static int run_facts(const struct options *options)
{
        cleanup_facts struct facts *facts = NULL;
        cleanup_buf struct buf text = { 0 };
        int r = cmd_gather_facts(options, &facts);

        if (r != EXIT_READY)
                return r;
        facts_dump(facts, &text);
        return cmd_write_output(options->output, buf_span(&text));
}

const struct cmd cmd_facts = {
        .name = "facts",
        .summary = "everything the probes saw, as JSON, for check --facts",
        .options = "root mode source target blkid output quiet",
        .run = run_facts,
};
