/*
 * The initramfs of the entry that starts next, as fixes change it: made anew by the distribution's
 * own tool where programs of the volume may run, or with files laid over it (ramdisk.h).
 */
#pragma once

#include "fixes/fix.h"

/*
 * Plans the command that makes the image of the entry anew, for the kernel of the entry: 0, or an
 * error with a text. -EPERM: nothing of the volume may run.
 */
int initramfs_rebuild(struct fix_context *context, const char *const *rules, struct err *err);
/*
 * Plans that the tool puts the NVMe driver in whenever it makes an image, without a change of what
 * else it puts in. 1: planned, 0: it does so as it is, or an error with a text.
 */
int initramfs_keep_nvme(struct fix_context *context, const char *const *rules, struct err *err);
/* The same for ENA, which only an initramfs that needs the network has to have. */
int initramfs_keep_ena(struct fix_context *context, const char *const *rules, struct err *err);
/*
 * Plans the image with a driver ("nvme", as in /drivers), all modules that it needs and indexes
 * that know them. Returns as initramfs_rebuild.
 */
int initramfs_add_driver(struct fix_context *context, const char *const *rules, const char *driver,
                         struct err *err);
/*
 * Plans the image with other bytes for a file inside; `inside` as in the facts, "IMAGE:/FILE".
 * `edit` gets its text and makes the new one: 1, or 0 when there is nothing it could change.
 * Returns 1, 0 for nothing to change or no such file inside, or an error with a text.
 */
int initramfs_edit(struct fix_context *context, const char *const *rules, const char *inside,
                   int (*edit)(void *data, struct span text, struct blob *ret), void *data,
                   struct err *err);
