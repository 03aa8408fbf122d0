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
