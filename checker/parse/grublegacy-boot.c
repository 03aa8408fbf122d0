/* What an entry of GRUB legacy's menu starts: its commands run one after the other. */
#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/grublegacy.h"

/* Longer command lines are cut (boot.c; the other with Red Hat's patch for boot protocol 2.06). */
#define CMDLINE_UPSTREAM_MAX 255
#define CMDLINE_RED_HAT_MAX  2047

struct run {
        const struct grublegacy_input *input;
        const struct grublegacy *menu;
        struct bootentry *boot;
        char *device; /* of "root" */
        bool ended;   /* by "boot" */
};

typedef int command_fn(struct run *run, const struct grublegacy_line *line, const char *argument,
                       struct err *err);

static void set_place(const struct run *run, struct bootentry_place *place,
                      const struct grublegacy_line *line)
{
        place->file = xstrdup(run->input->name);
        place->line = line->number;
        place->text = xstrdup(line->text);
}

/* "(hd0,0)rest": 1, the device without its brackets and what follows; 0: does not begin so. */
static int take_device(const char *text, char **ret_device, const char **ret_rest)
{
        const char *end = strchr(text, ')');

        if (*text != '(' || !end || strcspn(text, " ") < (size_t)(end - text))
                return 0;
        *ret_device = xmemdup0(text + 1, (size_t)(end - text - 1));
        *ret_rest = end + 1;
        return 1;
}

/* The file the first word of `text` names. */
static int take_file(const struct run *run, const struct grublegacy_line *line, const char *text,
                     struct bootentry_file *ret, struct err *err)
{
        cleanup_free char *device = NULL;
        size_t len;

        if (!take_device(text, &device, &text))
                device = xstrdup(run->device);
        len = strcspn(text, " ");
        if (*text != '/')
                return err_set(err, -ENODATA, "line %zu: \"%.64s\" is no path", line->number, text);
        set_place(run, &ret->place, line);
        ret->path = xmemdup0(text, len);
        ret->device = TAKE_PTR(device);
        return 0;
}

static int run_root(struct run *run, const struct grublegacy_line *line, const char *argument,
                    struct err *err)
{
        char *device;

        if (!*argument)
                return 0;
        if (!take_device(argument, &device, &argument))
                return err_set(err, -ENODATA, "line %zu: \"%.64s\" is no device", line->number,
                               argument);
        free(run->device);
        run->device = device;
        return 0;
}

/* Ubuntu's: the root is the file system of that UUID. */
static int run_uuid(struct run *run, const struct grublegacy_line *line _unused_,
                    const char *argument, struct err *err _unused_)
{
        free(run->device);
        run->device = xasprintf("fs-uuid:%.*s", (int)strcspn(argument, " "), argument);
        return 0;
}

static void drop_files(struct bootentry *boot)
{
        bootentry_file_done(&boot->kernel);
        for (size_t i = 0; i < boot->n_initrds; i++)
                bootentry_file_done(&boot->initrds[i]);
        boot->n_initrds = 0;
}

static int run_kernel(struct run *run, const struct grublegacy_line *line, const char *argument,
                      struct err *err)
{
        size_t max = run->input->red_hat ? CMDLINE_RED_HAT_MAX : CMDLINE_UPSTREAM_MAX;

        while (str_startswith(argument, "--")) {
                if (str_startswith(argument, "--type=") &&
                    !str_startswith(argument, "--type=linux") &&
                    !str_startswith(argument, "--type=biglinux"))
                        return err_set(err, -ENODATA, "line %zu: it starts no Linux", line->number);
                argument += strcspn(argument, " ");
                argument += strspn(argument, " ");
        }
        drop_files(run->boot);
        if (take_file(run, line, argument, &run->boot->kernel, err) < 0)
                return -ENODATA;
        argument += strcspn(argument, " ");
        argument += strspn(argument, " ");
        if (strlen(argument) > max)
                return err_set(err, -ENODATA,
                               "line %zu: GRUB cuts command lines longer than %zu bytes",
                               line->number, max);
        free(run->boot->cmdline);
        run->boot->cmdline = xstrdup(argument);
        return 0;
}

/* A second command replaces what the first has loaded. */
static int run_initrd(struct run *run, const struct grublegacy_line *line, const char *argument,
                      struct err *err)
{
        struct bootentry *boot = run->boot;

        if (!boot->kernel.path)
                return err_set(err, -ENODATA, "line %zu: an initrd before the kernel: GRUB stops",
                               line->number);
        for (size_t i = 0; i < boot->n_initrds; i++)
                bootentry_file_done(&boot->initrds[i]);
        boot->n_initrds = 0;
        do {
                struct bootentry_file *file =
                        ARRAY_PUSH(&boot->initrds, &boot->n_initrds, &boot->cap_initrds);

                if (take_file(run, line, argument, file, err) < 0)
                        return -ENODATA;
                argument += strcspn(argument, " ");
                argument += strspn(argument, " ");
        } while (*argument && run->input->red_hat);
        if (*argument)
                return err_set(err, -ENODATA, "line %zu: not every GRUB loads more than one initrd",
                               line->number);
        return 0;
}

static int run_module(struct run *run, const struct grublegacy_line *line,
                      const char *argument _unused_, struct err *err)
{
        run->boot->starts = BOOTENTRY_HYPERVISOR;
        return err_set(err, -ENODATA,
                       "line %zu: %.64s is started with modules, as the Xen hypervisor is: which "
                       "kernel runs is its business",
                       line->number, run->boot->kernel.path ? run->boot->kernel.path : "nothing");
}

static int run_savedefault(struct run *run, const struct grublegacy_line *line,
                           const char *argument, struct err *err)
{
        uint32_t entry;

        if (run->input->red_hat ||
            (run->input->saved.writable && (!*argument || grublegacy_number(&argument, &entry))))
                return 0;
        return err_set(err, -ENODATA,
                       "line %zu: whether GRUB can do this, or skips the entry, is not known",
                       line->number);
}

static int run_lock(struct run *run, const struct grublegacy_line *line,
                    const char *argument _unused_, struct err *err)
{
        if (!run->menu->password)
                return 0;
        return err_set(err, -ENODATA, "line %zu: the entry is locked with a password",
                       line->number);
}

static int run_boot(struct run *run, const struct grublegacy_line *line _unused_,
                    const char *argument _unused_, struct err *err _unused_)
{
        run->ended = true;
        return 0;
}

static int run_chainloader(struct run *run, const struct grublegacy_line *line,
                           const char *argument, struct err *err)
{
        run->boot->starts = BOOTENTRY_OTHER;
        return err_set(err, -ENODATA, "line %zu: it hands over to another boot loader, %.64s",
                       line->number, argument);
}

static int run_configfile(struct run *run, const struct grublegacy_line *line, const char *argument,
                          struct err *err)
{
        run->boot->starts = BOOTENTRY_OTHER;
        return err_set(err, -ENODATA, "line %zu: it loads another menu, %.64s", line->number,
                       argument);
}

static int run_look(struct run *run _unused_, const struct grublegacy_line *line _unused_,
                    const char *argument _unused_, struct err *err _unused_)
{
        return 0;
}

static const struct command {
        const char *name;
        command_fn *run;
} commands[] = {
        { "root", run_root },
        { "rootnoverify", run_root },
        { "uuid", run_uuid },
        { "kernel", run_kernel },
        { "initrd", run_initrd },
        { "module", run_module },
        { "modulenounzip", run_module },
        { "savedefault", run_savedefault },
        { "lock", run_lock },
        { "boot", run_boot },
        { "chainloader", run_chainloader },
        { "configfile", run_configfile },
        /* How it looks. */
        { "background", run_look },
        { "clear", run_look },
        { "color", run_look },
        { "foreground", run_look },
        { "quiet", run_look },
        { "silent", run_look },
        { "splashimage", run_look },
};

static int run_line(struct run *run, const struct grublegacy_line *line, struct err *err)
{
        for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
                if (grublegacy_is_command(line->text, commands[i].name))
                        return commands[i].run(run, line, grublegacy_argument(line->text), err);
        return err_set(err, -ENODATA, "line %zu: \"%.64s\" is not understood", line->number,
                       line->text);
}

/* Title, place and index are known in any case. */
static int run_entry(const struct grublegacy_input *input, const struct grublegacy *menu,
                     size_t entry, struct bootentry *boot, struct err *err)
{
        const struct grublegacy_entry *e = &menu->entries[entry];
        struct run run = { input, menu, boot, xstrdup(""), false };
        int r = 0;

        boot->title = xstrdup(grublegacy_argument(e->title.text));
        boot->index = xasprintf("%zu", entry);
        set_place(&run, &boot->place, &e->title);
        for (size_t i = 0; i < e->n && r >= 0 && !run.ended; i++)
                r = run_line(&run, &e->commands[i], err);
        free(run.device);
        if (r >= 0 && !boot->kernel.path)
                r = err_set(err, -ENODATA, "line %zu: \"%.64s\" starts no kernel", e->title.number,
                            boot->title);
        return r;
}

int grublegacy_boot(const struct grublegacy_input *input, const struct grublegacy *menu,
                    size_t entry, struct bootentry *ret, struct err *err)
{
        cleanup_bootentry struct bootentry boot = { 0 };
        int r = run_entry(input, menu, entry, &boot, err);

        if (r < 0)
                return r;
        boot.chosen_by = xstrdup(menu->chosen_by);
        boot.waits = menu->waits;
        *ret = boot;
        boot = (struct bootentry){ 0 };
        return 0;
}

static bool is_fallback(const struct grublegacy *menu, size_t entry)
{
        for (size_t i = 0; i < menu->n_fallbacks; i++)
                if (menu->fallbacks[i] == entry)
                        return true;
        return false;
}

static void add_other(const struct grublegacy_input *input, const struct grublegacy *menu,
                      size_t entry, struct bootmenu *ret)
{
        bool after = menu->is_once && entry == menu->after;
        struct bootentry *other = bootmenu_add(ret, after ? BOOTENTRY_AFTER_ONCE
                                                    : is_fallback(menu, entry) ? BOOTENTRY_FALLBACK
                                                                               : BOOTENTRY_MENU);
        struct err err = { 0 };

        if (!other)
                return;
        if (other->role == BOOTENTRY_AFTER_ONCE)
                other->chosen_by = xstrdup(menu->after_by);
        if (other->role == BOOTENTRY_FALLBACK)
                other->chosen_by = xasprintf("fallback in %s", input->base);
        if (run_entry(input, menu, entry, other, &err) >= 0)
                return;
        drop_files(other);
        free(TAKE_PTR(other->cmdline));
        if (other->starts == BOOTENTRY_LINUX)
                other->unknown = xstrdup(err.text);
}

void grublegacy_list_others(const struct grublegacy_input *input, const struct grublegacy *menu,
                            struct bootmenu *ret)
{
        for (size_t i = 0; i < menu->n; i++)
                if (i != menu->chosen)
                        add_other(input, menu, i, ret);
}
