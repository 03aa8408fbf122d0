# W17: a name of the oldest kernels, hda1.
echo '/dev/hda1 /data ext4 defaults 0 2' >>"$root/etc/fstab"
