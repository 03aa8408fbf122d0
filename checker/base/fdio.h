/* Whole reads and writes on descriptors. An fd parameter is borrowed, a returned fd is the
 * caller's. */
#pragma once

#include <stddef.h>
#include <unistd.h>

#include "base/buf.h"

static inline void close_fd(const int *fd)
{
        if (*fd >= 0)
                close(*fd);
}
/* -EBADF is the empty value: cleanup_fd int fd = -EBADF; */
#define cleanup_fd _cleanup_(close_fd)

#define TAKE_FD(fd)                \
        ({                         \
                int *_fdp = &(fd); \
                int _fd = *_fdp;   \
                *_fdp = -EBADF;    \
                _fd;               \
        })

/* All bytes from here to the end; -EFBIG when there are more than `max`. */
int fd_read_all(int fd, size_t max, struct blob *ret);
/* Up to `len` bytes, fewer only at the end of the file. Returns how many, or a negative errno. */
ssize_t fd_read_full(int fd, void *data, size_t len);
int fd_write_all(int fd, const void *data, size_t len);
