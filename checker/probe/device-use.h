/*
 * What happens at boot when a device that software makes of disks (a LUKS mapping, an array,
 * logical volumes) does not come to be, told by who wants it: /etc/fstab and root=.
 */
#pragma once

#include "base/str.h"
#include "probe/probe.h"

struct device_use {
        const char *effect; /* no-boot, emergency, hang, degraded or harmless; NULL: not known */
        char *text;         /* a sentence; NULL where effect is */
        char *why;          /* why it is not known, a clause */
};

struct device_query {
        /* Whether `value`, which fstab or root= names, is such a device. */
        bool (*is_it)(const void *data, const char *value);
        const void *data;
        const char *what; /* "the LUKS device data", for sentences */
        /* One name of it, by which a saved blkid output may tell what is in it, or NULL. */
        const char *path;
        /* Devices that are known to be made of other disks; may be NULL. */
        const struct strv *apart;
        /* It is made in the initramfs already, so that the root file system may be in it. */
        bool early;
        /*
         * Only the initramfs reads this: what is mounted later is read anew from the root. NULL, or
         * what happens where nothing of the initramfs needs it, a sentence for "harmless".
         */
        const char *in_image;
};

/* Needs the facts of fstab, boot. */
void device_use_find(const struct probe_context *context, const struct device_query *query,
                     struct device_use *ret);
void device_use_done(struct device_use *u);
#define cleanup_device_use _cleanup_(device_use_done)

/* Publishes PATH/effect and PATH/effect_text, or why they are not known. */
void device_use_publish(struct facts *f, const char *path, const struct device_use *u);
