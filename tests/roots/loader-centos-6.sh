# CentOS 6 told to use Xen's clock: grub.conf is the source, too, from which grubby copies.
# base: centos-6-prepared
edit boot/grub/grub.conf '/kernel .boot/s/$/ clocksource=xen/'
