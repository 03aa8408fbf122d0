/* GRUB 2: grub.cfg, grubenv and Boot Loader Specification entries, as GRUB itself sees them. */
#include <errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "parse/grubcfg.h"
#include "probe/boot.h"

/*
 * GRUB follows a link within its file system only: where the link leads to a directory another
 * volume is mounted on, it sees what is below. Red Hat's grubenv can be such a link, into the EFI
 * system partition.
 */
static int check_crossing(const struct boot_probe *b, const char *path, struct err *err)
{
        const struct volume *v = b->context->volume;
        cleanup_free char *target = NULL,
                          *directory = xmemdup0(path, (size_t)(strrchr(path, '/') - path) + 1);
        struct stat here, there;

        if (volume_readlink(v, path, &target, NULL) != 1 ||
            volume_stat(v, path, &there, NULL) != 1 ||
            volume_stat(v, directory, &here, NULL) != 1 || here.st_dev == there.st_dev)
                return 0;
        return err_set(err, -EXDEV, "%s is a link to %s, which is on another file system", path,
                       target);
}

/* 0 and where a file GRUB reads is in the volume; -EXDEV: it may be on another file system. */
static int find_file(const struct boot_probe *b, const char *device, const char *grub_path,
                     char **ret, struct err *err)
{
        if (!boot_is_at_hand(b, device))
                return err_set(err, -EXDEV, "it is on %.100s, which is not the file system at hand",
                               device);
        *ret = boot_volume_path(b, device, grub_path);
        return 0;
}

/* GRUB looks at the directory entry: a link is there, and no directory, wherever it points. */
static int test_file(void *data, char op, const char *device, const char *grub_path)
{
        const struct boot_probe *b = data;
        cleanup_free char *path = NULL, *target = NULL;
        struct stat st;
        int r = find_file(b, device, grub_path, &path, NULL);

        if (r < 0)
                return r;
        if (op != 's') {
                r = volume_readlink(b->context->volume, path, &target, NULL);
                if (r != 0)
                        return r < 0 ? r : op != 'd';
        }
        r = volume_stat(b->context->volume, path, &st, NULL);
        if (r > 0 && op == 's' && check_crossing(b, path, NULL) < 0)
                return -EXDEV;
        if (r <= 0)
                return r;
        switch (op) {
        case 'd':
                return S_ISDIR(st.st_mode);
        case 'f':
                return !S_ISDIR(st.st_mode);
        case 's':
                return S_ISREG(st.st_mode) && st.st_size > 0;
        default:
                return 1;
        }
}

static int read_file(void *data, const char *device, const char *grub_path, struct blob *ret,
                     char **ret_name, struct err *err)
{
        const struct boot_probe *b = data;
        cleanup_free char *path = NULL;
        int r = find_file(b, device, grub_path, &path, err);

        if (r == 0)
                r = check_crossing(b, path, err);
        if (r == 0)
                r = volume_read(b->context->volume, path, VOLUME_CONFIG_MAX, ret, err);
        if (r > 0)
                *ret_name = TAKE_PTR(path);
        return r;
}

static int list_directory(void *data, const char *device, const char *grub_path, struct strv *ret,
                          struct err *err)
{
        const struct boot_probe *b = data;
        cleanup_free char *path = NULL;
        int r = find_file(b, device, grub_path, &path, err);

        return r < 0 ? r : volume_list(b->context->volume, path, ret, err);
}

/* Red Hat's GRUB reads no configuration of others on an EFI system partition. */
static bool is_red_hat(const struct boot_probe *b, const char *directory)
{
        if (!b->esp)
                return streq(directory, "/boot/grub2");
        return !str_endswith(directory, "/debian") && !str_endswith(directory, "/ubuntu");
}

int boot_read_grub2(const struct boot_probe *b, const char *config, struct span text,
                    struct bootmenu *ret, struct err *err)
{
        cleanup_free char *directory = xmemdup0(config, (size_t)(strrchr(config, '/') - config));
        struct boot_probe host = *b;
        size_t mount = b->esp ? strlen(b->esp) : b->separate ? strlen("/boot") : 0;
        const struct grubcfg_input input = {
                .text = text,
                .name = config,
                .directory = directory + mount,
                .red_hat = is_red_hat(b, directory),
                .efi = b->esp != NULL,
                .host = { &host, test_file, read_file, list_directory },
        };

        return grubcfg_evaluate(&input, ret, err);
}
