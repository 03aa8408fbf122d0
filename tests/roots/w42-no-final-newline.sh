# W42: leading blanks, the last line ends with the file, and an old /etc/fstab.new lies about.
# args: --blkid blkid
cat >"$root/../blkid" <<END
/dev/xvda1: UUID="$uuid" TYPE="ext4"
/dev/xvdf: UUID="0b5c0e1a-93a4-4d62-9a4c-6f2b6f6c0a11" TYPE="ext4"
END
echo 'something else' >"$root/etc/fstab.new"
printf ' \t /dev/xvdf   /data\text4 defaults 0 2' >>"$root/etc/fstab"
