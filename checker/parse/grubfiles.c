/* The commands that go on with another file: source, configfile. */
#include <errno.h>

#include "base/xalloc.h"
#include "parse/grubeval.h"

/* 1 and the file an argument names; 0: GRUB finds none; or -ENODATA. */
static int read_config(struct grubeval *e, const char *text, struct blob *ret, char **ret_name)
{
        cleanup_free char *device = NULL;
        struct err err = { 0 };
        const char *path;
        int r = grubeval_split_path(e, text, &device, &path);

        if (r == -EINVAL)
                return 0;
        if (r < 0)
                return grubeval_unknown(e, "it reads a file that is not known");
        r = grubeval_read(e, device, path, ret, ret_name, &err);
        return r < 0 ? grubeval_unknown(e, "it reads %s: %s", path, err.text) : r;
}

int grubeval_source(struct grubeval *e, const struct grubscript_node *node _unused_,
                    const struct grubargs *args)
{
        cleanup_free char *name = NULL;
        cleanup_blob struct blob blob = { 0 };
        int r;

        if (grubeval_certain(e, args->v[0].text) < 0)
                return -ENODATA;
        grubeval_set_status(e, args->n == 2 ? GRUBTRI_YES : GRUBTRI_NO, NULL);
        if (args->n != 2 && !grubeval_find_unknown(args, 1))
                return 0;
        r = read_config(e, args->v[1].text, &blob, &name);
        if (r <= 0)
                return r;
        r = grubeval_source_take(e, args->v[1].text, &blob, TAKE_PTR(name));
        grubeval_set_status(e, GRUBTRI_YES, NULL);
        return r;
}

/*
 * Another file gets a context of its own, in which only exported variables are known, and its menu
 * is shown; without entries it leaves no trace (grub_normal_execute in grub-core/normal/main.c).
 */
int grubeval_configfile(struct grubeval *e, const struct grubscript_node *node _unused_,
                        const struct grubargs *args)
{
        cleanup_free char *name = NULL;
        cleanup_blob struct blob blob = { 0 };
        struct grubmenu outer_menu = e->menu;
        struct grubvars outer = { 0 };
        const char *source;
        int r;

        if (e->shown) {
                if (!e->forks_open)
                        e->starts = BOOTENTRY_OTHER;
                return grubeval_unknown(e, "\"configfile\" goes on with another configuration");
        }
        if (grubeval_certain(e, args->v[0].text) < 0)
                return -ENODATA;
        grubeval_set_status(e, args->n == 2 ? GRUBTRI_YES : GRUBTRI_NO, NULL);
        if (args->n != 2 && !grubeval_find_unknown(args, 1))
                return 0;
        r = read_config(e, args->v[1].text, &blob, &name);
        if (r <= 0)
                return r;
        source = name;
        outer = e->vars;
        e->vars = grubvars_copy(&outer, true);
        e->menu = (struct grubmenu){ 0 };
        r = grubeval_source_take(e, args->v[1].text, &blob, TAKE_PTR(name));
        if (r < 0 || e->menu.n || e->control == GRUBCONTROL_MENU) {
                grubmenu_done(&outer_menu);
                grubvars_done(&outer);
                if (e->control != GRUBCONTROL_MENU)
                        e->config = source;
                e->control = GRUBCONTROL_MENU;
                return r;
        }
        grubvars_done(&e->vars);
        e->vars = outer;
        grubmenu_done(&e->menu);
        e->menu = outer_menu;
        grubeval_set_status(e, GRUBTRI_YES, NULL);
        return 0;
}
