# A menu of EXTLINUX whose marked entry has root= by Xen's name, and no default beside it.
# base: boot-extlinux
put boot/extlinux/extlinux.conf <<END
DEFAULT menu.c32
PROMPT 0
MENU HIDDEN
TIMEOUT 30
LABEL safe
	LINUX ../vmlinuz-$kernel
	INITRD ../initrd.img-$kernel
	APPEND root=UUID=$uuid ro net.ifnames=0
LABEL virt
	MENU DEFAULT
	MENU LABEL Linux virt
	LINUX ../vmlinuz-$kernel
	INITRD ../initrd.img-$kernel
	APPEND root=/dev/xvda1 ro net.ifnames=0
END
