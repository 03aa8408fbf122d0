#include "probe/devref.h"

#include "base/xalloc.h"

bool devref_is_stable(enum devname_kind kind)
{
        return kind == DEVNAME_TAG || kind == DEVNAME_LINK || kind == DEVNAME_MAPPER;
}

const struct blkid_device *devref_find(const struct blkids *b, const char *name, bool is_root)
{
        const struct blkid_device *found = blkids_find(b, name);
        const struct blkid_device *root = is_root && blkids_root_is_mount(b) ? blkids_root(b)
                                                                             : NULL;

        if (!root)
                return found;
        return found && !streq(found->uuid, root->uuid) ? NULL : root;
}

char *devref_fix(const struct blkids *b, const struct blkid_device *d)
{
        static const char *const members[] = { "LVM2_member", "linux_raid_member", "crypto_LUKS",
                                               "zfs_member" };

        if (!d || !d->uuid || !blkids_uuid_is_unique(b, d->uuid))
                return NULL;
        for (size_t i = 0; i < ARRAY_SIZE(members); i++)
                if (streq(d->type, members[i]))
                        return NULL;
        return xasprintf("UUID=%s", d->uuid);
}

/* The value of a tag, quotes undone; NULL: `name` is none that could be looked up. */
static char *split_tag(const char *name, const char **ret_tag)
{
        static const struct {
                const char *prefix, *tag;
        } tags[] = {
                { "UUID=", "UUID" },
                { "LABEL=", "LABEL" },
                { "PARTUUID=", "PARTUUID" },
                { "PARTLABEL=", "PARTLABEL" },
                { "/dev/disk/by-uuid/", "UUID" },
                { "/dev/disk/by-label/", "LABEL" },
                { "/dev/disk/by-partuuid/", "PARTUUID" },
                { "/dev/disk/by-partlabel/", "PARTLABEL" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
                const char *value = str_after(name, tags[i].prefix);
                size_t n = value ? strlen(value) : 0;

                if (!value)
                        continue;
                *ret_tag = tags[i].tag;
                if (n >= 2 && value[0] == '"' && value[n - 1] == '"')
                        return xmemdup0(value + 1, n - 2);
                /* udev writes some bytes as \\xNN, and a kernel parameter may add to PARTUUID. */
                return strchr(value, '\\') || strchr(value, '/') ? NULL : xstrdup(value);
        }
        return NULL;
}

const char *devref_resolves(const struct blkids *b, const char *name, bool is_root)
{
        const struct blkid_device *root = is_root && blkids_root_is_mount(b) ? blkids_root(b)
                                                                             : NULL;
        const char *tag = NULL;
        cleanup_free char *value = split_tag(name, &tag);
        int r;

        if (!value)
                return "unchecked";
        r = root ? blkid_device_has_tag(root, tag, value) : blkids_has_tag(b, tag, value);
        /* A root whose device is not at hand may be on a volume that a saved output leaves out. */
        if (r == 0 && is_root && !root)
                return "unchecked";
        return r > 0 ? "yes" : r == 0 ? "no" : "unchecked";
}
