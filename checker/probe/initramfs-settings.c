#include "probe/initramfs-settings.h"

#include "base/xalloc.h"
#include "parse/kcmdline.h"
#include "parse/shellconf.h"
#include "probe/bootparam.h"
#include "probe/devref.h"

/* One of the two, and where the last word of it stands. */
struct setting {
        const char *path;           /* of the fact */
        const char *variable, *key; /* of initramfs-tools, of dracut */
        char *place, *value;        /* NULL: nothing says it */
        size_t line;
        struct span text; /* lives in the image */
        bool unclear;
};

struct look {
        struct probe_context *context;
        const struct image *image;
        const char *file;
        struct setting root, resume;
};

static void set(struct setting *s, const char *place, size_t line, struct span text, char *value)
{
        free(s->place);
        free(s->value);
        s->place = xstrdup(place);
        s->value = value;
        s->line = line;
        s->text = text;
        s->unclear = !value;
}

static void look_at_shell(struct look *l, const char *place, struct span content)
{
        struct setting *const settings[] = { &l->root, &l->resume };
        struct lines lines = lines_of(content);
        struct shellconf conf;

        while (shellconf_next(&lines, &conf)) {
                for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
                        char *value = conf.value && !conf.append ? xstrdup(conf.value) : NULL;

                        if (span_eq(conf.name, settings[i]->variable))
                                set(settings[i], place, conf.line, line_strip(conf.text), value);
                        else
                                free(value);
                }
                free(conf.value);
        }
}

static void look_at_words(struct look *l, const char *place, struct span content)
{
        struct setting *const settings[] = { &l->root, &l->resume };
        struct lines lines = lines_of(content);
        struct line line;

        while (lines_next(&lines, &line)) {
                cleanup_kcmdline struct kcmdline words = { 0 };

                if (kcmdline_parse(line.text, &words, NULL) < 0) {
                        set(&l->root, place, line.number, line.text, NULL);
                        set(&l->resume, place, line.number, line.text, NULL);
                        return;
                }
                for (size_t w = 0; w < words.n; w++)
                        for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
                                if (words.params[w].value &&
                                    streq(words.params[w].name, settings[i]->key))
                                        set(settings[i], place, line.number, line_strip(line.text),
                                            xstrdup(words.params[w].value));
        }
}

static void look_at_file(struct look *l, const char *inside,
                         void (*look)(struct look *l, const char *place, struct span content))
{
        const struct image_file *f = image_find(l->image, inside);
        cleanup_free char *place = xasprintf("%s:/%s", l->file, inside);

        if (f && f->unread) {
                set(&l->root, place, 0, SPAN(""), NULL);
                set(&l->resume, place, 0, SPAN(""), NULL);
        } else if (f) {
                look(l, place, buf_span(&f->content));
        }
}

/* Something in the image acts on the resume= that it carries. */
static bool dracut_resumes(const struct image *im)
{
        static const char *const dirs[] = { "lib/dracut/hooks/cmdline",
                                            "var/lib/dracut/hooks/cmdline" };
        cleanup_strv struct strv hooks = { 0 };

        for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
                image_list(im, dirs[i], IMAGE_PARSE_RESUME, &hooks);
        return hooks.n > 0 || image_find(im, "lib/dracut/" IMAGE_PARSE_RESUME);
}

static void look_at_image(struct look *l)
{
        cleanup_strv struct strv files = { 0 };

        if (streq(l->image->generator, "initramfs-tools")) {
                strv_push(&files, "conf/initramfs.conf");
                image_list(l->image, "conf/conf.d", "", &files);
                for (size_t i = 0; i < files.n; i++)
                        look_at_file(l, files.v[i], look_at_shell);
        } else if (streq(l->image->generator, "dracut")) {
                image_list(l->image, "etc/cmdline.d", ".conf", &files);
                strv_push(&files, "etc/cmdline");
                for (size_t i = 0; i < files.n; i++)
                        look_at_file(l, files.v[i], look_at_words);
        }
}

static void publish(struct look *l, const struct setting *s)
{
        struct facts *f = l->context->facts;

        if (s->unclear) {
                facts_unknown(f, s->path, s->place, "what it says of %s is not understood", s->key);
                return;
        }
        if (!s->value || !*s->value) {
                facts_set_null(f, "%s", s->path);
                return;
        }
        facts_set_evidence(f, s->path, s->place, s->line, s->text);
        facts_set_str(f, s->value, "%s/value", s->path);
}

static void publish_root(struct look *l)
{
        const struct volume *v = l->context->volume;
        enum devname_kind kind;

        publish(l, &l->root);
        if (!l->root.value || !*l->root.value)
                return;
        kind = devref_classify_root(v, l->root.value);
        facts_set_str(l->context->facts, devname_kind_name(kind), "/initramfs/root/kind");
}

static void done(struct setting *s)
{
        free(s->place);
        free(s->value);
}

void initramfs_settings_look(struct probe_context *context, const struct image *im,
                             const char *file)
{
        struct look l = {
                .context = context,
                .image = im,
                .file = file,
                .root = { .path = "/initramfs/root", .variable = "ROOT", .key = "root" },
                .resume = { .path = "/initramfs/resume", .variable = "RESUME", .key = "resume" },
        };

        look_at_image(&l);
        if (bootparam_last(context->facts, "root"))
                facts_set_null(context->facts, "/initramfs/root");
        else
                publish_root(&l);
        if (bootparam_last(context->facts, "resume") ||
            (streq(im->generator, "dracut") && !dracut_resumes(im)))
                facts_set_null(context->facts, "/initramfs/resume");
        else
                publish(&l, &l.resume);
        done(&l.root);
        done(&l.resume);
}
