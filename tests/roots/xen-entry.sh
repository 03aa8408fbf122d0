# A Xen dom0 entry beside the normal one, as 20_linux_xen writes it; the default is the normal one.
cat >>"$root/boot/grub/grub.cfg" <<END
### BEGIN /etc/grub.d/20_linux_xen ###
menuentry 'Debian GNU/Linux, with Xen hypervisor' --class debian --class gnu-linux --class gnu --class os --class xen \$menuentry_id_option 'xen-gnulinux-simple-$uuid' {
	insmod part_msdos
	insmod ext2
	search --no-floppy --fs-uuid --set=root $uuid
	echo	'Loading Xen 4.17-amd64 ...'
	multiboot2	/boot/xen-4.17-amd64.gz placeholder
	echo	'Loading Linux $kernel ...'
	module2	/boot/vmlinuz-$kernel placeholder root=UUID=$uuid ro console=hvc0
	echo	'Loading initial ramdisk ...'
	module2	--nounzip /boot/initrd.img-$kernel
}
### END /etc/grub.d/20_linux_xen ###
END
put boot/xen-4.17-amd64.gz </dev/null
