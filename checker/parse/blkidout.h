/*
 * Saved output of blkid(8) in its "full" format, one device a line:
 *
 *     /dev/xvda1: LABEL="root" UUID="5f2c..." TYPE="ext4" PARTUUID="..."
 *
 * The tags come in any order and are taken by their whole name. `\"` and `\\` are undone; bytes
 * that blkid wrote as M-x or ^x stay as written, for nobody can tell them from those characters.
 * Old versions escape no quote, so only a quote before a blank or the end closes a value.
 * https://github.com/util-linux/util-linux/blob/master/misc-utils/blkid.c (safe_print, print_value)
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#define BLKIDOUT_DEVICES_MAX 4096

/* NULL: the line has no such tag, or an empty one. */
struct blkidout_device {
        char *name, *uuid, *label, *type, *partuuid, *partlabel;
};

struct blkidout {
        struct blkidout_device *v;
        size_t n, cap;
};

/* Owns its strings, the text may go. An error names the line; no line is skipped but blank ones. */
int blkidout_parse(struct span text, struct blkidout *ret, struct err *err);
void blkidout_done(struct blkidout *o);
#define cleanup_blkidout _cleanup_(blkidout_done)
