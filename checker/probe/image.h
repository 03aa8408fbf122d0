/*
 * What an initramfs has to say about modules, collected while it is read: which files there are
 * below lib/modules, and the content of the small ones that matter.
 *
 * Paths are without a slash in front and without "usr" before "lib": images are usr-merged by a
 * link lib -> usr/lib, or not at all, and either way the two are one.
 */
#pragma once

#include "base/str.h"
#include "parse/cpio.h"

#define IMAGE_FILES_MAX    50000
#define IMAGE_CONTENT_MAX  (8u << 20)        /* one file that matters */
#define IMAGE_KEPT_MAX     (16u << 20)       /* all of them */
#define IMAGE_PARSE_RESUME "parse-resume.sh" /* of dracut, acts on resume= */
#define IMAGE_LINKED_MAX   256 /* files that matter with more than one name, and their names */

/* Copies of the root's configuration that name disks, as the image has them; NULL-terminated. */
extern const char *const image_configs[];

struct image_file {
        char *path;
        uint32_t mode, ino, major, minor, archive, nlink;
        uint64_t size;
        struct buf content; /* of files that matter, and the targets of links */
        size_t order;
        bool wanted; /* content was to be kept */
        bool unread; /* but is not known: too large, or given under another name */
};

struct image {
        const char *release; /* whose modules matter; borrowed */
        struct image_file *v;
        size_t n, cap;
        size_t kept;                     /* bytes of content */
        size_t current;                  /* the file whose content comes */
        size_t linked[IMAGE_LINKED_MAX]; /* which of v are such */
        size_t n_linked;
        struct strv releases;  /* all it has modules of, sorted */
        const char *generator; /* "dracut", "initramfs-tools" or NULL */
        char *packed;          /* an image within the image, which hides files; or NULL */
        bool has_init;         /* what the kernel starts */
        bool has_fsck;         /* initramfs-tools then checks the root itself */
        bool overflow;         /* more files, or names of a file, than are kept */
};

void image_init(struct image *im, const char *release);
struct cpio_events image_events(struct image *im);
/* After the last member: of files with the same name the later one stays. */
void image_finish(struct image *im);
void image_done(struct image *im);
#define cleanup_image _cleanup_(image_done)

/* The file a path leads to, links inside the image followed; NULL when there is none. */
const struct image_file *image_find(const struct image *im, const char *path);
/* The files below `dir` ("etc/modprobe.d") whose names end like this, as paths, sorted. */
void image_list(const struct image *im, const char *dir, const char *suffix, struct strv *ret);
