/*
 * The entries GRUB does not start next: each is run as if it were picked, from the state in which
 * its menu is shown. What one of them does not let us know is its own affair.
 */
#include <errno.h>
#include <string.h>

#include "parse/grubeval.h"
#include "parse/grubnumber.h"

/* What the commands of an entry may change. */
struct snapshot {
        struct grubvars vars;
        struct grubfunction *functions;
        size_t n_functions;
};

static struct snapshot take_snapshot(const struct grubeval *e)
{
        struct snapshot s = { grubvars_copy(&e->vars, false),
                              xcalloc(e->n_functions, sizeof(*e->functions)), e->n_functions };

        for (size_t i = 0; i < s.n_functions; i++)
                s.functions[i] = e->functions[i];
        return s;
}

static void restore(struct grubeval *e, const struct snapshot *s)
{
        grubvars_done(&e->vars);
        e->vars = grubvars_copy(&s->vars, false);
        for (size_t i = 0; i < s->n_functions; i++)
                e->functions[i] = s->functions[i];
        e->n_functions = s->n_functions;
        e->boot = NULL;
        e->starts = BOOTENTRY_LINUX;
        e->source = NULL;
        e->parameters = NULL;
        e->control = GRUBCONTROL_NONE;
        e->status = GRUBTRI_YES;
        e->forks_open = e->forks_open_call = e->forks_open_loop = 0;
        e->calls = e->functions_open = e->loops_open = 0;
}

static void snapshot_done(struct snapshot *s)
{
        grubvars_done(&s->vars);
        free(s->functions);
}
#define cleanup_snapshot _cleanup_(snapshot_done)

/* ---- fallback -------------------------------------------------------------------------------- */

/*
 * $fallback is a list of numbers, tried one after the other; what is no number is to its end one
 * title or id (get_and_remove_first_entry_number in grub-core/normal/menu.c).
 */
static void mark_fallbacks(const struct grubeval *e, bool *marks, struct bootmenu *ret)
{
        const struct grubvar *var = grubvars_get(&e->vars, "fallback");
        const char *p = var ? var->value : "";
        cleanup_free struct grubmenu_label *labels = grubmenu_labels(&e->menu);
        struct err err = { 0 };
        size_t index;

        if (!grubword_is_known(p)) {
                ret->incomplete = xasprintf("the fallback depends on %s",
                                            var->why ? var->why : "something that is not known");
                return;
        }
        while (*(p += strspn(p, " \t"))) {
                uint32_t number;
                int r = grubnumber_parse(p, &number, &p);

                if (r == -ERANGE)
                        return;
                if (r < 0) {
                        r = grubmenu_select(labels, e->menu.n, p, grubmenu_kind_of(e), &index,
                                            &err);
                        if (r < 0)
                                ret->incomplete = xasprintf("the fallback: %s", err.text);
                        else if (r > 0)
                                marks[index] = true;
                        return;
                }
                if (number < e->menu.n)
                        marks[number] = true;
        }
}

/* ---- the menu -------------------------------------------------------------------------------- */

static void add_unknown(struct bootmenu *ret, const struct grubentry *entry, const char *index,
                        enum bootentry_role role, const char *why)
{
        struct bootentry *b = bootmenu_add(ret, role);

        if (!b)
                return;
        grubeval_describe_entry(entry, b);
        b->index = xstrdup(index);
        b->unknown = xstrdup(why);
}

static void add_entry(struct grubeval *e, const struct grubentry *entry, const char *index,
                      enum bootentry_role role, struct bootmenu *ret)
{
        cleanup_bootentry struct bootentry boot = { 0 };
        struct bootentry *b;

        if (grubeval_run_entry(e, entry, &boot) < 0 && e->starts == BOOTENTRY_LINUX) {
                add_unknown(ret, entry, index, role, e->err->text);
                return;
        }
        b = bootmenu_add(ret, role);
        if (!b)
                return;
        boot.role = role;
        boot.starts = e->starts;
        boot.index = xstrdup(index);
        grubeval_describe_entry(entry, &boot);
        *b = boot;
        boot = (struct bootentry){ 0 };
}

static void list_menu(struct grubeval *e, const char *way, unsigned depth, const bool *fallbacks,
                      struct bootmenu *ret);

static void list_submenu(struct grubeval *e, const struct grubentry *entry, const char *index,
                         unsigned depth, enum bootentry_role role, struct bootmenu *ret)
{
        struct grubmenu outer;

        if (depth == GRUBCFG_MENUS_MAX) {
                add_unknown(ret, entry, index, role, "too many submenus within each other");
                return;
        }
        if (grubeval_enter_submenu(e, entry, &outer) < 0) {
                add_unknown(ret, entry, index, role, e->err->text);
        } else {
                /* Gone to by itself, it starts its first entry. */
                cleanup_free bool *fallbacks = xcalloc(e->menu.n + 1, sizeof(*fallbacks));

                fallbacks[0] = role == BOOTENTRY_FALLBACK;
                list_menu(e, index, depth + 1, fallbacks, ret);
        }
        grubeval_leave_submenu(e, &outer);
}

static void list_menu(struct grubeval *e, const char *way, unsigned depth, const bool *fallbacks,
                      struct bootmenu *ret)
{
        cleanup_snapshot struct snapshot before = take_snapshot(e);

        for (size_t i = 0; i < e->menu.n; i++) {
                const struct grubentry *entry = &e->menu.v[i];
                enum bootentry_role role = fallbacks[i] ? BOOTENTRY_FALLBACK : BOOTENTRY_MENU;
                cleanup_free char *index = xasprintf("%s%s%zu", way ? way : "", way ? ">" : "", i);

                if (streq(index, ret->next.index))
                        continue;
                if (ret->n == BOOTMENU_OTHERS_MAX) {
                        bootmenu_add(ret, role);
                        return;
                }
                restore(e, &before);
                if (entry->submenu)
                        list_submenu(e, entry, index, depth, role, ret);
                else
                        add_entry(e, entry, index, role, ret);
        }
}

void grubeval_list_others(struct grubeval *e, struct bootmenu *ret)
{
        cleanup_free bool *fallbacks = xcalloc(e->menu.n, sizeof(*fallbacks));
        struct err *outer = e->err, err = { 0 };

        e->err = &err;
        mark_fallbacks(e, fallbacks, ret);
        list_menu(e, NULL, 0, fallbacks, ret);
        e->err = outer;
}
