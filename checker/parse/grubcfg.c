#include "parse/grubcfg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "parse/grubeval.h"
#include "parse/grubnumber.h"

/* ---- the menu and its entry ------------------------------------------------------------------ */

void grubmenu_done(struct grubmenu *menu)
{
        for (size_t i = 0; i < menu->n; i++) {
                free(menu->v[i].title);
                free(menu->v[i].id);
                grubargs_done(&menu->v[i].args);
        }
        free(menu->v);
        *menu = (struct grubmenu){ 0 };
}

static void eval_done(struct grubeval *e)
{
        grubvars_done(&e->vars);
        grubvars_done(&e->saved);
        strv_done(&e->reasons);
        free(e->functions);
        for (size_t i = 0; i < e->n_sources; i++) {
                free(e->sources[i]->name);
                blob_done(&e->sources[i]->owned);
                grubscript_done(&e->sources[i]->script);
                free(e->sources[i]);
        }
        free(e->sources);
        grubmenu_done(&e->menu);
}

/* What the core and normal.mod of grub-pc set before they read the configuration. */
static int set_initial_variables(struct grubeval *e)
{
        static const char *const features[] = {
                "feature_chainloader_bpb",      "feature_ntldr",
                "feature_platform_search_hint", "feature_default_font_path",
                "feature_all_video_module",     "feature_menuentry_id",
                "feature_menuentry_options",    "feature_200_final",
                "feature_nativedisk_cmd",       "feature_timeout_style",
        };
        const struct {
                const char *name, *value;
        } constants[] = {
                { "grub_cpu", e->input->efi ? "x86_64" : "i386" },
                { "grub_platform", e->input->efi ? "efi" : "pc" },
                { "color_normal", "light-gray/black" },
                { "color_highlight", "black/light-gray" },
        };
        const char device[] = { GRUBSCRIPT_MARK_DEVICE, '\0' };
        const char *why = "the name GRUB gives the disk";
        cleanup_free char *prefix = xasprintf("(%s)%s", device, e->input->directory);
        int r = 0;

        for (size_t i = 0; i < ARRAY_SIZE(features) && r == 0; i++) {
                r = grubvars_set(&e->vars, features[i], "y", NULL, NULL);
                grubvars_export(&e->vars, features[i]);
        }
        for (size_t i = 0; i < ARRAY_SIZE(constants) && r == 0; i++) {
                r = grubvars_set(&e->vars, constants[i].name, constants[i].value, NULL, NULL);
                grubvars_export(&e->vars, constants[i].name);
        }
        if (r == 0)
                r = grubvars_set(&e->vars, "root", device, why, NULL);
        if (r == 0)
                r = grubvars_set(&e->vars, "prefix", prefix, why, NULL);
        if (r == 0)
                r = grubvars_set(&e->vars, "cmdpath", device, why, NULL);
        grubvars_export(&e->vars, "root");
        grubvars_export(&e->vars, "prefix");
        grubvars_export(&e->vars, "cmdpath");
        return r;
}

/* A sentence piece: who says that it is this entry. */
static char *explain_choice(const struct grubvar *spec, bool matched)
{
        const char *nowhere = matched ? "" : ", which names no entry, so the first one";

        if (!spec)
                return xstrdup("no default is set, so the first entry");
        if (spec->from)
                return xasprintf("%s%s", spec->from, nowhere);
        if (!*spec->value)
                return xstrdup("the default is empty, so the first entry");
        return xasprintf("default=%.300s in grub.cfg%s", spec->value, nowhere);
}

/* The same, one menu further down. */
static char *explain_submenu(const char *outer, const struct grubvar *spec, bool matched)
{
        return xasprintf("%s%s", outer,
                         matched ? ""
                         : spec  ? ", which names no entry of the submenu, so its first one"
                                 : ", a submenu, so its first entry");
}

enum grubmenu_kind grubmenu_kind_of(const struct grubeval *e)
{
        bool bls = false;

        for (size_t i = 0; i < e->menu.n; i++)
                bls |= e->menu.v[i].bls;
        if (e->input->red_hat && bls)
                return GRUBMENU_RED_HAT;
        return e->input->red_hat || bls ? GRUBMENU_EITHER : GRUBMENU_UPSTREAM;
}

struct grubmenu_label *grubmenu_labels(const struct grubmenu *menu)
{
        struct grubmenu_label *labels = xcalloc(menu->n, sizeof(*labels));

        for (size_t i = 0; i < menu->n; i++)
                labels[i] = menu->v[i].label;
        return labels;
}

/* Chosen by its place in the menu, of which GRUB's versions have different opinions. */
static bool is_place_disputed(const struct grubentry *entry, const struct grubvar *spec)
{
        return entry->elsewhere &&
               !(spec && (streq(spec->value, entry->id) || streq(spec->value, entry->title)));
}

static int select_entry(struct grubeval *e, struct grubentry **ret, char **chosen_by)
{
        const struct grubvar *spec = grubvars_get(&e->vars, "default");
        struct grubmenu_label *labels;
        struct err err = { 0 };
        char *outer;
        size_t index;
        int r;

        if (e->menu.n == 0)
                return err_set(e->err, -ENODATA, "the menu has no entry");
        if (spec && !grubword_is_known(spec->value))
                return err_set(e->err, -ENODATA, "the default entry depends on %s",
                               spec->why ? spec->why : "something that is not known");
        labels = grubmenu_labels(&e->menu);
        r = grubmenu_select(labels, e->menu.n, spec ? spec->value : NULL, grubmenu_kind_of(e),
                            &index, &err);
        free(labels);
        if (r < 0)
                return err_set(e->err, r, "%s", err.text);
        if (is_place_disputed(&e->menu.v[index], spec))
                return err_set(e->err, -ENODATA,
                               "the default is the entry at place %zu of the menu, and GRUB of "
                               "RHEL 8 and of RHEL 9 sort the entries differently",
                               index);
        *ret = &e->menu.v[index];
        outer = *chosen_by;
        *chosen_by = outer ? explain_submenu(outer, spec, r > 0) : explain_choice(spec, r > 0);
        free(outer);
        return 0;
}

/* With superusers set, an entry that is not --unrestricted asks for a name and a password. */
static int check_password(struct grubeval *e, const struct grubentry *entry)
{
        if (!entry->restricted || !grubvars_get(&e->vars, "superusers"))
                return 0;
        e->source = entry->source;
        e->line = entry->line;
        return grubeval_unknown(e, "the entry asks for a password before it starts");
}

/* $chosen is the way through the menus, $default what is left of it. */
static int set_choice_variables(struct grubeval *e, const struct grubentry *entry)
{
        const struct grubvar *chosen = grubvars_get(&e->vars, "chosen");
        const struct grubvar *spec = grubvars_get(&e->vars, "default");
        const char *rest = grubmenu_rest(spec ? spec->value : NULL);
        const char *from = spec ? spec->from : NULL;
        cleanup_free char *left = rest ? xstrdup(rest) : NULL;
        cleanup_buf struct buf way = { 0 };
        int r;

        if (chosen)
                buf_printf(&way, "%s>", chosen->value);
        for (const char *p = entry->label.id; *p; p++) {
                if (*p == '>')
                        buf_putc(&way, '>');
                buf_putc(&way, *p);
        }
        r = grubeval_set(e, "chosen", way.data ? way.data : "", NULL, NULL);
        if (r == 0 && grubvars_export(&e->vars, "chosen") < 0)
                r = grubeval_unknown(e, "too many variables");
        if (r == 0 && left)
                return grubeval_set(e, "default", left, NULL, from);
        grubvars_unset(&e->vars, "default");
        return r;
}

static int run_body(struct grubeval *e, const struct grubentry *entry)
{
        e->source = entry->source;
        e->line = entry->line;
        e->parameters = &entry->args;
        if (entry->unknown)
                return grubeval_unknown(e, "%s", entry->unknown);
        return grubeval_run(e, entry->body);
}

/* In a submenu only exported variables are known. */
int grubeval_enter_submenu(struct grubeval *e, const struct grubentry *entry,
                           struct grubmenu *outer)
{
        int r = set_choice_variables(e, entry);
        struct grubvars vars = grubvars_copy(&e->vars, true);
        const struct grubvar *spec = grubvars_get(&e->vars, "default");

        if (r == 0 && spec && grubvars_set(&vars, "default", spec->value, NULL, spec->from) < 0)
                r = grubeval_unknown(e, "too many variables");
        grubvars_done(&e->vars);
        e->vars = vars;
        *outer = e->menu;
        e->menu = (struct grubmenu){ 0 };
        return r < 0 ? r : run_body(e, entry);
}

void grubeval_leave_submenu(struct grubeval *e, struct grubmenu *outer)
{
        grubmenu_done(&e->menu);
        e->menu = *outer;
}

int grubeval_run_entry(struct grubeval *e, const struct grubentry *entry, struct bootentry *ret)
{
        /* What the body adds to the menu comes too late, and must not move the entry. */
        struct grubmenu outer = e->menu;
        int r;

        e->menu = (struct grubmenu){ 0 };
        e->boot = ret;
        r = set_choice_variables(e, entry);
        if (r == 0)
                r = run_body(e, entry);
        e->boot = NULL;
        grubeval_leave_submenu(e, &outer);
        if (r < 0)
                return r;
        if (!ret->kernel.path) {
                e->starts = BOOTENTRY_OTHER;
                e->source = entry->source;
                e->line = entry->line;
                return grubeval_unknown(e, "the entry \"%.100s\" loads no Linux kernel",
                                        entry->title);
        }
        return 0;
}

/* GRUB takes what is no number for no time-out at all. */
static bool waits_for_key(const struct grubeval *e)
{
        const struct grubvar *timeout = grubvars_get(&e->vars, "timeout");
        uint32_t seconds;

        return !timeout || (grubword_is_known(timeout->value) &&
                            grubnumber_parse(timeout->value, &seconds, NULL) < 0);
}

void grubeval_describe_entry(const struct grubentry *entry, struct bootentry *ret)
{
        ret->place = grubeval_place(entry->source, entry->line);
        ret->title = xstrdup(entry->title);
        ret->id = entry->id ? xstrdup(entry->id) : NULL;
        ret->bls = entry->bls;
}

static int choose(struct grubeval *e, struct bootentry *boot, unsigned depth)
{
        cleanup_buf struct buf index = { 0 };
        struct grubmenu outer = { 0 };
        struct grubentry *entry = NULL;
        int r = select_entry(e, &entry, &boot->chosen_by);

        if (r == 0)
                r = check_password(e, entry);
        if (r < 0)
                return r;
        if (boot->index)
                buf_printf(&index, "%s>", boot->index);
        buf_printf(&index, "%zu", (size_t)(entry - e->menu.v));
        free(boot->index);
        boot->index = buf_take(&index);
        if (!entry->submenu) {
                grubeval_describe_entry(entry, boot);
                return grubeval_run_entry(e, entry, boot);
        }
        if (depth == GRUBCFG_MENUS_MAX)
                return grubeval_unknown(e, "too many submenus within each other");
        r = grubeval_enter_submenu(e, entry, &outer);
        if (r == 0)
                r = choose(e, boot, depth + 1);
        grubeval_leave_submenu(e, &outer);
        return r;
}

/* From the start of GRUB to the entry it starts. */
static int start(struct grubeval *e, struct bootmenu *menu, bool others)
{
        cleanup_free char *path = xasprintf("%s/grub.cfg", e->input->directory);
        struct grubsource *source = grubeval_add_source(e, xstrdup(e->input->name), e->input->text);
        struct grubvars vars = { 0 };
        int r = set_initial_variables(e);

        if (r == 0)
                r = grubeval_run_source(e, source, path);
        if (r < 0)
                return r;
        e->control = GRUBCONTROL_NONE;
        e->shown = true;
        if (e->config)
                menu->config = xstrdup(e->config);
        if (others)
                vars = grubvars_copy(&e->vars, false);
        menu->next.waits = waits_for_key(e);
        r = choose(e, &menu->next, 0);
        if (r == 0 && others) {
                grubvars_done(&e->vars);
                e->vars = vars;
                grubeval_list_others(e, menu);
        } else {
                grubvars_done(&vars);
        }
        return r;
}

/* Does what is kept in grubenv say which entry is next? */
static bool is_choice_saved(const struct grubvars *saved)
{
        return grubvars_get(saved, "next_entry") || grubvars_get(saved, "saved_entry") ||
               grubvars_get(saved, "prev_saved_entry");
}

/* The entry of the time after: another one of the menu gets that role. */
static void look_further(const struct grubeval *first, struct bootmenu *menu)
{
        struct err err = { 0 };
        struct grubeval e = { .input = first->input, .err = &err, .before = &first->saved };
        cleanup_bootmenu struct bootmenu after = { 0 };
        struct bootentry *other = NULL;

        if (start(&e, &after, false) < 0) {
                if (!menu->incomplete)
                        menu->incomplete = xasprintf("what starts the time after: %s", err.text);
        } else if (!streq(after.next.index, menu->next.index)) {
                for (size_t i = 0; i < menu->n && !other; i++)
                        if (streq(menu->others[i].index, after.next.index))
                                other = &menu->others[i];
                if (!other)
                        other = bootmenu_add(menu, BOOTENTRY_AFTER_ONCE);
                if (other) {
                        bootentry_done(other);
                        *other = after.next;
                        other->role = BOOTENTRY_AFTER_ONCE;
                        after.next = (struct bootentry){ 0 };
                }
        }
        eval_done(&e);
}

int grubcfg_evaluate(const struct grubcfg_input *input, struct bootmenu *ret, struct err *err)
{
        cleanup_bootmenu struct bootmenu menu = { 0 };
        struct grubeval e = { .input = input, .err = err };
        int r = start(&e, &menu, true);

        if (r == 0 && is_choice_saved(&e.saved))
                look_further(&e, &menu);
        if (r == 0) {
                *ret = menu;
                menu = (struct bootmenu){ 0 };
        }
        eval_done(&e);
        return r;
}
