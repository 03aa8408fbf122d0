# Amazon Linux 1 told to use Xen's clock, in grub.conf.
# base: w04-amazon-linux-1
edit boot/grub/grub.conf '/kernel/s/$/ clocksource=xen/'
