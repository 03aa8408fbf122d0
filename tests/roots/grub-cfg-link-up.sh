# grub.cfg is a link that climbs.
ln -sf ../../../../../../../../../etc/passwd "$root/boot/grub/grub.cfg"
