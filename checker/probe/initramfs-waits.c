/*
 * dracut made for one host writes a script for each device that host has in use beside root and
 * swap, `[ -e "/dev/xvdf" ]`, and leaves its loop only when all are true.
 *   https://github.com/dracutdevs/dracut: modules.d/99base/module-setup.sh, dracut-dev-lib.sh
 */
#include "probe/initramfs-waits.h"

#include "base/xalloc.h"
#include "parse/lines.h"
#include "probe/devref.h"

#define WAITS_MAX 200

static void publish_wait(struct probe_context *context, const char *file, const struct line *line,
                         const char *value)
{
        struct facts *f = context->facts;
        cleanup_free char *path =
                xasprintf("/initramfs/waits/%zu", facts_count(f, "/initramfs/waits"));

        facts_set_evidence(f, path, file, line->number, line_strip(line->text));
        facts_set_str(f, value, "%s/value", path);
        facts_set_str(f, devname_kind_name(devref_classify(context->volume, value)), "%s/kind",
                      path);
}

/* The name between the quotes after "-e"; NULL: the line has none. */
static char *name_of(const struct line *line)
{
        cleanup_free char *text = span_dup(line->text);
        const char *at = strstr(text, "-e \""), *end;

        at = at ? at + strlen("-e \"") : NULL;
        end = at ? strchr(at, '"') : NULL;
        return end && str_startswith(at, "/dev/") ? xmemdup0(at, (size_t)(end - at)) : NULL;
}

static void look_at_script(struct probe_context *context, const char *file,
                           const struct image_file *f)
{
        struct lines lines = lines_of(buf_span(&f->content));
        bool found = false;
        struct line line;

        while (lines_next(&lines, &line)) {
                cleanup_free char *value = name_of(&line);

                if (!value)
                        continue;
                publish_wait(context, file, &line, value);
                found = true;
        }
        if (!found)
                facts_unknown(context->facts, "/initramfs/waits", file,
                              "which device it waits for is not understood");
}

void initramfs_waits_look(struct probe_context *context, const struct image *im, const char *file)
{
        static const char *const dirs[] = { "lib/dracut/hooks/initqueue/finished",
                                            "var/lib/dracut/hooks/initqueue/finished" };
        cleanup_strv struct strv scripts = { 0 };

        facts_set_array(context->facts, "/initramfs/waits");
        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
                image_list(im, dirs[i], ".sh", &scripts);
        for (size_t i = 0; i < scripts.n; i++) {
                cleanup_free char *place = xasprintf("%s:/%s", file, scripts.v[i]);
                const struct image_file *f = image_find(im, scripts.v[i]);

                if (!str_startswith(strrchr(scripts.v[i], '/'), "/devexists-"))
                        continue;
                if (!f || f->unread || i >= WAITS_MAX) {
                        facts_unknown(context->facts, "/initramfs/waits", place,
                                      i >= WAITS_MAX ? "more scripts than are read"
                                                     : "its content is not known");
                        return;
                }
                look_at_script(context, place, f);
        }
}
