/*
 * What a kernel module says about itself: the section .modinfo of its ELF file, and the same for
 * built-in ones in modules.builtin.modinfo. Either is a row of "key=value" strings, a NUL behind
 * each; in the latter keys are "module.key".
 * https://docs.kernel.org/kbuild/kbuild.html (modules.builtin.modinfo), include/linux/moduleparam.h
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#define MODINFO_SECTIONS_MAX 65536

/*
 * A section (".modinfo", "__versions") of a whole ELF file, of 32 or 64 bits and either byte order;
 * a span into `file`.
 * 1: there, 0: the file has no such section; -EINVAL with a text: no ELF file, or a damaged one.
 */
int modinfo_section(struct span file, const char *name, struct span *ret, struct err *err);
/* One string after the other off the front of `rest`; those without "=" are passed over. */
bool modinfo_next(struct span *rest, struct span *ret_key, struct span *ret_value);
/* The first value of a key; false: there is none. */
bool modinfo_find(struct span section, const char *key, struct span *ret_value);
/*
 * The type of a parameter ("uint", "byte", "charp" ...); `module` is NULL in a module's own
 * section, its name in modules.builtin.modinfo. False: it has no such parameter.
 */
bool modinfo_param_type(struct span section, const char *module, const char *param,
                        struct span *ret_type);

enum modinfo_fit {
        MODINFO_FITS,
        MODINFO_TOO_LARGE,  /* out of the range of the type */
        MODINFO_NO_NUMBER,  /* the kernel cannot read it */
        MODINFO_NO_OPINION, /* not a type of numbers */
};

/*
 * What the kernel makes of a value for a parameter of that type (kernel/params.c, lib/kstrtox.c);
 * NULL: no value. *ret_max, the largest number as text, is static; NULL when there is no opinion.
 */
enum modinfo_fit modinfo_value_fit(const char *type, const char *value, const char **ret_max);
