/*
 * Disks by which ZFS remembers its pools: /etc/zfs/zpool.cache, of which only the paths are looked
 * at, for the file is a packed list whose strings are plain.
 *   https://openzfs.github.io/openzfs-docs/man/master/7/zpoolprops.7.html (cachefile)
 *   A pool that is imported from the cache is looked for at these paths first;
 * zfs-import-scan.service finds it by the labels on the disks.
 */
#include "base/xalloc.h"
#include "probe/names.h"
#include "probe/shared.h"

#define LIST      "/zfs/devices"
#define CACHE     "/etc/zfs/zpool.cache"
#define CACHE_MAX (4u << 20)
#define VDEV_MAX  256

struct scan {
        struct probe_context *context;
        const char *file;
        bool in_image;
        struct strv seen;
};

static void publish(struct scan *s, const char *name)
{
        struct name_use use = {
                .list = LIST,
                .file = s->file,
                .text = span_of(name),
                .value = name,
                .role = "vdev",
                .form = NAME_AS_IS,
        };
        cleanup_free char *path = NULL;

        if (strv_contains(&s->seen, name) || s->seen.n >= 1000)
                return;
        strv_push(&s->seen, name);
        path = names_publish(s->context, &use);
        if (path)
                facts_set_bool(s->context->facts, s->in_image, "%s/in_image", path);
}

static bool is_path_byte(char c)
{
        return ascii_isalnum(c) || strchr("/-_.:+", c);
}

static void scan_bytes(struct scan *s, struct span bytes)
{
        for (size_t i = 0; i + 5 < bytes.len; i++) {
                size_t n = 0;

                if (memcmp(bytes.data + i, "/dev/", 5) != 0)
                        continue;
                while (i + n < bytes.len && n < VDEV_MAX && bytes.data[i + n] &&
                       is_path_byte(bytes.data[i + n]))
                        n++;
                if (n < VDEV_MAX) {
                        cleanup_free char *name = xmemdup0(bytes.data + i, n);

                        publish(s, name);
                }
                i += n;
        }
}

static void run_zfs(struct probe_context *context)
{
        const struct image_copy *copy = shared_copy(context, &CACHE[1]);
        struct scan root = { context, CACHE, false, { 0 } };
        struct scan image = { context, copy ? copy->place : NULL, true, { 0 } };
        cleanup_blob struct blob blob = { 0 };
        struct err err = { 0 };
        int r = volume_read(context->volume, CACHE, CACHE_MAX, &blob, &err);

        facts_set_array(context->facts, LIST);
        if (r < 0)
                facts_unknown(context->facts, LIST, CACHE, "%s", err.text);
        else if (r > 0)
                scan_bytes(&root, blob_span(&blob));
        if (copy && copy->unread)
                facts_unknown(context->facts, LIST, copy->place, "its content is not known");
        else if (copy)
                scan_bytes(&image, blob_span(&copy->content));
        strv_done(&root.seen);
        strv_done(&image.seen);
}

static const struct fact_decl zfs_facts[] = {
        { LIST, FACT_ARRAY, "disks by which ZFS remembers its pools" },
        NAMES_FACTS(LIST),
        { LIST "/*/in_image", FACT_BOOL, "it stands in the initramfs" },
        {}
};

const struct probe probe_zfs = {
        .name = "zfs",
        .needs = PROBE_NEEDS("fstab", "initramfs"),
        .provides = zfs_facts,
        .run = run_zfs,
};
