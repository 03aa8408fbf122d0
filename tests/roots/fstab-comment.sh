# The name stands in a comment only.
echo '#/dev/xvdf /data ext4 defaults 0 2
  # was /dev/xvdg' >>"$root/etc/fstab"
