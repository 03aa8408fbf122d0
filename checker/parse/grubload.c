/* The commands that say what is started: linux, initrd, boot. */
#include <errno.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubeval.h"

static int fill_file(struct grubeval *e, const char *command, const struct grubword *word,
                     struct bootentry_file *ret)
{
        cleanup_free char *device = NULL;
        const char *path;
        int r = grubeval_split_path(e, word->text, &device, &path);

        if (r == -ENODATA)
                return grubeval_unknown(e, "the file of \"%s\" depends on %s", command,
                                        grubeval_why(word));
        if (r == -ENODEV)
                return grubeval_unknown(e, "\"%s\" reads %.200s, which may be on another disk",
                                        command, word->text);
        if (r < 0)
                return grubeval_unknown(e, "\"%s\" reads %.200s, which is no absolute path",
                                        command, word->text);
        ret->place = grubeval_place(e->source, e->line);
        ret->path = xstrdup(path);
        ret->device = TAKE_PTR(device);
        return 0;
}

/* Blanks within a word are kept by quotes, and a backslash protects quotes and backslashes
 * (grub-core/lib/cmdline.c). */
static char *join_cmdline(const struct grubargs *args, size_t from)
{
        struct buf line = { 0 };

        for (size_t i = from; i < args->n; i++) {
                bool blank = strchr(args->v[i].text, ' ');

                if (i > from)
                        buf_putc(&line, ' ');
                if (blank)
                        buf_putc(&line, '"');
                for (const char *p = args->v[i].text; *p; p++) {
                        if (strchr("\\'\"", *p))
                                buf_putc(&line, '\\');
                        buf_putc(&line, *p);
                }
                if (blank)
                        buf_putc(&line, '"');
        }
        return buf_take(&line);
}

int grubeval_linux(struct grubeval *e, const struct grubscript_node *node _unused_,
                   const struct grubargs *args)
{
        const char *command = args->v[0].text;
        int r;

        if (grubeval_certain(e, command) < 0)
                return -ENODATA;
        if (!e->boot)
                return grubeval_unknown(e, "\"%s\" outside a menu entry", command);
        if (e->boot->kernel.path)
                return grubeval_unknown(e, "a second \"%s\" in one entry", command);
        grubeval_set_status(e, args->n > 1 ? GRUBTRI_MAYBE : GRUBTRI_NO,
                            "whether the kernel can be loaded");
        if (args->n == 1)
                return 0;
        r = fill_file(e, command, &args->v[1], &e->boot->kernel);
        if (r < 0)
                return r;
        if (grubeval_find_unknown(args, 2))
                return grubeval_unknown(e, "the command line depends on %s",
                                        grubeval_why(grubeval_find_unknown(args, 2)));
        e->boot->cmdline = join_cmdline(args, 2);
        return 0;
}

/* One more initrd command replaces what an earlier one loaded. */
int grubeval_initrd(struct grubeval *e, const struct grubscript_node *node _unused_,
                    const struct grubargs *args)
{
        const char *command = args->v[0].text;
        struct bootentry *b = e->boot;

        if (grubeval_certain(e, command) < 0)
                return -ENODATA;
        grubeval_set_status(e, GRUBTRI_NO, NULL);
        if (!b || !b->kernel.path || args->n == 1)
                return 0;
        grubeval_set_status(e, GRUBTRI_MAYBE, "whether the initrd can be loaded");
        e->initrds += (unsigned)args->n - 1;
        if (e->initrds > GRUBCFG_INITRDS_MAX)
                return grubeval_unknown(e, "too many initrds");
        while (b->n_initrds)
                bootentry_file_done(&b->initrds[--b->n_initrds]);
        for (size_t i = 1; i < args->n; i++) {
                struct bootentry_file *f;
                int r;

                if (args->v[i].ragged || str_startswith(args->v[i].text, "newc:"))
                        return grubeval_unknown(e, "the files of \"%s\" are not understood",
                                                command);
                f = ARRAY_PUSH(&b->initrds, &b->n_initrds, &b->cap_initrds);
                r = fill_file(e, command, &args->v[i], f);
                if (r < 0)
                        return r;
        }
        return 0;
}

int grubeval_boot(struct grubeval *e, const struct grubscript_node *node _unused_,
                  const struct grubargs *args)
{
        if (grubeval_certain(e, args->v[0].text) < 0)
                return -ENODATA;
        if (!e->boot)
                return grubeval_unknown(e, "\"boot\" outside a menu entry");
        if (e->boot->kernel.path)
                e->control = GRUBCONTROL_BOOT;
        grubeval_set_status(e, GRUBTRI_NO, NULL);
        return 0;
}
