/*
 * Paths inside a root directory that is not trusted: absolute links start at the root, `..` at the
 * root stays there, and no link leads out, whatever the tree does meanwhile.
 *
 * Two roads with one contract: openat2(2) with RESOLVE_IN_ROOT, and a walk of our own for kernels
 * before 5.6 and sandboxes that refuse the call. The machines that migrate are old, so the walk is
 * a main road; both stand under the same tests.
 *
 * `flags` are those of open(2): O_PATH, with O_NOFOLLOW when a link at the end is itself wanted, or
 * O_RDONLY with whatever else. O_CLOEXEC is always added. A magic link of /proc is refused on the
 * first road and taken by its text, inside the root, on the second.
 */
#pragma once

#define RESOLVE_LINKS_MAX 40  /* links followed for one path, as in the kernel (MAXSYMLINKS) */
#define RESOLVE_DEPTH_MAX 128 /* directories below the root; the walk holds one fd for each */
#define RESOLVE_TRIES_MAX 8   /* openat2 says EAGAIN when directories move while it looks */

/* Fd of the caller, or -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG, -EACCES ... */
int resolve_path(int root_fd, const char *path, int flags);

/*
 * Where a path leads, as the absolute path inside the root without links, dots and double slashes:
 * 1 and the path; 0 when its last name is not there (*ret says where it would be); or an error, as
 * when a directory on the way is missing. The caller frees it.
 */
int resolve_real_path(int root_fd, const char *path, char **ret);

/* The roads by themselves. The first gives -ENOSYS or -EPERM where the kernel refuses it. */
int resolve_by_openat2(int root_fd, const char *path, int flags);
int resolve_by_walk(int root_fd, const char *path, int flags);
