# A sparse image of 3 GB.
truncate -s 3G "$root/boot/initrd.img-$kernel"
