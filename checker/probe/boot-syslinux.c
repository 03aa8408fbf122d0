/* Syslinux and EXTLINUX: the configuration beside the installed loader, ldlinux.sys. */
#include <errno.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "parse/syslinux.h"
#include "probe/boot.h"

/* Where distributions install it; beside it stands one of its two configurations. */
static const struct {
        const char *loader, *extlinux, *syslinux;
} places[] = {
        { "/boot/extlinux/ldlinux.sys", "/boot/extlinux/extlinux.conf",
          "/boot/extlinux/syslinux.cfg" },
        { "/boot/syslinux/ldlinux.sys", "/boot/syslinux/extlinux.conf",
          "/boot/syslinux/syslinux.cfg" },
        { "/boot/ldlinux.sys", "/boot/extlinux.conf", "/boot/syslinux.cfg" },
        { "/ldlinux.sys", "/extlinux.conf", "/syslinux.cfg" },
};

static int exists(const struct boot_probe *b, const char *path, struct err *err)
{
        struct stat st;

        return volume_stat(b->context->volume, path, &st, err);
}

/* The place it is installed at: 1, 0 nowhere, or an error. */
static int find_place(const struct boot_probe *b, size_t *ret, struct err *err)
{
        size_t found = ARRAY_SIZE(places);

        for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
                int r = exists(b, places[i].loader, err);

                if (r < 0)
                        return r;
                if (r == 0 || (found < ARRAY_SIZE(places) &&
                               boot_is_same_file(b, places[found].loader, places[i].loader)))
                        continue;
                if (found < ARRAY_SIZE(places))
                        return err_set(err, -EEXIST,
                                       "there are %s and %s: which of the two is used cannot be "
                                       "told",
                                       places[found].loader, places[i].loader);
                found = i;
        }
        *ret = found;
        return found < ARRAY_SIZE(places);
}

/* extlinux.conf comes before syslinux.cfg (core/fs/lib/loadconfig.c). */
int boot_find_syslinux(const struct boot_probe *b, const char **ret_config, struct err *err)
{
        size_t i;
        int r = find_place(b, &i, err);

        if (r <= 0)
                return r;
        *ret_config = places[i].extlinux;
        r = exists(b, *ret_config, err);
        if (r != 0)
                return r;
        *ret_config = places[i].syslinux;
        r = exists(b, *ret_config, err);
        if (r == 0)
                return err_set(err, -ENODATA, "%s has no configuration beside it",
                               places[i].loader);
        return r;
}

bool boot_has_syslinux_config(const struct boot_probe *b)
{
        for (size_t i = 0; i < ARRAY_SIZE(places); i++)
                if (exists(b, places[i].extlinux, NULL) > 0 ||
                    exists(b, places[i].syslinux, NULL) > 0)
                        return true;
        return false;
}

static int read_include(void *data, const char *path, struct blob *ret, char **ret_name,
                        struct err *err)
{
        const struct boot_probe *b = data;
        char *name = boot_volume_path(b, "", path);
        int r = volume_read(b->context->volume, name, VOLUME_CONFIG_MAX, ret, err);

        if (r > 0)
                *ret_name = name;
        else
                free(name);
        return r;
}

/* What the loader keeps at the end of its own file. */
static int read_adv(const struct boot_probe *b, struct syslinux_input *input, struct err *err)
{
        char tail[SYSLINUX_ADV_SIZE];
        struct stat st;
        cleanup_fd int fd = -1;
        bool once = false;
        size_t place = 0;
        ssize_t n;
        int r = find_place(b, &place, err);

        if (r <= 0)
                return r < 0 ? r : err_set(err, -ENODATA, "it is gone");
        fd = volume_open_file(b->context->volume, places[place].loader, &st, err);
        if (fd < 0)
                return fd == -ENOENT ? err_set(err, fd, "%s is gone", places[place].loader) : fd;
        if (st.st_size < SYSLINUX_ADV_SIZE)
                return err_set(err, -EINVAL, "%s: too short", places[place].loader);
        n = pread(fd, tail, sizeof(tail), st.st_size - SYSLINUX_ADV_SIZE);
        if (n != sizeof(tail))
                return err_set(err, -EIO, "%s: cannot be read", places[place].loader);
        syslinux_read_adv((struct span){ tail, sizeof(tail) }, &once, &input->saved);
        if (once)
                return err_set(err, -ENODATA,
                               "%s: a command for the next start only, which is not understood",
                               places[place].loader);
        return 0;
}

int boot_read_syslinux(const struct boot_probe *b, const char *config, struct span text,
                       struct bootmenu *ret, struct err *err)
{
        cleanup_free char *directory = xmemdup0(config, (size_t)(strrchr(config, '/') - config));
        struct boot_probe host = *b;
        struct syslinux_input input = {
                .text = text,
                .name = config,
                .directory = directory,
                .host = { &host, read_include },
        };
        int r;

        if (b->separate && !str_startswith(directory, "/boot"))
                return err_set(err, -ENODATA, "it is not on the volume of /boot");
        if (b->separate)
                input.directory = directory + strlen("/boot");
        r = read_adv(b, &input, err);
        return r < 0 ? r : syslinux_evaluate(&input, ret, err);
}
