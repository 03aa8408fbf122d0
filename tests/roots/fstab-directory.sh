# A directory where fstab should be.
rm "$root/etc/fstab"
mkdir "$root/etc/fstab"
