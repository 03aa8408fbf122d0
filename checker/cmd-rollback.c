#include <errno.h>

#include "base/wrap.h"
#include "base/xalloc.h"
#include "cmd.h"
#include "fixes/history.h"
#include "fixes/rollback.h"

enum ending {
        ENDED_UNDONE,
        ENDED_NOTHING,
        ENDED_UNCHANGED,
        ENDED_STUCK,
};

static const struct {
        const char *name;
        int exit_code;
} endings[] = {
        [ENDED_UNDONE] = { "undone", EXIT_READY },
        [ENDED_NOTHING] = { "nothing-to-do", EXIT_READY },
        [ENDED_UNCHANGED] = { "unchanged", EXIT_UNDONE },
        [ENDED_STUCK] = { "stuck", EXIT_STUCK },
};

/*
 * A file that somebody else changed, or a journal that makes no sense, waits for a person as much
 * as a run that stopped half-way.
 */
static enum ending ending_of(int r, bool was_undone, const struct txn_result *result)
{
        if (r < 0)
                return result->state == TXN_STUCK || r == -ESTALE || r == -EINVAL ? ENDED_STUCK
                                                                                  : ENDED_UNCHANGED;
        return result->run[0] && !was_undone ? ENDED_UNDONE : ENDED_NOTHING;
}

static void write_json(const char *volume, enum ending ending, const char *error,
                       const struct history_run *run, struct buf *out)
{
        cleanup_json struct json_object *o = json_object_new_object();
        cleanup_free char *text = error ? str_to_utf8(span_of(error)) : NULL;

        jsonx_add_str(o, "schema", "xen2nitro/rollback/1");
        jsonx_add_str(o, "volume", volume);
        jsonx_add_str(o, "outcome", endings[ending].name);
        jsonx_add_str(o, "error", text);
        json_object_object_add(o, "run", run ? history_run_json(run) : NULL);
        jsonx_print(o, out);
}

static void write_text(enum ending ending, const struct history_run *run, struct buf *out)
{
        if (ending == ENDED_NOTHING && !run)
                buf_puts(out, "Nothing to do: there is no run that is not undone.\n");
        else if (ending == ENDED_NOTHING)
                buf_printf(out, "Nothing to do: run %s is undone already.\n", run->id);
        if (ending != ENDED_UNDONE || !run)
                return;
        buf_printf(out, "Run %s is undone.\n", run->id);
        for (size_t i = 0; i < run->journal.n_files; i++) {
                const struct journal_file *f = &run->journal.files[i];
                cleanup_free char *path = wrap_printable(f->path);

                buf_printf(out, "  %s  %s\n", f->existed ? "as it was  " : "not there  ", path);
        }
}

static bool is_undone(const struct history *h, const char *id)
{
        const struct history_run *run = id ? history_find(h, id) : NULL;

        return run && !run->problem && run->journal.state == TXN_ROLLED_BACK;
}

static int undo(const struct options *options, struct volume *volume, const char *path, bool json)
{
        const char *id = options->n_args ? options->args[0] : NULL;
        cleanup_history struct history before = { 0 }, after = { 0 };
        cleanup_buf struct buf text = { 0 };
        const struct history_run *run = NULL;
        struct txn_result result;
        struct err err = { 0 };
        enum ending ending;
        int r, written;

        if (history_read(volume, &before, &err) < 0)
                return cmd_fail(EXIT_UNDONE, "rollback: %s", err.text);
        if (id && !history_find(&before, id))
                return cmd_fail(EXIT_USAGE,
                                "rollback: there is no run \"%s\"; `xen2nitro history` "
                                "lists them",
                                id);
        r = rollback(volume, id, &result, &err);
        ending = ending_of(r, is_undone(&before, id), &result);
        if (history_read(volume, &after, NULL) == 0)
                run = history_find(&after, id ? id : result.run);
        if (json)
                write_json(path, ending, r < 0 ? err.text : NULL, run, &text);
        else
                write_text(ending, run, &text);
        written = cmd_write_output(options->output, buf_span(&text));
        if (r < 0 && !json) {
                cleanup_free char *shown = wrap_printable(err.text);

                cmd_fail(endings[ending].exit_code, "rollback: %s", shown);
        }
        return endings[ending].exit_code ? endings[ending].exit_code : written;
}

static int run_rollback(const struct options *options)
{
        const char *format = options->format ? options->format : "text";
        const char *path = options->root ? options->root : "/";
        cleanup_volume struct volume *volume = NULL;
        struct err err = { 0 };

        if (!streq(format, "text") && !streq(format, "json"))
                return cmd_fail(EXIT_USAGE, "rollback: --format: \"%s\" is not text or json",
                                format);
        if (options->n_args > 1)
                return cmd_fail(EXIT_USAGE, "rollback: one run at a time");
        if (volume_open(path, options->root ? VOLUME_OFFLINE : VOLUME_LIVE, &volume, &err) < 0)
                return cmd_fail(EXIT_USAGE, "%s", err.text);
        return undo(options, volume, path, streq(format, "json"));
}

const struct cmd cmd_rollback = {
        .name = "rollback",
        .args = "[RUN]",
        .summary = "undo what fix did: the last run, or the one named",
        .options = "root format output",
        .run = run_rollback,
};
