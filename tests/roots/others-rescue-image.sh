# RHEL 9's rescue image has the driver that the default image lacks; so has the one of kdump.
. "$make_root_tools/make-rpm-root.sh"
root_rhel9
craft kernel "$root/boot/vmlinuz-0-rescue-$machine_id" "$kernel"
cp "$root/boot/initramfs-$kernel.img" "$root/boot/initramfs-0-rescue-$machine_id.img"
cp "$root/boot/initramfs-$kernel.img" "$root/boot/initramfs-${kernel}kdump.img"
put "boot/loader/entries/$machine_id-0-rescue.conf" <<-END
	title Red Hat Enterprise Linux (0-rescue-$machine_id) 9.1 (Plow)
	version 0-rescue-$machine_id
	linux /boot/vmlinuz-0-rescue-$machine_id
	initrd /boot/initramfs-0-rescue-$machine_id.img
	options root=UUID=$uuid ro
	END
image_of_xen_host
