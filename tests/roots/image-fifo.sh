# A FIFO where the image should be.
rm "$root/boot/initrd.img-$kernel"
mkfifo "$root/boot/initrd.img-$kernel"
