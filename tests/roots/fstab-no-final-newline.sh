# The last line ends with the file.
printf '/dev/xvdf /data ext4 defaults 0 2' >>"$root/etc/fstab"
