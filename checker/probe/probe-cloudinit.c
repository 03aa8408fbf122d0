/*
 * Where cloud-init looks for what it is told: datasource_list, the last one that is written.
 *   https://docs.cloud-init.io/en/latest/reference/datasources.html
 */
#include "base/xalloc.h"
#include "parse/lines.h"
#include "probe/bootparam.h"
#include "probe/probe.h"

#define CONFIG     "/etc/cloud/cloud.cfg"
#define CONFIG_DIR "/etc/cloud/cloud.cfg.d"

static bool is_there(struct probe_context *c, const char *path)
{
        struct err err = { 0 };
        struct stat st;
        int r = volume_stat(c->volume, path, &st, &err);

        if (r < 0)
                facts_unknown(c->facts, "/cloudinit/runs", path, "%s", err.text);
        return r > 0;
}

static void publish(struct probe_context *c, const char *path, size_t number, struct span text,
                    const char *sources)
{
        facts_set_evidence(c->facts, "/cloudinit/list", path, number, text);
        facts_set_bool(c->facts, strstr(sources, "Ec2") != NULL, "/cloudinit/list/ec2");
}

/* "datasource_list: [ Ec2, None ]", or the items on lines of their own. */
static void read_list(struct probe_context *c, const char *path, struct span text)
{
        struct lines lines = lines_of(text);
        cleanup_buf struct buf items = { 0 };
        struct line line, head = { 0 };

        buf_puts(&items, "");
        while (lines_next(&lines, &line)) {
                struct span s = line_strip(line.text);
                cleanup_free char *copy = span_dup(s);

                if (str_startswith(copy, "datasource_list:") && line.text.data == s.data) {
                        head = line;
                        items.len = 0;
                        buf_puts(&items, copy);
                } else if (head.number > 0 && s.len > 0 &&
                           (s.data[0] == '-' || s.data[0] == ']' ||
                            strchr(items.data, '[') == items.data + items.len - 1)) {
                        buf_puts(&items, copy);
                } else if (head.number > 0 && s.len > 0 && s.data[0] != '#') {
                        publish(c, path, head.number, head.text, items.data);
                        head.number = 0;
                }
        }
        if (head.number > 0)
                publish(c, path, head.number, head.text, items.data);
}

static void read_file(struct probe_context *c, const char *path)
{
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        int r = volume_read(c->volume, path, VOLUME_CONFIG_MAX, &blob, &err);

        if (r < 0)
                facts_unknown(c->facts, "/cloudinit/list", path, "%s", err.text);
        if (r > 0)
                read_list(c, path, blob_span(&blob));
}

static void read_all(struct probe_context *c)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        read_file(c, CONFIG);
        if (volume_list(c->volume, CONFIG_DIR, &names, &err) < 0)
                facts_unknown(c->facts, "/cloudinit/list", CONFIG_DIR, "%s", err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf(CONFIG_DIR "/%s", names.v[i]);

                if (str_endswith(path, ".cfg"))
                        read_file(c, path);
        }
}

static void run_cloudinit(struct probe_context *context)
{
        struct facts *f = context->facts;
        struct json_object *node;
        bool there = is_there(context, "/usr/bin/cloud-init");
        bool off = is_there(context, "/etc/cloud/cloud-init.disabled");

        if (!facts_why_unknown(f, "/cloudinit/runs", &(const char *){ NULL }))
                facts_set_bool(f,
                               there && !off && !streq(bootparam_last(f, "cloud-init"), "disabled"),
                               "/cloudinit/runs");
        if (there)
                read_all(context);
        if (facts_get(f, "/cloudinit/list", &node) < 0 &&
            !facts_why_unknown(f, "/cloudinit/list", &(const char *){ NULL }))
                facts_set_null(f, "/cloudinit/list");
}

static const struct fact_decl cloudinit_facts[] = {
        { "/cloudinit/runs", FACT_BOOL, "cloud-init is installed and not turned off" },
        { "/cloudinit/list", FACT_OBJECT,
          "the datasource_list that counts, null: none is written" },
        { "/cloudinit/list/ec2", FACT_BOOL, "Ec2 is one of them" },
        { "/cloudinit/list/file", FACT_STRING, "where it is written" },
        { "/cloudinit/list/line", FACT_INT, "its line" },
        { "/cloudinit/list/text", FACT_STRING, "that line" },
        {}
};

const struct probe probe_cloudinit = {
        .name = "cloudinit",
        .needs = PROBE_NEEDS("boot"),
        .provides = cloudinit_facts,
        .run = run_cloudinit,
};
