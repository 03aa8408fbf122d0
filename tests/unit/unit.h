/* What every unit test includes: cmocka, and a scratch directory that goes away. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

/* A fresh empty directory; unit_remove_tree() it. */
static inline char *unit_temp_dir(void)
{
        const char *tmp = getenv("TMPDIR");
        char *path = xasprintf("%s/x2n-test-XXXXXX", tmp ? tmp : "/tmp");

        assert_non_null(mkdtemp(path));
        return path;
}

static inline int unit_remove_one(const char *path, const struct stat *st _unused_,
                                  int flag _unused_, struct FTW *ftw _unused_)
{
        return remove(path);
}

static inline void unit_remove_tree(char *path)
{
        nftw(path, unit_remove_one, 16, FTW_DEPTH | FTW_PHYS);
        free(path);
}

/* Write a file below `dir`, making the directories on the way. */
static inline void unit_write(const char *dir, const char *path, const void *data, size_t len)
{
        cleanup_free char *full = xasprintf("%s/%s", dir, path);
        FILE *f;

        for (char *p = full + strlen(dir) + 1; (p = strchr(p, '/')); p++) {
                *p = '\0';
                mkdir(full, 0755);
                *p = '/';
        }
        f = fopen(full, "w");
        assert_non_null(f);
        assert_int_equal(fwrite(data, 1, len, f), len);
        assert_int_equal(fclose(f), 0);
}

static inline void unit_write_text(const char *dir, const char *path, const char *text)
{
        unit_write(dir, path, text, strlen(text));
}
