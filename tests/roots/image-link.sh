# The image is a link.
mv "$root/boot/initrd.img-$kernel" "$root/boot/image"
ln -s image "$root/boot/initrd.img-$kernel"
