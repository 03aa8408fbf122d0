# No time-out: the boot waits for ever.
echo '/dev/xvdf /data ext4 x-systemd.device-timeout=infinity 0 2' >>"$root/etc/fstab"
