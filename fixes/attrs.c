#include "attrs.h"

#include <errno.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xalloc.h"

void attrs_done(struct attrs *a)
{
        for (size_t i = 0; i < a->n; i++) {
                free(a->xattrs[i].name);
                blob_done(&a->xattrs[i].value);
        }
        free(a->xattrs);
        *a = (struct attrs){ 0 };
}

static int fail(struct err *err, const char *path, const char *what)
{
        int code = -errno;

        return err_set(err, code, "%s: cannot %s: %s", path, what, strerror(-code));
}

#define LABEL "security.selinux"

/* Signatures of the content: the kernel makes them, and those of the old content are wrong now. */
static bool is_signature(const char *name)
{
        return streq(name, "security.ima") || streq(name, "security.evm");
}

/* The names, each with its NUL; none where there are no such attributes. */
static int list_names(int fd, const char *path, struct blob *ret, struct err *err)
{
        cleanup_blob struct blob names = { .data = xmalloc(ATTRS_XATTR_MAX + 1) };
        ssize_t n = flistxattr(fd, names.data, ATTRS_XATTR_MAX);

        if (n < 0 && errno != ENOTSUP)
                return fail(err, path, "list its extended attributes");
        names.len = n < 0 ? 0 : (size_t)n;
        names.data[names.len] = '\0';
        *ret = names;
        names = (struct blob){ 0 };
        return 0;
}

static int read_value(int fd, const char *path, const char *name, struct blob *ret, struct err *err)
{
        cleanup_blob struct blob value = { .data = xmalloc(ATTRS_XATTR_MAX + 1) };
        ssize_t n = fgetxattr(fd, name, value.data, ATTRS_XATTR_MAX);

        if (n < 0)
                return fail(err, path, "read its extended attributes");
        *ret = (struct blob){ xmemdup0(value.data, (size_t)n), (size_t)n };
        return 0;
}

static int read_xattrs(int fd, const char *path, struct attrs *a, struct err *err)
{
        cleanup_blob struct blob names = { 0 };
        int r = list_names(fd, path, &names, err);

        for (const char *name = names.data; r == 0 && name < names.data + names.len;
             name += strlen(name) + 1) {
                struct attrs_xattr *x;

                if (is_signature(name))
                        continue;
                if (a->n == ATTRS_COUNT_MAX || name[str_utf8_length(span_of(name))])
                        return err_set(err, -E2BIG,
                                       "%s: extended attributes that cannot be kept; not touched",
                                       path);
                x = ARRAY_PUSH(&a->xattrs, &a->n, &a->cap);
                x->name = xstrdup(name);
                r = read_value(fd, path, name, &x->value, err);
        }
        return r;
}

int attrs_read(int fd, const char *path, struct attrs *ret, struct err *err)
{
        cleanup_attrs struct attrs a = { 0 };
        struct stat st;
        int r;

        if (fstat(fd, &st) < 0)
                return fail(err, path, "look at it");
        a.mode = st.st_mode & 07777;
        a.uid = st.st_uid;
        a.gid = st.st_gid;
        a.atime = st.st_atim;
        a.mtime = st.st_mtim;
        r = read_xattrs(fd, path, &a, err);
        if (r < 0)
                return r;
        *ret = a;
        a = (struct attrs){ 0 };
        return 0;
}

static const struct attrs_xattr *find(const struct attrs *a, const char *name)
{
        for (size_t i = 0; i < a->n; i++)
                if (streq(a->xattrs[i].name, name))
                        return &a->xattrs[i];
        return NULL;
}

static bool xattr_eq(const struct attrs_xattr *a, const struct attrs_xattr *b)
{
        return a && b && a->value.len == b->value.len &&
               memcmp(a->value.data, b->value.data, a->value.len) == 0;
}

/* Only what differs is set: a label that is right already may be one we must not set ourselves. */
static int write_xattrs(int fd, const char *path, const struct attrs *a, struct err *err)
{
        cleanup_attrs struct attrs now = { 0 };
        int r = read_xattrs(fd, path, &now, err);

        if (r < 0)
                return r;
        for (size_t i = 0; i < now.n; i++)
                if (!find(a, now.xattrs[i].name) && fremovexattr(fd, now.xattrs[i].name) < 0 &&
                    !str_startswith(now.xattrs[i].name, "security."))
                        return fail(err, path, "remove an extended attribute");
        for (size_t i = 0; i < a->n; i++) {
                const struct attrs_xattr *x = &a->xattrs[i];

                if (xattr_eq(find(&now, x->name), x))
                        continue;
                if (fsetxattr(fd, x->name, x->value.data, x->value.len, 0) < 0)
                        return err_set(err, -errno, "%s: cannot keep its attribute %s: %s", path,
                                       x->name, strerror(errno));
        }
        return 0;
}

/* File systems without owners or permissions refuse any others than the ones they show. */
static int write_owner(int fd, const char *path, const struct attrs *a, struct err *err)
{
        struct stat st;

        if (fstat(fd, &st) < 0)
                return fail(err, path, "look at it");
        if ((st.st_uid != a->uid || st.st_gid != a->gid) && fchown(fd, a->uid, a->gid) < 0)
                return fail(err, path, "keep its owner");
        return 0;
}

static int write_mode(int fd, const char *path, const struct attrs *a, struct err *err)
{
        struct stat st;

        if (fstat(fd, &st) < 0)
                return fail(err, path, "look at it");
        if ((st.st_mode & 07777) != a->mode && fchmod(fd, a->mode) < 0 &&
            !(a->fresh && errno == EPERM))
                return fail(err, path, "keep its permissions");
        return 0;
}

/* A change of owner takes capabilities and set-id bits away, so it comes first. */
int attrs_write(int fd, const char *path, const struct attrs *a, bool times, struct err *err)
{
        const struct timespec both[2] = { a->atime, a->mtime };
        int r = write_owner(fd, path, a, err);

        if (r == 0 && !a->fresh)
                r = write_xattrs(fd, path, a, err);
        if (r == 0)
                r = write_mode(fd, path, a, err);
        if (r < 0)
                return r;
        return times && futimens(fd, both) < 0 ? fail(err, path, "keep its times") : 0;
}

int attrs_inherit_label(int dir_fd, int fd, const char *path, struct err *err)
{
        char label[4096], own[sizeof(label)];
        ssize_t n = fgetxattr(dir_fd, LABEL, label, sizeof(label));

        if (n < 0)
                return errno == ENOTSUP || errno == ENODATA
                               ? 0
                               : fail(err, path, "read the label of its directory");
        if (fgetxattr(fd, LABEL, own, sizeof(own)) >= 0)
                return 0;
        return fsetxattr(fd, LABEL, label, (size_t)n, 0) < 0 ? fail(err, path, "give it a label")
                                                             : 0;
}

bool attrs_eq(const struct attrs *a, const struct attrs *b)
{
        if (a->mode != b->mode || a->uid != b->uid || a->gid != b->gid || a->n != b->n ||
            a->mtime.tv_sec != b->mtime.tv_sec || a->mtime.tv_nsec != b->mtime.tv_nsec)
                return false;
        for (size_t i = 0; i < a->n; i++)
                if (!xattr_eq(find(b, a->xattrs[i].name), &a->xattrs[i]))
                        return false;
        return true;
}
