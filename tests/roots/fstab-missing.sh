# No fstab at all.
rm "$root/etc/fstab"
