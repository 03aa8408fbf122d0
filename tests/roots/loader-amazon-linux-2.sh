# Amazon Linux 2 told to use Xen's clock, in /etc/default/grub and in grub.cfg.
# base: amazon-linux-2
edit boot/grub2/grub.cfg '/linux.*vmlinuz/s/$/ clocksource=xen/'
edit etc/default/grub 's/^\(GRUB_CMDLINE_LINUX_DEFAULT=".*\)"/\1 clocksource=xen"/'
