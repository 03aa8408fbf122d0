/*
 * Kernel command lines of the volume, in every file the boot loader reads them from and in the
 * sources that those files are generated from, so that the next update-grub, grub2-mkconfig or
 * kernel-install keeps what was changed:
 *
 *   GRUB 2        grub.cfg, custom.cfg, grubenv, loader entries, grub.cfg on the ESP;
 *                 /etc/default/grub, its drop-ins, /etc/grub.d/40_custom, /etc/kernel/cmdline;
 *                 what tuned adds is taken out of $tuned_params and /etc/tuned/bootcmdline
 *   GRUB legacy   its menu, with Debian's "# kopt=" for update-grub
 *   syslinux      its configuration and what that includes; /etc/default/extlinux,
 *                 /etc/update-extlinux.conf
 *   systemd-boot  loader entries, /etc/kernel/cmdline; a unified kernel image is made as a whole:
 *                 of that only the source is edited, and what is left is an error
 *
 * All entries are edited, not only the one that starts next.
 */
#pragma once

#include "fixes/fix.h"
#include "parse/paramedit.h"

/*
 * Plans the edits, `rules` being what they are for. 1: something was planned, 0: nothing had to be
 * changed anywhere, or an error with a text: what was planned up to there stays planned.
 */
int cmdline_plan(struct fix_context *context, const char *const *rules,
                 const struct paramedit *edits, size_t n, struct err *err);
/*
 * Plans that the generators name the root file system by UUID again: GRUB_DISABLE_LINUX_UUID=true
 * in /etc/default/grub and its drop-ins becomes false. Same returns.
 */
int cmdline_plan_uuid(struct fix_context *context, const char *const *rules, struct err *err);
/* Plans the edits for this one finding, or leaves it and says why. */
void cmdline_plan_or_leave(struct fix_context *context, const struct finding *finding,
                           const struct paramedit *edits, size_t n);
