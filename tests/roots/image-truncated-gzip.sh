# A compressed image was cut off.
repack "gzip:$tree"
truncate -s 1000 "$root/boot/initrd.img-$kernel"
