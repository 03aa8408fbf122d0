# The image is empty.
: >"$root/boot/initrd.img-$kernel"
