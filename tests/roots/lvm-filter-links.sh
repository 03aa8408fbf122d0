# A filter that takes links only, and one that is no LVM's.
put etc/lvm/lvm.conf <<'END'
devices {
	filter = [ "a|^/dev/disk/by-id/|", "r|.*|" ]
	global_filter = "x|.*|"
}
END
echo '/dev/mapper/data-lv /srv ext4 nofail 0 2' >>"$root/etc/fstab"
