/*
 * The root and the device to resume from that were written into the image when it was made. They
 * count where the boot entry says nothing of its own: both generators read the command line last.
 *   initramfs-tools: conf/initramfs.conf, then the files of conf/conf.d, ROOT= and RESUME= (init,
 *     hooks/resume, mkinitramfs -r; the same since 0.9x)
 *   dracut: etc/cmdline.d and etc/cmdline, words as on the command line (getcmdline and
 *     getarg in dracut-lib.sh; 95rootfs-block, 95resume, `kernel_cmdline=`). In an image with
 *     systemd-hibernate-resume, which reads the real command line only, resume= of these does
 *     nothing: it needs parse-resume.sh.
 */
#pragma once

#include "probe/image.h"
#include "probe/probe.h"

/*
 * Publishes /initramfs/root and /initramfs/resume, null where they do not count; `file` is the
 * image in the volume.
 */
void initramfs_settings_look(struct probe_context *context, const struct image *im,
                             const char *file);
