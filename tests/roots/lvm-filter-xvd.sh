# A filter for the disks of Xen in lvm.conf and its copy in the image; a logical volume must be mounted.
mkdir -p "$tree/etc/lvm" "$root/etc/lvm/backup"
: >"$root/etc/lvm/backup/data"
put etc/lvm/lvm.conf <<'END'
config {
	checks = 1
}
devices {
	dir = "/dev"
	# filter = [ "a|.*|" ]
	global_filter = [ "a|^/dev/xvd.*|",
	                  "r|.*|" ] # EBS only
}
END
cp "$root/etc/lvm/lvm.conf" "$tree/etc/lvm/"
repack "zstd:$tree"
echo '/dev/data/lv /srv ext4 defaults 0 2' >>"$root/etc/fstab"
