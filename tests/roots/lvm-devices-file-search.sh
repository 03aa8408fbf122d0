# The same file, where LVM is told to look for the disk everywhere.
put etc/lvm/devices/system.devices <<'END'
VERSION=1.1.2
IDTYPE=devname IDNAME=/dev/xvdf DEVNAME=/dev/xvdf PVID=y5gyobFrxjKZlLUr8uXMEDNWVuM5QZjI
END
put etc/lvm/lvm.conf <<'END'
devices {
	search_for_devnames = "all"
	filter = [ "r|.*|" ]
}
END
echo '/dev/mapper/data-lv /srv ext4 defaults 0 2' >>"$root/etc/fstab"
