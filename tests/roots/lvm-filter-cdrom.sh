# A filter that keeps LVM off the CD drive, one that a comment names, and names of NVMe that are taken.
put etc/lvm/lvm.conf <<'END'
devices {
	filter = [ "r|^/dev/cdrom|", "r|/dev/sr.*|" ]
	# global_filter = [ "r|.*|" ]
}
END
put etc/lvm/lvmlocal.conf <<'END'
devices/global_filter = [ "a|^/dev/(xvd|nvme)|", "r|.*|" ]
END
echo '/dev/mapper/data-lv /srv ext4 defaults 0 2' >>"$root/etc/fstab"
