# RHEL 8: the command line in kernelopts of grubenv, a part of it from tuned; the sources have the same.
# base: rhel-8
. "$make_root_tools/make-rpm-root.sh"
grub2_env "saved_entry=$machine_id-$kernel" "kernelopts=root=UUID=$uuid ro net.ifnames=0 clocksource=xen" \
        tuned_params='skew_tick=1 clocksource=xen'
edit boot/grub2/grub.cfg 's/set tuned_params=""/set tuned_params="skew_tick=1 clocksource=xen"/; s/ nvme_core.io_timeout=4294967295//'
edit etc/default/grub 's/ nvme_core.io_timeout=4294967295/ clocksource=xen/'
put etc/tuned/bootcmdline <<'END'
# This file specifies additional parameters to kernel boot command line and
# initrd overlay images used with GRUB.
TUNED_BOOT_CMDLINE="skew_tick=1 clocksource=xen"
TUNED_BOOT_INITRD_ADD=""
END
