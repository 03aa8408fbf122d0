/*
 * An error a person will read: a negative errno and one sentence. Owned by the caller, no
 * allocation inside. Both functions return the code, so that failing is one statement: return
 * err_set(err, -EINVAL, "%s:%zu: no mount point", file, line); return err_wrap(err, r, "%s", path);
 * ->  "path: what was already said"
 */
#pragma once

#include "base/macro.h"

struct err {
        int code; /* negative errno, 0 when nothing happened */
        char text[512];
};

int err_set(struct err *err, int code, const char *fmt, ...) _printf_(3, 4);
int err_wrap(struct err *err, int code, const char *fmt, ...) _printf_(3, 4);
