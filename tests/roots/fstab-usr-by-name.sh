# /usr is mounted in the initramfs: no boot.
echo '/dev/xvdg /usr ext4 defaults 0 2' >>"$root/etc/fstab"
