# The image is a link that climbs out of the root.
ln -sf ../../../../../../../../../etc/passwd "$root/boot/initrd.img-$kernel"
