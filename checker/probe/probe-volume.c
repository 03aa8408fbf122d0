/* What is under inspection, and the device it is on. */
#include "probe/probe.h"
#include "volume/blkids.h"

static void publish_device(struct facts *f, const struct blkid_device *d)
{
        facts_set_str(f, d->uuid, "/volume/uuid");
        facts_set_str(f, d->label, "/volume/label");
        facts_set_str(f, d->type, "/volume/fs_type");
        if (d->partition_unknown)
                facts_unknown(f, "/volume/partuuid", NULL,
                              "%s does not show the partition table around its file system",
                              d->name);
        else
                facts_set_str(f, d->partuuid, "/volume/partuuid");
}

static void run_volume(struct probe_context *context)
{
        const struct blkid_device *root = blkids_root(context->blkids);
        const char *problem = blkids_root_problem(context->blkids);
        bool is_mount = blkids_root_is_mount(context->blkids);
        struct facts *f = context->facts;

        facts_set_str(f, volume_mode(context->volume) == VOLUME_LIVE ? "live" : "offline",
                      "/volume/mode");
        if (is_mount || !problem)
                facts_set_bool(f, is_mount, "/volume/mount_point");
        if (root)
                publish_device(f, root);
        else if (problem)
                facts_unknown(f, "/volume", NULL, "%s", problem);
        else
                facts_unknown(f, "/volume", NULL,
                              "%s is a plain directory, so it is not known on which device its "
                              "files belong; mount the volume itself and check its mount point",
                              volume_path(context->volume));
}

static const struct fact_decl volume_facts[] = {
        { "/volume/mode", FACT_STRING, "live (this machine) or offline (a directory)" },
        { "/volume/mount_point", FACT_BOOL, "the root is that of a mounted file system" },
        { "/volume/uuid", FACT_STRING, "UUID of that file system, null: has none" },
        { "/volume/label", FACT_STRING, "its label" },
        { "/volume/fs_type", FACT_STRING, "its type, as ext4" },
        { "/volume/partuuid", FACT_STRING, "UUID of its partition, null: has none" },
        {}
};

const struct probe probe_volume = {
        .name = "volume",
        .provides = volume_facts,
        .run = run_volume,
};
