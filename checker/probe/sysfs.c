#include "probe/sysfs.h"

#include "base/xalloc.h"

char *sysfs_word(const struct volume *v, const char *path)
{
        cleanup_blob struct blob text = { 0 };

        if (volume_read(v, path, SYSFS_VALUE_MAX, &text, NULL) <= 0)
                return NULL;
        while (text.len > 0 && ascii_isspace(text.data[text.len - 1]))
                text.data[--text.len] = '\0';
        return TAKE_PTR(text.data);
}

char *sysfs_link_name(const struct volume *v, const char *path)
{
        cleanup_free char *target = NULL;
        const char *slash;

        if (volume_readlink(v, path, &target, NULL) <= 0)
                return NULL;
        slash = strrchr(target, '/');
        return xstrdup(slash ? slash + 1 : target);
}
