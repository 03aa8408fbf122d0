# The image was cut off while it was written.
truncate -s 9000 "$root/boot/initrd.img-$kernel"
