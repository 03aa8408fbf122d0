# A directory where the image should be.
rm "$root/boot/initrd.img-$kernel"
mkdir "$root/boot/initrd.img-$kernel"
