/* What one probe has read and later ones of the same run need, too. */
#pragma once

#include "base/buf.h"
#include "probe/probe.h"

struct udevlinks;

/* A configuration file as the initramfs that starts next carries it, as old as the image. */
struct image_copy {
        char *inside; /* "etc/crypttab" */
        char *place;  /* "/boot/initrd.img-6.1:/etc/crypttab", for evidence */
        struct blob content;
        bool unread; /* it is there, but its content is not known */
};

struct probe_shared {
        struct udevlinks *links;
        struct image_copy *copies;
        size_t n, cap;
};

void shared_done(struct probe_shared *s);
#define cleanup_shared _cleanup_(shared_done)

/* The udev rules of the volume, read when the first probe asks for them; borrowed. */
const struct udevlinks *shared_links(struct probe_context *context);
/* Keeps a copy of the content; after the probe of the initramfs, what it keeps can be found. */
void shared_keep(struct probe_context *context, const char *inside, const char *image,
                 struct span content, bool unread);
/* The file of that name inside the image; NULL: it has none, or is not known at all. Borrowed. */
const struct image_copy *shared_copy(const struct probe_context *context, const char *inside);
