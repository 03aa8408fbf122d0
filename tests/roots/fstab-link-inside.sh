# An absolute link means the volume's own file.
mv "$root/etc/fstab" "$root/etc/fstab.real"
echo '/dev/xvdf /data ext4 defaults 0 2' >>"$root/etc/fstab.real"
ln -s /etc/fstab.real "$root/etc/fstab"
