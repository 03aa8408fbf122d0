/* Files in which a disk is named by one word: what the probe found out is written in its place. */
#include "fixes/names.h"

static void plan_crypttab(struct fix_context *c)
{
        names_plan(c, "/crypttab/devices", "value");
}

/* Of LUKS only; for a device without a header the probe knows no other name. */
const struct fix fix_crypttab_device_name = {
        .id = "crypttab-device-name",
        .title = "name encrypted disks by the UUID of their LUKS header",
        .clears = FIX_CLEARS("crypttab-device-name"),
        .plan = plan_crypttab,
};

static void plan_units(struct fix_context *c)
{
        names_plan(c, "/units/devices", "value");
}

/* Of mounts only: the probe knows no other name where the unit would have to be renamed, too. */
const struct fix fix_systemd_units = {
        .id = "systemd-units",
        .title = "name disks in mount units by what is stored on them",
        .clears = FIX_CLEARS("systemd-units"),
        .plan = plan_units,
};
