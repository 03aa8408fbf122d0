/* Disks that cloud-init is told to mount, format, partition and grow, and that its commands name.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "parse/cloudconfig.h"
#include "parse/lines.h"
#include "probe/mentions.h"

#define LIST "/mentions/cloud_init"

/* Files; what cloud-init made of the user data of the instance is in the last two. */
static const struct {
        const char *dir, *name; /* NULL: all *.cfg of the directory */
} files[] = {
        { "/etc/cloud", "cloud.cfg" },
        { "/etc/cloud/cloud.cfg.d", NULL },
        { "/var/lib/cloud/instance", "vendor-cloud-config.txt" },
        { "/var/lib/cloud/instance", "cloud-config.txt" },
};

struct scan {
        struct mentions_look *look;
        const char *file;
        struct span text;
};

/* The line as it stands there; empty: there is no such line. */
static struct span line_at(struct span text, size_t number)
{
        struct lines lines = lines_of(text);
        struct line line;

        while (lines_next(&lines, &line))
                if (line.number == number)
                        return line.text;
        return (struct span){ 0 };
}

/* At every boot, unless the command is put behind the program that sees to it. */
static bool is_always(const struct cloudconfig_entry *e)
{
        return cloudconfig_is_always(e->section) &&
               !str_startswith(e->text, "cloud-init-per once") &&
               !str_startswith(e->text, "cloud-init-per instance");
}

static void publish(struct scan *s, const struct cloudconfig_entry *e, const struct mention *m,
                    bool knows_nvme)
{
        const char *section = cloudconfig_section_name(e->section);
        const char *when = is_always(e) ? "at every boot" : "at the first boot of an instance";
        const struct mention_place place = { .list = LIST, .when = when };
        cleanup_free char *path = mentions_publish(s->look, &place, s->file, m, knows_nvme);

        if (!path)
                return;
        facts_set_str(s->look->context->facts, section, "%s/section", path);
        if (e->overwrites)
                facts_set_str(s->look->context->facts, section, "%s/tool", path);
}

static void look_at_device(struct scan *s, const struct cloudconfig_entry *e)
{
        const struct mention m = { .value = e->text,
                                   .kind = devname_classify(span_of(e->text)),
                                   .line = e->line,
                                   .text = line_at(s->text, e->line),
                                   .act = e->overwrites ? MENTION_DESTROYED : MENTION_USED };

        if (mention_is_disk(m.kind))
                publish(s, e, &m, false);
}

static void look_at_command(struct scan *s, const struct cloudconfig_entry *e)
{
        cleanup_mentions struct mentions found = { 0 };
        const struct mention_syntax syntax = { MENTION_SCRIPT, false };
        struct err err = { 0 };

        if (mentions_parse(span_of(e->text), syntax, &found, &err) < 0) {
                mentions_incomplete(s->look, LIST, s->file, err.text);
                return;
        }
        for (size_t i = 0; i < found.n; i++) {
                struct mention m = found.v[i];

                m.line += e->line - 1;
                m.act_line += m.act_line ? e->line - 1 : 0;
                publish(s, e, &m, found.knows_nvme);
        }
        if (found.cut)
                mentions_incomplete(s->look, LIST, s->file,
                                    "it names more disks than are looked at");
}

static void look_at_file(struct mentions_look *look, const char *path)
{
        cleanup_cloudconfig struct cloudconfig config = { 0 };
        cleanup_blob struct blob blob = { 0 };
        struct scan s = { .look = look, .file = path };
        struct err err = { 0 };
        int r = volume_read(look->context->volume, path, CLOUDCONFIG_MAX, &blob, &err);

        s.text = blob_span(&blob);
        if (r > 0)
                r = cloudconfig_parse(s.text, &config, &err);
        if (r < 0)
                mentions_incomplete(look, LIST, path, err.text);
        for (size_t i = 0; i < config.n; i++) {
                const struct cloudconfig_entry *e = &config.v[i];

                if (e->section == CLOUDCONFIG_BOOTCMD || e->section == CLOUDCONFIG_RUNCMD)
                        look_at_command(&s, e);
                else
                        look_at_device(&s, e);
        }
}

static void look_at_dir(struct mentions_look *look, const char *dir)
{
        cleanup_strv struct strv names = { 0 };
        struct err err = { 0 };

        if (volume_list(look->context->volume, dir, &names, &err) < 0)
                mentions_incomplete(look, LIST, dir, err.text);
        for (size_t i = 0; i < names.n; i++) {
                cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);

                if (str_endswith(names.v[i], ".cfg"))
                        look_at_file(look, path);
        }
}

/* 1: it runs at boot; 0: it is not there, or turned off; or an error. */
static int is_active(const struct volume *v, struct err *err)
{
        struct stat st;
        int r = volume_stat(v, "/usr/bin/cloud-init", &st, err);

        if (r <= 0)
                return r;
        r = volume_stat(v, "/etc/cloud/cloud-init.disabled", &st, err);
        return r < 0 ? r : r == 0;
}

static void run_cloudconfig(struct probe_context *context)
{
        cleanup_mentions_look struct mentions_look look = { .context = context };
        struct err err = { 0 };
        int r = is_active(context->volume, &err);

        facts_set_array(context->facts, LIST);
        if (r < 0)
                mentions_incomplete(&look, LIST, NULL, err.text);
        for (size_t i = 0; r > 0 && i < ARRAY_SIZE(files); i++) {
                cleanup_free char *path = NULL;

                if (!files[i].name) {
                        look_at_dir(&look, files[i].dir);
                        continue;
                }
                path = xasprintf("%s/%s", files[i].dir, files[i].name);
                look_at_file(&look, path);
        }
}

static const struct fact_decl cloudconfig_facts[] = {
        { LIST, FACT_ARRAY, "disks that cloud-init is told of" },
        MENTIONS_FACTS(LIST),
        { LIST "/*/section", FACT_STRING,
          "mounts, fs_setup, disk_setup, growpart, bootcmd, runcmd" },
        {}
};

const struct probe probe_cloudconfig = {
        .name = "cloudconfig",
        .needs = PROBE_NEEDS("fstab"),
        .provides = cloudconfig_facts,
        .run = run_cloudconfig,
};
