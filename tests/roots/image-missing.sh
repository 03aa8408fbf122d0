# The image is not there.
rm "$root/boot/initrd.img-$kernel"
