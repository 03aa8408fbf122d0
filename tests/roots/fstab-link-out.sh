# fstab is a link that climbs out of the root; inside it leads nowhere.
rm "$root/etc/fstab"
ln -s ../../../../../../../../etc/shadow "$root/etc/fstab"
