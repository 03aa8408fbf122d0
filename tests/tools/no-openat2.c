/*
 * Runs a command where the kernel refuses openat2(2), as kernels before 5.6 do; everything the
 * command starts inherits that. The tests see XEN2NITRO_EXPECT_NO_OPENAT2 and check that it is so.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
        scmp_filter_ctx filter;
        int r;

        if (argc < 2) {
                fprintf(stderr, "usage: %s COMMAND [ARGUMENT...]\n", argv[0]);
                return 2;
        }
        filter = seccomp_init(SCMP_ACT_ALLOW);
        if (!filter) {
                fprintf(stderr, "%s: no seccomp filter\n", argv[0]);
                return 2;
        }
        r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0);
        if (r == 0)
                r = seccomp_load(filter);
        seccomp_release(filter);
        if (r < 0) {
                fprintf(stderr, "%s: cannot refuse openat2: %s\n", argv[0], strerror(-r));
                return 2;
        }
        setenv("XEN2NITRO_EXPECT_NO_OPENAT2", "1", 1);
        execvp(argv[1], argv + 1);
        fprintf(stderr, "%s: %s: %s\n", argv[0], argv[1], strerror(errno));
        return 127;
}
