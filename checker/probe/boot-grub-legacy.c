/*
 * GRUB legacy: menu.lst or grub.conf, which counts only where its second stage is installed. Images
 * for paravirtual machines have the menu alone, for the loader outside the machine.
 */
#include <errno.h>

#include "base/fdio.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "parse/grublegacy.h"
#include "parse/grubstage2.h"
#include "probe/boot.h"

#define STAGE2 "/boot/grub/stage2"

static const char *const menus[] = { "/boot/grub/grub.conf", "/boot/grub/menu.lst" };

/* 1, 0 when it is not there, or an error. */
static int read_stage2(const struct boot_probe *b, struct grubstage2 *ret, struct err *err)
{
        char head[GRUBSTAGE2_HEAD_MAX];
        struct stat st;
        cleanup_fd int fd = volume_open_file(b->context->volume, STAGE2, &st, err);
        ssize_t n;
        int r;

        if (fd < 0)
                return fd == -ENOENT ? 0 : fd;
        n = fd_read_full(fd, head, sizeof(head));
        if (n < 0)
                return err_set(err, (int)n, "%s: %s", STAGE2, strerror((int)-n));
        r = grubstage2_parse((struct span){ head, (size_t)n }, ret, err);
        return r < 0 ? err_wrap(err, r, "%s", STAGE2) : 1;
}

static int has_menu(const struct boot_probe *b, struct err *err)
{
        for (size_t i = 0; i < ARRAY_SIZE(menus); i++) {
                struct stat st;
                int r = volume_stat(b->context->volume, menus[i], &st, err);

                if (r != 0)
                        return r;
        }
        return 0;
}

int boot_find_grub_legacy(const struct boot_probe *b, const char **ret_config, struct err *err)
{
        struct grubstage2 stage2;
        cleanup_free char *path = NULL;
        int r = has_menu(b, err);

        if (r > 0)
                r = read_stage2(b, &stage2, err);
        if (r <= 0)
                return r;
        path = boot_volume_path(b, "", stage2.config);
        for (size_t i = 0; i < ARRAY_SIZE(menus); i++)
                if (boot_is_same_file(b, path, menus[i])) {
                        *ret_config = menus[i];
                        return 1;
                }
        return err_set(err, -ENODATA, "%s reads the menu %s, which is not there", STAGE2, path);
}

/* ---- the saved entry ------------------------------------------------------------------------- */

/* GRUB looks at the first bytes only: nine of them, for want of an end mark in a shorter file. */
#define SAVED_BYTES 10

/* All builds but Red Hat's have it in the file "default" beside the menu. */
static void read_saved(const struct boot_probe *b, const char *config, char **ret_by,
                       struct grublegacy_saved *ret)
{
        char *by = xasprintf("%.*s/default", (int)(strrchr(config, '/') - config), config);
        cleanup_blob struct blob text = { 0 };
        struct err err = { 0 };
        char head[SAVED_BYTES] = "";
        const char *end = head;
        int r = volume_read(b->context->volume, by, VOLUME_CONFIG_MAX, &text, &err);

        *ret_by = by;
        *ret = (struct grublegacy_saved){ .by = by };
        if (r < 0)
                ret->unknown = "the file it is in cannot be read";
        if (r <= 0)
                return;
        memcpy(head, text.data, text.len < SAVED_BYTES ? text.len : SAVED_BYTES - 1);
        grublegacy_number(&end, &ret->entry);
        ret->writable = text.len >= SAVED_BYTES;
        if (!ret->writable && end == head + text.len)
                ret->unknown = "the file it is in ends within the number";
}

/* ---- devices --------------------------------------------------------------------------------- */

/* The number in "c0ffee00-01", counted from 0 as GRUB does; -1: not known. */
static int own_partition(const struct boot_probe *b)
{
        const char *id = facts_str(b->context->facts, "/volume/partuuid");
        unsigned number;

        if (b->separate || !id || strlen(id) != strlen("c0ffee00-01") ||
            sscanf(id + strlen("c0ffee00"), "-%2x", &number) != 1 || number == 0)
                return -1;
        return (int)number - 1;
}

/*
 * GRUB counts the disk it was started from as hd0. Which of its partitions is the volume at hand is
 * known from the partition's own id, or as all entries mean the same one.
 */
static int check_device(const struct boot_probe *b, const struct grublegacy_input *input,
                        const struct grublegacy *menu, const struct bootentry_file *file,
                        struct err *err)
{
        int own = own_partition(b);
        cleanup_free char *own_name = own >= 0 ? xasprintf("hd0,%d", own) : NULL;

        if (!*file->device || str_startswith(file->device, "fs-uuid:"))
                return 0;
        if (own_name && streq(own_name, file->device))
                return 0;
        if (own_name || (!streq(file->device, "hd0") && !str_startswith(file->device, "hd0,")))
                return err_set(err, -ENODATA, "line %zu: it is read from (%s), and this is %s%s%s",
                               file->place.line, file->device, own_name ? "(" : "one volume",
                               own_name ? own_name : "", own_name ? ")" : " only");
        for (size_t i = 0; i < menu->n; i++) {
                cleanup_bootentry struct bootentry other = { 0 };
                struct err ignored = { 0 };

                if (grublegacy_boot(input, menu, i, &other, &ignored) < 0 ||
                    !str_startswith(other.kernel.device, "hd") ||
                    streq(other.kernel.device, file->device))
                        continue;
                return err_set(err, -ENODATA,
                               "line %zu: it is read from (%s), line %zu reads from (%s): which "
                               "of the two is the volume at hand is not known",
                               file->place.line, file->device, other.kernel.place.line,
                               other.kernel.device);
        }
        return 0;
}

static int check_devices(const struct boot_probe *b, const struct grublegacy_input *input,
                         const struct grublegacy *menu, const struct bootentry *boot,
                         struct err *err)
{
        for (size_t i = 0; i < boot->n_initrds; i++)
                if (!streq(boot->initrds[i].device, boot->kernel.device))
                        return err_set(err, -ENODATA,
                                       "line %zu: the initrd is not read from where the kernel is",
                                       boot->initrds[i].place.line);
        return check_device(b, input, menu, &boot->kernel, err);
}

static void list_others(const struct boot_probe *b, const struct grublegacy_input *input,
                        const struct grublegacy *menu, struct bootmenu *ret)
{
        grublegacy_list_others(input, menu, ret);
        for (size_t i = 0; i < ret->n; i++) {
                struct err err = { 0 };

                if (ret->others[i].kernel.path &&
                    check_devices(b, input, menu, &ret->others[i], &err) < 0)
                        ret->others[i].unknown = xstrdup(err.text);
        }
}

int boot_read_grub_legacy(const struct boot_probe *b, const char *config, struct span text,
                          struct bootmenu *ret, struct err *err)
{
        struct grublegacy_input input = {
                .text = text,
                .name = config,
                .base = strrchr(config, '/') + 1,
        };
        cleanup_grublegacy struct grublegacy menu = { 0 };
        cleanup_bootmenu struct bootmenu boot = { 0 };
        cleanup_free char *by = NULL;
        struct grubstage2 stage2;
        int r = read_stage2(b, &stage2, err);

        if (r <= 0)
                return r < 0 ? r : err_set(err, -ENODATA, "%s is gone", STAGE2);
        input.red_hat = str_endswith(stage2.config, "/grub.conf") || stage2.saved || stage2.once;
        if (input.red_hat)
                input.saved = (struct grublegacy_saved){ .entry = stage2.saved,
                                                         .by = STAGE2,
                                                         .once = stage2.once };
        else
                read_saved(b, config, &by, &input.saved);
        r = grublegacy_parse(&input, &menu, err);
        if (r >= 0)
                r = grublegacy_boot(&input, &menu, menu.chosen, &boot.next, err);
        if (r >= 0)
                r = check_devices(b, &input, &menu, &boot.next, err);
        if (r < 0)
                return r;
        list_others(b, &input, &menu, &boot);
        *ret = boot;
        boot = (struct bootmenu){ 0 };
        return 0;
}
