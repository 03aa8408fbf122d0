/*
 * What a file has beside its content: owner, permissions, times, and extended attributes, among
 * which are ACLs, capabilities and the SELinux label.
 */
#pragma once

#include <sys/stat.h>
#include <time.h>

#include "base/buf.h"
#include "base/err.h"

#define ATTRS_XATTR_MAX (64u << 10) /* the kernel's own limit, for one value and for all names */
#define ATTRS_COUNT_MAX 256

struct attrs_xattr {
        char *name;
        struct blob value;
};

struct attrs {
        mode_t mode; /* permissions only */
        uid_t uid;
        gid_t gid;
        bool fresh; /* of a file that was not there: attributes that its directory gives it stay */
        struct timespec atime, mtime;
        struct attrs_xattr *xattrs;
        size_t n, cap;
};

void attrs_done(struct attrs *a);
#define cleanup_attrs _cleanup_(attrs_done)

/* `path` is for messages. */
int attrs_read(int fd, const char *path, struct attrs *ret, struct err *err);
/*
 * The access and modification times too when `times`. Attributes that the directory or the kernel
 * gave the new file and the old one had not are removed, but for a label that cannot be.
 */
int attrs_write(int fd, const char *path, const struct attrs *a, bool times, struct err *err);
/*
 * A new file, or directory, has the label of the directory it is in, as the kernel would give it
 * where SELinux is on. None there: none here.
 */
int attrs_inherit_label(int dir_fd, int fd, const char *path, struct err *err);
/* All but the access time. */
bool attrs_eq(const struct attrs *a, const struct attrs *b);
