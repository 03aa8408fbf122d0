# The driver is built in, and what should be the image is no file.
# base: ubuntu
rm "$root/boot/initrd.img-$kernel"
mkdir "$root/boot/initrd.img-$kernel"
