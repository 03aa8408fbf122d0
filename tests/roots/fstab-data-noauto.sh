# Nothing mounts it at boot.
echo '/dev/xvdf /data ext4 noauto 0 0' >>"$root/etc/fstab"
