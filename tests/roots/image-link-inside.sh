# The image is an absolute link, which means the volume's own file.
mkdir "$root/srv"
mv "$root/boot/initrd.img-$kernel" "$root/srv/image"
ln -s /srv/image "$root/boot/initrd.img-$kernel"
