#include "base/fdio.h"

#include <errno.h>
#include <stdint.h>

#include "base/xalloc.h"

ssize_t fd_read_full(int fd, void *data, size_t len)
{
        size_t done = 0;

        while (done < len) {
                ssize_t n = read(fd, (char *)data + done, len - done);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                if (n == 0)
                        break;
                done += (size_t)n;
        }
        return (ssize_t)done;
}

int fd_read_all(int fd, size_t max, struct blob *ret)
{
        cleanup_buf struct buf b = { 0 };
        char chunk[16384];

        for (;;) {
                ssize_t n = fd_read_full(fd, chunk, sizeof(chunk));

                if (n < 0)
                        return (int)n;
                if ((size_t)n > max - b.len)
                        return -EFBIG;
                buf_append(&b, chunk, (size_t)n);
                if ((size_t)n < sizeof(chunk))
                        break;
        }
        ret->len = b.len;
        ret->data = buf_take(&b);
        return 0;
}

int fd_write_all(int fd, const void *data, size_t len)
{
        const char *p = data;

        while (len > 0) {
                ssize_t n = write(fd, p, len);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                p += n;
                len -= (size_t)n;
        }
        return 0;
}
