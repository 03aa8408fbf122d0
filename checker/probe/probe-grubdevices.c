/*
 * The disks that boot loaders know by name: not to start the machine, which the firmware and UUIDs
 * do, but to be written anew by the next update of their package.
 */
#include <errno.h>

#include "base/xalloc.h"
#include "parse/debconf.h"
#include "probe/mentions.h"

#define MAP     "/grub/device_map"
#define INSTALL "/grub/install_devices"
#define DEBCONF "/var/cache/debconf/config.dat"

/* A package that was removed leaves its list and what it was told; its scripts are gone. */
#define INSTALLED "/var/lib/dpkg/info/grub-pc.postinst"

static const struct mention_place places[] = {
        { MAP, "/boot/grub", "device.map", { MENTION_CONFIG, false }, NULL },
        { MAP, "/boot/grub2", "device.map", { MENTION_CONFIG, false }, NULL },
        { INSTALL, "/etc/default", "grub_installdevice", { MENTION_CONFIG, false }, NULL },
};

/*
 * What the postinst of grub-pc calls grub-install with. Of the kinds of names only those are looked
 * at that mean a disk; "/dev/disk/by-id/..." is what it writes where udev has made one.
 */
static void publish_answer(struct mentions_look *l, const struct debconf_answer *a)
{
        static const struct mention_place place = { .list = INSTALL };
        struct span rest = a->value, choice;

        while (debconf_next_choice(&rest, &choice)) {
                cleanup_free char *value = span_dup(choice);
                const struct mention m = { .value = value, .line = a->line, .text = a->text };

                free(mentions_publish(l, &place, DEBCONF, &m, false));
        }
}

static void look_at_debconf(struct mentions_look *l)
{
        const struct volume *v = l->context->volume;
        cleanup_blob struct blob blob = { 0 };
        struct debconf_answer answer;
        struct err err = { 0 };
        struct stat st;
        int r = volume_stat(v, INSTALLED, &st, &err);

        if (r > 0)
                r = volume_read(v, DEBCONF, VOLUME_CONFIG_MAX, &blob, &err);
        if (r < 0)
                mentions_incomplete(l, INSTALL, DEBCONF, err.text);
        if (r > 0 && debconf_find(blob_span(&blob), "grub-pc/install_devices", &answer))
                publish_answer(l, &answer);
}

static void run_grubdevices(struct probe_context *context)
{
        cleanup_mentions_look struct mentions_look look;

        facts_set_array(context->facts, MAP);
        facts_set_array(context->facts, INSTALL);
        mentions_begin(context, &look);
        for (size_t i = 0; i < ARRAY_SIZE(places); i++)
                mentions_look_at(&look, &places[i]);
        look_at_debconf(&look);
}

static const struct fact_decl grubdevices_facts[] = {
        { MAP, FACT_ARRAY, "disks in GRUB's device.map" },
        MENTIONS_FACTS(MAP),
        { INSTALL, FACT_ARRAY, "disks whose boot sector the next update of GRUB writes" },
        MENTIONS_FACTS(INSTALL),
        {}
};

const struct probe probe_grubdevices = {
        .name = "grubdevices",
        .needs = PROBE_NEEDS("fstab"),
        .provides = grubdevices_facts,
        .run = run_grubdevices,
};
