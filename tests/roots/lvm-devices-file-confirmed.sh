# The same, with a lvm.conf and the word that it may be changed.
# base: lvm-devices-file
# confirm: lvm-devices-file
put etc/lvm/lvm.conf <<'END'
devices {
	use_devicesfile = 1
}
END
rm "$tree/etc/lvm/devices/system.devices"
pack "$root/boot/initramfs-$kernel.img" "cpio:$tree"
