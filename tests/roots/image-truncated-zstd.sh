# A compressed image was cut off.
repack "zstd:$tree"
truncate -s 1000 "$root/boot/initrd.img-$kernel"
