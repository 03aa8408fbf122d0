# clocksource=xen on the command line.
edit boot/grub/grub.cfg 's/net.ifnames=0/& clocksource=xen/'
