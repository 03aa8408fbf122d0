# The name hides in an option that makes the mount need the device.
echo 'UUID=0b5c0e1a-93a4-4d62-9a4c-6f2b6f6c0a11 /data ext4 defaults,x-systemd.requires=/dev/xvdf1 0 2' >>"$root/etc/fstab"
