# W17: the link that udev makes of the Xen bus; exactly one rule speaks of it.
echo '/dev/disk/by-path/xen-vbd-51792-part1 /data ext4 defaults 0 2' >>"$root/etc/fstab"
