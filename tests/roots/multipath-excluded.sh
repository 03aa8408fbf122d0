# multipathd with find_multipaths greedy and a blacklist that has NVMe disks, by their vendor.
mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/etc/multipath"
ln -s /lib/systemd/system/multipathd.service "$root/etc/systemd/system/multi-user.target.wants/"
echo '/36005076/' >"$root/etc/multipath/wwids"
put etc/multipath.conf <<-'END'
	defaults { find_multipaths greedy }
	blacklist { device { vendor "NVME" product "Amazon Elastic Block Store" } }
	END
