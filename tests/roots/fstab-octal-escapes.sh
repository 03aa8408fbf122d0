# A blank in the mount point, written as it must be.
printf '%s\n' '/dev/xvdf /data\040one ext4 nofail 0 2' >>"$root/etc/fstab"
