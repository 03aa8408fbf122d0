# The image is a text.
echo 'see /boot/README' >"$root/boot/initrd.img-$kernel"
