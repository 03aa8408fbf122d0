#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, int code, const char *fmt, ...)
{
        va_list ap;

        if (!err)
                return code;
        err->code = code;
        va_start(ap, fmt);
        vsnprintf(err->text, sizeof(err->text), fmt, ap);
        va_end(ap);
        return code;
}

int err_wrap(struct err *err, int code, const char *fmt, ...)
{
        char before[sizeof(err->text)];
        va_list ap;
        size_t n;

        if (!err)
                return code;
        memcpy(before, err->text, sizeof(before));
        va_start(ap, fmt);
        vsnprintf(err->text, sizeof(err->text), fmt, ap);
        va_end(ap);
        n = strlen(err->text);
        snprintf(err->text + n, sizeof(err->text) - n, ": %s",
                 err->code ? before : strerror(-code));
        err->code = code;
        return code;
}
