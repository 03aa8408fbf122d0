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
