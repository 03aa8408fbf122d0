/* A volume in a scratch directory, operations on it, and what is in its files afterwards. */
#pragma once

#include "unit.h"

#include <errno.h>
#include <fcntl.h>

#include "fixes/rollback.h"
#include "fixes/txn.h"
#include "base/fdio.h"

static char *root;
static struct volume *volume;

static inline int txn_setup(void **state _unused_)
{
        struct err err = { 0 };

        umask(077);
        root = unit_temp_dir();
        assert_int_equal(volume_open(root, VOLUME_OFFLINE, &volume, &err), 0);
        unit_write_text(root, "etc/fstab", "/dev/xvda1 / ext4\n");
        unit_write_text(root, "etc/default/grub", "GRUB_CMDLINE_LINUX=\"\"\n");
        unit_write_text(root, "boot/initrd", "old image");
        return 0;
}

static inline int txn_teardown(void **state _unused_)
{
        volume_free(volume);
        volume = NULL;
        unit_remove_tree(root);
        return 0;
}

static inline char *at_root(const char *path)
{
        static char *full;

        free(full);
        full = xasprintf("%s%s", root, path);
        return full;
}

/* The content, or NULL when nothing is there; valid until the next but three. */
static inline const char *content(const char *path)
{
        static struct blob held[4];
        static size_t n;
        cleanup_fd int fd = open(at_root(path), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

        if (fd < 0)
                return NULL;
        n = (n + 1) % ARRAY_SIZE(held);
        blob_done(&held[n]);
        assert_int_equal(fd_read_all(fd, 1 << 20, &held[n]), 0);
        return held[n].data;
}

#define assert_content(path, text) assert_string_equal(content(path), text)
#define assert_absent(path)        assert_int_equal(access(at_root(path), F_OK), -1)

/* From what is there now. */
static inline struct txn_op op_write(const char *path, const char *bytes)
{
        struct txn_op op = { .kind = TXN_WRITE,
                             .path = path,
                             .bytes = span_of(bytes),
                             .mode = 0644,
                             .fix = "some-fix" };
        const char *now = content(path);

        op.existed = now != NULL;
        if (now)
                digest_of(span_of(now), &op.before);
        return op;
}

static inline struct txn_op op_append(const char *path, const char *bytes)
{
        struct txn_op op = op_write(path, bytes);

        op.kind = TXN_APPEND;
        return op;
}

static inline int unit_count_one(const char *path, const struct stat *st _unused_,
                                 int flag _unused_, struct FTW *ftw)
{
        const char *name = path + ftw->base;

        assert_int_not_equal(strncmp(name, ".xen2nitro", 10), 0);
        return 0;
}

/* Nothing temporary is left anywhere. */
static inline void assert_tidy(void)
{
        assert_int_equal(nftw(root, unit_count_one, 16, FTW_PHYS), 0);
}
