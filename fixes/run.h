/*
 * Runs one tool: no shell, nothing on its standard input, an environment of two variables, a
 * session of its own, its output read. When we may, it gets process identifiers of its own as well,
 * so that whatever it started ends with it, and it ends when we do, however that comes about.
 */
#pragma once

#include "base/err.h"
#include "base/str.h"

#define RUN_OUTPUT_MAX (64u << 10) /* of its output, the last is kept */
#define RUN_GRACE_MS   3000        /* between SIGTERM and SIGKILL */

struct run_tool {
        const struct strv *argv;
        int root_fd; /* chroot to it, with /dev, /proc and /sys of this machine; or negative */
        int held_fd; /* stays open in the tool and in all that it starts: a lock; or negative */
        unsigned timeout_s; /* 0: none */
};

/* 0: it ended well. An error says how else, with the last line it wrote. */
int run_tool(const struct run_tool *t, struct err *err);
