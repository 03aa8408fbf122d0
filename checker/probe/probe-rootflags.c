/*
 * Disks that the options of the root's mount name, rootflags= of the boot entry: the further
 * devices of a btrfs, logs and journals on disks of their own. A name that is not there makes the
 * mount fail, and with it the boot (btrfs_parse_options in fs/btrfs/super.c; xfs and ext4 alike).
 */
#include "base/xalloc.h"
#include "parse/fstab.h"
#include "probe/bootparam.h"
#include "probe/names.h"

#define LIST "/rootflags/devices"

static void publish(struct probe_context *context, const struct fstab_option *o, const char *device)
{
        struct facts *f = context->facts;
        const char *text = facts_str(f, "/boot/entry/kernel/text");
        cleanup_free char *role = span_dup(o->name), *path = NULL;
        struct name_use use = {
                .list = LIST,
                .file = facts_str(f, "/boot/entry/kernel/file"),
                .line = (size_t)facts_int(f, "/boot/entry/kernel/line", 0),
                .text = span_of(text ? text : ""),
                .value = device,
                .role = role,
                .form = NAME_AS_PATH,
        };

        if (!use.file || str_startswith(role, "x-systemd."))
                return;
        path = names_publish(context, &use);
        if (!path)
                return;
        facts_set_str(f, "no-boot", "%s/effect", path);
        facts_set_str(f, "The root cannot be mounted: the machine does not start.",
                      "%s/effect_text", path);
}

static void run_rootflags(struct probe_context *context)
{
        const char *flags = bootparam_last(context->facts, "rootflags"), *file;
        struct span rest = span_of(flags ? flags : "");
        cleanup_free char *why = NULL;
        struct fstab_option o;

        if (!bootparam_known(context->facts, &why, &file)) {
                facts_unknown(context->facts, LIST, file, "%s", why);
                return;
        }
        facts_set_array(context->facts, LIST);
        while (fstab_option_next(&rest, &o)) {
                cleanup_free char *device = fstab_option_device(&o);

                if (device)
                        publish(context, &o, device);
        }
}

static const struct fact_decl rootflags_facts[] = {
        { LIST, FACT_ARRAY, "disks that rootflags= of the boot entry names" },
        NAMES_FACTS(LIST),
        { LIST "/*/effect", FACT_STRING, "without the disk: no-boot" },
        { LIST "/*/effect_text", FACT_STRING, "the same as a sentence" },
        {}
};

const struct probe probe_rootflags = {
        .name = "rootflags",
        .needs = PROBE_NEEDS("fstab", "boot"),
        .provides = rootflags_facts,
        .run = run_rootflags,
};
