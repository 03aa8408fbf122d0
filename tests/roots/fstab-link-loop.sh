# fstab is a link to itself.
rm "$root/etc/fstab"
ln -s fstab "$root/etc/fstab"
