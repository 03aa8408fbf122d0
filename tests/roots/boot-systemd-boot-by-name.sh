# systemd-boot whose default of loader.conf is an entry with root= by Xen's name.
# base: boot-systemd-boot
machine_id=0123456789abcdef0123456789abcdef
edit efi/loader/loader.conf '1i default *-xen.conf'
put efi/loader/entries/a-xen.conf <<-END
	title Debian by name
	linux $machine_id/$kernel/linux
	initrd $machine_id/$kernel/initrd.img-$kernel
	options root=/dev/xvda1 ro
	options net.ifnames=0
	END
