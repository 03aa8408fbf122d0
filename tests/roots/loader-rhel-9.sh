# RHEL 9: the command line in each entry file, those of the next kernel in /etc/kernel/cmdline.
# base: rhel-9
. "$make_root_tools/make-rpm-root.sh"
edit "boot/loader/entries/$machine_id-$kernel.conf" 's/ nvme_core.io_timeout=4294967295/ clocksource=xen/'
edit etc/default/grub 's/ nvme_core.io_timeout=4294967295/ clocksource=xen/'
echo "root=UUID=$uuid ro console=tty0 console=ttyS0,115200n8 net.ifnames=0 clocksource=xen" | put etc/kernel/cmdline
