# systemd-boot with a unified kernel image beside an entry file: no Xen instance can start that.
rm -r "$root/boot/grub"
put boot/efi/loader/loader.conf <<-END
	default debian-*
	timeout 3
	END
put boot/efi/loader/entries/debian-$kernel.conf <<-END
	title Debian GNU/Linux 12 (bookworm)
	linux /debian/$kernel/linux
	initrd /debian/$kernel/initrd.img
	options root=UUID=$uuid ro net.ifnames=0
	END
put boot/efi/EFI/Linux/debian-$kernel.efi </dev/null
