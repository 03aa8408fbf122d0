/* Attributes and the few macros the whole tree uses. gdb can step everything else. */
#pragma once

#include <stddef.h>

#define _printf_(fmt, args) __attribute__((format(printf, fmt, args)))
#define _cleanup_(fn)       __attribute__((cleanup(fn)))
#define _must_check_        __attribute__((warn_unused_result))
#define _noreturn_          __attribute__((noreturn))
#define _unused_            __attribute__((unused))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Hand a pointer over and leave NULL behind, so that the cleanup attribute finds nothing to free.
 */
#define TAKE_PTR(p)                        \
        ({                                 \
                __typeof__(p) *_pp = &(p); \
                __typeof__(p) _p = *_pp;   \
                *_pp = NULL;               \
                _p;                        \
        })
