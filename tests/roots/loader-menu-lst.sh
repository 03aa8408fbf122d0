# Debian with GRUB legacy, whose update-grub makes the entries from the line "# kopt=".
rm -r "$root/boot/grub"
. "$make_root_tools/make-el6-root.sh"
stage2 /boot/grub/menu.lst
put boot/grub/menu.lst <<END
default		0
timeout		5
### BEGIN AUTOMAGIC KERNELS LIST
## lines between the AUTOMAGIC KERNELS LIST markers will be modified
## by the debian update-grub script except for the default options below

## ## Start Default Options ##
## default kernel options
# kopt=root=UUID=$uuid ro net.ifnames=0 biosdevname=0 clocksource=xen

## additional options to use with the default boot option, but not with the
## alternatives
# defoptions=console=hvc0

title		Debian GNU/Linux, kernel $kernel
root		(hd0,0)
kernel		/boot/vmlinuz-$kernel root=UUID=$uuid ro net.ifnames=0 biosdevname=0 clocksource=xen console=hvc0
initrd		/boot/initrd.img-$kernel

### END DEBIAN AUTOMAGIC KERNELS LIST
END
