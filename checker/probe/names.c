#include "probe/names.h"

#include "base/xalloc.h"
#include "probe/devref.h"
#include "probe/shared.h"
#include "probe/udevlinks.h"

/* ---- what becomes of it ---- */

struct state {
        const char *name, *text;
};

static struct state state_of_links(enum udevlink_fate fate, enum devname_kind kind)
{
        const char *why = udevlink_fate_text(fate);

        switch (fate) {
        case UDEVLINK_STAYS:
        case UDEVLINK_NOW:
                return (struct state){ "linked", why };
        case UDEVLINK_MAPPING:
        case UDEVLINK_UNCLEAR:
                return (struct state){ "unclear", why };
        case UDEVLINK_WHOLE_DISK:
                return (struct state){ "gone", why };
        case UDEVLINK_GONE:
                if (kind == DEVNAME_OTHER)
                        return (struct state){ "gone", why };
                break;
        default:
                if (kind == DEVNAME_OTHER)
                        return (struct state){ "unclear", why };
        }
        return (struct state){ "gone", "on Nitro that name is gone or means another disk" };
}

static struct state state_of(enum devname_kind kind, const char *resolves,
                             const struct udevlink *link)
{
        switch (kind) {
        case DEVNAME_TAG:
        case DEVNAME_LINK:
                if (streq(resolves, "no"))
                        return (struct state){ "absent", "no disk of this machine has it" };
                return (struct state){ "stays", "it is stored on the disk and moves with it" };
        case DEVNAME_MAPPER:
                return (struct state){ "stays", "it does not depend on what the disks below are "
                                                "called" };
        case DEVNAME_NVME:
                return (struct state){ "gone", "NVMe disks are numbered anew at every start, so "
                                               "that it may mean another disk" };
        case DEVNAME_XEN_BY_PATH:
                return (struct state){ "gone", "it is a place on the bus of Xen, which Nitro does "
                                               "not have" };
        case DEVNAME_BY_PATH:
                return (struct state){ "unclear", "it is a place on a bus, and which disk is there "
                                                  "on Nitro is not known" };
        default:
                return state_of_links(link->fate, kind);
        }
}

/* Names of the kernel's and of somebody's own: a udev rule may make them on Nitro, too. */
static bool could_be_link(enum devname_kind kind)
{
        return kind == DEVNAME_XEN || kind == DEVNAME_SCSI || kind == DEVNAME_IDE ||
               kind == DEVNAME_OTHER;
}

static void publish_link(struct probe_context *context, const char *path, const char *name,
                         enum devname_kind kind, struct udevlink *ret)
{
        struct facts *f = context->facts;

        if (!could_be_link(kind)) {
                facts_set_null(f, "%s/udev", path);
                return;
        }
        *ret = udevlinks_find(shared_links(context), name, kind);
        if (ret->file) {
                cleanup_free char *below = xasprintf("%s/udev", path);

                facts_set_evidence(f, below, ret->file, ret->line, ret->text);
        }
        facts_set_str(f, udevlink_fate_name(ret->fate), "%s/udev/fate", path);
        facts_set_str(f, udevlink_fate_text(ret->fate), "%s/udev/why", path);
}

/* ---- what could be written instead ---- */

static char *find_fix(const struct probe_context *context, const struct name_use *use,
                      const struct blkid_device *device, char **ret_why)
{
        switch (use->form) {
        case NAME_AS_TAG:
                return devref_fix_fstab(context->blkids, device, use->type ? use->type : "auto",
                                        ret_why);
        case NAME_AS_PATH:
                return devref_fix_fstab(context->blkids, device, NULL, ret_why);
        case NAME_AS_LUKS:
                return devref_fix_luks(context->blkids, device, ret_why);
        case NAME_AS_IS:
                break;
        }
        return NULL;
}

/* The line of "/" in fstab says what the volume calls its own device. */
static bool is_root_name(const struct probe_context *context, const struct name_use *use)
{
        const char *root = facts_str(context->facts, "/fstab/root_source");

        return root && streq(root, use->value);
}

char *names_publish(struct probe_context *context, const struct name_use *use)
{
        struct facts *f = context->facts;
        enum devname_kind kind = devref_classify(context->volume, use->value);
        bool is_tag = kind == DEVNAME_TAG || kind == DEVNAME_LINK, is_root;
        cleanup_free char *fix = NULL, *why = NULL;
        const struct blkid_device *device;
        struct udevlink link = { 0 };
        const char *resolves = NULL;
        struct state state;
        char *path;

        if (kind == DEVNAME_NONE || kind == DEVNAME_NETWORK)
                return NULL;
        if (facts_count(f, use->list) >= NAMES_MAX) {
                facts_unknown(f, use->list, use->file, "more names than are looked at");
                return NULL;
        }
        is_root = is_root_name(context, use);
        device = devref_find(context->blkids, use->value, is_root);
        if (is_tag)
                resolves = devref_resolves(context->blkids, use->value, use->is_root);
        if (!devref_is_stable(kind))
                fix = find_fix(context, use, device, &why);
        path = xasprintf("%s/%zu", use->list, facts_count(f, use->list));
        facts_set_evidence(f, path, use->file, use->line, use->text);
        facts_set_str(f, use->value, "%s/value", path);
        facts_set_str(f, use->role, "%s/role", path);
        facts_set_str(f, devname_kind_name(kind), "%s/kind", path);
        facts_set_str(f, device ? device->uuid : NULL, "%s/uuid", path);
        facts_set_str(f, fix, "%s/fix_value", path);
        facts_set_str(f, why, "%s/fix_problem", path);
        publish_link(context, path, use->value, kind, &link);
        facts_set_str(f, resolves, "%s/resolves", path);
        state = state_of(kind, resolves, &link);
        facts_set_str(f, state.name, "%s/state", path);
        facts_set_str(f, state.text, "%s/state_text", path);
        return path;
}
