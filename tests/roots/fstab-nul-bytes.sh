# NUL bytes in the middle of fstab.
printf '/dev/xvdf\0 /data ext4 defaults 0 2\n\0\0\0\n' >>"$root/etc/fstab"
