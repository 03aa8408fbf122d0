# Edited on Windows.
echo '/dev/xvdf /data ext4 defaults 0 2' >>"$root/etc/fstab"
edit etc/fstab "s/\$/\r/"
