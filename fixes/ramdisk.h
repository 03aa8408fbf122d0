/*
 * The initramfs of the entry that starts next, and files to be laid over it without running
 * anything of the volume: an uncompressed cpio archive behind the last image file. The kernel
 * unpacks that after the rest, so that its files take the place of those of the same name.
 *
 * https://docs.kernel.org/driver-api/early-userspace/buffer-format.html, init/initramfs.c
 *
 * Paths are those inside, without a slash in front and without "usr" before "lib", as in the facts.
 */
#pragma once

#include "facts.h"
#include "fixes/plan.h"
#include "parse/compression.h"

#define RAMDISK_BYTES_MAX   (UINT64_C(1) << 30) /* all image files together */
#define RAMDISK_FILES_MAX   200000
#define RAMDISK_CONTENT_MAX (8u << 20)  /* of one file that is asked for */
#define RAMDISK_ADDED_MAX   (48u << 20) /* what is laid over it */

struct ramdisk_file {
        char *path; /* as stored, but for "./" and slashes in front */
        uint32_t mode;
        bool here;          /* it has content, perhaps under another name */
        bool whole;         /* `content` is all of it */
        struct buf content; /* of files asked for, and the targets of links */
        size_t order;
};

struct ramdisk {
        const char *path; /* of the last image file; borrowed from the facts */
        uint64_t size;
        enum compression last; /* of the last archive */
        struct ramdisk_file *v;
        size_t n, cap;
        const struct strv *wanted;
        size_t current;
        bool overflow;
        struct strv directories; /* of the archive to be added */
        struct buf added;
};

/* -ENOTSUP with a text when an image of the entry is no file of its own. */
int ramdisk_check_files(const struct facts *facts, struct err *err);
/*
 * Reads the image files of the entry to their end, and keeps the content of the files in `wanted`,
 * which is borrowed. 0, or an error with a text.
 */
int ramdisk_read(const struct volume *volume, const struct facts *facts, const struct strv *wanted,
                 struct ramdisk *ret, struct err *err);
void ramdisk_done(struct ramdisk *r);
#define cleanup_ramdisk _cleanup_(ramdisk_done)

/* The regular file a path leads to, links inside followed, or NULL. */
const struct ramdisk_file *ramdisk_find(const struct ramdisk *r, const char *path);
/*
 * Lays a file over the image, with the directories it needs: at its true place, for a directory
 * would replace a link (lib -> usr/lib) and all that is behind it. 0, or an error with a text.
 */
int ramdisk_put(struct ramdisk *r, const char *path, struct span content, struct err *err);
/*
 * Plans what was put. An error with a text, too, where it is not certain that this kernel goes on
 * behind the last archive.
 */
int ramdisk_plan(struct ramdisk *r, struct plan *plan, const struct plan_reason *why,
                 const char *release, struct err *err);
