# Mounted on first access only.
echo '/dev/xvdf /data ext4 noauto,x-systemd.automount 0 0' >>"$root/etc/fstab"
