# multipathd with find_multipaths no, and a blacklist that knows only disks of Xen.
# confirm: nvme-multipath
mkdir -p "$root/etc/systemd/system/sysinit.target.wants"
ln -s /lib/systemd/system/multipathd.service "$root/etc/systemd/system/sysinit.target.wants/"
put etc/multipath.conf <<-'END'
	defaults {
		user_friendly_names yes
		find_multipaths "no"
	}
	blacklist {
		devnode "^(xvd|sd)[a-z]"   # those of Xen
	}
	END
