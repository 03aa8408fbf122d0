# W43: a partition by its place on the Xen bus, whose number is that of its name; the saved blkid output knows the name.
# args: --blkid blkid
echo '/dev/xvdf1: UUID="0b5c0e1a-93a4-4d62-9a4c-6f2b6f6c0a11" TYPE="ext4"' >"$root/../blkid"
echo '/dev/disk/by-path/xen-vbd-51792-part1 /data ext4 defaults 0 2' >>"$root/etc/fstab"
