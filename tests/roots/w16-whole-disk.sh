# W16: a file system on the whole of xvdf, and a disk with a partition xvdf1 in the saved list beside it.
# args: --blkid blkid
cat >"$root/../blkid" <<END
/dev/xvdf1: UUID="0b5c0e1a-93a4-4d62-9a4c-0000000000f1" TYPE="ext4"
/dev/xvdf: UUID="0b5c0e1a-93a4-4d62-9a4c-0000000000f0" TYPE="xfs"
END
printf '%s\n' '/dev/xvdf /data xfs nofail 0 2' '/dev/xvdf1 /part ext4 nofail 0 2' >>"$root/etc/fstab"
