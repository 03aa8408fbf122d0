# Two devices with one name in the saved output: no fix is certain.
# args: --blkid blkid
printf '/dev/xvdf: UUID="0b5c0e1a-93a4-4d62-9a4c-00000000000%d" TYPE="ext4"\n' 1 2 >"$root/../blkid"
echo '/dev/xvdf /data ext4 defaults 0 2' >>"$root/etc/fstab"
