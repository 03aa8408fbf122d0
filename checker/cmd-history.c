#include "cmd.h"
#include "fixes/history.h"

static void write_json(const struct history *h, const char *volume, struct buf *out)
{
        cleanup_json struct json_object *o = json_object_new_object();
        struct json_object *runs = json_object_new_array();

        jsonx_add_str(o, "schema", "xen2nitro/history/1");
        jsonx_add_str(o, "volume", volume);
        for (size_t i = 0; i < h->n; i++)
                json_object_array_add(runs, history_run_json(&h->runs[i]));
        json_object_object_add(o, "runs", runs);
        jsonx_print(o, out);
}

static void write_text(const struct history *h, struct buf *out)
{
        for (size_t i = 0; i < h->n; i++)
                history_run_text(&h->runs[i], out);
        if (h->n == 0)
                buf_puts(out, "Nothing was ever fixed here.\n");
}

static int run_history(const struct options *options)
{
        const char *format = options->format ? options->format : "text";
        const char *path = options->root ? options->root : "/";
        cleanup_volume struct volume *volume = NULL;
        cleanup_history struct history history = { 0 };
        cleanup_buf struct buf text = { 0 };
        struct err err = { 0 };
        int r;

        if (!streq(format, "text") && !streq(format, "json"))
                return cmd_fail(EXIT_USAGE, "history: --format: \"%s\" is not text or json",
                                format);
        if (volume_open(path, options->root ? VOLUME_OFFLINE : VOLUME_LIVE, &volume, &err) < 0)
                return cmd_fail(EXIT_USAGE, "%s", err.text);
        if (history_read(volume, &history, &err) < 0)
                return cmd_fail(EXIT_INCOMPLETE, "history: %s", err.text);
        if (streq(format, "json"))
                write_json(&history, path, &text);
        else
                write_text(&history, &text);
        r = cmd_write_output(options->output, buf_span(&text));
        for (size_t i = 0; i < history.n; i++)
                if (history.runs[i].problem)
                        return EXIT_INCOMPLETE;
        return r;
}

const struct cmd cmd_history = {
        .name = "history",
        .summary = "what fix did to a volume, and what became of it",
        .options = "root format output",
        .run = run_history,
};
